"""Whether all that a batch would say of a recording was said, with the same models, parameters and priors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Collection
from persian_mir.catalogue.priors import told_priors, with_priors
from persian_mir.i18n import _
from persian_mir.labels import MODAL_TASKS
from persian_mir.prediction import Prediction
from persian_mir.predictor import Labeller
from persian_mir.recording import Recording


@dataclass(frozen=True, slots=True)
class Sayings:
    """What some predictors say of recordings; `collection`: the name of that to which a batch adds them, if any."""

    predictors: tuple[Labeller, ...]
    collection: str = ""

    def all_said(self, catalogue: Catalogue, row: int) -> bool:
        """Whether the last word of each predictor on the recording of that row is what it would say again."""
        collection = self._collection(catalogue, catalogue.known(row).content_hash)
        for one in self.predictors:
            made_by = one.provenance()
            if set(one.tasks) & set(MODAL_TASKS):
                made_by = replace(made_by, parameters={**made_by.parameters, **told_priors(collection)})
            if not catalogue.said_by(row, made_by):
                return False
        return True

    def still(self, catalogue: Catalogue, row: int) -> bool:
        """Whether nothing is left to do with a recording: all is said, and it is in the collection."""
        inside = not self.collection or catalogue.is_member(row, self.collection)
        return inside and self.all_said(catalogue, row)

    def skip(self, catalogue: Catalogue, recording: Recording) -> str:
        """Return why a recording needs no labels, in words; empty if it does."""
        known = catalogue.recording(recording.content_hash)
        return same_sound() if known is not None and self.all_said(catalogue, known.id) else ""

    def add(
        self, catalogue: Catalogue, content_hash: str, said: Sequence[tuple[Labeller, Sequence[Prediction]]]
    ) -> None:
        """Write what was said of a recording, as its collection's priors weigh it."""
        collection = self._collection(catalogue, content_hash)
        for predictor, predictions in said:
            for prediction in predictions:
                version = prediction.provenance.models.get(predictor.id, "")
                catalogue.add_prediction(content_hash, predictor.id, with_priors(prediction, collection), version)

    def _collection(self, catalogue: Catalogue, content_hash: str) -> Collection | None:
        """The collection whose priors act: that which the recording is in first, else that to which it is added."""
        return catalogue.collection_of(content_hash) or catalogue.collection(self.collection)


def same_sound() -> str:
    """Why a file is skipped whose sound was labelled."""
    return _("Its sound was labelled before with the same model and parameters.")
