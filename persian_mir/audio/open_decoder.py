"""Which decoder reads a file. The content says it, never the name."""

from __future__ import annotations

from pathlib import Path

from persian_mir.app_paths import cache_dir
from persian_mir.audio.checks import no_sound, unreadable
from persian_mir.audio.damaged_flac import MendedFlac
from persian_mir.audio.decoded import DecodedFile, DecodedStore
from persian_mir.audio.decoder import Decoder
from persian_mir.audio.libav import LibavStream
from persian_mir.audio.sndfile import SndfileDecoder
from persian_mir.progress import SILENT, Progress

# libsndfile is asked first where these bytes begin a file. MP3 goes to FFmpeg: libsndfile's decoder writes its
# warnings to the terminal, stops at the first damaged frame, and believes the header about the length.
_SNDFILE = (b"RIFF", b"RIFX", b"RF64", b"FORM", b"fLaC", b"OggS", b".snd", b"caff", b"riff", b"NIST", b"Crea")


def open_decoder(path: Path, content_hash: str, progress: Progress) -> Decoder:
    """The decoder for `path`, whose bytes hash to `content_hash`. Raises AudioError."""
    store = DecodedStore(cache_dir() / "decoded")
    try:
        with path.open("rb") as file:
            head = file.read(4)
        direct = _sndfile(path) if head in _SNDFILE else None
        if direct is not None and head != b"fLaC" and direct.seeks_exactly():
            return direct
        decoded = store.find(path, content_hash, _decoder_names())
        if direct is not None and head == b"fLaC" and decoded is None and direct.seeks_exactly():
            return MendedFlac(direct, lambda: _by_libav(path, content_hash, store, SILENT))
        if decoded is not None:
            if direct is not None:
                direct.close()
            return decoded
        return _decode(path, content_hash, direct, store, progress)
    except OSError as error:
        raise unreadable(path, error) from error


def _decode(
    path: Path, content_hash: str, direct: SndfileDecoder | None, store: DecodedStore, progress: Progress
) -> Decoder:
    decoded: DecodedFile | None = None
    if direct is not None and direct.format.startswith("FLAC"):  # libsndfile would stop at the first damaged frame
        direct.close()
    elif direct is not None:
        decoded = _by_sndfile(path, content_hash, direct, store, progress)
    if decoded is None:
        decoded = _by_libav(path, content_hash, store, progress)
    if decoded is None:
        raise no_sound(path)
    return decoded


def _sndfile(path: Path) -> SndfileDecoder | None:
    import soundfile

    try:
        return SndfileDecoder(path)
    except (soundfile.LibsndfileError, TypeError, UnicodeError):  # by suffix: .raw; one that is no Unicode
        return None


def _by_sndfile(
    path: Path, content_hash: str, direct: SndfileDecoder, store: DecodedStore, progress: Progress
) -> DecodedFile | None:
    try:
        return store.fill(path, content_hash, direct, progress)
    finally:
        direct.close()


def _by_libav(path: Path, content_hash: str, store: DecodedStore, progress: Progress) -> DecodedFile | None:
    stream = LibavStream(path)
    try:
        return store.fill(path, content_hash, stream, progress)
    finally:
        stream.close()


def _decoder_names() -> tuple[str, ...]:
    """The decoders as they are installed now: what another version made is made anew."""
    from importlib.metadata import version

    import soundfile

    return (f"PyAV {version('av')}", f"libsndfile {soundfile.__libsndfile_version__}")
