"""Pitch as strokes: where they break, and how few points they are."""

from __future__ import annotations

import numpy as np

from persian_mir.modal.pitch import HOP_S
from persian_mir_gui.plots.pitch_strokes import contour
from tests.persian_mir_gui.segah import segah


def test_strokes_break_at_rests_and_leaps() -> None:
    track = segah(4.0)
    track.confidence[50:60] = 0.1
    track.hz[100:] *= 2
    shape = contour(track)
    strokes = shape.strokes(0.0, 4.0)
    assert all(np.abs(np.diff(shape.cents[stroke])).max() < 250 for stroke in strokes)
    starts = {int(stroke[0]) for stroke in strokes}
    assert {0, 60, 100} <= starts
    assert not any(50 <= frame < 60 for stroke in strokes for frame in stroke)


def test_points_are_few_and_do_not_depend_on_where_the_view_begins() -> None:
    shape = contour(segah(600.0))
    points = shape.points(50.0, 350.0, 100)
    assert len(points) <= 2 * 3 * 100
    moved = shape.points(100.0, 400.0, 100)
    both = 101.0, 349.0
    assert [k for k in moved if both[0] < k * HOP_S < both[1]] == [k for k in points if both[0] < k * HOP_S < both[1]]
