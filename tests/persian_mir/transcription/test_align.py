from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from persian_mir.errors import PersianMirError
from persian_mir.examples.performance import Note
from persian_mir.examples.synthesise import perform, synthesise
from persian_mir.modal.names import plain_name
from persian_mir.modal.pitch import RATE, PitchTrack, detect_pitch
from persian_mir.transcription import align as aligning
from persian_mir.transcription.align import align
from persian_mir.transcription.left_out import AlignedNote, left_out
from persian_mir.transcription.onsets import onsets_of
from persian_mir.transcription.played_notes import PlayedNote
from persian_mir.transcription.score import Score, ScoreNote
from persian_mir.transcription.write_score import Heard, write_score

NONE = np.zeros(0)


@cache
def melody() -> tuple[tuple[Note, ...], Score]:
    """A melody without ornaments, and its score."""
    truth = synthesise("shour", "setar", seed=2, seconds=30.0, tonic_hz=220.0, rate=RATE).truth
    notes = tuple(note for note in truth.notes if note.stop_s - note.start_s >= 0.1)
    written = [PlayedNote(note.start_s, note.stop_s, note.hz) for note in notes]
    return notes, write_score(written, "shour", Heard("shour", truth.shahed_hz))


def rendered(kept: list[int], pace: float, cents: float) -> tuple[PitchTrack, np.ndarray, list[float]]:
    """The notes `kept` at another pace and pitch: track, onsets, and when each begins."""
    notes, _score = melody()
    now, played = 0.3, []
    for place in kept:
        seconds = (notes[place].stop_s - notes[place].start_s) * pace
        played.append(
            replace(notes[place], start_s=now, stop_s=now + seconds, hz=notes[place].hz * 2 ** (cents / 1200))
        )
        now += seconds
    sound = perform(played, "setar", round((now + 1) * RATE), RATE, np.random.default_rng(1))
    return detect_pitch(sound), onsets_of([sound]), [note.start_s for note in played]


@pytest.mark.parametrize(("pace", "cents"), [(1.0, 0.0), (0.7, 330.0), (1.3, -170.0)])
def test_notes_are_found_at_any_pace_and_pitch_with_some_left_out(pace: float, cents: float) -> None:
    notes, score = melody()
    rng = np.random.default_rng(4)
    kept = [place for place in range(len(notes)) if rng.random() > 0.08]
    track, onsets, starts = rendered(kept, pace, cents)
    found = align(score, track, onsets)
    at = {one.place: one.start_s for one in reversed(found.notes)}
    errors = np.array([abs(at.get(place, np.inf) - start) for place, start in zip(kept, starts, strict=True)])
    assert np.median(errors) < 0.03
    assert (errors < 0.3).mean() > 0.9
    assert found.above_cents == pytest.approx(cents, abs=10)
    assert found.agreement > 0.95


@pytest.mark.parametrize("octaves", [-1, 1])
def test_a_recording_an_octave_from_its_score_lies_that_far_above_it(octaves: int) -> None:
    notes, score = melody()
    track, onsets, _starts = rendered(list(range(len(notes))), 1.0, 130.0)
    moved = tuple(
        tuple(
            replace(note, name=note.name and replace(note.name, octave=note.name.octave - octaves)) for note in phrase
        )
        for phrase in score.phrases
    )
    found = align(replace(score, phrases=moved), track, onsets)
    assert found.above_cents == pytest.approx(130.0 + 1200 * octaves, abs=10)
    assert sum(one.octaves == 0 for one in found.notes) >= 0.95 * len(found.notes)


def test_a_phrase_an_octave_lower_than_the_rest_is_told() -> None:
    notes, score = melody()
    lower = [place for place in range(len(notes)) if len(notes) * 0.6 < place < len(notes) * 0.8]
    steps = [note for note in score.notes() if not note.grace]
    phrases = [
        tuple(
            replace(note, name=replace(note.name, octave=note.name.octave + 1))
            if note.name is not None and any(note is steps[place] for place in lower)
            else note
            for note in phrase
        )
        for phrase in score.phrases
    ]
    track, onsets, _starts = rendered(list(range(len(notes))), 1.0, 0.0)
    found = align(replace(score, phrases=tuple(phrases)), track, onsets)
    told = [(one.octaves == -1) == (one.place in lower) for one in found.notes]
    assert sum(told) >= 0.95 * len(told)


