from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from persian_mir.audio import AudioSource
from persian_mir.prediction import Prediction
from persian_mir.progress import SILENT, Progress
from persian_mir.provenance import Provenance
from trainer.evaluation.foreign_sounds import RATE, SOUNDS, answers_to_recordings, answers_to_sounds, sound_of
from trainer.reports.words import answer_words, refusal_words, sound_name


class ByLoudness:
    """Refuses silence, is not sure of what is soft, and takes all else for a setar."""

    id, name, tasks = "probe:a", "A", ("instrument",)

    def predict(self, source: AudioSource, progress: Progress = SILENT) -> tuple[Prediction, ...]:
        loud = float(np.abs(source.mono(0, source.recording.frames)).max())
        sure = 0.9 if loud > 0.6 else 0.55
        rows = np.array([[1 - sure, sure]], np.float32)
        ends = np.zeros(1, np.int64), np.full(1, source.recording.frames, np.int64)
        reason = "" if loud else "unlike all"
        labels = ("ney", "setar")
        return (Prediction("instrument", labels, *ends, rows, rows[0], Provenance("probe:a"), (reason,), reason),)


def test_each_sound_has_the_answer_that_was_given_to_it():
    said = answers_to_sounds(ByLoudness(), "instrument", ("ney", "setar"), 2.0)
    assert list(said)[:4] == list(SOUNDS)
    assert not {"ney", "setar"} & set(said)
    assert (said["silence"], said["hum"], said["violin"]) == ("refused", "unsure", "setar")
    assert {"tar", "oud", "tonbak", "voice"} <= set(said)


def test_of_modes_instruments_are_no_strangers():
    assert list(answers_to_sounds(ByLoudness(), "dastgah", ("shour",), 1.0)) == list(SOUNDS)


@pytest.mark.parametrize("name", [*SOUNDS, "oud"])
def test_a_sound_is_the_same_each_time(name):
    assert len(sound_of(name, 1.5)) == 1.5 * RATE
    np.testing.assert_array_equal(sound_of(name, 1.5), sound_of(name, 1.5))


def test_recordings_are_counted_and_unreadable_ones_left_out(corpus, tmp_path):
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"no sound")
    files = sorted(corpus.rglob("*.wav"))[:2]
    assert answers_to_recordings(ByLoudness(), [*files, bad]) == Counter(named=2)


def test_the_answers_in_words():
    assert answer_words("refused", "instrument") == "none of these"
    assert answer_words("setar", "instrument") == "surely Setar"
    assert (sound_name("hum"), sound_name("tar")) == ("Mains hum", "Tar")
    assert refusal_words({}) == ""
    assert "4 recordings" in refusal_words(Counter(refused=3, named=1))
    assert "75% are none of these" in refusal_words(Counter(refused=3, named=1))
