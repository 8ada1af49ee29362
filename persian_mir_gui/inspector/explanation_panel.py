"""The modal reading in the inspector: why this mode, the profile, the tonic, the degrees."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.modal.explanation import Why, explain
from persian_mir.modal.reading import ModalReading
from persian_mir.modal.sections import main_reading
from persian_mir.prediction import MODAL_SURE_MARGIN
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.inspector.degrees_table import DegreesTable
from persian_mir_gui.inspector.gushehs_table import GushehsTable
from persian_mir_gui.inspector.listen_row import ListenRow
from persian_mir_gui.inspector.profile_view import ProfileView
from persian_mir_gui.inspector.tonic_row import TonicRow
from persian_mir_gui.modal.nearest_gushehs import NearestGushehs
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.tones import Tones
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fold import Fold
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import quiet, space_out

PARTS = ("why", "profile", "tonic", "degrees", "gushehs")


class WhyPanel(QWidget):
    """Shown where there is a modal reading of the current recording, else hidden. Its parts fold."""

    wanted = Signal(float, float)  # seconds of the recording, to go there
    chosen = Signal(float, float)  # to select them

    def __init__(
        self,
        settings: Settings,
        messages: Messages,
        player: Player,
        readings: Readings,
        gushehs: NearestGushehs,
        tones: Tones,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._readings, self._nearest = readings, gushehs
        self._explained: tuple[ModalReading, Why] | None = None
        self.sentence, self.selection = quiet(wrap=True, factor=1.0), quiet(role="faint", wrap=True)
        self.sentence.setProperty("role", "")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.profile = ProfileView(themes)
        self.tonic = TonicRow(messages, readings)
        self.table = DegreesTable()
        self.listen = ListenRow(player, readings, tones)
        self.gushehs, self.gushehs_told = GushehsTable(), quiet(role="faint", wrap=True)
        self._folds = self._lay_out()
        self.profile.tonic_wanted.connect(readings.set_tonic)
        self.table.listen_wanted.connect(self.listen.play_degree)
        self.gushehs.wanted.connect(self.wanted)
        self.gushehs.chosen.connect(self.chosen)
        self._folds["gushehs"].toggled.connect(gushehs.want)
        gushehs.want(self._folds["gushehs"].opened)
        gushehs.changed.connect(self._show_gushehs)
        readings.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> dict[str, Fold]:
        titles = {"why": _("Why"), "profile": _("Profile"), "tonic": _("Tonic"), "degrees": _("Degrees")}
        titles["gushehs"] = _("Nearest gushehs")
        bodies = {
            "why": _column(self.sentence, self.selection),
            "profile": self.profile,
            "tonic": self.tonic,
            "degrees": _column(self.table, self.listen),
            "gushehs": _column(self.gushehs_told, self.gushehs),
        }
        layout = space_out(QVBoxLayout(self), spacing=14)
        opened = self._settings.get("open_parts")
        folds = {}
        for part in PARTS:
            folds[part] = Fold(titles[part], bodies[part], part in opened)
            folds[part].toggled.connect(partial(self._remember, part))
            layout.addWidget(folds[part])
        return folds

    def _remember(self, part: str, opened: bool) -> None:
        others = [known for known in self._settings.get("open_parts") if known != part]
        self._settings.set("open_parts", [*others, part] if opened else others)

    def refresh(self) -> None:
        """Show the current readings."""
        known = self._readings.known
        whole = known.whole
        self.setVisible(whole is not None)
        if whole is None:
            return
        heard = whole.heard and whole.tonic_hz is not None
        for part in ("profile", "tonic", "degrees", "gushehs"):
            self._folds[part].setVisible(heard)
        mode = formatting.label_name("mode", main_reading(whole).modes[0][0])
        self._folds["why"].set_title(_("Why {mode}").format(mode=mode) if heard else _("No mode heard"))
        if self._explained is None or self._explained[0] is not whole:
            self._explained = (whole, explain(whole))
        why = self._explained[1]
        self.sentence.setText(formatting.digits(why.sentence))
        self.sentence.setVisible(bool(why.sentence))
        self.selection.setText(selection_words(known.here) if known.selected and known.here else "")
        self.selection.setVisible(bool(self.selection.text()))
        self.profile.show_reading(whole if heard else None, known.here, why)
        self.table.show_reading(whole if heard else None)
        self.tonic.refresh()
        self._show_gushehs()

    def _show_gushehs(self) -> None:
        found = self._nearest.stretches
        told = _("The nearest gushehs, a weak guess: the first is right in about one stretch of three.")
        self.gushehs_told.setText(_("Looking for gushehs…") if found is None else told)
        self.gushehs.setVisible(bool(found))
        self.gushehs.show_stretches(found or ())


def selection_words(reading: ModalReading) -> str:
    """What is heard in the selection alone."""
    if not reading.heard:
        return formatting.digits(_("In the selection: {reason}").format(reason=reading.reason))
    (first, chance), (second, less) = reading.modes[:2]
    sure = chance - less >= MODAL_SURE_MARGIN
    text = (
        _("In the selection: {first} {percent} · next: {second} {less}")
        if sure
        else _("In the selection, not sure: {first} {percent} · next: {second} {less}")
    )
    return text.format(
        first=formatting.label_name("mode", first),
        percent=formatting.percent(chance),
        second=formatting.label_name("mode", second),
        less=formatting.percent(less),
    )


def _column(*widgets: QWidget) -> QWidget:
    body = QWidget()
    layout = space_out(QVBoxLayout(body), spacing=6)
    for widget in widgets:
        layout.addWidget(widget)
    return body
