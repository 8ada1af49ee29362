"""Computes what the synthesiser knows of the modes, from the openings (daramads) of the radif and Farhat's frets.

    python -m trainer.theory.scales FOLDER_OF_RADIF THEORY_JSON OUT

FOLDER_OF_RADIF is that of `trainer.theory.radif`. THEORY_JSON holds, under `dastgahs`, H. Farhat's cents for each
Dastgah: `farhat_frets_from_degree1` where it starts on the open string, or `farhat_other` over the shahed where it
starts on another fret. Everything is counted in notes and quarter tones of the notation and tuned at the end.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import dastgah_of, describe, label_ids
from trainer.theory.radif import NO_DEGREE, STEPS, Gusheh, degree, first_degree, modes

FRETS = (0, 90, 135, 205, 295, 340, 410, 500, 565, 630, 700, 790, 835, 905, 995, 1040, 1110)
STEP_CENTS = 50
OCTAVE_CENTS = STEPS * STEP_CENTS
FRET_REACH_CENTS = 30  # a notated pitch farther than this from every fret stays as notated

LEAST_NOTES = 120  # that describe a mode; gushehs are added until there are as many
LEAST_SHARE = 0.012  # of the sounding time; a pitch heard less is no pitch of the opening
REACH_STEPS = STEPS  # farthest from the shahed: an octave
HELD = 3.0  # median notes; from here a note is one of rest
LONGEST = 6.0  # median notes; a longer one counts as this
UNHEARD = 0.02  # times that every move counts as heard, so that none is impossible

# Openings that show less of their mode than the next: Nava's first is on the ist for 9 % of its time, its second for
# 23 %; Rast-Panjgah's first dwells on the second degree. Chaharmezrabs are metric, and the synthesiser plays avaz.
LEFT_OUT = {("nava", "Daramad 1"), ("rast-panjgah", "Daramad 1")}
METRIC = "Chaharm"

SOURCES = {
    "radif": "Radif of Mirza Abdollah, MIDI files and roles of the degrees by Ardavan Khalij "
    "(IranianMusicKnowledgeBase.jl, MIT): 'next', 'lengths', 'rests', 'ist', 'degrees' of the gushehs named in "
    "'gushehs'",
    "computed": "python -m trainer.theory.scales FOLDER_OF_RADIF THEORY_JSON resources",
    "tuning": f"H. Farhat's average fretting of 17 tones (1966): {' '.join(map(str, FRETS))} cents",
}
FIELDS = {
    "cents": "the pitches of the mode's opening, over the shahed",
    "degrees": "their names, 1..7 from the first degree of the Dastgah",
    "ist": "the ist, cents over the shahed",
    "next": "how often in 1000 a pitch (row) is followed by each (column)",
    "lengths": "mean time from the pitch to the next, in units of the gusheh's median note",
    "rests": "how many of its notes are at least three medians long",
}


@dataclass(frozen=True, slots=True)
class Melody:
    """One gusheh's notes in their order. `steps`: int64 [notes], quarter tones over MIDI pitch 0 or over the shahed;
    `starts`, `lengths`: float64 [notes], seconds.
    """

    steps: NDArray[np.int64]
    starts: NDArray[np.float64]
    lengths: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tuning:
    """How the pitches of one mode sound and are called. `scale`: quarter tones of degrees 1..7; `home`: the shahed's,
    from degree 1; `given`: cents over the shahed within an octave, or None where the frets decide.
    """

    scale: Sequence[int]
    home: int
    given: Sequence[int] | None

    def cents(self, step: int) -> int:
        """Cents over the shahed of a pitch `step` quarter tones over it."""
        if self.given is not None:
            return _nearest(step * STEP_CENTS, self.given)
        return _fretted(step + self.home) - _fretted(self.home)

    def name(self, step: int) -> int:
        """The degree 1..7 nearest to a pitch `step` quarter tones over the shahed."""
        place = (step + self.home) % STEPS
        return 1 + int(np.argmin([abs(known - place) for known in (*self.scale, STEPS)])) % len(self.scale)


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes `scales.json` into OUT."""
    parser = argparse.ArgumentParser(prog="python -m trainer.theory.scales", description="The synthesiser's modes.")
    parser.add_argument("radif", type=Path, help="folder with IRMusic_Structure.JSON and mirza-abdollah/")
    parser.add_argument("theory", type=Path, help="JSON with Farhat's cents for each Dastgah")
    parser.add_argument("out", type=Path, help="folder to write to")
    chosen = parser.parse_args(arguments)
    write_scales(chosen.radif, chosen.theory, chosen.out)
    return 0


def write_scales(radif: Path, theory: Path, out: Path) -> None:
    """Computes and writes the scales; the same input gives the same bytes."""
    farhat = json.loads(theory.read_text(encoding="utf-8"))["dastgahs"]
    rows = {}
    for mode, scale, shahed, gushehs in modes(radif):
        rows[mode] = describe_mode(mode, scale, shahed, gushehs, farhat[describe("dastgah", dastgah_of(mode)).name])
    out.mkdir(parents=True, exist_ok=True)
    text = _text({mode: rows[mode] for mode in label_ids("mode")})
    (out / "scales.json").write_text(text, encoding="utf-8")
    print(f"{len(rows)} modes of {sum(len(row['gushehs']) for row in rows.values())} gushehs")


