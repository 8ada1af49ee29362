"""How long each pitch class sounds, beside what the two best modes would sound like; the tonic can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from persian_mir.i18n import _
from persian_mir.modal.explanation import Why
from persian_mir.modal.profile import OCTAVE_CENTS
from persian_mir.modal.reading import ModalReading
from persian_mir_gui.plots.profile_picture import ProfileAxis, ProfilePicture
from persian_mir_gui.widgets.pitch_words import LEAST_LINE, degree_words
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

HOLD_PX = 10.0  # how near to the tonic a press takes hold of it
SNAP_CENTS = 15.0  # a degree this near is what was meant
STEP_CENTS = 5.0  # of an arrow key


class ProfileView(QWidget):
    """Cents from the tonic along, share of the time upwards. Drag the marks at its ends to set the tonic."""

    tonic_wanted = Signal(float)  # Hz

    def __init__(self, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = themes.theme
        self._whole: ModalReading | None = None
        self._here: ModalReading | None = None
        self._why: Why | None = None
        self._dragged: float | None = None  # cents from the present tonic
        self._offset = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # low notes are left in both languages
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Profile: how long each degree sounds"))
        self.setToolTip(
            _("Drag the mark at 0 to another tonic; double-click a peak to take it as the tonic.")
            + "\n"
            + _("+ speaks for the mode, − against it.")
        )
        themes.changed.connect(self.set_theme)

    def show_reading(self, whole: ModalReading | None, here: ModalReading | None, why: Why | None = None) -> None:
        """Show the whole filled, a part of it, if any, as a line, and above them what speaks for and against."""
        self._whole, self._here, self._why, self._dragged = whole, here, why, None
        self.setAccessibleDescription("" if whole is None else degree_words(whole))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self.theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 176)

    @property
    def _axis(self) -> ProfileAxis:
        return ProfileAxis(self.width(), self.height())

    def place(self, cents: float) -> float:
        """Where a distance from the tonic lies."""
        return self._axis.place(cents)

    def cents(self, x: float) -> float:
        """The distance from the tonic at a pixel."""
        return self._axis.cents(x)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint_picture(painter)
        if self.hasFocus():
            painter.setPen(QPen(self.theme.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def paint_picture(self, painter: QPainter) -> None:
        """The picture, for the screen and for a file."""
        shown = (self._whole, self._here, self._why, self._dragged)
        ProfilePicture(self._axis, self.theme, self.font(), *shown).paint(painter)

    # Setting the tonic

    def near_tonic(self, x: float) -> bool:
        """Whether a press at a pixel takes hold of the tonic."""
        return min(abs(x - self.place(0.0)), abs(x - self.place(OCTAVE_CENTS))) <= HOLD_PX

    def snapped(self, cents: float) -> float:
        """The distance meant: a degree's, if one is near; within half an octave of the present tonic."""
        degrees = self._whole.degrees if self._whole is not None else ()
        known = [degree.cents for degree in degrees if degree.weight >= LEAST_LINE]
        for degree in known:
            apart = _around(cents - degree)
            if abs(apart) <= SNAP_CENTS:
                return _around(degree)
        return _around(cents)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._ready and event.button() == Qt.MouseButton.LeftButton and self.near_tonic(event.position().x()):
            end = 0.0 if event.position().x() < self.width() / 2 else OCTAVE_CENTS
            self._offset = end
            self._dragged = 0.0
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._dragged = self.snapped(self.cents(event.position().x()) - self._offset)
            self.update()
        else:
            near = self._ready and self.near_tonic(event.position().x())
            self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        moved, self._dragged = self._dragged, None
        if moved is not None:
            self._ask(moved)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self._ask(self.snapped(self.cents(event.position().x())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -STEP_CENTS, Qt.Key.Key_Right: STEP_CENTS}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._ask(step)

    @property
    def _ready(self) -> bool:
        return self._whole is not None and self._whole.tonic_hz is not None

    def _ask(self, cents: float) -> None:
        if self._whole is not None and self._whole.tonic_hz is not None and abs(cents) >= 1:
            self.tonic_wanted.emit(self._whole.tonic_hz * 2 ** (cents / OCTAVE_CENTS))


def _around(cents: float) -> float:
    return (cents + OCTAVE_CENTS / 2) % OCTAVE_CENTS - OCTAVE_CENTS / 2
