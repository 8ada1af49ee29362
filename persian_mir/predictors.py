"""The predictors that somebody asks for: the modal reading, and probes by their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.computing import AUTOMATIC, Computing

if TYPE_CHECKING:
    from persian_mir.modal.predictor import ModalPredictor
    from persian_mir.probes.predictor import ProbePredictor


def predictors(
    modal: bool, probes: Sequence[str], computing: Computing = AUTOMATIC, modal_window_s: float | None = None
) -> list[ModalPredictor | ProbePredictor]:
    """The predictors asked for, the modal reading first. A probe that cannot be used ends the command."""
    chosen: list[ModalPredictor | ProbePredictor] = []
    if modal:
        from persian_mir.modal.predictor import WINDOW_S, ModalPredictor

        chosen.append(ModalPredictor(WINDOW_S if modal_window_s is None else modal_window_s))
    if probes:
        from persian_mir.embeddings import EmbeddingCache
        from persian_mir.probes.predictor import Loaded, embed_together, load_predictor

        cache, loaded = EmbeddingCache.usual(), Loaded()
        fitted = [load_predictor(Path(probe), cache, computing, loaded) for probe in probes]
        embed_together(fitted)
        chosen += fitted
    return chosen
