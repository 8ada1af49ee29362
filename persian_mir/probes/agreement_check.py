"""Measuring whether a probe says the same in `fast` as in `exact`: both label the user's own recordings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from persian_mir.audio import open_audio
from persian_mir.computing import AUTOMATIC, Computing
from persian_mir.embeddings import EmbeddingCache
from persian_mir.errors import AudioError, ModelError
from persian_mir.i18n import _
from persian_mir.probes.agreement import Agreement, begin, keep_agreement
from persian_mir.probes.predictor import load_predictor
from persian_mir.progress import SILENT, Progress


def measure_agreement(
    probe: Path,
    recordings: Sequence[Path],
    computing: Computing = AUTOMATIC,
    progress: Progress = SILENT,
    skipped: Callable[[AudioError], None] = lambda _error: None,
) -> Agreement:
    """Label all recordings twice, and keep how far the two agree; a recording that cannot be read is `skipped`.

    Raises ModelError where `fast` cannot be had for the probe's backbone on this machine, ProbeError, and Cancelled.
    """
    cache = EmbeddingCache.usual()
    exact, fast = (
        load_predictor(probe, cache, computing._replace(precision=precision)) for precision in ("exact", "fast")
    )
    if fast.backbone.precision == exact.backbone.precision:
        what = fast.backbone.remark or _("The features of this probe's backbone are computed exactly in any case.")
        raise ModelError(what, path=probe)
    found = begin(fast.backbone.precision, fast.backbone.engine, fast.device)
    for done, path in enumerate(recordings):
        own = progress.part(done / len(recordings), 1 / len(recordings), publish=SILENT.publish)
        own.step(0.0, path.name)
        try:
            with open_audio(path) as source:
                (before,), (after,) = (
                    one.predict(source, own.part(at, 0.5, publish=SILENT.publish))
                    for one, at in ((exact, 0.0), (fast, 0.5))
                )
        except AudioError as error:
            skipped(error)
        else:
            found = found.with_recording(before, after)
    keep_agreement(exact.probe.hash, found)
    return found
