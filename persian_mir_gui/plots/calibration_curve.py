"""The calibration curve: how often a probability of so much was right."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from persian_mir.i18n import _
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import scaled
from trainer.evaluation.evaluate import Bin

LEFT_PX, FOOT_PX, TOP_PX, RIGHT_PX = 40, 34, 8, 12
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
BARS = 0.22  # of the height, for how many there are


class CalibrationCurve(QWidget):
    """Probability from left to right in both languages, share of right answers upwards; bars say how many there are.

    On the dashed line a probability means what it says.
    """

    def __init__(self, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = themes.theme
        self._curve: tuple[Bin, ...] = ()
        self.setAccessibleName(_("Calibration curve"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.set_theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self.update()

    def show_curve(self, curve: tuple[Bin, ...]) -> None:
        """Show the bins of a calibration curve."""
        self._curve = curve
        text = _("said {said}, right {right} of {count}")
        lines = [
            text.format(
                said=formatting.percent(b.probability),
                right=formatting.percent(b.accuracy),
                count=formatting.digits(str(b.count)),
            )
            for b in curve
        ]
        self.setAccessibleDescription("; ".join(lines))
        self.setToolTip("\n".join(lines))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, 180)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 110)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(scaled(self.font(), 0.78))
        plot = QRectF(LEFT_PX, TOP_PX, self.width() - LEFT_PX - RIGHT_PX, self.height() - TOP_PX - FOOT_PX)
        self._paint_axes(painter, plot)
        if not self._curve:
            return
        most = max(one.count for one in self._curve)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.lane_neutral)
        painter.setOpacity(0.35)
        for one in self._curve:
            x, high = plot.left() + one.probability * plot.width(), BARS * plot.height() * one.count / most
            painter.drawRect(QRectF(x - 4, plot.bottom() - high, 8, high))
        painter.setOpacity(1.0)
        line = [
            QPointF(plot.left() + b.probability * plot.width(), plot.bottom() - b.accuracy * plot.height())
            for b in self._curve
        ]
        painter.setPen(QPen(self._theme.accent, 1.8))
        painter.drawPolyline(QPolygonF(line))
        painter.setBrush(self._theme.accent)
        for point in line:
            painter.drawEllipse(point, 3, 3)

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        painter.setPen(QPen(self._theme.border, 1))
        painter.drawRect(plot)
        dashes = QPen(self._theme.text_faint, 1)
        dashes.setDashPattern([4, 3])
        painter.setPen(dashes)
        painter.drawLine(plot.bottomLeft(), plot.topRight())
        painter.setPen(self._theme.text_faint)
        for tick in TICKS:
            x, y = plot.left() + tick * plot.width(), plot.bottom() - tick * plot.height()
            text = formatting.percent(tick)
            painter.drawText(QRectF(x - 25, plot.bottom() + 2, 50, 14), Qt.AlignmentFlag.AlignCenter, text)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 7, LEFT_PX - 4, 14), right, text)
        painter.setPen(self._theme.text_dim)
        foot = QRectF(0, plot.bottom() + 17, self.width(), 16)
        text = _("across: probability · upwards: share right")
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width() - 4)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, text)


def bin_words(one: Bin) -> str:
    """A point of the curve in words."""
    text = _("said {said}, right {right} of {count}")
    count = formatting.digits(str(one.count))
    return text.format(said=formatting.percent(one.probability), right=formatting.percent(one.accuracy), count=count)
