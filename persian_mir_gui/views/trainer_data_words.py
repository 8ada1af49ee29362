"""What the check found of the data, in words."""

from __future__ import annotations

from persian_mir.i18n import _
from persian_mir_gui.services.training_data import CheckResult
from persian_mir_gui.views import words
from persian_mir_gui.views.trainer_words import number, part_name, whole

LITTLE_H = 1.0  # less than this in all is told in minutes


def facts_words(result: CheckResult) -> str:
    """How much there is, and which splits exist."""
    hours = hours_in_all(result)
    text, amount = _("{recordings} recordings of {artists} artists, {amount} hours."), number(hours, 2)
    if hours < LITTLE_H:
        text, amount = _("{recordings} recordings of {artists} artists, {amount} minutes."), number(60 * hours, 1)
    facts = [text.format(recordings=whole(result.recordings), artists=whole(result.artists), amount=amount)]
    if result.synthetic:
        facts.append(_("Synthesised: they prove the program, not the music."))
    parts = {part: count for part, count in result.parts.items() if part}
    if parts:
        listed = " · ".join(f"{part_name(part)} {whole(count)}" for part, count in result.parts.items())
        facts.append(_("Splits given: {parts}.").format(parts=listed))
    else:
        facts.append(_("No splits are given; they will be made, with nobody in two parts where artists are named."))
    return " ".join(facts)


def alone_words(result: CheckResult) -> str:
    """The warning about artists who give a label away."""
    text = _("{task}: {count} of {all} artists are heard with one label only.")
    given = [
        text.format(task=words.task_name(task), count=whole(count), all=whole(result.artists))
        for task, count in result.alone.items()
        if count
    ]
    if not given:
        return ""
    meaning = _(
        "A probe that knows such an artist's sound knows the label without hearing it: figures on artists whom it has "
        "learnt from come out too high. Trust the figures by artist."
    )
    return " ".join([*given, meaning])


def hours_in_all(result: CheckResult) -> float:
    """The length of all recordings together."""
    return sum(sum(cells.values()) for cells in result.hours.values())
