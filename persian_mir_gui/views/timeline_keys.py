"""Keys and gestures of the timeline, for the timeline itself and for Help."""

from __future__ import annotations

from persian_mir.i18n import _


def timeline_help() -> list[tuple[str, str]]:
    """Rows of (keys or gesture, what it does), in the user's language."""
    return [
        ("← →", _("Go 1 second back or on")),
        ("Shift+← →", _("Go 5 seconds back or on")),
        ("Home, End", _("Go to the beginning, to the end")),
        ("Page Up, Page Down", _("Show the stretch before, after")),
        ("+ −", _("Zoom in, out around the playhead")),
        ("F", _("Show the whole recording")),
        ("Z", _("Zoom to the selection")),
        ("[ ]", _("Start, end the selection at the playhead")),
        ("Esc", _("Clear the selection")),
        (_("Click"), _("Play from here")),
        (_("Drag, Shift+click"), _("Select a stretch; extend it")),
        (_("Double click on a segment"), _("Select the segment")),
        (_("Ctrl+wheel, pinch"), _("Zoom at the pointer")),
        (_("Wheel, middle drag"), _("Move along the recording")),
    ]
