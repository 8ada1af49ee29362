"""Computes the figures of the radif that the modal reading matches against, from its MIDI files.

    python -m trainer.theory.radif FOLDER_OF_RADIF OUT

FOLDER_OF_RADIF holds `IRMusic_Structure.JSON` and `mirza-abdollah/`: the radif of Mirza Abdollah by Ardavan Khalij
(MIT). Everything is counted in frames of `HOP_S` on the quarter-tone grid of the notation (24 steps an octave),
with step 0 at the shahed of the mode, so that no figure depends on the octave or key of the notation.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HOP_S = 0.02
DELAYS_S = (0.1, 0.3, 0.6)  # of the melody surfaces: from within a note to over several
STEPS = 24
REGISTER_STEPS = 2 * STEPS  # of a profile over two octaves
NO_DEGREE = 1000  # how the structure file writes "none"
BEND_RANGE = 2.0  # semitones, unless the file sets another (RPN 0): ±2048 of 8192 is then a quarter tone

MODES = {
    "Shur": "shour", "Mahur": "mahour", "Nava": "nava", "Homayoun": "homayoun", "Segah": "segah",
    "Chahargah": "chahargah", "Rast Panjgah": "rast-panjgah", "Abuata": "abuata", "Bayat e Tork": "bayat-e-tork",
    "Afshari": "afshari", "Dashty": "dashti", "Bayat e Kord": "bayat-e-kord", "Bayat e Esfahan": "bayat-e-esfahan",
}  # fmt: skip

# In quarter tones. Seven of them close an octave, which makes the wide second 250 cents.
INTERVALS = {"Mojannab": 3, "Tanini": 4, "Baghie": 2, "Tanini_plus_Baghie": 5}

# Where the notation plays another scale than the structure file names: Rast-Panjgah on F with E natural. By the flat
# seventh of the structure its first degree would be taken for C.
NOTATED = {"rast-panjgah": [0, 4, 8, 10, 14, 18, 22]}


@dataclass(frozen=True, slots=True)
class Gusheh:
    """One gusheh as notated. `notes`: float64 [notes, 3]: start and stop in s, pitch in MIDI semitones."""

    mode: str
    name: str
    shahed: int
    ist: int
    daramad: bool
    notes: NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes `radif_gushehs.json` and `radif_figures.npz` into OUT."""
    parser = argparse.ArgumentParser(
        prog="python -m trainer.theory.radif", description="Figures of the radif from its MIDI."
    )
    parser.add_argument("radif", type=Path, help="folder with IRMusic_Structure.JSON and mirza-abdollah/")
    parser.add_argument("out", type=Path, help="folder to write to")
    chosen = parser.parse_args(arguments)
    write_figures(chosen.radif, chosen.out)
    return 0


def write_figures(radif: Path, out: Path) -> None:
    """Computes and writes the figures; the same input gives the same bytes with the same numpy and zlib."""
    rows: list[dict[str, object]] = []
    profiles, surfaces, registers = [], [], []
    for mode, scale, shahed, gushehs in modes(radif):
        zero = first_degree(NOTATED.get(mode, scale), gushehs)
        home = zero + degree(scale, shahed)
        for gusheh in gushehs:
            relative = from_home(frames(gusheh.notes), home)
            profiles.append(profile(relative))
            surfaces.append(np.stack([surface(relative, delay) for delay in DELAYS_S]))
            registers.append(register(gusheh.notes, home))
            rows.append(
                {
                    "mode": mode,
                    "name": gusheh.name,
                    "daramad": gusheh.daramad,
                    "shahed": (zero + degree(scale, gusheh.shahed) - home) % STEPS,
                    "first": (quarter(gusheh.notes[0]) - home) % STEPS,
                    "last": (quarter(gusheh.notes[-1]) - home) % STEPS,
                    "ist": None if gusheh.ist == NO_DEGREE else (zero + degree(scale, gusheh.ist) - home) % STEPS,
                }
            )
    index = {"hop_s": HOP_S, "delays_s": DELAYS_S, "steps": STEPS, "gushehs": rows}
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(index, ensure_ascii=False, indent=1) + "\n"
    (out / "radif_gushehs.json").write_text(text, encoding="utf-8")
    np.savez_compressed(
        out / "radif_figures.npz",
        profiles=np.stack(profiles),
        surfaces=np.stack(surfaces),
        registers=np.stack(registers),
    )
    print(f"{len(rows)} gushehs of {len({row['mode'] for row in rows})} modes")


def structure(radif: Path) -> list[dict[str, Any]]:
    """The Dastgahs as the structure file lists them."""
    dastgahs = json.loads((radif / "IRMusic_Structure.JSON").read_text(encoding="utf-8"))["Radifs"][0]["Dastgahs"]
    return list(dastgahs)


