"""How things are said on the screen: names in both scripts, times, percentages, verdicts, with the user's digits."""

from __future__ import annotations

import re

from PySide6.QtCore import QLocale, Qt

from persian_mir.i18n import _
from persian_mir.labels import MODAL_TASKS, Label, describe
from persian_mir.labels import task_name as task_name  # for the views, beside the other words
from persian_mir.prediction import Verdict

POINT, PERCENT = re.compile(r"(?<=[۰-۹])\.(?=[۰-۹])"), re.compile(r"(?<=[۰-۹])%")
MAIN_TASKS = ("dastgah", "mode", "instrument", "artist")


def digits(text: str) -> str:
    """Return `text` with its ASCII digits, and the signs of decimals and per cent at them, as the language has them."""
    zero = ord(QLocale().zeroDigit())
    if zero == ord("0"):
        return text
    ours = text.translate({ord("0") + k: chr(zero + k) for k in range(10)})
    return PERCENT.sub("\u200f٪", POINT.sub("٫", ours))  # with the mark it stands to the left of them


def clock(seconds: float) -> str:
    """`04:12`, or `1:04:12` from an hour on."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return digits(f"{hours}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}")


def timecode(seconds: float) -> str:
    """Return `00:01:27.412`: always of one width, cut, never rounded up.

    Its digits are Latin in every language: the Persian zero is a dot, and a time code of zeros a row of dots.
    """
    whole, milli = divmod(int(max(seconds, 0.0) * 1000 + 1e-6), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{milli:03}"


def percent(probability: float) -> str:
    """`86%`, the sign where the language puts it; what is not nothing is never shown as nothing."""
    if 0 < probability < 0.005:
        return _("<{number}%").format(number=digits("1"))
    return with_percent(digits(str(round(100 * probability))))


def with_percent(number: str) -> str:
    """`86%`; a Persian sign stands to the left of its number, also alone and among Latin words."""
    text = _("{number}%").format(number=number)
    marked = text.replace("٪", "\u200f٪")
    return text if marked == text else f"\u2067{marked}\u2069"


def percent_suffix() -> str:
    """What follows the number in a field of per cent; in Persian on its left."""
    return _("{number}%").format(number="").replace("٪", "\u200f٪")


def time_left(seconds: float | None) -> str:
    """`42 s left`, `3 min left`; empty while it is unknown."""
    if seconds is None:
        return ""
    if seconds < 90:
        return _("{number} s left").format(number=digits(str(max(1, round(seconds)))))
    return _("{number} min left").format(number=digits(str(round(seconds / 60))))


def label_name(task: str, label_id: str) -> str:
    """A label in the script of the user's language."""
    return in_script(describe(task, label_id))


def isolated(text: str) -> str:
    """For a line: `text`, in whatever script, turns nothing round that stands beside it."""
    return f"\u2068{text}\u2069"


def in_line(task: str, label_id: str) -> str:
    """`label_name` for a line with numbers or other names in it: an artist's may be in either script."""
    name = label_name(task, label_id)
    return isolated(name) if task == "artist" else name


def in_script(label: Label) -> str:
    """The same for a label at hand."""
    persian = QLocale().language() == QLocale.Language.Persian
    return label.persian if persian and label.persian else label.name


def other_script(task: str, label_id: str) -> str:
    """The same label in the other script; empty when it has one name only."""
    label = describe(task, label_id)
    if not label.persian:
        return ""
    return label.name if in_script(label) == label.persian else label.persian


def nothing_words(task: str) -> str:
    """That there is nothing to be named."""
    return _("no mode heard") if task in MODAL_TASKS else _("none of these")


def verdict_words(verdict: Verdict) -> str:
    """`Segah`, or `family of Shour and Nava`, or `not sure: Nava or Segah`, or `mainly Mahour`, or that there are
    several or nothing to be named.
    """
    if verdict.several:
        return _("several: {labels}").format(
            labels=_(", ").join(share_words(verdict.task, one) for one, _s in verdict.shares)
        )
    if verdict.mainly:
        return _("mainly {label}").format(label=in_line(verdict.task, verdict.label))
    if verdict.nothing:
        return nothing_words(verdict.task)
    first = in_line(verdict.task, verdict.label)
    if verdict.sure or not verdict.runner_up:
        return first
    if verdict.family:
        return _("family of {family}").format(family=in_line("family", verdict.family))
    return _("not sure: {first} or {second}").format(first=first, second=in_line(verdict.task, verdict.runner_up))


def share_words(task: str, label: str) -> str:
    """Name what has a share of a recording: a label, or that it is not sure."""
    return in_line(task, label) if label else _("not sure")


def probability_words(verdict: Verdict) -> str:
    """`86% · next: Shour 9%`; of several the share of the time that each has; nothing of nothing."""
    if verdict.shares:
        return " · ".join(f"{share_words(verdict.task, label)} {percent(share)}" for label, share in verdict.shares)
    if verdict.nothing:
        return ""
    first = percent(verdict.probability)
    if not verdict.runner_up:
        return first
    if verdict.family:
        ranks = ((verdict.label, verdict.probability), (verdict.runner_up, verdict.runner_up_probability))
        each = _(", ").join(f"{in_line(verdict.task, label)} {percent(part)}" for label, part in ranks)
        return f"{percent(verdict.family_probability)} · {each}"
    return _("{first} · next: {name} {second}").format(
        first=first,
        name=in_line(verdict.task, verdict.runner_up),
        second=percent(verdict.runner_up_probability),
    )


def sure_words(verdict: Verdict) -> str:
    """From which lead on a label is sure, where this one is not; empty where it is, and where there is none."""
    if verdict.sure or verdict.nothing or verdict.shares or not verdict.runner_up:
        return ""
    if verdict.sure_margin >= 1:
        return _("Never sure: at no lead are nine in ten of its labels right.")
    lead = digits(str(round(100 * verdict.sure_margin)))
    return _("Sure from a lead of {lead} points on, where nine in ten are right.").format(lead=lead)


def predictor_name(name: str) -> str:
    """A lane's name without the task before it: `MERT-v1-95M` of `Instrument · MERT-v1-95M`."""
    rest = name.rpartition(" · ")[2]
    persian = QLocale().textDirection() == Qt.LayoutDirection.RightToLeft and not rest.isascii()
    return f"\u200f{rest}" if persian else rest  # else it would begin with the model's Latin name, on the left
