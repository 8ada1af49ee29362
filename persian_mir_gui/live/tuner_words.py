"""How the tuner says things: what to do with a string, and what instruments, modes and tunings are called."""

from __future__ import annotations

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.labels import describe
from persian_mir.modal.string_tunings import StringTuning
from persian_mir_gui.live.tuner import IN_TUNE_CENTS
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.pitch_words import cents_words


def advice(cents: float | None) -> str:
    """What to do with the string that sounds."""
    if cents is None:
        return ""
    if abs(cents) <= IN_TUNE_CENTS:
        return _("In tune")
    text = _("{cents} too low: tighten") if cents < 0 else _("{cents} too high: loosen")
    return text.format(cents=cents_words(abs(cents), sign=False))


def instrument_name(instrument: str) -> str:
    """The instrument in the user's language; the oud is not among those that are labelled."""
    return _("Oud") if instrument == "oud" else describe("instrument", instrument).spoken


def mode_name(mode: str) -> str:
    """The mode, or that it is for any."""
    return formatting.label_name("mode", mode) if mode else _("Any: as the player likes")


def tuning_words(tuning: StringTuning) -> str:
    """The notes from the first string on; of a santoor that there are nine bridges."""
    if tuning.instrument == "santoor":
        return _("Nine bridges")
    return formatting.isolated(" · ".join(one.note.text for one in tuning.strings))


def transposed_words(semitones: int) -> str:
    """How far from what they are called the notes sound."""
    if not semitones:
        return _("As they are called")
    text = _("{semitones} higher") if semitones > 0 else _("{semitones} lower")
    return text.format(semitones=formatting.digits(plurals.semitones(abs(semitones))))


def source_words(tuning: StringTuning) -> str:
    """Where the tuning is written."""
    sources = {
        "setarkhaneh": "setarkhaneh.blogfa.com",
        "santoori": "santoori.com",
        "4gah": "4gah.com",
        "lute": "lute.persianblog.ir",
    }
    text = _("Source: {source}. Players tune otherwise, too; a Dastgah for which no source was found is not offered.")
    return text.format(source=formatting.isolated(sources[tuning.source]))
