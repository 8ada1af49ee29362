"""The modal reading on simulated performances: gushehs it does not know, modulations, a voice; and on a concert.

    python benchmarks/modal_simulated.py [--radif FOLDER] [--data FOLDER] [--each 3]

Each performance strings three gushehs of a mode that follow each other, up to 40 s of each, out of the radif's MIDI,
on the frets of the mode, every note off by 10 cents (one deviation). The gushehs that are played are left out of what
is compared with. With a modulation: 30 s of another Dastgah's gusheh before the last one, its shahed where that shares
most notes. By a voice: glides, drifting intonation, a vibrato of 50 cents. "Before" is the first design: no register,
no edges, no wandering, no ends, no sections. FOLDER of the concert as for `modal.py`: twenty of its recordings, of all
Dastgahs, joined. The same notation made templates and performances; a player who leaves it does worse.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import numpy as np
from gushehs import GUSHEH_S, PLAYED, SHARED
from modal import Case, load

from persian_mir.labels import dastgah_of
from persian_mir.modal import evidence, trusted_evidence
from persian_mir.modal.gusheh_sequences import Courses, load_courses
from persian_mir.modal.match import Templates, course_templates, match
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import HOP_S, PitchTrack, join_tracks
from persian_mir.modal.profile import Floats
from persian_mir.modal.radif import load_radif
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir.modal.section_verdicts import verdict_on
from persian_mir.modal.sections import read_recording
from persian_mir.modal.tuning import played_cents
from persian_mir.prediction import Verdict
from trainer.theory import radif

FIRST_DESIGN = replace(
    DEFAULT, register_share=0.0, edge_weight=1.0, wandering=0.0, ends_doubt=1.0, temperature=0.55, brevity_s=10.0
)
OFF_CENTS = 10.0
VISIT_S = 30.0
CONCERT = 20


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode of the radif: its gushehs, the step of the notation that is its shahed, and the place of the first one."""

    name: str
    gushehs: list[radif.Gusheh]
    home: int
    first: int


def modes(folder: Path) -> list[Mode]:
    found, first = [], 0
    for name, scale, shahed, gushehs in radif.modes(folder):
        zero = radif.first_degree(radif.NOTATED.get(name, scale), gushehs)
        found.append(Mode(name, gushehs, zero + radif.degree(scale, shahed), first))
        first += len(gushehs)
    return found


def played(mode: Mode, gusheh: radif.Gusheh, shahed_hz: float, seconds: float, rng: np.random.Generator) -> PitchTrack:
    """Up to so many seconds of a gusheh from anywhere in it, on the frets of its mode."""
    cents, notes = played_cents(mode.name), gusheh.notes
    begin = rng.uniform(0, max(0.0, notes[-1, 1] - seconds))
    kept = notes[(notes[:, 0] >= begin) & (notes[:, 0] < begin + seconds)]
    line = np.zeros(int((kept[:, 1].max() - kept[0, 0]) / HOP_S) + 1, np.float32)
    for start, stop, pitch in kept:
        octave, step = divmod(round(pitch * 2) - mode.home, 24)
        above = 1200 * octave + cents[step] + rng.normal(0, OFF_CENTS)
        first, last = (int((at - kept[0, 0]) / HOP_S) for at in (start, stop))
        line[first : max(last, first + 1)] = shahed_hz * 2 ** (above / 1200)
    return PitchTrack(line, (line > 0).astype(np.float32))


def performances(known: Sequence[Mode], each: int) -> Iterator[tuple[Mode, range, list[PitchTrack]]]:
    """So many of each mode, with the places of the gushehs that are played."""
    rng = np.random.default_rng(11)
    for mode in known:
        for _number in range(each):
            first = int(rng.integers(len(mode.gushehs) - PLAYED + 1))
            shahed_hz = 220 * 2 ** rng.uniform(0, 1)
            parts = [played(mode, one, shahed_hz, GUSHEH_S, rng) for one in mode.gushehs[first : first + PLAYED]]
            yield mode, range(mode.first + first, mode.first + first + PLAYED), parts