def describe_mode(
    mode: str, scale: Sequence[int], shahed: int, gushehs: Sequence[Gusheh], farhat: dict[str, Any]
) -> dict[str, Any]:
    """One mode as the resource holds it. `shahed`: its degree; `farhat`: its Dastgah's entry in THEORY_JSON."""
    chosen = openings(mode, shahed, gushehs)
    # The frets tell a first degree that the structure's scale does not: it gives Rast-Panjgah a flat seventh.
    frets = farhat["farhat_frets_from_degree1"]
    notated = scale if frets is None else [round(cents / STEP_CENTS) for cents in frets]
    melodies = [melody(gusheh) for gusheh in chosen]
    home = octave_of(first_degree(notated, gushehs) + degree(scale, shahed), melodies)
    melodies = [Melody(m.steps - home, m.starts, m.lengths) for m in melodies]
    other = farhat["farhat_other"]
    tuning = Tuning(scale, degree(scale, shahed), None if other is None else other["cents"])
    steps = pitches(melodies)
    return {
        "gushehs": [gusheh.name for gusheh in chosen],
        "ist": tuning.cents(ist_step(scale, shahed, chosen[0].ist)),
        "cents": [tuning.cents(step) for step in steps],
        "degrees": [tuning.name(step) for step in steps],
        **movement(melodies, steps),
    }


def openings(mode: str, shahed: int, gushehs: Sequence[Gusheh]) -> list[Gusheh]:
    """Daramads, then what follows on the same shahed, until they are of `LEAST_NOTES` notes."""
    chosen: list[Gusheh] = []
    for gusheh in sorted(gushehs, key=lambda gusheh: not gusheh.daramad):  # stable: else in the radif's order
        if sum(len(one.notes) for one in chosen) >= LEAST_NOTES:
            break
        if gusheh.shahed == shahed and (mode, gusheh.name) not in LEFT_OUT and not gusheh.name.startswith(METRIC):
            chosen.append(gusheh)
    return chosen


def melody(gusheh: Gusheh) -> Melody:
    """The notes of a gusheh, over MIDI pitch 0."""
    starts, stops, pitch = gusheh.notes.T
    return Melody(np.rint(pitch * 2).astype(np.int64), starts, stops - starts)


def octave_of(step: int, melodies: Sequence[Melody]) -> int:
    """Quarter tones over MIDI pitch 0 of the pitch class `step`, in the octave where it sounds longest."""
    heard = sounding(melodies)
    return max((pitch for pitch in heard if (pitch - step) % STEPS == 0), key=heard.__getitem__)


def sounding(melodies: Sequence[Melody]) -> dict[int, float]:
    """Seconds that each pitch sounds, low to high."""
    steps = np.concatenate([m.steps for m in melodies])
    seconds = np.concatenate([m.lengths for m in melodies])
    return {int(step): float(seconds[steps == step].sum()) for step in np.unique(steps)}


def ist_step(scale: Sequence[int], shahed: int, ist: int) -> int:
    """Quarter tones from the shahed to the ist, which lies at or below it; the shahed where the radif names none."""
    return 0 if ist == NO_DEGREE else -((degree(scale, shahed) - degree(scale, ist)) % STEPS)


def pitches(melodies: Sequence[Melody]) -> list[int]:
    """What sounds, low to high, in quarter tones over the shahed; hardly heard or far-off pitches left out."""
    heard = sounding(melodies)
    least = LEAST_SHARE * sum(heard.values())
    return [step for step, seconds in heard.items() if seconds >= least and abs(step) <= REACH_STEPS]


def movement(melodies: Sequence[Melody], steps: Sequence[int]) -> dict[str, Any]:
    """`next`, `lengths` and `rests` of each pitch; a gusheh's last note leads nowhere and is not counted."""
    place = {step: k for k, step in enumerate(steps)}
    moves = np.full((len(steps), len(steps)), UNHEARD)
    lengths: list[list[float]] = [[] for _ in steps]
    rests = [0] * len(steps)
    for m in melodies:
        median = float(np.median(m.lengths))
        for k, until_next in enumerate(np.diff(m.starts)):
            here, there = place.get(int(m.steps[k])), place.get(int(m.steps[k + 1]))
            if here is None:
                continue
            lengths[here].append(min(float(until_next) / median, LONGEST))
            rests[here] += int(m.lengths[k] >= HELD * median)
            if there is not None:
                moves[here, there] += 1
    return {
        "next": [[round(float(share)) for share in 1000 * row / row.sum()] for row in moves],
        "lengths": [round(float(np.mean(known)), 2) for known in lengths],
        "rests": rests,
    }


def _fretted(step: int) -> int:
    """Cents from degree 1 of a pitch `step` quarter tones over it, on the nearest fret."""
    return _nearest(step * STEP_CENTS, FRETS)


def _nearest(cents: int, known: Iterable[int]) -> int:
    octave, place = divmod(cents, OCTAVE_CENTS)
    near = min((*known, OCTAVE_CENTS), key=lambda fret: abs(fret - place))
    return cents if abs(near - place) > FRET_REACH_CENTS else octave * OCTAVE_CENTS + near


def _text(rows: dict[str, dict[str, Any]]) -> str:
    """JSON that people can read: one list a line."""
    heads = {"sources": SOURCES, "fields": FIELDS}
    parts = [f'  "{name}": ' + json.dumps(head, indent=4).replace("\n}", "\n  }") for name, head in heads.items()]
    modes_text = ",\n".join(_mode_text(mode, row) for mode, row in rows.items())
    return "{\n" + ",\n".join([*parts, '  "modes": {\n' + modes_text + "\n  }"]) + "\n}\n"


def _mode_text(mode: str, row: dict[str, Any]) -> str:
    lines = []
    for name, value in row.items():
        if name == "next":
            moves = ",\n".join(f"        {json.dumps(one)}" for one in value)
            lines.append(f'      "next": [\n{moves}\n      ]')
        else:
            lines.append(f'      "{name}": {json.dumps(value, ensure_ascii=False)}')
    return f'    "{mode}": {{\n' + ",\n".join(lines) + "\n    }"


if __name__ == "__main__":
    raise SystemExit(main())
