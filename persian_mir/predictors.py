"""The predictors that somebody asks for: the modal reading, and those in files.

A `.probe` is read here. What reads other files is the part of another package, which declares it for their suffix as
an entry point of the group `persian_mir.predictors`: a function of the path and the cache of features.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.computing import AUTOMATIC, Computing
from persian_mir.errors import ProbeError
from persian_mir.i18n import _
from persian_mir.predictor import Labeller

if TYPE_CHECKING:
    from persian_mir.embeddings import EmbeddingCache

log = logging.getLogger(__name__)
GROUP = "persian_mir.predictors"
PROBE = ".probe"

Loader = Callable[[Path, "EmbeddingCache | None"], Labeller]


def suffixes() -> tuple[str, ...]:
    """How the names of files end from which predictors are made: `.probe` first, then what was installed."""
    return (PROBE, *sorted({f".{one.name}" for one in entry_points(group=GROUP)} - {PROBE}))


def other_loader(path: Path) -> Loader | None:
    """What reads this file where it is no probe. Raises ProbeError where that cannot be started."""
    suffix = path.suffix.lower()
    found = () if suffix == PROBE else tuple(entry_points(group=GROUP, name=suffix.removeprefix(".")))
    return _started(found[0], path) if found else None


def predictors(
    modal: bool, files: Sequence[str | Path], computing: Computing = AUTOMATIC, modal_window_s: float | None = None
) -> list[Labeller]:
    """The predictors asked for, the modal reading first. A file that cannot be used ends the command."""
    chosen: list[Labeller] = []
    if modal:
        from persian_mir.modal.predictor import WINDOW_S, ModalPredictor

        chosen.append(ModalPredictor(WINDOW_S if modal_window_s is None else modal_window_s))
    return chosen + (_from_files([Path(one) for one in files], computing) if files else [])


def _from_files(paths: Sequence[Path], computing: Computing) -> list[Labeller]:
    """In their order; probes on one backbone share it."""
    from persian_mir.embeddings import EmbeddingCache
    from persian_mir.probes.predictor import Loaded, ProbePredictor, embed_together, load_predictor

    cache, loaded = EmbeddingCache.usual(), Loaded()
    made: list[Labeller] = []
    for path in paths:
        load = other_loader(path)
        made.append(load_predictor(path, cache, computing, loaded) if load is None else load(path, cache))
    embed_together([one for one in made if isinstance(one, ProbePredictor)])
    return made


def _started(entry: EntryPoint, path: Path) -> Loader:
    try:
        loader: Loader = entry.load()
    except Exception as error:
        log.exception("the entry point %s failed", entry.value)
        what = _("What reads {suffix} files cannot be started: {reason}.").format(suffix=path.suffix, reason=error)
        cure = _("Install what is missing, or Persian MIR again.")
        raise ProbeError(what, path=path, cure=cure) from error
    return loader
