"""Systems of timbre name sounds that differ in nothing but their partials; their arrays answer as scikit-learn does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from sklearn.svm import SVC

from tests.trainer.baselines.conftest import RATE, scale, tones, write_manifest
from trainer.baselines import layegh, mousavi
from trainer.baselines.baseline import Examples
from trainer.baselines.support_vectors import fit_svm, svm_logits


@pytest.fixture(scope="module")
def timbres(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A manifest of two timbres on the same melodies, as instruments; the last take is the test."""
    folder = tmp_path_factory.mktemp("timbres")
    rows = []
    for take in range(4):
        for instrument, brightness in (("ney", 0.2), ("tar", 0.9)):
            name = f"{instrument} {take}.wav"
            soundfile.write(folder / name, tones(scale("mahour", 220 + 15 * take, take), brightness), RATE)
            rows.append((name, instrument, f"artist {take}", "test" if take == 3 else "train"))
    return write_manifest(folder, "instrument", rows)


@pytest.mark.parametrize("name", ["mousavi", "layegh", "nava2019"])
def test_timbres_on_the_same_melody_are_told_apart(name, timbres, baseline):
    code, done = baseline(name, "--data", timbres, "--task", "instrument", "--window", 2)
    assert code == 0
    segments = done["judgement"]["official"]["segments"]
    assert (segments["accuracy"], segments["count"]) == (1, 8)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("kernel", ["rbf", "linear"])
def test_the_arrays_of_a_machine_name_what_scikit_learn_names(classes, kernel):
    rng = np.random.default_rng(classes)
    targets = np.arange(80) % classes
    rows = (rng.normal(size=(80, 3)) + 2 * rng.normal(size=(classes, 3))[targets]).astype(np.float32)
    examples = Examples(rows, targets, tuple("abcd"[:classes]), "artist")
    wide = rows.astype(np.float64)
    scaled = (wide - wide.mean(axis=0)) / wide.std(axis=0)
    machine = SVC(kernel=kernel, C=1.0, decision_function_shape="ovo").fit(scaled, targets)
    arrays = fit_svm(examples, kernel, (1.0,))
    said = np.clip(machine.decision_function(scaled), -1, 1)
    expected = np.zeros((80, classes))
    if classes == 2:
        expected[:, 0], expected[:, 1] = -said, said
    else:
        pairs = [(one, other) for one in range(classes) for other in range(one + 1, classes)]
        for k, (one, other) in enumerate(pairs):
            expected[:, one] += said[:, k]
            expected[:, other] -= said[:, k]
    np.testing.assert_allclose(svm_logits(arrays, rows), expected, atol=1e-4)


def test_fuzzy_entropy_is_least_for_the_feature_that_tells_the_classes_apart():
    targets = np.arange(40) % 2
    rows = np.random.default_rng(0).random((40, 3))
    rows[:, 1] = targets
    assert np.argmin(mousavi.fuzzy_entropy(rows, targets)) == 1


@pytest.mark.parametrize(("stretch", "expected"), [(1.0, 0.0), (1.1, 0.1)])
def test_inharmonicity_of_partials_that_are_stretched(stretch, expected):
    bins, pitch = np.zeros((1, layegh.FRAME // 2 + 1)), 40 * layegh.RATE / layegh.FRAME
    bins[0, 40], bins[0, round(80 * stretch)] = 1, 1  # two partials of equal strength, the second 80 * stretch bins
    # The second is 8 bins of 40 too high where stretched, 0.2 of the pitch; the mean with the first is half of that.
    assert layegh.inharmonicity(bins, np.array([pitch])) == pytest.approx(expected, abs=1e-6)
