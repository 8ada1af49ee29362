"""Which decoder reads a file. The content says it, never the name."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from persian_mir.app_paths import cache_dir
from persian_mir.audio.checks import no_sound, unreadable
from persian_mir.audio.decoded import DecodedFile, DecodedStore
from persian_mir.audio.decoder import Decoder, Tags
from persian_mir.audio.file_state import FileState
from persian_mir.audio.identity import Identity
from persian_mir.audio.layout import Layout
from persian_mir.audio.libav import LibavStream
from persian_mir.audio.mended_decoder import MendedDecoder
from persian_mir.audio.sndfile import SndfileDecoder
from persian_mir.progress import SILENT, Progress

# libsndfile is asked first where these bytes begin a file. MP3 goes to FFmpeg: libsndfile's decoder writes its
# warnings to the terminal, stops at the first damaged frame, and believes the header about the length.
_SNDFILE = (b"RIFF", b"RIFX", b"RF64", b"FORM", b"fLaC", b"OggS", b".snd", b"caff", b"riff", b"NIST", b"Crea")
_READ_RIGHTLY = (b"OggS", b"MPEG", b"ADTS")  # by earlier versions, where nothing was wrong with the file


def open_decoder(path: Path, identity: Identity, state: FileState, progress: Progress) -> Decoder:
    """The decoder for `path`, which is what `identity` says, and in `state`. Raises AudioError."""
    layout = identity.layout
    try:
        direct = _sndfile(path, layout)
        is_flac = layout.magic == b"fLaC"
        if direct is not None and not is_flac and direct.seeks_exactly():
            return direct
        decoding = _Decoding(path, identity, state)
        decoded = decoding.find()
        if direct is not None and is_flac and decoded is None and direct.seeks_exactly():
            return MendedDecoder(direct, lambda: decoding.decode(SILENT))
        if direct is not None:
            direct.close()
        decoded = decoded or decoding.decode(progress)
    except OSError as error:
        raise unreadable(path, error) from error
    if decoded is None:
        raise no_sound(path)
    return MendedDecoder(decoded, lambda: decoding.decode(SILENT))


@dataclass(frozen=True, slots=True)
class _Decoding:
    """One file, and what is or will be stored of its sound."""

    path: Path
    identity: Identity
    state: FileState
    store: DecodedStore = field(default_factory=lambda: DecodedStore(cache_dir() / "decoded"))

    def find(self) -> DecodedFile | None:
        """What was decoded before, also by earlier versions, of a file that they read rightly."""
        decoders, layout = _decoder_names(), self.identity.layout
        found = self.store.find(self.path, self.identity.sound, decoders)
        if found is None and layout.magic in _READ_RIGHTLY and not layout.misleads:
            for earlier in self.identity.files:
                found = found or self.store.find(self.path, earlier, decoders)
            if found is not None and found.problems:
                found.close()
                return None
        if found is not None and found.file_hash != self.identity.file:
            found.tags = self._tags()
        return found

    def decode(self, progress: Progress) -> DecodedFile | None:
        """Decode and keep all of it; None where there is no sample. FFmpeg goes on behind damaged frames of FLAC."""
        layout = self.identity.layout
        direct = None if layout.magic == b"fLaC" else _sndfile(self.path, layout)
        if direct is not None and (found := self._fill(direct, progress)) is not None:
            return found
        return self._fill(LibavStream(self.path, layout), progress)

    def _fill(self, stream: SndfileDecoder | LibavStream, progress: Progress) -> DecodedFile | None:
        """Keep all of `stream`, and close it."""
        try:
            return self.store.fill(self.path, self.identity.sound, self.identity.file, self.state, stream, progress)
        finally:
            stream.close()

    def _tags(self) -> Tags:
        """Those of this file: what is stored was decoded of another one."""
        tagged = _sndfile(self.path, self.identity.layout) or LibavStream(self.path, self.identity.layout)
        tagged.close()
        return tagged.tags


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


def _decoder_names() -> tuple[str, ...]:
    """The decoders as they are installed now: what another version made is made anew."""
    from importlib.metadata import version

    import soundfile

    return (f"PyAV {version('av')}", f"libsndfile {soundfile.__libsndfile_version__}")
