"""How a click anywhere leads to a place of the recording: playhead and player go there together."""

from __future__ import annotations

from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.playback.player import Player


def seek(timeline: Timeline, player: Player, sample: int) -> None:
    """Put playhead and player on a sample, show it, and follow it from there."""
    timeline.set_following(True)
    timeline.set_playhead(sample)
    player.seek(timeline.playhead)
    start, stop = timeline.view
    if not start <= timeline.playhead <= stop:  # it stood there already, out of view
        timeline.show_from(timeline.playhead)
