"""Sound in: decoding, exact positions, resampling, the waveform's pyramid."""

from persian_mir.audio.source import AudioSource, open_audio

__all__ = ["AudioSource", "open_audio"]
