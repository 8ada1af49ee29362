"""The pages of reports, of templates of this package's own."""

from __future__ import annotations

import math
import re
import shlex
from functools import cache
from pathlib import Path

from jinja2 import Environment

from persian_mir import pages
from persian_mir.i18n import language
from persian_mir.labels import describe, task_name
from trainer.reports.words import (
    cell_name,
    experiment_title,
    interval,
    leak_words,
    own_split,
    signed,
    split_name,
    study_words,
    unit_words,
    what_words,
)

TEMPLATES = Path(__file__).with_name("templates")


def render(template: str, **values: object) -> str:
    """Return the page that a template makes of `values`."""
    return environment(language()).get_template(template).render(values)


@cache
def environment(tongue: str) -> Environment:
    """Return what the templates of this package are read by, in a language.

    It is kept with the templates that it has read: to compile them takes 0.2 s, more than all else of a report.
    """
    return pages.environment(
        TEMPLATES,
        tongue,
        percent=percent, px=px, hue=hue, cut=cut, number_alone=number_alone, log=math.log, shell=shlex.quote,
        label_name=label_name, task_name=task_name, cell_name=cell_name, experiment_title=experiment_title,
        interval=interval, signed=signed, split_name=split_name, own_split=own_split,
        study_words=study_words, what_words=what_words, unit_words=unit_words, leak_words=leak_words,
    )  # fmt: skip


def percent(share: float | None) -> str:
    """Return `86.2 %`; a dash where nothing is known, nothing for NaN, where there is no figure."""
    if share is None:
        return "–"
    return "" if math.isnan(share) else f"{100 * share:.1f} %"


def px(length: float, places: int = 1) -> str:
    """Return a length of a drawing."""
    return f"{length:.{places}f}"


def hue(count: int, place: int) -> str:
    """Return the colour of one of `count` labels, dark on a light page and light on a dark one."""
    return f"hsl({360 * place / count:.0f} 70% var(--dot))"


def cut(text: str, most: int) -> str:
    """Return the text with at most so many letters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def number_alone(text: str) -> str:
    """Return the number of `layer 12`; another text as it is."""
    return re.sub(r"^\D+ (?=\d+$)", "", text)


def label_name(label: str, task: str) -> str:
    """Return a label in the script of the user's language."""
    return describe(task, label).spoken
