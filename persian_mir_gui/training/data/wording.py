"""What the check found of the data, in words."""

from __future__ import annotations

import re

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir_gui.training.state.dataset_selection import CheckResult, Fault
from persian_mir_gui.training.wording import number, part_name, whole
from persian_mir_gui.widgets import formatting

LITTLE_H = 1.0  # less than this in all is told in minutes


def facts_words(result: CheckResult) -> str:
    """How much there is, and which splits exist."""
    hours = hours_in_all(result)
    text, amount = _("{recordings} of {artists}, {amount} hours."), number(hours, 2)
    if hours < LITTLE_H:
        text, amount = _("{recordings} of {artists}, {amount} minutes."), number(60 * hours, 1)
    heard = formatting.digits(plurals.recordings(result.recordings)), formatting.digits(plurals.artists(result.artists))
    facts = [text.format(recordings=heard[0], artists=heard[1], amount=amount)]
    if result.synthetic:
        facts.append(_("Synthesised: they prove the program, not the music."))
    parts = {part: count for part, count in result.parts.items() if part}
    if parts:
        listed = " · ".join(f"{part_name(part)} {whole(count)}" for part, count in result.parts.items())
        facts.append(_("Splits given: {parts}.").format(parts=listed))
    else:
        facts.append(_("No splits are given; they will be made, with nobody in two parts where artists are named."))
    return " ".join(facts)


def fault_words(fault: Fault) -> str:
    """What was found; the files in it read from left to right in any language."""
    longest_first = sorted(map(re.escape, filter(None, fault.recordings)), key=len, reverse=True)
    if not longest_first:
        return fault.text
    return re.sub("|".join(longest_first), lambda found: f"\u2066{found[0]}\u2069", fault.text)


def alone_words(result: CheckResult) -> str:
    """The warning about artists who give a label away."""
    text = _("{task}: {count} of {artists} heard with one label only.")
    of = formatting.digits(plurals.artists(result.artists))
    given = [
        text.format(task=formatting.task_name(task), count=whole(count), artists=of)
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
