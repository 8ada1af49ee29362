"""How long each pitch class sounds, beside what the two best modes would sound like; the tonic can be dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.modal.explanation import Why
from persian_mir.modal.reading import ModalReading
from persian_mir.modal.sections import main_reading
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, space_out

if TYPE_CHECKING:
    from persian_mir_gui.inspector.tonic_plot import TonicPlot


class ProfileView(QWidget):
    """The plot, made when there is first something to show, and above it what its lines are."""

    tonic_wanted = Signal(float)  # Hz

    def __init__(self, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.legend = quiet(wrap=True, factor=0.82)
        self.plot: TonicPlot | None = None
        self._column = space_out(QVBoxLayout(self), spacing=4)
        self._column.addWidget(self.legend)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumHeight(self.sizeHint().height())  # a layout with a wrapped text asks for more

    @property
    def theme(self) -> Theme:
        """The colours it is in."""
        return self._themes.theme

    def _make_plot(self) -> TonicPlot:
        from persian_mir_gui.inspector.tonic_plot import TonicPlot

        plot = TonicPlot(self._themes)
        self._column.addWidget(plot, 1)
        self.setFocusProxy(plot)
        plot.setToolTip(
            _("Drag the mark at 0 to another tonic; double-click a peak to take it as the tonic.")
            + "\n"
            + _("+ speaks for the mode, − against it.")
        )
        plot.tonic_wanted.connect(self.tonic_wanted)
        return plot

    def sizeHint(self) -> QSize:
        return QSize(240, 190)

    def show_reading(self, whole: ModalReading | None, here: ModalReading | None, why: Why | None = None) -> None:
        """Show the whole filled, a part of it, if any, as a line, and above them what speaks for and against.

        Of a recording of several sections its main one, which is what `why` explains.
        """
        whole = None if whole is None else main_reading(whole)
        if self.plot is None and whole is not None:
            self.plot = self._make_plot()
        if self.plot is not None:
            self.plot.show_reading(whole, here, why)
        names = [] if whole is None else [formatting.label_name("mode", mode) for mode, _p in whole.modes[:2]]
        text = _("filled: measured · dashed: {first} · dotted: {second}")
        self.legend.setText(text.format(first=names[0], second=names[1]) if names else "")

    def paint_picture(self, painter: QPainter) -> None:
        """Paint the view as it is, for a file."""
        from persian_mir_gui.plots.base import as_drawing

        with as_drawing(self):
            self.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
