from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from persian_mir.csv_text import SPREADSHEET, as_text, csv_text, from_text


@given(st.text())
def test_every_cell_comes_back_and_none_is_a_formula(cell):
    assert from_text(as_text(cell)) == cell
    assert not as_text(cell).startswith(SPREADSHEET)


@given(st.lists(st.tuples(st.text(), st.integers(-9, 9) | st.none()), max_size=5))
def test_a_table_comes_back(rows):
    text = csv_text(["name", "number"], rows)
    header, *read = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == ["name", "number"]
    assert [(from_text(name), int(number) if number else None) for name, number in read] == rows


def test_numbers_stay_numbers():
    assert csv_text(["a"], [(-1.5,), ("-1.5",), (None,), ("=1+1",)]) == "a\n-1.5\n'-1.5\n\"\"\n'=1+1\n"