def visiting(known: Sequence[Mode], mode: Mode, parts: list[PitchTrack], rng: np.random.Generator) -> list[PitchTrack]:
    """The same with half a minute of another Dastgah before the last gusheh, moved to share the most sounding time."""
    other = [one for one in known if dastgah_of(one.name) != dastgah_of(mode.name)]
    host = other[int(rng.integers(len(other)))]
    guest = played(host, host.gushehs[int(rng.integers(len(host.gushehs)))], 220.0, VISIT_S, rng)

    def places(track: PitchTrack) -> Floats:
        steps = np.round(24 * np.log2(track.hz[track.hz > 0] / 220)).astype(int) % 24
        return np.bincount(steps, minlength=24).astype(np.float64)

    here, there = places(join_tracks(parts)), places(guest)
    shift = int(np.argmax([here @ np.roll(there, step) for step in range(24)]))
    return [*parts[:-1], replace(guest, hz=(guest.hz * 2 ** (shift / 24)).astype(np.float32)), parts[-1]]


def sung(track: PitchTrack, rng: np.random.Generator) -> PitchTrack:
    """As by a voice: glides of a tenth of a second, intonation that drifts by 15 cents, a vibrato of 50."""
    times = np.arange(len(track.hz)) * track.hop_s
    cents = 1200 * np.log2(np.where(track.hz > 0, track.hz, 1.0))
    glided = np.convolve(cents, np.ones(7) / 7, "same")
    whole = np.convolve(track.hz > 0, np.ones(7), "same") > 6.5
    seconds = np.arange(int(times[-1]) + 2)
    drift = np.interp(times, seconds, rng.normal(0, 15, len(seconds)))
    moved = np.where(whole, glided, cents) + drift + 50 * np.sin(2 * np.pi * 5.6 * times)
    return replace(track, hz=np.where(track.hz > 0, 2 ** (moved / 1200), 0).astype(np.float32))


@contextmanager
def left_out(places: range) -> Iterator[None]:
    """Within it, the reading knows nothing of these gushehs."""
    courses, spectra = load_courses(), course_templates(DEFAULT)
    keep = np.array([not set(run) & set(places) for run in runs()])

    def without(
        track: PitchTrack, weights: Floats, parameters: Parameters = DEFAULT, known: Templates | None = None
    ) -> Floats:
        found = match(track, weights, parameters, known)
        if known is None:
            found[places.start : places.stop] = 0.0
        return found

    some = Courses(courses.profiles, courses.surfaces, courses.registers, courses.mode_index[keep])
    fewer = Templates(spectra.profiles[keep], spectra.surfaces[keep], spectra.registers[keep])  # type: ignore[index]
    with (
        mock.patch.object(evidence, "match", without),
        mock.patch.object(trusted_evidence, "match", without),
        mock.patch.object(evidence, "load_courses", return_value=some),
        mock.patch.object(evidence, "course_templates", return_value=fewer),
    ):
        yield


def runs() -> Iterator[range]:
    """The gushehs of each course, in the order of `load_courses`; of a whole mode none counts as left out."""
    index = load_radif().mode_index
    for k in range(int(index.max()) + 1):
        mine = np.flatnonzero(index == k)
        yield from (range(first, first + PLAYED) for first in mine[: len(mine) - PLAYED + 1])
        yield range(0)


def show(name: str, rows: list[tuple[Mode, ModalReading]]) -> None:
    heard = [(mode, verdict_on(reading, "dastgah"), reading) for mode, reading in rows]
    truth = [dastgah_of(mode.name) for mode, _verdict, _reading in heard]
    right = [reading.dastgahs[0][0] == one for one, (_m, _v, reading) in zip(truth, heard, strict=True)]
    named = [reading.modes[0][0] == mode.name for mode, _v, reading in heard]
    sure = np.array([verdict.sure and not verdict.shares for _m, verdict, _r in heard])
    mainly = sum(verdict.mainly for _m, verdict, _r in heard)
    several = sum(verdict.several for _m, verdict, _r in heard)
    confidence = np.mean([reading.dastgahs[0][1] for _m, _v, reading in heard])
    wrong = int((sure & ~np.array(right)).sum())
    print(
        f"{name:28s} {len(rows):3d}  Dastgah {sum(right):3d}  mode {sum(named):3d}  said {confidence:.2f}  "
        f"sure {sure.sum():3d}, wrong {wrong:2d}  mainly {mainly:2d}  several {several:2d}",
        flush=True,
    )


