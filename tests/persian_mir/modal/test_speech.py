"""Speech is no mode, nor does an announcement change what the music is; singing with wide vibrato is no speech."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray

from persian_mir.examples.instruments import ALL
from persian_mir.examples.synthesise import synthesise
from persian_mir.examples.voice import Voice
from persian_mir.modal.pitch import HOP_S, RATE, PitchTrack, detect_pitch, join_tracks
from persian_mir.modal.reading import read_mode
from persian_mir.modal.section_verdicts import verdict_on
from persian_mir.modal.sections import read_recording
from persian_mir.modal.speech import is_speech, unbroken_s, without_speech
from persian_mir.modal.trusted_evidence import sounding

TEXT = "When we listen to a recording we first hear the voice, and then the room in which it was made. " * 8
needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


TEXTS = {
    "it": "Quando ascoltiamo una registrazione sentiamo prima la voce e poi la stanza in cui è stata fatta. ",
    "ku": "Dema em li tomarekê guhdarî dikin em pêşî deng dibihîzin û paşê jûreyê. ",
    "fa": "در این برنامه درباره موسیقی ایرانی و دستگاه‌های آن صحبت می‌کنیم. شنونده عزیز، به صدای ساز گوش کنید. ",
    "vi": "Khi chúng ta nghe một bản ghi âm, trước tiên chúng ta nghe giọng nói, rồi căn phòng. ",
    "pt": "Quando ouvimos uma gravação ouvimos primeiro a voz e depois a sala em que foi feita. ",
}


def spoken(folder: Path, voice: str, pitch: int, words_a_minute: int = 175, text: str = TEXT) -> PitchTrack:
    how = ["-v", voice, "-p", str(pitch), "-s", str(words_a_minute)]
    command = ["espeak-ng", *how, "-w", str(folder / "a.wav"), text]
    subprocess.run(command, check=True)
    sound, rate = soundfile.read(folder / "a.wav", dtype="float32")
    return detect_pitch(soxr.resample(sound, rate, RATE)[: 60 * RATE])


def gliding(seconds: float) -> PitchTrack:
    """Syllables of a quarter of a second, each a fall or rise of some semitones from anywhere."""
    rng, length = np.random.default_rng(2), 16
    count = round(seconds / HOP_S / length)
    starts, moves = rng.normal(0, 4, count), rng.choice([-1, 1], count) * rng.uniform(2, 5, count)
    semitones = starts[:, None] + moves[:, None] * np.linspace(0, 1, length)
    sounds = np.tile(np.arange(length) < length - 3, count)
    return PitchTrack((150 * 2 ** (semitones.ravel() / 12)).astype(np.float32), sounds.astype(np.float32))


@pytest.fixture(scope="module")
def segah() -> PitchTrack:
    return detect_pitch(synthesise("segah", "setar", 1, 60.0, 233.0, RATE).samples)


def with_vibrato(track: PitchTrack, cents: float) -> PitchTrack:
    times = np.arange(len(track.hz)) * track.hop_s
    moved = track.hz * 2 ** (cents / 1200 * np.sin(2 * np.pi * 5.8 * times))
    return PitchTrack(moved.astype(np.float32), track.confidence)


@needs_espeak
@pytest.mark.parametrize(("voice", "pitch"), [("en", 80), ("en+f5", 50), ("fa", 50), ("fa+f2", 80), ("fr", 80)])
def test_synthetic_speech_is_no_mode(tmp_path: Path, voice: str, pitch: int) -> None:
    reading = read_recording(spoken(tmp_path, voice, pitch))
    assert not reading.heard
    assert "speech" in reading.reason


@needs_espeak
@pytest.mark.parametrize(("voice", "pitch", "wpm"), [("it", 99, 175), ("ku", 80, 175), ("ku", 80, 90), ("fa", 80, 90)])
def test_high_and_slow_speech_of_other_languages_is_no_mode(tmp_path: Path, voice: str, pitch: int, wpm: int) -> None:
    reading = read_recording(spoken(tmp_path, voice, pitch, wpm, TEXTS[voice] * 14).cut(0.0, 46.0))
    assert not reading.heard
    assert "speech" in reading.reason


@needs_espeak
@pytest.mark.parametrize("voice", ["vi", "pt"])
def test_what_is_nearly_speech_is_never_sure(tmp_path: Path, voice: str) -> None:
    """Of a tonal language, or recited slowly."""
    reading = read_recording(spoken(tmp_path, voice, 50, 90, TEXTS[voice] * 14).cut(0.0, 46.0))
    assert not verdict_on(reading, "dastgah").sure
    assert "speech" in reading.reason


def singing(words: bool) -> PitchTrack:
    """A voice with a vibrato of a semitone and long glides; with words, consonants break it every 0.9 s or so."""
    singer = replace(ALL["voice"], sounding=Voice(vibrato_cents=100.0, glide_s=0.2, vowel_s=0.6))
    track = detect_pitch(synthesise("shour", "voice", 302, 60.0, 200.0, RATE, player=singer).samples)
    rng, confidence, frame = np.random.default_rng(0), track.confidence.copy(), 0
    while words and frame < len(confidence):
        frame += round(float(rng.uniform(0.6, 1.2)) / HOP_S)
        confidence[frame : frame + 6] = 0.0
        frame += 6
    return PitchTrack(track.hz, confidence)


@pytest.mark.parametrize("words", [False, True])
def test_singing_with_wide_vibrato_is_kept_with_words_and_without(words: bool) -> None:
    track = singing(words)
    weights = sounding(track)
    np.testing.assert_array_equal(without_speech(track, weights), weights)


def test_pitch_sounds_on_as_long_as_the_stretch_that_a_frame_is_in() -> None:
    sounds = np.repeat([1.0, 0.0, 1.0, 0.0], [30, 5, 10, 5])
    track = PitchTrack(np.full(50, 200.0, np.float32), sounds.astype(np.float32), 0.01)
    assert unbroken_s(track, sounds) == pytest.approx((30 * 0.3 + 10 * 0.1) / 40)
    assert unbroken_s(track, np.zeros(50)) == 0.0


@needs_espeak
def test_an_announcement_before_the_music_changes_nothing(tmp_path: Path, segah: PitchTrack) -> None:
    alone = read_recording(segah)
    announced = read_recording(join_tracks([spoken(tmp_path, "fa+m3", 80), segah]))
    assert announced.modes[0][0] == alone.modes[0][0] == "segah"
    assert announced.modes[0][1] == pytest.approx(alone.modes[0][1], abs=0.05)
    assert announced.tonic_hz == pytest.approx(alone.tonic_hz, rel=0.005)
    assert {one.reading.modes[0][0] for one in announced.sections if one.reading.heard} <= {"segah"}
    verdict = verdict_on(announced, "dastgah")
    assert (verdict.label, verdict.shares) == ("segah", ())


def test_pitch_that_only_glides_is_speech() -> None:
    track = gliding(60.0)
    assert is_speech(track, sounding(track))
    assert not without_speech(track, sounding(track)).any()
    assert not read_mode(track).heard


def test_gliding_before_the_music_is_left_out_and_the_music_kept(segah: PitchTrack) -> None:
    before = gliding(40.0)
    both = join_tracks([before, segah])
    weights = without_speech(both, sounding(both))
    spoken_share = weights[: len(before.hz)].sum() / sounding(before).sum()
    assert spoken_share < 0.25
    assert weights[len(before.hz) :].sum() > 0.9 * sounding(segah).sum()


@pytest.mark.parametrize("cents", [0.0, 30.0, 60.0, 100.0])
def test_music_with_vibrato_however_wide_is_no_speech(cents: float, segah: PitchTrack) -> None:
    track = with_vibrato(segah, cents)
    weights = sounding(track)
    np.testing.assert_array_equal(without_speech(track, weights), weights)


@pytest.mark.parametrize("mode", ["shour", "mahour", "nava"])
@pytest.mark.parametrize("instrument", ["ney", "kamancheh", "santoor"])
def test_no_music_is_left_out(mode: str, instrument: str) -> None:
    track = detect_pitch(synthesise(mode, instrument, 3, 30.0, 260.0, RATE).samples)
    weights: NDArray[np.float64] = sounding(track)
    np.testing.assert_array_equal(without_speech(track, weights), weights)
