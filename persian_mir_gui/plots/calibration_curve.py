"""The calibration curve: how often a probability of so much was right."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from persian_mir.i18n import _
from persian_mir_gui.plots.base import Plot, ShareAxis
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from trainer.evaluation.evaluate import Bin

BARS = 0.22  # of the height, for how many there are
BAR_WIDE = 0.03
MARGIN = 0.03


class CalibrationCurve(Plot):
    """Probability from left to right in both languages, share of right answers upwards; bars say how many there are.

    On the dashed line a probability means what it says.
    """

    def __init__(self, themes: ThemeSource, parent: QWidget | None = None) -> None:
        axes = ShareAxis("left"), ShareAxis("bottom")
        super().__init__(_("Calibration curve"), themes, *axes, parent=parent)
        for axis in axes:
            axis.setStyle(maxTickLevel=0)
        self.leave_ends()
        self.box.setRange(xRange=(0, 1), yRange=(0, 1), padding=MARGIN)
        self.setProperty("role", "chart")
        self.show_curve(())

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        super().set_theme(theme)
        self._draw()

    def show_curve(self, curve: tuple[Bin, ...]) -> None:
        """Show the bins of a calibration curve."""
        self._curve = curve
        lines = [bin_words(one) for one in curve]
        self.setAccessibleDescription("; ".join(lines))
        self.setToolTip("\n".join(lines))
        self._draw()

    def sizeHint(self) -> QSize:
        return QSize(260, 180)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 130)

    def _draw(self) -> None:
        self.box.clear()
        dashes = pg.mkPen(self.theme.text_faint, style=Qt.PenStyle.DashLine)
        self.box.addItem(pg.PlotCurveItem([0, 1], [0, 1], pen=dashes))
        if not self._curve:
            return
        most = max(one.count for one in self._curve)
        shares = [one.probability for one in self._curve]
        ground = QColor(self.theme.lane_neutral)
        ground.setAlphaF(0.35)
        high = [BARS * one.count / most for one in self._curve]
        self.box.addItem(pg.BarGraphItem(x=shares, height=high, width=BAR_WIDE, pen=None, brush=ground))
        right = [one.accuracy for one in self._curve]
        line = pg.mkPen(self.theme.accent, width=1.8)
        self.box.addItem(pg.PlotCurveItem(shares, right, pen=line, antialias=True))
        self.box.addItem(pg.ScatterPlotItem(shares, right, size=7, pen=None, brush=self.theme.accent))


def bin_words(one: Bin) -> str:
    """Return a point of the curve in words."""
    text = _("said {said}, right {right} of {count}")
    count = formatting.digits(str(one.count))
    return text.format(said=formatting.percent(one.probability), right=formatting.percent(one.accuracy), count=count)
