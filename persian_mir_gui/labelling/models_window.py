"""The models window: what each model is, its licence and size, where it lies; to fetch it, stop, go on, remove it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.models.unavailable import unavailable
from persian_mir_gui.labelling.models import Models, ModelState
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.message_bar import breakable
from persian_mir_gui.widgets.side_window import SideWindow
from persian_mir_gui.widgets.widget_factories import (
    GapArea,
    lead,
    quiet,
    resize_within_screen,
    scaled,
    space_out,
)


class ModelRow(QFrame):
    """One model. The button that fetches can be pressed once the licence is accepted."""

    def __init__(self, state: ModelState, models: Models, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelRow")
        self.id, self._models, self._state = state.id, models, state
        self.name, self.about = lead(QLabel()), lead(quiet(wrap=True))
        self.name.setFont(scaled(self.font(), 1.05, bold=True))
        self.place = lead(quiet(role="faint", wrap=True))
        self.fault = lead(quiet(role="warning", wrap=True))
        self.accept = QCheckBox()
        self.get, self.stop = QPushButton(), QPushButton(_("Stop"))
        self.remove = QPushButton(_("Remove"))
        self.bar, self.note = FractionBar(), quiet(role="faint")
        self.remove.setProperty("role", "quiet")
        text = space_out(QVBoxLayout(), spacing=3)
        for widget in (self.name, self.about, self.place, self.fault, self.accept, self.bar, self.note):
            text.addWidget(widget)
        line = space_out(QHBoxLayout(self), margins=(14, 12, 14, 12), spacing=12)
        line.addLayout(text, 1)
        for button in (self.get, self.stop, self.remove):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.accept.toggled.connect(self._offer)
        self.get.clicked.connect(lambda: models.fetch(self.id))
        self.stop.clicked.connect(lambda: models.cancel(self.id))
        self.remove.clicked.connect(lambda: models.remove(self.id))
        self.show_state(state)

    def show_state(self, state: ModelState) -> None:
        """Show what is known of the model now."""
        self._state = state
        busy = self._models.fetching(state.id) is not None
        self.name.setText(formatting.isolated(state.name))
        self.about.setText(_about(state))
        self.place.setText(breakable(str(state.folder)) if state.folder else "")
        self.place.setVisible(state.here)
        fault = self._models.failures.get(state.id)  # the main window tells of it, too, but lies behind this one
        self.fault.setText(f"{fault.what} {fault.cure}".strip() if fault else "")
        self.fault.setVisible(fault is not None)
        self.accept.setText(_("I accept the licence {licence}").format(licence=formatting.isolated(state.licence)))
        self.accept.setToolTip(state.licence_url)
        self.accept.setVisible(not state.here and not busy)
        self.get.setText(_get_words(state))
        self.get.setAccessibleName(f"{self.get.text()}: {state.name}")
        self.stop.setAccessibleName(f"{self.stop.text()}: {state.name}")
        self.remove.setAccessibleName(f"{self.remove.text()}: {state.name}")
        self.get.setVisible(not state.here and not busy)
        self.stop.setVisible(busy)
        self.remove.setVisible(state.here)
        self.bar.setVisible(busy)
        self.note.setVisible(busy)
        self._offer()

    def advance(self, fraction: float, seconds_left: float | None, note: str) -> None:
        """Show how far the download is, 0 to 1."""
        self.bar.show_fraction(fraction)
        said = (note, formatting.time_left(seconds_left))
        self.note.setText(" · ".join(filter(None, said)))

    def _offer(self, *_news: object) -> None:
        self.get.setEnabled(self.accept.isChecked())
        self.get.setToolTip("" if self.accept.isChecked() else _("Accept the licence first."))


def _about(state: ModelState) -> str:
    """`MERT-v1-95M · 378 MB · CC BY-NC 4.0`, and what of it is here."""
    size = formatting.digits(plurals.size(state.size)) if state.size else ""
    parts = [formatting.isolated(state.id), size, formatting.isolated(state.licence)]
    if state.here:
        parts.append(_("installed"))
    elif state.cached:
        parts.append(_("already on this machine, nothing is fetched"))
    elif state.received:
        parts.append(_("{size} received").format(size=formatting.digits(plurals.size(state.received))))
    return " · ".join(filter(None, parts))


def _get_words(state: ModelState) -> str:
    if state.cached:
        return _("Install")
    return _("Go on fetching") if state.received else _("Fetch")


def _not_to_be_had() -> QWidget:
    """The models that studies name and nobody can fetch, each with the reason."""
    box = QWidget()
    column = space_out(QVBoxLayout(box), margins=(14, 0, 14, 0), spacing=4)
    head = lead(QLabel(_("Cannot be had")))
    head.setFont(scaled(head.font(), 1.0, bold=True))
    column.addWidget(head)
    for one in unavailable():
        column.addWidget(lead(quiet(f"{formatting.isolated(one.name)}: {one.reason}", wrap=True)))
    return box


class ModelsWindow(SideWindow):
    """All models, one below the other; beside the work, not in its way."""

    def __init__(self, models: Models, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Models"))
        self._models = models
        self.rows: dict[str, ModelRow] = {}
        self._wanted = ""  # the id of the row that is to be shown
        head = quiet(
            _("Backbones hear; a probe learns from what they hear. They come from huggingface.co or zenodo.org when "
              "you ask for them, and stay on this machine."),
            wrap=True, factor=1.0,
        )  # fmt: skip
        inner = QWidget()
        self._column = space_out(QVBoxLayout(), spacing=8)
        whole = space_out(QVBoxLayout(inner), spacing=16)
        whole.addLayout(self._column)
        whole.addWidget(_not_to_be_had())
        whole.addStretch()
        area = self._area = GapArea(inner, 8)
        layout = space_out(QVBoxLayout(self), margins=(16, 14, 16, 14), spacing=12)
        layout.addWidget(head)
        layout.addWidget(area, 1)
        models.changed.connect(self.refresh)
        models.advanced.connect(self._advance)
        resize_within_screen(self, 680, 640)

    def appear(self, model_id: str = "") -> None:
        """Come to the front, at the row of `model_id` if it is named."""
        self._models.refresh()
        self.come_forward()
        self._wanted = model_id
        self._reveal()

    def _reveal(self) -> None:
        """Show the row that is wanted as soon as it is there and has its place."""
        row = self.rows.get(self._wanted)
        if row is not None:
            self._wanted = ""
            row.accept.setFocus(Qt.FocusReason.OtherFocusReason)
            QTimer.singleShot(0, row, lambda: self._area.ensureWidgetVisible(row))

    def refresh(self) -> None:
        """Show all models that are known; rows stay where they are."""
        states = {state.id: state for state in self._models.states}
        for gone in set(self.rows) - set(states):
            self.rows.pop(gone).deleteLater()
        for state in states.values():
            if state.id in self.rows:
                self.rows[state.id].show_state(state)
            else:
                self.rows[state.id] = ModelRow(state, self._models, self)
                self._column.addWidget(self.rows[state.id])
        self._reveal()

    def _advance(self, model_id: str, fraction: float, seconds_left: float | None, note: str) -> None:
        if row := self.rows.get(model_id):
            row.advance(fraction, seconds_left, note)
