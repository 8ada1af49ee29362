"""The fields of a programme, a carrier and a collection, in the user's language."""

from __future__ import annotations

from persian_mir.catalogue.dates import exists
from persian_mir.catalogue.model import UNKNOWN
from persian_mir.i18n import _
from persian_mir_gui.archive.fields_form import Field, several
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.typed_words import mode_names, mode_of


def programme_fields() -> dict[str, Field]:
    """Return what a whole recording is."""
    return {
        "title_fa": Field(_("Title in Persian")),
        "title_latin": Field(_("Title in Latin letters")),
        "number": Field(_("Number")),
        "date_jalali": Field(_("Date, Jalali"), doubt=date_doubt),
        "date_gregorian": Field(_("Date, Gregorian"), doubt=date_doubt),
        "place": Field(_("Place")),
        "modes": Field(_("Modes, the principal one first"), modes_text, modes_of, mode_names()),
        "orchestra": Field(_("Orchestra")),
        "leader": Field(_("Leader")),
        "language": Field(_("Language")),
    }


def carrier_fields() -> dict[str, Field]:
    """Return what is told of the thing that the sound was taken from."""
    return {
        "type": Field(_("Kind of carrier"), choices=carrier_types()),
        "label": Field(_("Label (company)")),
        "catalogue_number": Field(_("Catalogue number")),
        "matrix_number": Field(_("Matrix number")),
        "side": Field(_("Side")),
        "speed": Field(_("Speed")),
        "transfer_date": Field(_("Transferred on"), doubt=date_doubt),
        "transfer_operator": Field(_("Transferred by")),
        "transfer_equipment": Field(_("Equipment of the transfer")),
        "condition": Field(_("Condition")),
    }


def collection_fields() -> dict[str, Field]:
    """Return what is told of a collection beside its name."""
    return {
        "holder": Field(_("Holder")),
        "series": Field(_("Series"), read=several),
        "source": Field(_("Source project")),
        "rights": Field(_("Rights")),
        "access": Field(_("Access")),
    }


def carrier_types() -> dict[str, str]:
    """Return the kinds of carriers; that somebody looked and could not tell is one of them."""
    return {
        "tape": _("Tape"),
        "shellac": _("Shellac disc"),
        "lp": _("Long-playing record"),
        "cassette": _("Cassette"),
        "file": _("File"),
        UNKNOWN: _("unknown"),
    }


def date_doubt(text: str) -> str:
    """What is odd about a date: a day that its calendar has not."""
    return "" if exists(text) else _("{date} is no day of the calendar. It is kept as it is.").format(date=f"“{text}”")


def modes_text(modes: tuple[str, ...]) -> str:
    """Their names, parted by commas."""
    return _(", ").join(_("unknown") if one == UNKNOWN else formatting.label_name("mode", one) for one in modes)


def modes_of(text: str) -> tuple[str, ...]:
    """The modes that are so called. Raises ValueError with the word that names none."""
    unknown = {UNKNOWN, _("unknown")}
    return tuple(dict.fromkeys(UNKNOWN if one in unknown else mode_of(one) for one in several(text)))
