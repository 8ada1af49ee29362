"""The priors of a collection act on the modes, and are named wherever they do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from persian_mir.catalogue.model import Collection
from persian_mir.catalogue.priors import apply_prior, prior_of, with_priors
from persian_mir.labels import label_ids
from persian_mir.prediction import Prediction, Section, Verdict
from persian_mir.provenance import Provenance

RADIO = Collection("Radio", mode_priors=(("segah", 0.4), ("shour", 0.1), ("nava", 0.0)))


def prediction(task: str = "mode", labels: tuple[str, ...] = ("segah", "shour", "nava"), **other: object) -> Prediction:
    rows = np.array([[0.3, 0.6, 0.1], [0.2, 0.2, 0.6]], np.float32)
    values: dict[str, object] = {"overall": np.array([0.25, 0.4, 0.35], np.float32), "probabilities": rows}
    values |= {"starts": np.array([0, 10]), "stops": np.array([10, 20])} | other
    provenance = Provenance("modal", {"a": "1"}, {"hop": 10})
    return Prediction(task=task, labels=labels, provenance=provenance, **values)  # type: ignore[arg-type]


def test_bayes() -> None:
    told = apply_prior(np.array([[0.3, 0.6, 0.1]], np.float32), np.array([0.5, 0.25, 0.25]))
    assert told == pytest.approx(np.array([[0.15, 0.15, 0.025]]) / 0.325)
    assert apply_prior(np.array([0.3, 0.7], np.float32), np.array([0.5, 0.5])) == pytest.approx([0.3, 0.7])


def test_what_is_not_named_shares_the_rest_and_a_dastgah_is_the_sum_of_its_modes() -> None:
    modes = dict(zip(label_ids("mode"), prior_of("mode", label_ids("mode"), {"segah": 0.4, "shour": 0.1}), strict=True))
    assert modes["segah"] == pytest.approx(0.4)
    assert modes["dashti"] == pytest.approx(0.5 / 11)
    assert sum(modes.values()) == pytest.approx(1)
    named = {"segah": 0.4, "shour": 0.1}
    dastgahs = dict(zip(label_ids("dastgah"), prior_of("dastgah", label_ids("dastgah"), named), strict=True))
    assert dastgahs["segah"] == pytest.approx(0.4)
    assert dastgahs["shour"] == pytest.approx(0.1 + 5 * 0.5 / 11)


def test_a_reading_within_a_collection_names_its_priors() -> None:
    plain = prediction()
    told = with_priors(plain, RADIO)
    assert told.segment(0).label == "segah"
    assert told.verdict().label == "segah"
    assert plain.verdict().label == "shour"  # what was given is left as it was
    assert told.provenance.parameters == {
        **{"hop": 10, "mode_priors": {"segah": 0.4, "shour": 0.1, "nava": 0.0}, "mode_priors_of": "Radio"}
    }
    assert told.probabilities.sum(axis=1) == pytest.approx([1, 1])
    assert told.probabilities[1, 2] > 0  # what a collection is said never to hold may still be found


@pytest.mark.parametrize("task", ["mode", "dastgah"])
def test_the_priors_that_a_reading_was_made_with_change_nothing(task: str) -> None:
    """The modal reading has a prior of its own; another takes its place, and does not come on top of it."""
    from persian_mir.modal.evidence import _mode_priors
    from persian_mir.modal.parameters import Parameters

    parameters = Parameters()
    own = _mode_priors(parameters) / _mode_priors(parameters).sum()
    collection = Collection("Same", mode_priors=tuple(zip(label_ids("mode"), own.tolist(), strict=True)))
    plain = prediction(task, label_ids(task), **random_rows(len(label_ids(task))))
    plain = replace(plain, provenance=Provenance("modal", {}, parameters.as_dict()))
    told = with_priors(plain, collection)
    assert told.probabilities == pytest.approx(plain.probabilities, rel=1e-5)
    assert told.overall == pytest.approx(plain.overall, rel=1e-5)


def random_rows(labels: int) -> dict[str, object]:
    rows = np.random.default_rng(1).dirichlet(np.ones(labels), 3).astype(np.float32)
    return {"probabilities": rows[:2], "overall": rows[2]}


def test_where_they_do_not_concern_nothing_changes() -> None:
    plain = prediction()
    assert with_priors(plain, None) is plain
    assert with_priors(plain, Collection("Other")) is plain
    instruments = prediction("instrument", ("tar", "ney", "setar"))
    assert with_priors(instruments, RADIO) is instruments


def test_silence_stays_silence() -> None:
    plain = prediction(reasons=("silence", ""))
    told = with_priors(plain, RADIO)
    assert told.probabilities[0] == pytest.approx(plain.probabilities[0])
    assert told.segment(0).nothing


def test_sections_follow_their_segments() -> None:
    def section(start: int, label: str) -> Section:
        return Section(start, start + 10, Verdict("mode", label, 0.6, "segah", 0.3), 220.0)

    told = with_priors(prediction(sections=(section(0, "shour"), section(10, "nava"))), RADIO)
    assert [one.verdict.label for one in told.sections] == ["segah", "segah"]
    assert [one.tonic_hz for one in told.sections] == [220.0, 220.0]


def test_a_section_is_sure_from_the_lead_on_that_its_prediction_asks_for() -> None:
    """Within a collection as without one: what is not sure of a mode is no share of the time in that mode."""
    rows = np.array([[0.2, 0.7, 0.1], [0.7, 0.2, 0.1]], np.float32)
    sections = tuple(Section(at, at + 10, Verdict("mode", "shour", 0.7, "segah", 0.2), 220.0) for at in (0, 10))
    known = Collection("Known", mode_priors=(("segah", 0.3), ("shour", 0.3)))
    for margin, sure in ((0.15, True), (0.8, False)):
        told = with_priors(prediction(probabilities=rows, sections=sections, sure_margin=margin), known)
        assert [one.verdict.label for one in told.sections] == ["shour", "segah"]
        assert [one.verdict.sure for one in told.sections] == [sure, sure]
        assert told.verdict().several is sure
