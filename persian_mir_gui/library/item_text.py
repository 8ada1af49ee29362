"""What a recording of the session is called, and the one verdict on it that a list has room for."""

from __future__ import annotations

from persian_mir.examples.examples import spoken_title
from persian_mir.prediction import Prediction, Verdict
from persian_mir_gui.library.session import Item
from persian_mir_gui.widgets.formatting import MAIN_TASKS


def by_task(item: Item) -> dict[str, list[tuple[str, Prediction]]]:
    """What is known of a recording: for each task, in the order of tasks, (predictor id, prediction).

    The modal reading comes first where it answers: it needs no training and errs least on the Dastgah.
    """
    found: dict[str, list[tuple[str, Prediction]]] = {}
    for task in MAIN_TASKS:
        rows = [(who, p) for (who, what), p in item.predictions.items() if what == task and len(p.starts)]
        if rows:
            found[task] = sorted(rows, key=lambda row: row[0] != "modal")
    return found


def main_verdict(item: Item) -> Verdict | None:
    """The one verdict that a list has room for: the Dastgah's, or else of the first task that was answered."""
    for rows in by_task(item).values():
        return rows[0][1].verdict()
    return None


def title(item: Item) -> str:
    """What a recording is called: its title tag, or the name of its file without the suffix."""
    return spoken_title(_written_title(item))


def short_title(item: Item) -> str:
    """The same for a narrow list, where another line says "synthesised"."""
    if not item.synthesised:
        return title(item)
    written = _written_title(item)
    short = spoken_title(written, short=True)
    if short == written:  # someone's own
        short = written.removeprefix("Synthesised ")
    return short[:1].upper() + short[1:]


def _written_title(item: Item) -> str:
    tags = item.recording.tags if item.recording else {}
    return tags.get("title", "").strip() or item.path.stem
