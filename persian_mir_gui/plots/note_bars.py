"""The notes of a score as bars over the pitch, each with its name; the one that sounds stands out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from persian_mir.modal.names import STEP_CENTS
from persian_mir_gui.plots.layer import Layer
from persian_mir_gui.plots.pitch import Pitch
from persian_mir_gui.plots.written_note import NotesInTime, WrittenNote
from persian_mir_gui.widgets.note_signs import draw_signed, signed, signed_width

THIN_PX, THICK_PX = 6.0, 16.0  # a bar is a quarter tone high, within these
LEAST_PX = 2.0  # long, however short
REACH_PX = 3.0  # of a pointer beside a bar
STRENGTH, SOUNDING = 0.3, 0.9  # opacity of a bar
RADIUS_PX = 2.5
NAME_GAP_PX = 4.0  # between two names
NEAR_NAMES = 12  # names before one that may be in its way


class NoteBars(Layer):
    """Below the contour, on the same cents. Paints the bars that are exposed, and no others."""

    def __init__(self, pitch: Pitch) -> None:
        super().__init__(pitch.plot)
        self._pitch = pitch
        self.notes = NotesInTime()
        self.sounding: WrittenNote | None = None
        self.stackBefore(pitch)

    def show_notes(self, notes: Sequence[WrittenNote]) -> None:
        """Show these and no others."""
        self.notes, self.sounding = NotesInTime(notes), None
        self.refresh()

    def follow(self, seconds: float) -> None:
        """Let the note that sounds then stand out; only what changes is painted."""
        now = self.notes.sounding(seconds)
        if now != self.sounding:
            for one in filter(None, (self.sounding, now)):
                self.update(self.rect(one).adjusted(-2, -2, 2, 2))
            self.sounding = now

    def rect(self, one: WrittenNote) -> QRectF:
        """Where a note lies, in pixels of the plot."""
        scale, rate = self.scale, self._pitch.rate
        left, right = scale.x(one.start_s * rate), scale.x(one.stop_s * rate)
        (low, high), area = self.plot.box.viewRange()[1], self.area
        y = area.top() + (high - one.cents) / (high - low) * area.height()
        thick = min(max(STEP_CENTS / (high - low) * area.height(), THIN_PX), THICK_PX)
        return QRectF(left, y - thick / 2, max(right - left - 1.0, LEAST_PX), thick)

    def at(self, point: QPointF) -> WrittenNote | None:
        """The note under a point; of several the one that is played."""
        near = [
            one
            for one in self._exposed(QRectF(point, point).adjusted(-REACH_PX, 0, REACH_PX, 0))
            if self.rect(one).adjusted(-REACH_PX, -REACH_PX, REACH_PX, REACH_PX).contains(point)
        ]
        return max(near, key=lambda one: one.played, default=None)

    def draw(self, painter: QPainter, exposed: QRectF) -> None:
        if not len(self.notes):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.area.adjusted(1, 1, -1, -1))
        painter.setFont(self.plot.small_font())
        named: list[QRectF] = []
        # A name may begin beyond what is exposed, and whether it has room depends on the names before it.
        for one in self._exposed(exposed.adjusted(-self.area.width(), 0, 0, 0)):
            bar = self.rect(one)
            if bar.right() >= exposed.left() - THICK_PX:
                self._draw_bar(painter, one, bar)
            name = self._name_box(painter, one, bar)
            room = name.adjusted(-NAME_GAP_PX, 0, NAME_GAP_PX, 0)
            if not any(room.intersects(other) for other in named[-NEAR_NAMES:]):
                self._draw_name(painter, one, name)
                named.append(name)

    def _exposed(self, exposed: QRectF) -> Sequence[WrittenNote]:
        scale, rate = self.scale, self._pitch.rate
        return self.notes.within(scale.position(exposed.left()) / rate, scale.position(exposed.right()) / rate)

    def _draw_bar(self, painter: QPainter, one: WrittenNote, bar: QRectF) -> None:
        theme = self.plot.theme
        ground = QColor(theme.accent)
        ground.setAlphaF(SOUNDING if one == self.sounding else STRENGTH)
        painter.setBrush(ground if one.played else Qt.BrushStyle.NoBrush)
        pen = QPen(theme.accent if one.played else theme.text_dim, 1.0)
        if not one.played:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)

    def _name_box(self, painter: QPainter, one: WrittenNote, bar: QRectF) -> QRectF:
        width, height = signed_width(painter.font(), signed(one.note)), painter.fontMetrics().height()
        return QRectF(bar.left(), bar.top() - height, width, height)

    def _draw_name(self, painter: QPainter, one: WrittenNote, box: QRectF) -> None:
        theme = self.plot.theme
        painter.setPen(theme.text_dim if one.played else theme.text_faint)
        draw_signed(painter, box, Qt.AlignmentFlag.AlignLeft, signed(one.note))
