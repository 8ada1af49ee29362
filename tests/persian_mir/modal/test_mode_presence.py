import itertools
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from persian_mir.audio import open_audio
from persian_mir.examples.performance import Note
from persian_mir.examples.synthesise import perform, synthesise
from persian_mir.modal.mode_presence import stable_note_ratio
from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.pitch import HOP_S, RATE, PitchTrack, detect_pitch, track_pitch
from persian_mir.modal.profile import BINS
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir.modal.western import KEYS, MELODIES, equal_temperament_score, western_figures
from persian_mir.prediction import SURE_MARGIN

Play = Callable[..., PitchTrack]
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)


def unheard(reading: ModalReading) -> bool:
    uniform = {p for _, p in reading.dastgahs} == {1 / 7} and {p for _, p in reading.modes} == {1 / 13}
    return not reading.heard and uniform and reading.reason.startswith("No mode heard") and reading.tonic_hz is None


def doubted(reading: ModalReading) -> bool:
    """No mode is heard, or none with confidence, and the reading says why."""
    (_first, p), (_second, q) = reading.dastgahs[:2]
    return unheard(reading) or (p - q < SURE_MARGIN and "Western scale" in reading.reason)


def melody(scale: tuple[int, ...], seed: int, seconds: float = 40.0) -> PitchTrack:
    """Steps and leaps of a twelve-tone scale, as a pitch track."""
    rng = np.random.default_rng(seed)
    notes = np.array([note + 12 * octave for octave in (-1, 0, 1) for note in scale])
    place, steps = len(scale), []
    while len(steps) * HOP_S < seconds:
        steps += [notes[place]] * round(float(rng.choice([0.25, 0.5, 1.0])) / HOP_S)
        place = int(np.clip(place + rng.integers(-3, 4), 0, len(notes) - 1))
    hz = 262.0 * 2 ** (np.array(steps) / 12)
    return PitchTrack(hz.astype(np.float32), np.ones(len(hz), np.float32))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("scale", [MAJOR, MINOR, tuple(range(12)), (0, 2, 4, 7, 9)])
def test_a_western_melody_is_no_mode_or_not_surely_one(scale: tuple[int, ...], seed: int) -> None:
    assert doubted(read_mode(melody(scale, seed)))


def test_a_western_melody_on_an_instrument_is_no_sure_mode() -> None:
    track = melody(MAJOR, 1)
    bounds = np.flatnonzero(np.diff(track.hz, prepend=0, append=0))
    notes = [Note(a * HOP_S, b * HOP_S - 0.02, float(track.hz[a]), 0.0, 1) for a, b in itertools.pairwise(bounds)]
    sound = perform(notes, "tar", round(40 * RATE), RATE, np.random.default_rng(1))
    assert doubted(read_mode(detect_pitch(sound)))


@pytest.mark.parametrize("mode", ["mahour", "rast-panjgah", "dashti"])
def test_modes_near_the_western_scales_are_still_heard(mode: str) -> None:
    performance = synthesise(mode, "setar", 1, 40.0, 260.0, RATE)
    assert read_mode(detect_pitch(performance.samples)).heard


