"""What is drawn while one plays: pitch over time, over the melody of a recording if one is chosen, and the profile."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from persian_mir.i18n import _
from persian_mir.modal.live import LiveState
from persian_mir_gui.library import item_text
from persian_mir_gui.live.reference import Reference
from persian_mir_gui.plots.chart import Chart
from persian_mir_gui.plots.growing_profile import GrowingProfile, leading
from persian_mir_gui.plots.pitch_trace import PitchTrace
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import heading_font, scaled, space_out

REFERENCE_LETTERS = 18  # of a title, before it is cut


class RecordingChoice(QComboBox):
    """Asks what there is when somebody is about to choose: thousands may be open, and come and go."""

    opened = Signal()

    def showPopup(self) -> None:
        self.opened.emit()
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0))  # whole titles, however narrow the box
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.opened.emit()


class LivePlots(QWidget):
    """Side by side, the pitch wider. Made when the live window is first shown: start-up does not wait for pyqtgraph."""

    def __init__(self, reference: Reference, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self.trace, self.profile = PitchTrace(themes), GrowingProfile(themes)
        self.recordings, self.again = RecordingChoice(), QPushButton(_("From the start"))
        self.recordings.setAccessibleName(_("Reference: a recording whose pitch is drawn behind yours"))
        self.recordings.setToolTip(self.recordings.accessibleName())
        self.recordings.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.recordings.setMinimumContentsLength(REFERENCE_LETTERS)
        self.recordings.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.again.setToolTip(_("Let the reference begin again now"))
        self.pitch = Chart(_("Pitch"), self.trace, self.recordings, self.again)
        row = space_out(QHBoxLayout(self), spacing=12)
        row.addWidget(self.pitch, 3)
        self.sums = Chart(_("Profile"), self.profile)
        row.addWidget(self.sums, 2)
        self.recordings.activated.connect(self._choose)
        self.again.clicked.connect(self._show_reference)
        reference.changed.connect(self._show_reference)
        self.recordings.opened.connect(self.fill)
        self.fill()
        self._show_reference()

    def show_state(self, state: LiveState | None) -> None:
        """Show the newest pitch and profile."""
        self.trace.show_track(None if state is None else state.trace, leading(state))
        self.profile.show_state(state)

    def set_scale(self, scale: float) -> None:
        """Write so many times as large."""
        font = scaled(QApplication.font(), scale)
        for part in (self.trace, self.profile, self.recordings, self.again):
            part.setFont(font)
        for chart in (self.pitch, self.sums):
            chart.title.setFont(heading_font(font))

    def fill(self) -> None:
        """List what is open; the one that is followed stays chosen."""
        self.recordings.clear()
        self.recordings.addItem(_("No reference"), None)
        for item in self._reference.items():
            self.recordings.addItem(item_text.title(item), item.key)
        key = None if self._reference.item is None else self._reference.item.key
        self.recordings.setCurrentIndex(max(0, self.recordings.findData(key)))

    def _choose(self) -> None:
        key = self.recordings.currentData()
        self._reference.choose(next((item for item in self._reference.items() if item.key == key), None))

    def _show_reference(self) -> None:
        if self._reference.item is None:
            self.fill()
        self.trace.show_reference(self._reference.melody)
        self.again.setVisible(self._reference.melody is not None)
        self.pitch.legend.setText(_("Reading the reference…") if self._reference.reading else "")
