from collections.abc import Callable
from dataclasses import replace

import numpy as np

from persian_mir.labels import label_ids
from persian_mir.modal.ends import weigh_ends
from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.pitch import HOP_S, PitchTrack
from persian_mir.modal.reading import read_mode

Play = Callable[..., PitchTrack]


def held(*hz: float) -> PitchTrack:
    """Notes of a second."""
    frames = np.repeat(np.array(hz, np.float32), round(1 / HOP_S))
    return PitchTrack(frames, np.ones(len(frames), np.float32))


def place(hz: float) -> int:
    return round(240 * np.log2(hz / 440.0)) % 240


def test_a_recording_that_ends_on_its_shahed_speaks_for_the_modes_that_do() -> None:
    evidence = weigh_ends(held(220.0, 300.0, 220.0), DEFAULT)
    segah = label_ids("mode").index("segah")
    assert evidence.shape == (len(label_ids("mode")), 240)
    assert evidence[segah, place(220.0)] > 1.0
    assert evidence[segah, place(220.0)] > evidence[segah, place(300.0)]


def test_the_octave_of_an_end_does_not_matter() -> None:
    low, high = (weigh_ends(held(hz, 300.0, hz), DEFAULT) for hz in (220.0, 440.0))
    np.testing.assert_allclose(low, high)


def test_an_end_weighs_at_most_the_doubt_and_nothing_without_notes_or_with_full_doubt() -> None:
    track = held(220.0, 300.0, 220.0)
    assert weigh_ends(track, DEFAULT).min() >= 2 * np.log(DEFAULT.ends_doubt) - 1e-9
    assert not weigh_ends(track, replace(DEFAULT, ends_doubt=1.0)).any()
    assert not weigh_ends(PitchTrack(np.zeros(0, np.float32), np.zeros(0, np.float32)), DEFAULT).any()


def test_only_a_whole_recording_has_ends(daramad: Play) -> None:
    track = daramad("segah", 300.0, 40.0)
    plain = replace(DEFAULT, ends_doubt=1.0)
    assert read_mode(track, 0.0, 40.0).modes == read_mode(track, parameters=plain).modes
    assert read_mode(track).modes != read_mode(track, parameters=plain).modes
