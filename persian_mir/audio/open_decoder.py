"""Which decoder reads a file. The content says it, never the name."""

from __future__ import annotations

from pathlib import Path

from persian_mir.app_paths import cache_dir
from persian_mir.audio.checks import no_sound, unreadable
from persian_mir.audio.damaged_flac import MendedFlac
from persian_mir.audio.decoded import DecodedFile, DecodedStore
from persian_mir.audio.decoder import Decoder
from persian_mir.audio.layout import Layout
from persian_mir.audio.libav import LibavStream
from persian_mir.audio.sndfile import SndfileDecoder
from persian_mir.progress import SILENT, Progress

# libsndfile is asked first where these bytes begin a file. MP3 goes to FFmpeg: libsndfile's decoder writes its
# warnings to the terminal, stops at the first damaged frame, and believes the header about the length.
_SNDFILE = (b"RIFF", b"RIFX", b"RF64", b"FORM", b"fLaC", b"OggS", b".snd", b"caff", b"riff", b"NIST", b"Crea")


def open_decoder(path: Path, content_hash: str, layout: Layout, progress: Progress) -> Decoder:
    """The decoder for `path`, whose bytes hash to `content_hash` and lie as `layout` says. Raises AudioError."""
    store = DecodedStore(cache_dir() / "decoded")
    try:
        direct = _sndfile(path, layout)
        is_flac = layout.magic == b"fLaC"
        if direct is not None and not is_flac and direct.seeks_exactly():
            return direct
        decoded = store.find(path, content_hash, _decoder_names())
        if direct is not None and is_flac and decoded is None and direct.seeks_exactly():
            return MendedFlac(direct, lambda: _by_libav(path, content_hash, layout, store, SILENT))
        if decoded is None and direct is not None and not is_flac:  # libsndfile would stop at a damaged FLAC frame
            decoded = store.fill(path, content_hash, direct, progress)
        if direct is not None:
            direct.close()
        decoded = decoded or _by_libav(path, content_hash, layout, store, progress)
    except OSError as error:
        raise unreadable(path, error) from error
    if decoded is None:
        raise no_sound(path)
    return decoded


def _sndfile(path: Path, layout: Layout) -> SndfileDecoder | None:
    """libsndfile's decoder, where it reads all of the file, and rightly."""
    import soundfile

    if layout.magic not in _SNDFILE or (layout.misleads and not (layout.spliced and layout.header)):
        return None
    try:
        direct = SndfileDecoder(path, layout)
    except (soundfile.LibsndfileError, TypeError, UnicodeError):  # by suffix: .raw; one that is no Unicode
        return None
    if "MPEG" not in direct.format:
        return direct
    direct.close()
    return None


def _by_libav(
    path: Path, content_hash: str, layout: Layout, store: DecodedStore, progress: Progress
) -> DecodedFile | None:
    stream = LibavStream(path, layout)
    try:
        return store.fill(path, content_hash, stream, progress)
    finally:
        stream.close()


def _decoder_names() -> tuple[str, ...]:
    """The decoders as they are installed now: what another version made is made anew."""
    from importlib.metadata import version

    import soundfile

    return (f"PyAV {version('av')}", f"libsndfile {soundfile.__libsndfile_version__}")