def test_what_is_left_out_lies_where_it_would_have_been() -> None:
    rising = [plain_name(step) for step in (0, 1, 4, 9, 11, 16, 18, 22)]  # no pitch class twice
    score = Score("", (tuple(ScoreNote(name, Fraction(1), k / 2, (k + 1) / 2) for k, name in enumerate(rising)),), 0.5)
    kept = [name for place, name in enumerate(rising) if place not in (3, 4, 7)]
    hop_s = PitchTrack(np.zeros(0, np.float32), np.zeros(0, np.float32)).hop_s
    hz = np.repeat(np.array([name.hz for name in kept], np.float32), round(0.5 / hop_s))
    found = align(score, PitchTrack(hz, np.ones_like(hz)), np.arange(len(kept)) / 2)
    assert [one.place for one in found.notes] == [0, 1, 2, 5, 6]
    assert [one.place for one in found.left_out] == [3, 4, 7]
    third, fourth, last = found.left_out
    assert third.stop_s == pytest.approx(1.5, abs=0.05)  # where the third note ends and the sixth begins
    assert fourth.start_s == third.stop_s
    assert fourth.stop_s - third.start_s == pytest.approx(1.0, abs=0.1)  # as long as written
    assert last.stop_s <= len(hz) * hop_s


def test_single_notes_left_out_are_told_though_the_path_passes_their_pitch() -> None:
    notes, score = melody()
    steps = [note.step for note in score.notes() if not note.grace]
    unlike = [k for k in range(2, len(notes) - 2) if steps[k] not in (steps[k - 1], steps[k + 1])]
    told, wrong = 0, 0
    for seed in (0, 2):
        gone = set(np.random.default_rng(seed).choice(unlike, 8, replace=False).tolist())
        track, onsets, _starts = rendered([k for k in range(len(notes)) if k not in gone], 1.0, 0.0)
        out = {one.place for one in align(score, track, onsets).left_out}
        told, wrong = told + len(out & gone), wrong + len(out - gone)
    assert told >= 14
    assert wrong <= 1


def test_a_long_part_left_out_stays_within_its_neighbours() -> None:
    quarter = [ScoreNote(plain_name(18), Fraction(1), float(k), k + 1.0) for k in range(9)]
    found = [AlignedNote(1, 2.0, 3.0), AlignedNote(8, 3.0, 4.0, octaves=1)]
    out = left_out(quarter, found, 10.0)
    assert [one.place for one in out] == [0, *range(2, 8)]
    assert out[0] == AlignedNote(0, 1.0, 2.0)
    assert (out[1].start_s, out[-1].stop_s) == (2.0, 4.0)
    assert left_out(quarter, (), 10.0) == ()


def test_a_phrase_that_is_repeated_is_followed_back() -> None:
    notes, score = melody()
    first = len([note for note in score.phrases[0] if note.name is not None])
    track, onsets, starts = rendered([*range(first), *range(first), *range(first, len(notes))], 1.0, 0.0)
    visits = [one.start_s for one in align(score, track, onsets).notes if one.place == 1]
    assert any(abs(time - starts[first + 1]) < 0.3 for time in visits)


def test_silence_agrees_with_nothing() -> None:
    _notes, score = melody()
    found = align(score, detect_pitch(np.zeros(RATE * 3, np.float32)), NONE)
    assert (found.notes, found.agreement) == ((), 0.0)


def test_what_would_not_fit_into_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligning, "MOST_CELLS", 100)
    _notes, score = melody()
    with pytest.raises(PersianMirError, match="too long"):
        align(score, detect_pitch(np.zeros(RATE * 3, np.float32)), NONE)


def test_a_score_without_notes_is_no_score() -> None:
    with pytest.raises(ValueError, match="without notes"):
        align(Score("", (), 0.5), detect_pitch(np.zeros(RATE, np.float32)), NONE)
