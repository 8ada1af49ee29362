"""What a score is, in a line of words."""

from __future__ import annotations

from persian_mir.i18n import _, ngettext
from persian_mir.labels import describe
from persian_mir.transcription.score import Score


def score_words(score: Score) -> str:
    """`37 notes, 4 phrases, free metre, spelled as Segah`."""
    count = sum(1 for _note in score.notes())
    notes = ngettext("{count} note", "{count} notes", count).format(count=count)
    phrases = ngettext("{count} phrase", "{count} phrases", len(score.phrases)).format(count=len(score.phrases))
    pulse = _("a pulse of {rate:.0f} a minute").format(rate=60 / score.quarter_s) if score.pulse else _("free metre")
    if score.mode is None:
        spelled = _("spelled by the nearest quarter tones, since no mode was heard")
    else:
        spelled = _("spelled as {mode}").format(mode=describe("mode", score.mode).spoken)
    return _(", ").join((notes, phrases, pulse, spelled))
