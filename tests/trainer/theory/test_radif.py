from pathlib import Path

import mido
import numpy as np
import pytest

from persian_mir.resources import RESOURCES
from trainer.theory.radif import HOP_S, degree, frames, profile, read_notes, surface, write_figures

SHOUR = [0, 3, 6, 10, 14, 16, 20]


def midi(path: Path, events: list[mido.Message]) -> Path:
    file = mido.MidiFile(ticks_per_beat=500)  # half a second a beat: a tick is a millisecond
    file.tracks.append(mido.MidiTrack(events))
    file.save(path)
    return path


@pytest.mark.parametrize(("number", "steps"), [(1, 0), (4, 10), (8, 24), (0, -4), (-3, -14)])
def test_degrees_count_on_over_the_octave(number: int, steps: int) -> None:
    assert degree(SHOUR, number) == steps


def test_a_bend_is_a_quarter_tone_and_set_ahead_of_the_next_note(tmp_path: Path) -> None:
    path = midi(
        tmp_path / "a.mid",
        [
            mido.Message("note_on", note=60, velocity=70, time=0),
            mido.Message("pitchwheel", pitch=-2048, time=990),
            mido.Message("note_off", note=60, time=10),
            mido.Message("note_on", note=62, velocity=70, time=0),
            mido.Message("note_on", note=62, velocity=0, time=500),
        ],
    )
    np.testing.assert_allclose(read_notes(path), [[0, 1, 60], [1, 1.5, 61.5]], atol=1e-6)


def test_the_range_of_the_bend_is_heeded(tmp_path: Path) -> None:
    path = midi(
        tmp_path / "a.mid",
        [
            mido.Message("control_change", control=6, value=12),
            mido.Message("pitchwheel", pitch=-341, time=0),
            mido.Message("note_on", note=62, velocity=70, time=0),
            mido.Message("note_off", note=62, time=500),
        ],
    )
    assert read_notes(path)[0, 2] == pytest.approx(61.5, abs=0.01)


def test_profile_and_surface_count_what_sounds() -> None:
    track = frames(np.array([[0.0, 1.0, 60.0], [1.2, 2.0, 61.5]]))
    assert profile(track)[[0, 3]].tolist() == [50, 40]
    pairs = surface(track, 0.3)
    lag = round(0.3 / HOP_S)
    assert pairs[0, 0] == 50 - lag
    assert pairs[0, 3] == lag - 10  # the rest between them pairs with nothing
    assert pairs[3, 0] == 0


def test_figures_come_out_again_bit_for_bit(shared: Path, tmp_path: Path) -> None:
    write_figures(shared / "data" / "radif", tmp_path)
    index = "radif_gushehs.json"
    assert (tmp_path / index).read_bytes() == (RESOURCES / index).read_bytes()
    with np.load(tmp_path / "radif_figures.npz") as new, np.load(RESOURCES / "radif_figures.npz") as kept:
        assert sorted(new.files) == sorted(kept.files)
        for name in kept.files:
            np.testing.assert_array_equal(new[name], kept[name])
