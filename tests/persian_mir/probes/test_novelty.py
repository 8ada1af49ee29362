from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.probes.ood_detector import MOST, OodDetector, distances, flattened, strangeness, whole

CENTRES = np.array([[0, 0], [10, 0]], dtype=np.float32)
GUARD = OodDetector(CENTRES, np.eye(2, dtype=np.float32), 1.0, 2.0)
SURE = np.array([[0.9, 0.1]], dtype=np.float32)


def test_distance_is_to_the_nearest_centre_a_dimension():
    points = np.array([[0, 2], [10, 0], [7, 0]], dtype=np.float32)
    np.testing.assert_allclose(distances(CENTRES, GUARD.whitening, points), np.sqrt([2, 0, 4.5]), rtol=1e-6)


def test_familiar_segments_stay_as_they_are():
    np.testing.assert_array_equal(flattened(SURE, GUARD, np.array([0.7], np.float32)), SURE)


def test_far_segments_are_not_sure():
    np.testing.assert_allclose(flattened(SURE, GUARD, np.array([99], np.float32)), [[0.508, 0.492]], atol=1e-6)


@given(st.floats(0, 50), st.floats(0, 50))
def test_farther_is_never_surer(one, other):
    near, far = sorted((one, other))
    rows = [flattened(SURE, GUARD, np.array([y], np.float32))[0, 0] for y in (near, far)]
    assert rows[1] <= rows[0] + 1e-6


def test_one_familiar_segment_does_not_make_a_strange_recording_familiar():
    strange = np.array([1.9, 0.9, 1.9], np.float32)
    rows = np.repeat(SURE, 3, axis=0)
    together = whole(rows, np.array([5, 5, 5]), strangeness(GUARD, strange))
    np.testing.assert_allclose(together, [0.9 - 0.4 * 1.7 / 3, 0.1 + 0.4 * 1.7 / 3], atol=1e-5)


def test_a_third_of_silence_leaves_a_familiar_recording_familiar():
    away = np.array([0.5, 0.5, 1000.0], np.float32)
    rows, strange = np.repeat(SURE, 3, axis=0), strangeness(GUARD, away)
    np.testing.assert_allclose(whole(rows, np.array([5, 5, 5]), strange), SURE[0], atol=1e-6)
    lost = whole(rows, np.array([1, 1, 10**6]), strange)
    np.testing.assert_allclose(lost, (1 - MOST) * SURE[0] + MOST / 2, atol=1e-4)


def test_what_is_liker_to_other_sounds_is_farther_and_what_is_unlike_them_hardly_nearer():
    contrast = np.array([[0, 3, -1], [0, 5, -1]], np.float32)  # other sounds lie above
    heard = replace(GUARD, contrast=contrast)
    points = np.array([[1, 0], [1, 1], [1, -1]], np.float32)
    np.testing.assert_allclose(heard.away(points) - GUARD.away(points), [-np.sqrt(1 / 2) / 4, 2, -1 / 4], atol=1e-6)