def modes(radif: Path) -> Iterator[tuple[str, list[int], int, list[Gusheh]]]:
    """Mode id, scale in quarter tones from degree 1, degree of the shahed, and gushehs, in the radif's order."""
    for dastgah in structure(radif):
        steps = [INTERVALS[name] for name in dastgah["Dastgah Domain Intervals"][:7]]
        scale = [sum(steps[:k]) for k in range(7)]
        for avaz in dastgah["Avazes"]:
            gushehs = [_gusheh(radif, MODES[avaz["Name"]], row) for row in avaz["Gushes"]]
            yield MODES[avaz["Name"]], scale, int(avaz["Temoin Note"]), gushehs


def _gusheh(radif: Path, mode: str, row: dict[str, Any]) -> Gusheh:
    path = radif / row["Path"].replace("Data/Mirza Abdollah", "mirza-abdollah")
    shahed, ist = int(row["Temoin Note"]), int(row["Arret Note"])
    return Gusheh(mode, row["Name"], shahed, ist, bool(row["Daramad"]), read_notes(path))


def read_notes(path: Path) -> NDArray[np.float64]:
    """The notes of a one-voiced MIDI file, float64 [notes, 3], in order of their start; a note keeps its first bend."""
    import mido

    span, bend, now = BEND_RANGE, 0, 0.0
    sounding: dict[int, list[tuple[float, float]]] = {}
    notes = []
    for event in mido.MidiFile(path):
        now += event.time
        if event.type == "pitchwheel":
            bend = event.pitch
        elif event.type == "control_change" and event.control == 6:
            span = event.value
        elif event.type == "note_on" and event.velocity:
            sounding.setdefault(event.note, []).append((now, event.note + bend * span / 8192))
        elif event.type in ("note_on", "note_off") and sounding.get(event.note):
            start, pitch = sounding[event.note].pop(0)
            notes.append((start, now, pitch))
    return np.array(sorted(notes), dtype=np.float64)


def frames(notes: NDArray[np.float64], steps: int = STEPS) -> NDArray[np.int64]:
    """Quarter tone 0..steps a frame of `HOP_S`, int64 [frames], -1 where nothing sounds; 24 steps are pitch classes."""
    track = np.full(int(notes[:, 1].max() / HOP_S) + 1, -1, dtype=np.int64)
    for start, stop, pitch in notes:
        first = int(start / HOP_S)
        track[first : max(first + 1, round(stop / HOP_S))] = quarter((start, stop, pitch)) % steps
    return track


def quarter(note: Sequence[float] | NDArray[np.float64]) -> int:
    """The nearest quarter tone of a note of `read_notes`, octaves kept."""
    return round(float(note[2]) * 2)


def from_home(track: NDArray[np.int64], home: int, steps: int = STEPS) -> NDArray[np.int64]:
    """The track counted from the shahed of the mode, -1 where nothing sounds."""
    return np.where(track >= 0, (track - home) % steps, -1)


def first_degree(scale: Sequence[int], gushehs: Sequence[Gusheh]) -> int:
    """Where the notation puts degree 1: the transposition at which the scale holds the most sounding time."""
    heard = np.sum([profile(frames(gusheh.notes)).astype(np.int64) for gusheh in gushehs], axis=0)
    held = [heard[(np.array(scale) + step) % STEPS].sum() for step in range(STEPS)]
    return int(np.argmax(held))


def degree(scale: Sequence[int], number: int) -> int:
    """Quarter tones from degree 1 to degree `number`; 0 is the degree below the first, 8 the octave."""
    octave, place = divmod(number - 1, len(scale))
    return STEPS * octave + scale[place]


def profile(track: NDArray[np.int64], steps: int = STEPS) -> NDArray[np.uint16]:
    """Frames a quarter tone, uint16 [steps]."""
    return np.bincount(track[track >= 0], minlength=steps).astype(np.uint16)


def register(notes: NDArray[np.float64], home: int) -> NDArray[np.uint16]:
    """Frames a quarter tone over two octaves, uint16 [48]; the octave of step 0 is the same in all of a mode."""
    track = from_home(frames(notes, REGISTER_STEPS), home, REGISTER_STEPS)
    return profile(track, REGISTER_STEPS)


def surface(track: NDArray[np.int64], delay_s: float) -> NDArray[np.uint16]:
    """Pairs of frames `delay_s` apart by pitch class now and then, uint16 [24, 24] (Gulati and others, 2016)."""
    lag = round(delay_s / HOP_S)
    now, then = track[:-lag], track[lag:]
    both = (now >= 0) & (then >= 0)
    pairs = np.bincount(now[both] * STEPS + then[both], minlength=STEPS * STEPS)
    return pairs.reshape(STEPS, STEPS).astype(np.uint16)


if __name__ == "__main__":
    raise SystemExit(main())
