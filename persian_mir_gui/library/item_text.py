"""What a recording of the session is called, and the one verdict on it that a list has room for."""

from __future__ import annotations

from persian_mir import plurals
from persian_mir.examples.examples import spoken_title
from persian_mir.i18n import _
from persian_mir.prediction import Prediction, Verdict
from persian_mir.visible import visible
from persian_mir_gui.library.session import Item
from persian_mir_gui.plots.review_marks import statement_words
from persian_mir_gui.widgets.formatting import MAIN_TASKS, digits, in_line, verdict_words


def by_task(item: Item) -> dict[str, list[tuple[str, Prediction]]]:
    """What is known of a recording: for each task, in the order of tasks, (predictor id, prediction).

    The modal reading comes first where it answers: it needs no training and errs least on the Dastgah.
    """
    found: dict[str, list[tuple[str, Prediction]]] = {}
    if not item.predictions:
        return found
    for task in MAIN_TASKS:
        rows = [(who, p) for (who, what), p in item.predictions.items() if what == task and len(p.starts)]
        if rows:
            found[task] = sorted(rows, key=lambda row: row[0] != "modal")
    return found


def main_task(item: Item) -> str:
    """The one task that a list has room for: the first that was answered, by a predictor or a person; else empty."""
    return next((task for task in MAIN_TASKS if task in item.said or task in by_task(item)), "")


def main_verdict(item: Item) -> Verdict | None:
    """The machine's verdict on the one task that a list has room for."""
    rows = by_task(item).get(main_task(item))
    return rows[0][1].verdict() if rows else None


def main_words(item: Item) -> str:
    """The verdict that holds, in words: a person's, else the machine's; empty where there is none."""
    said, verdict = item.said.get(main_task(item)), main_verdict(item)
    if said is not None:
        name = in_line(said.task, said.label or said.was)
        return name if said.label else _("not {label}").format(label=name)
    return verdict_words(verdict) if verdict else ""


def reviewed_words(item: Item) -> str:
    """`Accepted by Sara, 2026-11-22`, or `3 of 17 segments reviewed`; empty where nobody has said anything."""
    said, (done, number) = item.said.get(main_task(item)), item.reviewed
    if said is not None:
        return statement_words(said)
    text = _("{done} of {segments} reviewed")
    return text.format(done=digits(str(done)), segments=digits(plurals.segments(number))) if done else ""


def title(item: Item) -> str:
    """What a recording is called: its title tag, or the name of its file without the suffix."""
    return visible(spoken_title(_written_title(item)))


def file_words(item: Item) -> str:
    """What tells a file from another of the same title: its name, or the folder where the name is the title."""
    path = item.path
    return visible(path.name if title(item) != visible(spoken_title(path.stem)) else f"{path.parent.name}/{path.name}")


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
