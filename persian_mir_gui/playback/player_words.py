"""What a player does beside playing, in words: nobody should wonder why it repeats, or why it is slow."""

from __future__ import annotations

from persian_mir.i18n import _
from persian_mir_gui.playback.player import Player
from persian_mir_gui.widgets import formatting


def player_marks(player: Player) -> list[str]:
    """Whether it loops, and its speed where that is not the recording's own."""
    marks = [_("loop")] if player.looping else []
    if player.speed != 1.0:
        marks.append(_("speed {percent}").format(percent=formatting.percent(player.speed)))
    return marks
