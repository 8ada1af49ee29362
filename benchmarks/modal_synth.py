"""Errors of pitch, shahed and degrees on synthesised performances, whose truth is known.

    python benchmarks/modal_synth.py [--modes segah shour …] [--seconds 40]

For every instrument model: at three signal-to-noise ratios (pink-like noise over the whole), and detuned.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass

import numpy as np

from persian_mir.examples.performance import Performance
from persian_mir.examples.scale import scale_of
from persian_mir.examples.synthesise import INSTRUMENTS, synthesise
from persian_mir.modal.pitch import HOP_S, RATE, PitchTrack, detect_pitch
from persian_mir.modal.reading import ModalReading, read_mode

MODES = ("shour", "mahour", "segah", "chahargah")
RATIOS_DB = (40.0, 20.0, 10.0)
DETUNES = (-60.0, -30.0, 0.0, 30.0, 60.0)
EDGE_S = 0.03  # of a note, where it is not yet or no longer its own pitch


@dataclass(frozen=True, slots=True)
class Errors:
    """Cents, medians; `gross` and `heard` are shares of the frames inside notes."""

    pitch: float
    gross: float
    heard: float
    tonic: float
    degree: float
    mode: str


def noisy(sound: np.ndarray, ratio_db: float, rng: np.random.Generator) -> np.ndarray:
    white = np.fft.rfft(rng.normal(0, 1, len(sound)))
    noise = np.fft.irfft(white / np.sqrt(np.arange(len(white)) + 1), len(sound))
    noise *= np.sqrt((sound**2).mean() / (noise**2).mean()) * 10 ** (-ratio_db / 20)
    return (sound + noise).astype(np.float32)


def octaves_aside(hz: float | np.ndarray, reference: float | np.ndarray) -> np.ndarray:
    return (1200 * np.log2(hz / reference) + 600) % 1200 - 600


def errors(performance: Performance, ratio_db: float) -> Errors:
    track = detect_pitch(noisy(performance.samples, ratio_db, np.random.default_rng(9)))
    reading = read_mode(track)
    off, inside = pitch_errors(track, performance)
    tonic = (
        math.nan if reading.tonic_hz is None else float(octaves_aside(reading.tonic_hz, performance.truth.shahed_hz))
    )
    gross = float((np.abs(off) > 50).mean()) if len(off) else math.nan
    heard = len(off) / max(inside, 1)
    median = float(np.median(np.abs(off))) if len(off) else math.nan
    return Errors(median, gross, heard, tonic, degree_error(reading, performance), reading.modes[0][0])


def pitch_errors(track: PitchTrack, performance: Performance) -> tuple[np.ndarray, int]:
    """Cents off the note that sounds, of the voiced frames inside notes; and how many frames are inside."""
    times = track.start_s + np.arange(len(track.hz)) * HOP_S
    truth = np.zeros(len(times))
    for note in performance.truth.notes:
        truth[(times >= note.start_s + EDGE_S) & (times < note.stop_s - EDGE_S)] = note.hz
    inside = truth > 0
    heard = inside & (track.confidence >= 0.5) & (track.hz > 0)
    return 1200 * np.log2(track.hz[heard] / truth[heard]), int(inside.sum())


def degree_error(reading: ModalReading, performance: Performance) -> float:
    """Median cents between each degree heard and the nearest pitch of the scale that was played."""
    if reading.tonic_hz is None:
        return math.nan
    played = performance.truth.shahed_hz * 2 ** (scale_of(performance.truth.mode).cents / 1200)
    heard = [reading.tonic_hz * 2 ** (d.cents / 1200) for d in reading.degrees if d.weight >= 0.03]
    return float(np.median([np.abs(octaves_aside(hz, played)).min() for hz in heard]))


def show(label: str, rows: list[tuple[str, Errors]]) -> None:
    table = np.array([(e.pitch, e.gross, e.heard, abs(e.tonic), e.degree) for _mode, e in rows])
    pitch, gross, heard, tonic, degree = np.nanmedian(table, axis=0)
    right = sum(mode == e.mode for mode, e in rows)
    print(
        f"{label:24s} pitch {pitch:5.1f} c, off by over 50 c {gross:5.1%}, heard {heard:4.0%}, shahed {tonic:5.1f} c "
        f"(within 25: {np.sum(table[:, 3] <= 25)}/{len(rows)}), degree {degree:4.1f} c, mode {right}/{len(rows)}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modes", nargs="+", default=list(MODES))
    parser.add_argument("--seconds", type=float, default=40.0)
    chosen = parser.parse_args()
    for instrument in INSTRUMENTS:
        made = [(m, synthesise(m, instrument, 2, chosen.seconds, 260.0, RATE)) for m in chosen.modes]
        for ratio in RATIOS_DB:
            show(f"{instrument}, {ratio:.0f} dB", [(mode, errors(one, ratio)) for mode, one in made])
        for detune in DETUNES:
            moved = [
                (m, synthesise(m, instrument, 2, chosen.seconds, 260.0, RATE, detune_cents=detune))
                for m in chosen.modes
            ]
            show(f"{instrument}, {detune:+.0f} cents", [(mode, errors(one, 40.0)) for mode, one in moved])


if __name__ == "__main__":
    main()
