from pathlib import Path

import numpy as np
import pytest

from persian_mir.resources import RESOURCES
from trainer.theory.radif import NO_DEGREE, Gusheh
from trainer.theory.scales import (
    LEAST_NOTES,
    LONGEST,
    Melody,
    Tuning,
    describe_mode,
    ist_step,
    main,
    melody,
    movement,
    octave_of,
    openings,
    pitches,
)

SHOUR = [0, 3, 6, 10, 14, 16, 20]
NAVA = [0, 205, 295, 500, 705, 840, 1000]


def line(*notes: tuple[float, float], mode: str = "shour", name: str = "Daramad", daramad: bool = True) -> Gusheh:
    """A gusheh of notes (MIDI pitch, seconds), one after the other."""
    edges = np.cumsum([0.0] + [seconds for _, seconds in notes])
    table = np.column_stack([edges[:-1], edges[1:], [pitch for pitch, _ in notes]])
    return Gusheh(mode, name, 1, 1, daramad, table)


def sung(*notes: tuple[float, float]) -> Melody:
    return melody(line(*notes))


@pytest.mark.parametrize(("step", "cents"), [(0, 0), (3, 135), (10, 500), (24, 1200), (-4, -205), (-7, -365)])
def test_pitches_lie_on_farhats_frets(step: int, cents: int) -> None:
    assert Tuning(SHOUR, 0, None).cents(step) == cents


def test_frets_count_from_degree_one_and_cents_from_the_shahed() -> None:
    on_the_fourth = Tuning(SHOUR, 10, None)
    assert [on_the_fourth.cents(step) for step in (-10, -7, 0, 4)] == [-500, -365, 0, 200]
    assert [on_the_fourth.name(step) for step in (-10, -7, 0, 4, 10)] == [1, 2, 4, 5, 7]


def test_a_dastgah_on_another_fret_is_tuned_as_theory_says() -> None:
    nava = Tuning(SHOUR, 10, NAVA)
    assert [nava.cents(step) for step in (-10, -7, 0, 4, 24)] == [-495, -360, 0, 205, 1200]
    assert nava.cents(2) == 100  # far from every degree: as notated


def test_names_go_round_at_the_octave() -> None:
    assert [Tuning(SHOUR, 0, None).name(step) for step in (-4, -1, 0, 23, 24)] == [7, 1, 1, 1, 1]


def test_the_ist_lies_at_or_below_the_shahed() -> None:
    assert ist_step(SHOUR, 4, 2) == -7
    assert ist_step(SHOUR, 3, 7) == -10  # named above, sounded an octave lower
    assert ist_step(SHOUR, 1, 1) == 0
    assert ist_step(SHOUR, 1, NO_DEGREE) == 0


def test_openings_come_first_and_until_there_are_notes_enough() -> None:
    half = [(60.0, 0.5)] * (LEAST_NOTES // 2)
    rows = [
        line(*half, name="Kereshme", daramad=False),
        line(*half, name="Chaharmezrab", daramad=False),
        line(*half),
        line(*half, name="Rahab", daramad=False),
    ]
    assert [one.name for one in openings("shour", 1, rows)] == ["Daramad", "Kereshme"]
    assert [one.name for one in openings("shour", 1, rows[1:])] == ["Daramad", "Rahab"]
    assert openings("shour", 4, rows) == []


def test_what_hardly_sounds_or_lies_far_off_is_left_out() -> None:
    sounds = sung((60, 5.0), (61.5, 4.0), (63, 0.05), (98, 1.0))
    over_60 = Melody(sounds.steps - 120, sounds.starts, sounds.lengths)
    assert pitches([over_60]) == [0, 3]
    assert octave_of(3, [sung((61.5, 1.0), (73.5, 3.0), (74, 9.0))]) == 147


def test_movement_counts_what_follows_and_what_is_held() -> None:
    found = movement([sung((0, 1.0), (1.5, 1.0), (0, 1.0), (1.5, 3.0), (0, 9.0), (1.5, 1.0))], [0, 3])
    np.testing.assert_allclose(found["next"], [[7, 993], [990, 10]], atol=1)
    assert found["lengths"] == [round((1 + 1 + LONGEST) / 3, 2), 2.0]
    assert found["rests"] == [1, 1]


def test_a_mode_is_described_from_its_shahed() -> None:
    notes = [(67.0, 2.0), (68.5, 1.0), (70.0, 1.0), (72.0, 0.5), (70.0, 1.0), (68.5, 1.0)] * 20
    frets = {"farhat_frets_from_degree1": [0, 135, 295, 500, 700, 790, 995], "farhat_other": None}
    row = describe_mode("shour", SHOUR, 1, [line(*notes)], frets)
    assert (row["cents"], row["degrees"], row["ist"]) == ([0, 135, 295, 500], [1, 2, 3, 4], 0)


def test_the_resource_comes_out_again_bit_for_bit(shared: Path, tmp_path: Path) -> None:
    data = shared / "data"
    assert main([str(data / "radif"), str(data / "theory.json"), str(tmp_path)]) == 0
    assert (tmp_path / "scales.json").read_bytes() == (RESOURCES / "scales.json").read_bytes()
