from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.transcription.rhythm import beat_of, find_unit, on_grid, proportional
from persian_mir.transcription.score import LONGEST, SHORTEST, note_type, written_parts


@pytest.mark.parametrize("unit", [0.15, 0.22, 0.4])
def test_a_steady_pulse_is_found_in_played_intervals(unit: float) -> None:
    rng = np.random.default_rng(1)
    intervals = unit * rng.choice([1, 1, 2, 3, 4], 60) + rng.normal(0, 0.012, 60)
    assert find_unit(intervals.tolist()) == pytest.approx(unit, rel=0.05)


@pytest.mark.parametrize("seed", range(20))
def test_free_metre_has_no_pulse(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert find_unit((0.3 * np.exp(rng.normal(0, 0.5, 120))).tolist()) is None


def test_a_few_notes_have_no_pulse() -> None:
    assert find_unit([0.3] * 10) is None


def test_three_units_are_a_dotted_beat() -> None:
    assert beat_of(0.2) == (0.4, Fraction(1, 2))
    assert beat_of(0.3) == (0.6, Fraction(1, 2))
    assert on_grid(0.61, 0.2, Fraction(1, 2)) == Fraction(3, 2)


@given(st.floats(0.001, 100.0), st.floats(0.01, 5.0))
def test_a_free_length_is_one_note_head(seconds: float, median: float) -> None:
    length = proportional(seconds, median)
    assert SHORTEST <= length <= LONGEST
    assert written_parts(length) == (length,)


@given(st.integers(1, 400))
def test_tied_parts_are_plain_and_together_the_length(eighths_of_a_quarter: int) -> None:
    length = Fraction(eighths_of_a_quarter, 8)
    parts = written_parts(length)
    assert sum(parts) == length
    for part in parts:
        plain, dots = note_type(part)
        assert plain * (1, Fraction(3, 2))[dots] == part
        assert plain.numerator == 1 or plain.denominator == 1
