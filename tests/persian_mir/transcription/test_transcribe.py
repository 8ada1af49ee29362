"""What the synthesiser played against what is written down (mir_eval's note scores)."""

import itertools
from functools import cache
from pathlib import Path

import mir_eval
import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.examples.performance import Note, Performance
from persian_mir.examples.synthesise import INSTRUMENTS, perform, synthesise
from persian_mir.modal.pitch import RATE, PitchTrack, detect_pitch
from persian_mir.transcription.midi import read_midi
from persian_mir.transcription.onsets import onsets_of
from persian_mir.transcription.played_notes import PlayedNote, played_notes
from persian_mir.transcription.transcribe import transcribe
from persian_mir.transcription.write_score import Heard, write_score

LEAST_F1 = {"setar": 0.97, "tar": 0.97, "santoor": 0.92, "ney": 0.91, "kamancheh": 0.86}


@cache
def played(instrument: str) -> tuple[Performance, PitchTrack, tuple[PlayedNote, ...]]:
    performance = synthesise("segah", instrument, seed=11, seconds=30.0, tonic_hz=240.0, rate=RATE)
    track = detect_pitch(performance.samples)
    return performance, track, played_notes(track, onsets_of([performance.samples]))


def f1(truth: tuple[Note, ...], found: tuple[PlayedNote, ...], cents: float) -> float:
    spans = [np.array([[note.start_s, note.stop_s] for note in notes]) for notes in (truth, found)]
    pitches = [np.array([note.hz for note in notes]) for notes in (truth, found)]
    scores = mir_eval.transcription.precision_recall_f1_overlap(
        spans[0], pitches[0], spans[1], pitches[1], onset_tolerance=0.05, pitch_tolerance=cents, offset_ratio=None
    )
    return float(scores[2])


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_notes_are_those_that_were_played(instrument: str) -> None:
    performance, _track, notes = played(instrument)
    assert f1(performance.truth.notes, notes, 50.0) >= LEAST_F1[instrument]
    assert f1(performance.truth.notes, notes, 25.0) >= LEAST_F1[instrument]


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_notes_follow_each_other(instrument: str) -> None:
    _performance, _track, notes = played(instrument)
    assert all(note.start_s < note.stop_s for note in notes)
    assert all(a.stop_s <= b.start_s + 1e-9 for a, b in itertools.pairwise(notes))


def test_a_riz_is_one_note() -> None:
    performance, _track, notes = played("tar")
    meant = [note for note in performance.truth.notes if note.stroke == "riz"]
    found = [note for note in notes if note.riz]
    assert meant
    assert len(found) == len(meant)
    assert all(any(abs(one.start_s - note.start_s) < 0.05 for one in found) for note in meant)


def test_degrees_of_the_mode_are_spelled_with_its_korons() -> None:
    performance, _track, notes = played("setar")
    score = write_score(notes, "Segah", Heard("segah", performance.truth.shahed_hz))
    assert not score.pulse
    truth = {round(note.cents) for note in performance.truth.notes}
    names = {note.name for note in score.notes()}
    assert len(names) == len(truth)
    shahed = [note for note in score.notes() if abs(note.cents) < 25]
    assert len(shahed) > 0.95 * len(notes)


def test_a_pulse_is_found_where_one_is_played() -> None:
    rng = np.random.default_rng(3)
    lengths = 0.25 * rng.choice([1, 1, 2], 50)
    starts = np.concatenate([[0.2], 0.2 + np.cumsum(lengths)[:-1]])
    hz = 300 * 2 ** (rng.choice([0, 200, 350, 500], 50) / 1200)
    notes = [Note(float(a), float(a + b), float(h), 0.0, 1) for a, b, h in zip(starts, lengths, hz, strict=True)]
    sound = perform(notes, "tar", round((starts[-1] + 1) * RATE), RATE, rng)
    score = write_score(played_notes(detect_pitch(sound), onsets_of([sound])), "reng")
    assert score.pulse
    ratio = [float(note.length) * score.quarter_s / b for note, b in zip(score.notes(), lengths, strict=False)]
    assert np.median(np.abs(np.array(ratio) - 1)) < 0.05


def test_a_gusheh_of_the_radif_comes_back(shared: Path) -> None:
    score = read_midi(next((shared / "data/radif/mirza-abdollah").rglob("8. Zang e Shotor.mid")))
    notes = tuple(Note(one.start_s + 0.2, one.stop_s + 0.2, one.name.hz, 0.0, 1) for one in score.notes() if one.name)
    notes = tuple(note for note in notes if note.stop_s < 30)
    sound = perform(notes, "setar", 31 * RATE, RATE, np.random.default_rng(0))
    assert f1(notes, played_notes(detect_pitch(sound), onsets_of([sound])), 25.0) > 0.95


def test_a_recording_in_a_score_out(tmp_path: Path) -> None:
    performance, _track, _notes = played("setar")
    soundfile.write(tmp_path / "segah.flac", performance.samples, RATE)
    with open_audio(tmp_path / "segah.flac") as source:
        score = transcribe(source, "segah")
        part = transcribe(source, "segah", (5.0, 15.0))
    assert score.mode == "segah"
    assert 0.9 < sum(1 for _one in score.notes()) / len(performance.truth.notes) < 1.15
    assert all(5.0 <= note.start_s < 15.0 for note in part.notes())


def test_silence_has_no_notes() -> None:
    silence = np.zeros(RATE * 3, np.float32)
    assert write_score(played_notes(detect_pitch(silence), onsets_of([silence])), "").phrases == ()
