from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from persian_mir.prediction import SURE_MARGIN, pooled
from persian_mir.probes.probe import Head, probabilities, recording_probabilities

DEPTHS = [(), (6,), (6, 5), (6, 5, 4), (6, 5, 4, 3), (6, 5, 4, 3, 2)]


@pytest.mark.parametrize("hidden", DEPTHS)
def test_forward_equals_torch(make_probe, values, hidden):
    import torch

    probe = make_probe(hidden, guarded=False)
    x = torch.from_numpy((values - probe.mean) / probe.std)
    x = 0.25 * x[:, 0] + 0.75 * x[:, 1]
    for index, (weight, bias) in enumerate(zip(probe.head.weights, probe.head.biases, strict=True)):
        x = torch.nn.functional.linear(x.relu() if index else x, torch.tensor(weight), torch.tensor(bias))
    expected = (x / 1.5).softmax(1).numpy()
    assert probe.head.hidden == hidden
    np.testing.assert_allclose(probabilities(probe, values), expected, atol=1e-6)


def test_rows_are_probabilities_also_for_huge_values(make_probe, values):
    rows = probabilities(make_probe(), values * 1e6)
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)


def test_no_segments_give_no_rows(make_probe):
    assert probabilities(make_probe(), np.zeros((0, 2, 8), np.float32)).shape == (0, 3)


def test_wrong_width_is_refused(make_probe):
    with pytest.raises(ValueError, match="reads"):
        probabilities(make_probe(), np.zeros((4, 2, 9), np.float32))


def test_hash_is_of_what_the_probabilities_depend_on(make_probe):
    probe = make_probe()
    assert probe.hash == make_probe(training={"note": "other"}).hash
    different = [make_probe(seed=1), make_probe(temperature=2.0), make_probe(layers=(0, 1)), make_probe(guarded=False)]
    assert len({probe.hash, *(other.hash for other in different)}) == 5


def test_arrays_are_read_only(make_probe):
    with pytest.raises(ValueError, match="read-only"):
        make_probe().mean[0, 0] = 1


def test_layers_that_do_not_fit_are_refused():
    zeros = np.zeros
    with pytest.raises(ValueError, match="fit together"):
        Head((zeros((4, 8), np.float32), zeros((3, 5), np.float32)), (zeros(4, np.float32), zeros(3, np.float32)))
    with pytest.raises(ValueError, match="1 to 6"):
        Head((), ())


def plain(make_probe):
    """A probe that reads one layer as it is, and is very sure of what it says."""
    mean, std = np.zeros((1, 8), np.float32), np.ones((1, 8), np.float32)
    guard = replace(make_probe().novelty, near=2.0, far=2.5)
    parts = {"mean": mean, "std": std, "layer_weights": np.ones(1, np.float32), "novelty": guard}
    return make_probe((), layers=(0,), temperature=0.1, **parts)


def test_a_strange_recording_is_not_sure_although_one_segment_is_familiar(make_probe):
    probe, lengths = plain(make_probe), np.array([5, 5, 5])
    centre = probe.novelty.centres[:1]
    values = np.concatenate([centre, centre + 9, centre - 9])[:, None]
    rows, whole, _strange = recording_probabilities(probe, values, lengths)
    np.testing.assert_array_equal(rows, probabilities(probe, values))
    together = pooled(rows, lengths)
    assert lead(whole) < SURE_MARGIN < lead(together)
    assert whole.argmax() == together.argmax()


def test_a_familiar_recording_is_what_its_segments_say(make_probe):
    probe, lengths = plain(make_probe), np.array([5, 5, 3])
    rows, whole, _strange = recording_probabilities(probe, probe.novelty.centres[:, None], lengths)
    np.testing.assert_array_equal(whole, pooled(rows, lengths))


def lead(row: np.ndarray) -> float:
    second, first = np.sort(row)[-2:]
    return float(first - second)
