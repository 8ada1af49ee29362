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


def paint_mark(painter: QPainter, theme: Theme, cell: QRectF, said: Correction, ink: QColor) -> None:
    """A frame and a tick where a label was accepted or corrected; a cross through what was rejected."""
    painter.save()
    frame = cell.adjusted(1, 1, -1, -1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if said.label:
        painter.setPen(QPen(theme.text, 2))
        painter.drawRoundedRect(frame, RADIUS_PX, RADIUS_PX)
        if cell.width() >= TICK_PX:
            _paint_tick(painter, cell.right() - TICK_PX / 2 - 1, cell.center().y(), ink)
    else:
        painter.setPen(QPen(theme.error, 1.5))
        painter.drawRoundedRect(frame, RADIUS_PX, RADIUS_PX)
        lines = (QLineF(frame.topLeft(), frame.bottomRight()), QLineF(frame.bottomLeft(), frame.topRight()))
        painter.drawLines(lines)
    painter.restore()


def paint_target(painter: QPainter, theme: Theme, cell: QRectF) -> None:
    """A frame around the segment under review, outside its cell."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.accent, 2))
    painter.drawRoundedRect(cell.adjusted(-2, -1, 2, 1), RADIUS_PX + 1, RADIUS_PX + 1)
    painter.restore()


def _paint_tick(painter: QPainter, x: float, y: float, ink: QColor) -> None:
    pen = QPen(ink, 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline([QPointF(x - 4, y), QPointF(x - 1, y + 3.5), QPointF(x + 5, y - 4)])


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