def test_drums_are_no_mode() -> None:
    rng = np.random.default_rng(4)
    sound = np.zeros(30 * RATE)
    times = np.arange(RATE // 2) / RATE
    for start in range(0, len(sound) - RATE, RATE // 4):
        low = np.sin(2 * np.pi * rng.uniform(60, 220) * times * (1 - 0.2 * times)) * np.exp(-9 * times)
        sound[start : start + len(times)] += low + 0.3 * rng.normal(0, 1, len(times)) * np.exp(-40 * times)
    assert unheard(read_mode(detect_pitch((sound / np.abs(sound).max()).astype(np.float32))))


def test_music_beside_loud_drums_is_heard() -> None:
    rng = np.random.default_rng(4)
    sound = synthesise("segah", "setar", 1, 30.0, 260.0, RATE).samples.astype(np.float64)
    times = np.arange(RATE // 2) / RATE
    drum = np.zeros(len(sound))
    for start in range(0, len(sound) - RATE, RATE // 4):
        low = np.sin(2 * np.pi * rng.uniform(60, 220) * times * (1 - 0.2 * times)) * np.exp(-9 * times)
        drum[start : start + len(times)] += low + 0.3 * rng.normal(0, 1, len(times)) * np.exp(-40 * times)
    drum *= np.sqrt((sound**2).mean() / (drum**2).mean())
    assert read_mode(detect_pitch((0.5 * (sound + drum)).astype(np.float32))).heard


def test_gliding_as_in_speech_is_no_mode() -> None:
    times = np.arange(0, 40, HOP_S)
    hz = 120 * 2 ** (0.5 * np.sin(2 * np.pi * 1.3 * times) + 0.2 * np.sin(2 * np.pi * 0.37 * times))
    assert unheard(read_mode(PitchTrack(hz.astype(np.float32), np.ones(len(hz), np.float32))))


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize("voice", ["en", "fa", "de+f2"])
def test_speech_is_no_mode(tmp_path: Path, voice: str) -> None:
    path = tmp_path / "speech.wav"
    text = "When we listen to a recording we first hear the voice, and then the room in which it was made. " * 4
    subprocess.run(["espeak-ng", "-v", voice, "-w", str(path), text], check=True)
    with open_audio(path) as source:
        assert unheard(read_mode(track_pitch(source)))


def test_silence_and_noise_are_no_mode() -> None:
    noise = np.random.default_rng(1).normal(0, 0.2, 20 * RATE)
    for sound in (np.zeros(20 * RATE), noise):
        assert unheard(read_mode(detect_pitch(sound.astype(np.float32))))


def test_music_is_held(daramad: Play) -> None:
    track = daramad("segah", 300.0)
    share = stable_note_ratio(track, np.ones(len(track.hz)))
    assert 0.5 < share <= 1
    assert stable_note_ratio(track, np.zeros(len(track.hz))) == 0
    assert stable_note_ratio(track.cut(0, 0.1), np.ones(6)) == 0
    vibrato = track.hz * 2 ** (40 * np.sin(np.arange(len(track.hz)) * HOP_S * 2 * np.pi * 5.5) / 1200)
    assert stable_note_ratio(PitchTrack(vibrato.astype(np.float32), track.confidence), np.ones(len(track.hz))) > 0.5


def test_the_ratio_of_stable_notes_is_what_it_says() -> None:
    rng = np.random.default_rng(3)
    hz = (300 * 2 ** (np.cumsum(rng.normal(0, 15, 400)) / 1200)).astype(np.float32)
    weights = (rng.random(400) > 0.02).astype(float)
    cents = 1200 * np.log2(hz.astype(float))
    plain = sum(np.ptp(cents[k : k + 16]) < 100 and weights[k : k + 16].all() for k in range(400 - 15))
    assert stable_note_ratio(PitchTrack(hz, np.ones(400, np.float32)), weights) == pytest.approx(plain / weights.sum())


def test_tempered_knows_semitones_from_quarter_tones() -> None:
    semitones, quarters = np.zeros(BINS), np.zeros(BINS)
    semitones[[3, 43, 83]] = 1  # 15, 215, 415 cents: of any tuning
    quarters[[0, 30, 60]] = 1
    assert equal_temperament_score(semitones) == pytest.approx(1)
    assert equal_temperament_score(quarters) < DEFAULT.tempered
    assert equal_temperament_score(np.zeros(BINS)) == 0


def test_western_figures_have_their_shape() -> None:
    profiles, surfaces = western_figures()
    assert profiles.shape == (MELODIES * len(KEYS), 24)
    assert surfaces.shape[::2] == (MELODIES * len(KEYS), 24)
    assert not profiles[:, 1::2].any()
