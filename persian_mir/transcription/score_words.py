"""What a score is, in a line of words."""

from __future__ import annotations

from persian_mir.i18n import _, ngettext
from persian_mir.labels import describe
from persian_mir.transcription.score import Heading, Score


def score_words(score: Score) -> str:
    """`37 notes, 4 phrases, free metre, spelled as Segah`."""
    pulse = _("a pulse of {rate:.0f} a minute").format(rate=60 / score.quarter_s) if score.pulse else _("free metre")
    if score.mode is None:
        spelled = _("spelled by the nearest quarter tones, since no mode was heard")
    else:
        modes = dict.fromkeys([score.mode, *filter(None, (one.mode for one in score.headings))])
        told = _(" and ").join(describe("mode", mode).spoken for mode in modes)
        spelled = _("spelled as {mode}").format(mode=told)
    return _(", ").join((size_words(score), pulse, spelled))


def size_words(score: Score) -> str:
    """`37 notes, 4 phrases`."""
    count = sum(1 for _note in score.notes())
    notes = ngettext("{count} note", "{count} notes", count).format(count=count)
    phrases = ngettext("{count} phrase", "{count} phrases", len(score.phrases)).format(count=len(score.phrases))
    return _(", ").join((notes, phrases))


def heading_words(heading: Heading) -> str:
    """`Segah`, or `Segah (near Zabol)`."""
    if heading.mode is None:
        return _("No mode heard")
    mode = describe("mode", heading.mode).spoken
    if heading.gusheh is None:
        return mode
    return _("{mode} (near {gusheh})").format(mode=mode, gusheh=heading.gusheh.spoken)
