"""What was taken for what, in words, and as rows of a table file."""

from __future__ import annotations

from collections.abc import Iterator

from persian_mir.i18n import _
from persian_mir_gui.training.state.evaluated_segments import JudgedRun, Kind
from persian_mir_gui.widgets import formatting
from trainer.evaluation.evaluate import Metrics, leak_warning

HEADER = ("run", "split", "counted", "labelled", "named", "count")


def confusion_rows(named: list[tuple[str, JudgedRun]], split: str, kind: Kind) -> Iterator[tuple[object, ...]]:
    """Yield the cells of each run's matrix, row by row, as `HEADER` names them; labels by their ids."""
    for name, run in named:
        labels = run.judged.labels
        for truth, row in zip(labels, run.level(split, kind).confusion, strict=True):
            for label, count in zip(labels, row, strict=True):
                yield name, split, kind, truth, label, count


def warning_words(run: JudgedRun) -> str:
    """The warning about a leak, in the language of today, not in that of the day when the file was written."""
    both = run.judged.evaluations
    known = bool(run.judged.warning) and "official" in both and "grouped" in both
    return formatting.digits(leak_warning(both["official"], both["grouped"]) if known else run.judged.warning)


def figures_words(level: Metrics) -> str:
    """Accuracy with its interval, beside chance and the commonest label."""
    text = _(
        "{accuracy} right ({low} to {high}) of {count} · chance {chance} · commonest label {majority} · "
        "macro F1 {f1} · calibration error {error}"
    )
    return text.format(
        accuracy=formatting.percent(level.accuracy),
        low=formatting.percent(level.low),
        high=formatting.percent(level.high),
        count=formatting.digits(str(level.count)),
        chance=formatting.percent(level.chance),
        majority=formatting.percent(level.majority_baseline),
        f1=formatting.percent(level.macro_f1),
        error=formatting.percent(level.ece),
    )