def simulated(folder: Path, each: int) -> None:
    known, rng = modes(folder), np.random.default_rng(12)
    tables: dict[str, list[tuple[Mode, ModalReading]]] = {}
    for mode, places, parts in performances(known, each):
        plain = join_tracks(parts)
        tracks = {
            "gushehs left out": plain,
            "with a modulation": join_tracks(visiting(known, mode, parts, rng)),
            "by a voice": sung(plain, rng),
        }
        with left_out(places):
            for name, track in tracks.items():
                before, after = read_mode(track, parameters=FIRST_DESIGN), read_recording(track)
                tables.setdefault(f"{name}, before", []).append((mode, before))
                tables.setdefault(name, []).append((mode, after))
    for name, rows in tables.items():
        show(name, rows)


def concert(cases: Sequence[Case], seed: int) -> None:
    """Twenty recordings of all Dastgahs, two of each at least, joined: sections, share of time right, verdict."""
    rng = np.random.default_rng(seed)
    shuffled = [cases[k] for k in rng.permutation(len(cases))]
    count: Counter[str] = Counter()
    twice = [case for case in shuffled if (count.update([case.dastgah]) or count[case.dastgah]) <= 2]
    chosen = (twice + [case for case in shuffled if case not in twice])[:CONCERT]
    chosen = [chosen[k] for k in rng.permutation(len(chosen))]
    reading = read_recording(join_tracks([case.track for case in chosen]))
    ends = np.cumsum([len(case.track.hz) * HOP_S for case in chosen])
    times = np.arange(0.5, ends[-1])
    truth = [chosen[int(np.searchsorted(ends, time_s))] for time_s in times]
    said = [next((one for one in reading.sections if one.start_s <= time_s < one.stop_s), None) for time_s in times]
    heard = [one.reading if one is not None else reading for one in said]
    right = np.array([one.dastgahs[0][0] == case.dastgah for one, case in zip(heard, truth, strict=True)])
    named = np.array([one.modes[0][0] == case.mode for one, case in zip(heard, truth, strict=True)])
    margin = verdict_on(reading, "dastgah").sure_margin
    sure = np.array([one.dastgahs[0][1] - one.dastgahs[1][1] >= margin for one in heard])
    before = read_mode(join_tracks([case.track for case in chosen]), parameters=FIRST_DESIGN)
    print(
        f"concert {seed}: {ends[-1] / 60:.0f} min, {len(reading.sections)} sections of {len(chosen)}, Dastgah right "
        f"{right.mean():.2f} of the time, mode {named.mean():.2f}; sure {sure.mean():.2f}, of that right "
        f"{right[sure].mean():.2f}; verdict {spoken(verdict_on(reading, 'dastgah'))}; "
        f"before: {before.dastgahs[0][0]} {before.dastgahs[0][1]:.2f}",
        flush=True,
    )


def spoken(verdict: Verdict) -> str:
    kind = "several" if verdict.several else f"mainly {verdict.label}" if verdict.mainly else verdict.label
    shares = [f"{label or 'not sure'} {share:.2f}" for label, share in verdict.shares]
    return f"{kind} ({', '.join(shares)})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--radif", type=Path, default=SHARED / "radif")
    parser.add_argument("--data", type=Path, default=SHARED / "kdc-dev")
    parser.add_argument("--each", type=int, default=3, help="performances of each mode")
    parser.add_argument("--concerts", type=int, default=4)
    chosen = parser.parse_args()
    if (chosen.radif / "IRMusic_Structure.JSON").is_file():
        simulated(chosen.radif, chosen.each)
    else:
        print(f"skipped: the radif is not in {chosen.radif}")
    if (chosen.data / "manifest.csv").is_file():
        cases = load(chosen.data)[0]
        for seed in range(chosen.concerts):
            concert(cases, seed)
    else:
        print(f"skipped: there are no recordings of known mode in {chosen.data}")


if __name__ == "__main__":
    main()
