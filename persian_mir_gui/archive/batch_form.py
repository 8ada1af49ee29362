"""What is asked of a batch: folders, by what they are labelled, where to; kept between starts, and as presets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir.batch.presets import Preset
from persian_mir.computing import AUTOMATIC
from persian_mir.i18n import _
from persian_mir.visible import visible
from persian_mir_gui.archive.batch_desk import Order
from persian_mir_gui.archive.preset_row import PresetRow
from persian_mir_gui.core.messages import Message
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.labelling.predictor_choices import PredictorChoices
from persian_mir_gui.labelling.predictors import MODAL, PredictorChoice, computing
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fitted_list import FittedList
from persian_mir_gui.widgets.message_bar import breakable
from persian_mir_gui.widgets.path_field import PathField
from persian_mir_gui.widgets.widget_factories import quiet, space_out

DATA = Qt.ItemDataRole.UserRole


class BatchForm(QWidget):
    """Says with `order` what is asked; `changed` when folders come or go."""

    changed = Signal()
    failed = Signal(object)  # Message

    def __init__(self, predictors: PredictorChoices, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._predictors, self._settings = predictors, settings
        self.places = FittedList(_("Folders"))
        self.add, self.take_out = QPushButton(_("Add a folder…")), QPushButton(_("Take out"))
        self.patterns = QLineEdit(placeholderText="*.flac  !*live*")
        self.patterns.setAccessibleName(_("Only files like"))
        self.choices = FittedList(_("Labelled by"))
        self.collection = QLineEdit(placeholderText=_("none"))
        self.collection.setAccessibleName(_("Into the collection"))
        self.watch = QCheckBox(_("Go on with files that come later"))
        self.report = PathField(placeholderText=_("no report"), clearButtonEnabled=True)
        self.report.setAccessibleName(_("Report"))
        self.choose_report = QPushButton(_("Choose a folder…"))
        self.presets = PresetRow(self.preset)
        self._kept = Preset()  # that was chosen: its window of the reading and its way to compute count
        self._lay_out()
        self._connect()
        self._recall()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(10)
        folders = space_out(QVBoxLayout(), spacing=6)
        folders.addWidget(self.places)
        folders.addLayout(row(self.add, self.take_out, None))
        form.addRow(quiet(_("Preset")), self.presets)
        form.addRow(quiet(_("Folders")), folders)
        form.addRow(quiet(_("Only files like")), self.patterns)
        form.addRow(quiet(_("Labelled by")), self.choices)
        form.addRow(quiet(_("Into the collection")), self.collection)
        form.addRow("", self.watch)
        form.addRow(quiet(_("Report")), row(self.report, self.choose_report))

    def _connect(self) -> None:
        self.add.clicked.connect(self._ask_folder)
        self.take_out.clicked.connect(lambda: self.places.takeItem(self.places.currentRow()))
        self.places.currentRowChanged.connect(lambda row: self.take_out.setEnabled(row >= 0))
        self.take_out.setEnabled(False)
        self.choose_report.clicked.connect(self._ask_report)
        self._predictors.changed.connect(self._list_predictors)
        self.places.model().rowsInserted.connect(lambda *_news: self.changed.emit())
        self.places.model().rowsRemoved.connect(lambda *_news: self.changed.emit())
        self.presets.chosen.connect(self.take_preset)
        self.presets.failed.connect(self.failed)
        self._list_predictors()

    def add_places(self, paths: list[Path]) -> None:
        """Put folders, or recordings, on the list, each once."""
        for path in paths:
            if path not in self._places():
                item = QListWidgetItem(f"\u2066{visible(str(path))}\u2069", self.places)
                item.setData(DATA, path)
                item.setToolTip(breakable(str(path)))

    def _places(self) -> tuple[Path, ...]:
        return tuple(self.places.item(row).data(DATA) for row in range(self.places.count()))

    def order(self) -> Order:
        """What is asked for."""
        rows = [self.choices.item(row) for row in range(self.choices.count())]
        wanted = {row.data(DATA) for row in rows if row.checkState() == Qt.CheckState.Checked}
        kept = self._kept.computing
        return Order(
            places=self._places(),
            patterns=tuple(self.patterns.text().split()),
            choices=tuple(self._as_kept(one) for one in self._predictors.all if one.id in wanted),
            computing=computing(self._settings) if kept == AUTOMATIC else kept,
            watch=self.watch.isChecked(),
            report=Path(self.report.text()) if self.report.text() else None,
            collection=self.collection.text().strip(),
        )

    def _as_kept(self, choice: PredictorChoice) -> PredictorChoice:
        """The modal reading with the window of the preset that was chosen."""
        window_s = self._kept.modal_window_s
        return replace(choice, window_s=window_s) if choice.id == MODAL and window_s is not None else choice

    def preset(self) -> Preset:
        """What is asked for, as a preset keeps it."""
        order = self.order()
        modal = next((one for one in order.choices if one.id == MODAL), None)
        return Preset(
            probes=tuple(str(one.path) for one in order.choices if one.path is not None),
            modal=modal is not None,
            modal_window_s=modal.window_s if modal is not None else None,
            device=order.computing.device,
            patterns=order.patterns,
            precision=order.computing.precision,
            engine=order.computing.engine,
        )

    def take_preset(self, kept: Preset) -> None:
        """Ask for what was kept; name the probes that are not there any more."""
        self._kept = kept
        self.patterns.setText(" ".join(kept.patterns))
        here = {one.id: str(one.path) if one.path is not None else "" for one in self._predictors.all}
        for row in range(self.choices.count()):
            item = self.choices.item(row)
            path = here.get(item.data(DATA), "")
            wanted = path in kept.probes if path else kept.modal
            usable = bool(item.flags() & Qt.ItemFlag.ItemIsEnabled)
            item.setCheckState(Qt.CheckState.Checked if wanted and usable else Qt.CheckState.Unchecked)
        lost = [Path(one).name for one in kept.probes if one not in here.values()]
        if lost:
            what = _("Not among the predictors of the program: {names}.").format(names=_(", ").join(map(visible, lost)))
            self.failed.emit(Message("warning", what, _("Add these probes, or choose others.")))

    def _list_predictors(self) -> None:
        self.choices.clear()
        for choice in self._predictors.all:
            self.choices.addItem(formatting.isolated(visible(choice.name)))
            item = self.choices.item(self.choices.count() - 1)
            item.setData(DATA, choice.id)
            item.setToolTip(choice.problem)
            usable = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
            item.setFlags(Qt.ItemFlag.NoItemFlags if choice.problem else usable)
            item.setCheckState(Qt.CheckState.Checked if choice.chosen else Qt.CheckState.Unchecked)

    def keep(self, order: Order) -> None:
        """Remember what is asked for: who was killed goes on with all of it."""
        self._settings.set("batch_folders", [str(path) for path in order.places])
        self._settings.set("batch_patterns", self.patterns.text())
        self._settings.set("batch_collection", order.collection)
        self._settings.set("batch_watch", order.watch)
        self._settings.set("batch_report", self.report.text())
        self._settings.save()

    def _recall(self) -> None:
        self.patterns.setText(self._settings.get("batch_patterns"))
        self.collection.setText(self._settings.get("batch_collection"))
        self.watch.setChecked(self._settings.get("batch_watch"))
        self.report.show_path(self._settings.get("batch_report"))
        self.add_places([Path(name) for name in self._settings.get("batch_folders")])

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Folder with recordings"), self._settings.get("last_folder"))
        if folder:
            self._settings.set("last_folder", folder)
            self.add_places([Path(folder)])

    def _ask_report(self) -> None:
        place = self.report.text() or self._settings.get("last_folder")
        if folder := QFileDialog.getExistingDirectory(self, _("Folder of the report"), place):
            self.report.show_path(folder)


def row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None is what stretches."""
    made = space_out(QHBoxLayout(), spacing=8)
    for widget in widgets:
        made.addStretch(1) if widget is None else made.addWidget(widget)
    return made
