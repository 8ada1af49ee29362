"""The table of `make bench`: what is slower, faster, new and missing; the runs themselves are no test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("benchmarks")  # of the checkout, no part of the wheel

from benchmarks.report import BEGIN, Row, Run, judged, page, read_runs, spread, table, timed, write_runs

ROW = Row("load", "FLAC to mono", "librosa's way", "s", 2.0, 6.0, 3.0, 0.05, 0.5)


def test_a_row_is_the_median_of_rounds_in_which_both_were_timed() -> None:
    row = timed("load", "a", "b", ours=[1.0, 2.0, 4.0], theirs=[3.0, 4.0, 8.0], share=0.9)
    assert (row.ours, row.alternative, row.ratio, row.share) == (2.0, 4.0, 2.0, 0.9)
    assert row.scatter == (3.0 - 2.0) / 2 / 2.0


def test_one_round_does_not_scatter_and_an_outlier_of_many_hardly_counts() -> None:
    assert spread([2.0]) == 0.0
    assert spread([2.0, 2.0, 2.0, 2.0, 9.0]) == 0.0


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (3.0, 3.1, "as before"),
        (3.0, 2.75, "as before"),
        (3.0, 2.5, "**slower** (was 3)"),
        (3.0, 4.0, "faster (was 3)"),
    ],
)
def test_a_result_is_slower_where_its_ratio_fell_beyond_the_scatter(before: float, now: float, said: str) -> None:
    assert judged(replace(ROW, ratio=now), replace(ROW, ratio=before)) == said


def test_what_is_slower_in_seconds_on_a_slower_machine_is_as_before() -> None:
    assert judged(replace(ROW, ours=20.0, alternative=60.0), ROW) == "as before"


def test_new_and_missing_rows_are_said_to_be_so() -> None:
    old = replace(ROW, name="gone")
    other = replace(ROW, part="waveform")
    told = table([ROW], [old, other], ["load"]).splitlines()
    assert told[2] == "| FLAC to mono | 2 s | 6 s (librosa's way) | 3 | 5% | 50% | new |"
    assert told[3].endswith("| not measured |")
    assert told[4].endswith("| recorded |")  # its part was not asked for
    assert len(told) == 5
    assert all(line.count("|") == told[0].count("|") for line in told)


def test_runs_are_kept_as_they_were(tmp_path: Path) -> None:
    place = tmp_path / "recorded.json"
    assert read_runs(place) == []
    runs = [Run({"processor": "x"}, (ROW, replace(ROW, name="سه‌گاه", share=None))), Run({"processor": "y"}, ())]
    write_runs(place, runs)
    assert read_runs(place) == runs


def test_the_page_keeps_what_people_wrote_and_renews_the_rest() -> None:
    first = page("# Speed\n\nWords.\n", [({"processor": "x"}, "| old |\n")])
    again = page(first, [({"processor": "y"}, "| new |\n"), ({"processor": "z"}, "| other |\n")])
    assert again == f"# Speed\n\nWords.\n{BEGIN}\n- processor: y\n\n| new |\n\n- processor: z\n\n| other |\n"
