"""A degree's name and its cents say the same."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.labels import label_ids
from persian_mir.modal.degrees import Degree, around, named, radif_steps, scale_degrees
from persian_mir.modal.names import LETTERS, NATURALS, NoteName, spell

SIGNS = {"flat": -2, "koron": -1, "": 0, "sori": 1, "sharp": 2}
HALF_QUARTER = 25.0


def cents_of_name(name: NoteName) -> float:
    """Above Do, octaves aside."""
    return 50.0 * (NATURALS[LETTERS.index(name.letter)] + SIGNS[name.sign])


def written_tonic(mode: str, tonic_hz: float) -> NoteName:
    return spell(tonic_hz, [(degree.step, degree.letters) for degree in scale_degrees(mode)]).note(0)


@given(
    st.floats(-49.99, 1149.99),
    st.sampled_from(label_ids("mode")),
    st.floats(100.0, 800.0),
)
def test_name_and_cents_agree_within_half_a_quarter_tone(cents: float, mode: str, tonic_hz: float) -> None:
    (degree,) = named((Degree(cents, 5.0, 0.3),), mode, tonic_hz)
    assert degree.name is not None
    above = cents_of_name(degree.name) - cents_of_name(written_tonic(mode, tonic_hz))
    assert abs(around(above - cents)) <= HALF_QUARTER + 1e-6
    assert abs(around(degree.tet24_cents - cents)) <= HALF_QUARTER + 1e-6
    assert degree.radif_cents in (None, degree.tet24_cents)
    if degree.farhat_cents is not None:
        assert degree.off_farhat_cents == pytest.approx(around(cents - degree.farhat_cents))


def test_a_second_played_at_100_cents_is_flat_and_no_koron() -> None:
    re = 440.0 * 2 ** (-700 / 1200)
    flat, koron = named((Degree(100.0, 5.0, 0.3), Degree(135.0, 5.0, 0.3)), "shour", re)
    assert flat.name is not None
    assert koron.name is not None
    assert (flat.name.letter, flat.name.sign, flat.tet24_cents) == ("Mi", "flat", 100.0)
    assert (koron.name.letter, koron.name.sign, koron.tet24_cents) == ("Mi", "koron", 150.0)
    assert (koron.farhat_cents, koron.off_farhat_cents) == (135.0, 0.0)


def test_without_a_fret_there_nothing_is_off() -> None:
    scale = [degree.farhat_cents for degree in scale_degrees("segah")]
    cents = next(k for k in range(0, 1100, 5) if min(abs(around(k - fret)) for fret in scale) > 60)
    (degree,) = named((Degree(float(cents), 5.0, 0.3),), "segah", 220.0)
    assert (degree.farhat_cents, degree.off_farhat_cents) == (None, None)
    assert math.isclose(degree.theory_cents, degree.tet24_cents)


def test_a_mode_is_written_with_the_notes_that_the_radif_has() -> None:
    """Homayoun's third, 410 cents above Sol, was written Si sori: its shahed, La koron, lies 15 cents off its name."""
    scale = scale_degrees("homayoun")
    spelling = spell(440.0 * 2 ** (-50 / 1200), [(degree.step, degree.letters) for degree in scale])
    names = [spelling.note(degree.step, degree.letters) for degree in scale]
    assert [f"{name.letter} {name.sign}".strip() for name in names] == [
        "Re", "Mi koron", "Fa", "Sol", "La koron", "Si", "Do",
    ]  # fmt: skip


@pytest.mark.parametrize("mode", label_ids("mode"))
def test_every_degree_of_a_mode_is_a_quarter_tone_of_its_radif(mode: str) -> None:
    assert {degree.step % 24 for degree in scale_degrees(mode)} <= set(radif_steps(mode))
