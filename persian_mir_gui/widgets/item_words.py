"""What an item is called on the screen."""

from __future__ import annotations

from persian_mir.catalogue.model import Item
from persian_mir.i18n import _
from persian_mir_gui.widgets import formatting


def item_words(item: Item) -> str:
    """`Segah – Zabol, Mouyeh`, or its kind, or that it is an item."""
    modes = _(", ").join(formatting.in_line("mode", mode) for mode in item.modes)
    gushehs = _(", ").join(formatting.isolated(one) for one in item.gushehs)
    told = " – ".join(filter(None, (modes or kind_name(item.kind), gushehs)))
    return told or _("Item")


def kind_names() -> dict[str, str]:
    """Return what the kinds of items are called."""
    return {
        "declamation": _("Declamation"),
        "avaz": _("Avaz (free metre)"),
        "tarane": _("Tarane or tasnif"),
        "zarbi": _("Zarbi"),
        "pish-daramad": _("Pish-daramad"),
        "chahar-mezrab": _("Chahar-mezrab"),
        "reng": _("Reng"),
        "solo": _("Solo"),
        "saz-o-avaz": _("Saz-o-avaz"),
        "orchestra": _("Orchestral piece"),
        "speech": _("Speech"),
    }


def kind_name(kind: str) -> str:
    """A kind in the user's language; as it is where the vocabulary does not know it."""
    return kind_names().get(kind, kind)
