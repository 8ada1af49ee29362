"""What the steps of editing are called."""

from __future__ import annotations

from typing import Literal

from persian_mir.i18n import _

# fmt: off
StepName = Literal[
    "draw", "move", "split", "join", "annotate", "delete", "label", "accept", "reject", "describe", "notes",
    "credits", "carrier", "collect", "like", "remove", "relink", "import", "collection",
]
# fmt: on


def step_text(name: StepName) -> str:
    """Return the name for the screen, as it stands after "Undo"."""
    return {
        "draw": _("drawing an item"),
        "move": _("moving an item"),
        "split": _("splitting an item"),
        "join": _("joining items"),
        "annotate": _("describing an item"),
        "delete": _("deleting an item"),
        "label": _("giving a label"),
        "accept": _("accepting a label"),
        "reject": _("rejecting a label"),
        "describe": _("describing the recording"),
        "notes": _("changing notes"),
        "credits": _("changing credits"),
        "carrier": _("describing the carrier"),
        "collect": _("changing a collection"),
        "like": _("changing a liked set"),
        "remove": _("removing from the list"),
        "relink": _("finding a file"),
        "import": _("importing"),
        "collection": _("describing a collection"),
    }[name]
