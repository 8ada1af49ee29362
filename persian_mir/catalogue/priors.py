"""How often each mode occurs in a collection, and what that makes of a reading: named in its provenance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from persian_mir.catalogue.model import Collection
from persian_mir.labels import MODAL_TASKS, dastgah_of, label_ids
from persian_mir.prediction import Prediction, Section, pooled, verdict_of

LEAST = 1e-3  # of a mode that a collection is said never to hold: a reading may still find it


def prior_of(task: str, labels: Sequence[str], mode_priors: Mapping[str, float]) -> NDArray[np.float64]:
    """The prior of each label [labels], summing to 1; that of a Dastgah is the sum of its modes'.

    What `mode_priors` leaves of 1 is shared alike by the modes that it does not name.
    """
    unnamed = [mode for mode in label_ids("mode") if mode not in mode_priors]
    rest = max(0.0, 1.0 - sum(mode_priors.values())) / max(1, len(unnamed))
    shares = {mode: max(LEAST, mode_priors.get(mode, rest)) for mode in label_ids("mode")}
    return _of_labels(task, labels, shares)


def own_prior(prediction: Prediction) -> NDArray[np.float64]:
    """The prior [labels] that a prediction was made with: the modal reading's own, else all labels alike.

    The reading's is that of `persian_mir.modal.Parameters.crowding`, which its provenance tells.
    """
    crowding = prediction.provenance.parameters.get("crowding")
    if prediction.provenance.predictor != "modal" or not isinstance(crowding, float):
        return np.full(len(prediction.labels), 1 / len(prediction.labels))
    modes = label_ids("mode")
    sizes = Counter(dastgah_of(mode) for mode in modes)
    shares = {mode: sizes[dastgah_of(mode)] ** -crowding for mode in modes}
    return _of_labels(prediction.task, prediction.labels, shares)


def _of_labels(task: str, labels: Sequence[str], shares: Mapping[str, float]) -> NDArray[np.float64]:
    """The prior of each label [labels] by that of each mode."""
    if task == "dastgah":
        shares = {
            label: sum(share for mode, share in shares.items() if dastgah_of(mode) == label)
            for label in label_ids("dastgah")
        }
    prior = np.array([shares.get(label, LEAST) for label in labels])
    return np.asarray(prior / prior.sum())


def apply_prior(probabilities: NDArray[np.float32], prior: NDArray[np.float64]) -> NDArray[np.float32]:
    """Weigh `probabilities` [..., labels] by `prior` [labels]: that which they were not found with."""
    weighted = probabilities * prior
    return np.asarray(weighted / weighted.sum(axis=-1, keepdims=True), dtype=np.float32)


def with_priors(prediction: Prediction, collection: Collection | None) -> Prediction:
    """The prediction as it is within a collection; itself where that has no priors or they do not concern its task.

    A part in which nothing was heard stays so. The provenance says which priors, and of which collection.
    """
    if collection is None or not collection.mode_priors or prediction.task not in MODAL_TASKS:
        return prediction
    prior = prior_of(prediction.task, prediction.labels, dict(collection.mode_priors)) / own_prior(prediction)
    rows = apply_prior(prediction.probabilities, prior)
    parameters = MappingProxyType({**prediction.provenance.parameters, **told_priors(collection)})
    if prediction.reasons:
        silent = np.array([bool(reason) for reason in prediction.reasons])
        rows[silent] = prediction.probabilities[silent]
    return replace(
        prediction,
        probabilities=rows,
        overall=prediction.overall.copy() if prediction.reason else apply_prior(prediction.overall, prior),
        provenance=replace(prediction.provenance, parameters=parameters),
        sections=tuple(_section(one, prediction, rows) for one in prediction.sections),
    )


def told_priors(collection: Collection | None) -> dict[str, object]:
    """What a provenance tells of the priors that acted; nothing where none did."""
    if collection is None or not collection.mode_priors:
        return {}
    return {"mode_priors": dict(collection.mode_priors), "mode_priors_of": collection.name}


def _section(section: Section, prediction: Prediction, rows: NDArray[np.float32]) -> Section:
    """A section with the verdict of the segments that lie mostly in it; unchanged where none does."""
    middles = (prediction.starts + prediction.stops) // 2
    inside = (middles >= section.start) & (middles < section.stop)
    if section.verdict.nothing or not inside.any():
        return section
    whole = pooled(rows[inside], (prediction.stops - prediction.starts)[inside])
    verdict = verdict_of(prediction.task, prediction.labels, whole, sure_margin=prediction.sure_margin)
    return replace(section, verdict=verdict)
