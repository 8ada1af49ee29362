"""The backbones that a probe can be fitted on: installed ones, and those that are known but not here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.sizes import USUAL_WINDOWS_S, windows_of
from persian_mir.progress import Progress


@dataclass(frozen=True, slots=True)
class BackboneChoice:
    """One backbone: how many hidden states it has (0: not known), why it cannot be used, if it cannot, and the lengths
    of window that it is asked with, in seconds.
    """

    id: str
    name: str
    states: int = 1
    problem: str = ""
    windows: tuple[float, ...] = USUAL_WINDOWS_S


def known_backbones(progress: Progress) -> tuple[BackboneChoice, ...]:
    """Installed models, `signal` first, then the others. Runs on the worker."""
    from persian_mir.models.store import installed
    from persian_mir.models.table import MODELS, SIGNAL

    rows = {row.id: row for row in MODELS}
    here: dict[str, BackboneChoice] = {}
    for model in installed():
        progress.step(0.0)
        row = rows.get(model.id)
        name = row.name if row else model.id
        if model.id == SIGNAL:
            name = _("Classical features (MFCC, spectral shape, modulation)")
        windows = USUAL_WINDOWS_S if model.folder is None else _windows(model.folder)
        here[model.id] = BackboneChoice(model.id, name, row.states if row else 0, windows=windows)
    missing = [BackboneChoice(row.id, row.name, row.states, _("not installed")) for row in MODELS if row.id not in here]
    return (*here.values(), *missing)


def _windows(folder: Path) -> tuple[float, ...]:
    from persian_mir.models.config import read_architecture

    try:
        return windows_of(read_architecture(folder))
    except ModelError:  # told where it is used
        return USUAL_WINDOWS_S
