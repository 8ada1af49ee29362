"""A verdict, and the sections of a recording, as sentences for people."""

from __future__ import annotations

from collections.abc import Sequence

from persian_mir.catalogue.correction_rows import Correction
from persian_mir.commands.text_table import columned
from persian_mir.i18n import _, digits, figures, percent
from persian_mir.labels import MODAL_TASKS, describe
from persian_mir.prediction import Section, Verdict


def sentence(verdict: Verdict) -> str:
    """`Segah 86 %, next Shour 9 %`, or `not sure: Nava or Segah` where the lead is narrow, or the family of modes where
    that is sure; `mainly Mahour 70 %, with Shour 30 %`, which are shares of the time.
    """
    if verdict.shares:
        return _shares_sentence(verdict)
    if verdict.nothing:
        return _("no mode heard") if verdict.task in MODAL_TASKS else _("none of these")
    name = describe(verdict.task, verdict.label).spoken
    if not verdict.runner_up:
        return f"{name} {percent(verdict.probability)}"
    second = describe(verdict.task, verdict.runner_up).spoken
    p, q = percent(verdict.probability), percent(verdict.runner_up_probability)
    if verdict.family:
        family = describe("family", verdict.family).spoken
        text = _("family of {family} {share}: {name} {p} or {second} {q}")
        return text.format(family=family, share=percent(verdict.family_probability), name=name, p=p, second=second, q=q)
    if verdict.sure:
        return _("{name} {p}, next {second} {q}").format(name=name, p=p, second=second, q=q)
    return _("not sure: {name} {p} or {second} {q}").format(name=name, p=p, second=second, q=q)


def _shares_sentence(verdict: Verdict) -> str:
    names = ((describe(verdict.task, one).spoken if one else _("not sure"), share) for one, share in verdict.shares)
    each = [f"{name} {percent(share)}" for name, share in names]
    if verdict.several:
        return _("several: {shares} of the time").format(shares=_(", ").join(each))
    return _("mainly {first} of the time, with {others}").format(first=each[0], others=_(", ").join(each[1:]))


def spoken(said: Correction) -> str:
    """`Nava, says Sara`; `not Shour, says Sara`."""
    who, name = said.by or _("somebody"), describe(said.task, said.label or said.was).spoken
    return (_("{label}, says {who}") if said.label else _("not {label}, says {who}")).format(label=name, who=who)


def section_lines(sections: Sequence[Section], rate: int) -> list[str]:
    """`0:00–2:24  Shour 86%, next Nava 9%  174.1 Hz`, one a section."""
    rows = []
    for section in sections:
        span = f"{clock(section.start / rate)}–{clock(section.stop / rate)}"
        hz = "" if section.tonic_hz is None else figures(f"{section.tonic_hz:.1f} Hz")
        rows.append((span, sentence(section.verdict), hz))
    return columned(rows)


def clock(seconds: float) -> str:
    """`2:24`, with hours where there are some, in the digits of the language."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return digits(f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}")
