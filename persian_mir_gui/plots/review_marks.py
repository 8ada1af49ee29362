"""What people said of segments, as it is painted in a lane and as it is put into words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from persian_mir import plurals
from persian_mir.catalogue.corrections import Correction
from persian_mir.i18n import _
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme, label_colour, mixed

TICK_PX = 16  # what a tick or a cross takes of the cell's end
FULL = 0.9  # opacity of a label that a person gave: nobody doubts it
RADIUS_PX = 3


def said_colour(theme: Theme, said: Correction) -> QColor:
    """The ground of a segment's cell after somebody has spoken: the label's colour, or none."""
    if not said.label:
        return theme.panel
    return mixed(label_colour(theme, said.task, said.label), theme.panel, FULL)


def paint_mark(painter: QPainter, theme: Theme, cell: QRectF, said: Correction, ink: QColor, room: bool) -> None:
    """A frame, and where there is room for it at the cell's end a tick: accepted or corrected; a cross: rejected."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.text, 2) if said.label else QPen(theme.error, 1.5))
    painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), RADIUS_PX, RADIUS_PX)
    if room:
        colour = ink if said.label else theme.error
        painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        x, y = cell.right() - TICK_PX / 2 - 1, cell.center().y()
        if said.label:
            painter.drawPolyline([QPointF(x - 4, y), QPointF(x - 1, y + 3.5), QPointF(x + 5, y - 4)])
        else:
            painter.drawLines([QLineF(x - 4, y - 4, x + 4, y + 4), QLineF(x - 4, y + 4, x + 4, y - 4)])
    painter.restore()


def paint_target(painter: QPainter, theme: Theme, cell: QRectF) -> None:
    """A frame around the segment under review, outside its cell."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.accent, 2))
    painter.drawRoundedRect(cell.adjusted(-2, -1, 2, 1), RADIUS_PX + 1, RADIUS_PX + 1)
    painter.restore()


def verified_words(said: Sequence[Correction], total: int) -> str:
    """`5 of 14 segments verified by Sara`; empty where nobody has."""
    if not said:
        return ""
    who = sorted({formatting.isolated(one.by) if one.by else _("somebody") for one in said})
    text = _("{count} of {segments} verified by {who}")
    count, of = formatting.digits(str(len(said))), formatting.digits(plurals.segments(total))
    return text.format(count=count, segments=of, who=", ".join(who))


def statement_words(said: Correction) -> str:
    """`Accepted by Ali, 2026-11-22`; `Corrected by Ali, 2026-11-22: Ney, not Setar`."""
    when = formatting.digits(said.when[:10])
    who = formatting.isolated(said.by) if said.by else _("somebody")
    if said.status == "accepted":
        return _("Accepted by {who}, {date}").format(who=who, date=when)
    was = formatting.in_line(said.task, said.was) if said.was else ""
    if said.status == "rejected":
        return _("Rejected by {who}, {date}: not {label}").format(who=who, date=when, label=was)
    label = formatting.in_line(said.task, said.label)
    if not was or said.was == said.label:
        return _("Corrected by {who}, {date}: {label}").format(who=who, date=when, label=label)
    return _("Corrected by {who}, {date}: {label}, not {was}").format(who=who, date=when, label=label, was=was)
