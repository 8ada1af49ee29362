"""Page of the trainer: a model learns from recordings without labels."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.models.store import is_model_id
from persian_mir_gui.core.jobs import JobRunner, Latest
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.plots.epoch_curves import Curve, CurvePlot, charted, run_colours
from persian_mir_gui.training.fit.option_fields import LEAST_SIGNS, field_of, show_value, value_of
from persian_mir_gui.training.state.pretraining import Pretraining, Request, starts
from persian_mir_gui.training.wording import number, share, whole
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.fraction_bar import FractionBar
from persian_mir_gui.widgets.path_field import PathField
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import GapArea, quiet, set_role, space_out
from persian_mir_gui.widgets.wrapped_label import WrappedLabel
from trainer.fitting.options import declared
from trainer.pretrain.recipe import CLMR, RECIPES, PretrainOptions
from trainer.pretrain.schedule import SHARES

FORM_PX, NAMES_PX = 360, 130
SCRATCH = "scratch"


class PretrainPage(QWidget):
    """The form beside the curves; below it what it would take, told before the start."""

    probe_wanted = Signal(str)  # the id of the model that was made

    def __init__(self, io: JobRunner, service: Pretraining, themes: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks, self._service, self._themes = Latest(io), service, themes
        self.data, self.browse = PathField(), QPushButton(_("Choose…"))
        self.start_with, self.name = QComboBox(), QLineEdit()
        self.fields = {name: field_of(one) for name, one in declared(PretrainOptions).items()}
        self.stages, self.says = quiet(wrap=True), WrappedLabel()
        self.says.limit_lines()
        self.reckon, self.go = QPushButton(_("What would it take?")), QPushButton(_("Start"))
        self.use = QPushButton(_("Fit a probe on it"))
        self.bar = FractionBar()
        self.codes = CurvePlot(_("Cross entropy"), themes)
        self.right = CurvePlot(_("Named rightly"), themes, shares=True)
        self.spectrum = CurvePlot(_("Constant-Q error"), themes)
        self._lay_out()
        self._show_request(service.request)
        self._connect()
        self._look()
        self.refresh()

    def _lay_out(self) -> None:
        form = QFormLayout(fieldGrowthPolicy=QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.name.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.start_with.setMinimumContentsLength(LEAST_SIGNS)
        form.addRow(quiet(_("Recordings"), role="", factor=1.0), self.data)
        form.addRow("", self.browse)
        rows = {_("Begins with"): self.start_with, _("Called"): self.name}
        rows |= {one.title(): self.fields[name] for name, one in declared(PretrainOptions).items()}
        for title, widget in rows.items():
            widget.setAccessibleName(title)
            name = quiet(title, role="", wrap=True, factor=1.0)
            name.setFixedWidth(NAMES_PX)  # long ones in two lines, so that all fields stand in one column
            form.addRow(name, widget)
        self.data.setAccessibleName(_("Recordings"))
        self.data.setToolTip(_("A folder of recordings, at any depth; they need no labels."))
        self.name.setToolTip(_("What the new model is called"))
        set_role(self.go, "role", "primary")
        inner = QWidget()
        column = space_out(QVBoxLayout(inner), spacing=10)
        column.addLayout(form)
        column.addWidget(self.stages)
        column.addStretch()
        area = GapArea(inner, 10)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(FORM_PX)
        charts = space_out(QVBoxLayout(), spacing=8)
        self.charts = {plot: charted(plot) for plot in (self.codes, self.right, self.spectrum)}
        for chart in self.charts.values():
            charts.addWidget(chart, 1)
        above = space_out(QHBoxLayout(), spacing=14)
        above.addWidget(area)
        above.addLayout(charts, 1)
        below = space_out(QHBoxLayout(), spacing=8)
        below.addWidget(self.says, 1)
        for button in (self.reckon, self.use, self.go):
            below.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        layout = space_out(QVBoxLayout(self), margins=(20, 16, 20, 14), spacing=8)
        layout.addLayout(above, 1)
        layout.addWidget(self.bar)
        layout.addLayout(below)
        self.setFocusProxy(self.data)

    def _connect(self) -> None:
        self._service.changed.connect(self.refresh)
        self._service.changed.connect(self._look)
        self._service.advanced.connect(self.refresh)
        self._service.work.progressed.connect(self._advance)
        self._themes.changed.connect(self.refresh)
        self.browse.clicked.connect(self._choose_folder)
        self.reckon.clicked.connect(self._measure)
        self.go.clicked.connect(self._start_or_stop)
        self.use.clicked.connect(self._use)
        for line in (self.data, self.name):
            line.textChanged.connect(self.refresh)
        self.start_with.currentIndexChanged.connect(self.refresh)
        for name, field in self.fields.items():
            if name == "recipe" and isinstance(field, QComboBox):
                field.currentIndexChanged.connect(self._look)
            (field.currentIndexChanged if isinstance(field, QComboBox) else field.valueChanged).connect(self.refresh)

    # What the user does

    @property
    def request(self) -> Request:
        """What is chosen."""
        options = PretrainOptions(**{name: value_of(field) for name, field in self.fields.items()})
        start = str(self.start_with.currentData() or SCRATCH)
        return Request(self.data.text().strip(), start, self.name.text().strip(), options)

    def _show_request(self, request: Request) -> None:
        self.data.show_path(request.data)
        self.name.setText(request.name or "persian-music")
        self._offer(() if request.start == SCRATCH else (request.start,))
        show_value(self.start_with, request.start)
        recipe = RECIPES[request.options.recipe]
        own = {"batch": recipe.batch, "rate": recipe.learning_rate}  # shown as that, whatever the recipe
        for name, field in self.fields.items():
            value = getattr(request.options, name)
            show_value(field, 0 if own.get(name) == value else value)

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self.window(), _("Choose a folder"), self.data.text())
        if name:
            self.data.show_path(name)

    def _measure(self) -> None:
        self._service.measure(self.request)

    def _start_or_stop(self) -> None:
        if self._service.work.running:
            self._service.work.stop()
        else:
            self._service.start(self.request)

    def _use(self) -> None:
        if self._service.model is not None:
            self.probe_wanted.emit(self._service.model.id)

    # What there is to see

    def _look(self) -> None:
        if not self._service.work.running:
            job = self._looks.start(starts, str(value_of(self.fields["recipe"])))
            job.done.connect(self._offer)
            job.failed.connect(lambda error: self._service.posted.emit(message_of(error)))

    def _offer(self, ids: tuple[str, ...]) -> None:
        wanted = str(self.start_with.currentData() or self._service.request.start)
        self.start_with.blockSignals(True)
        self.start_with.clear()
        for one in dict.fromkeys((*ids, wanted) if Path(wanted).is_absolute() else ids):  # a folder is in no list
            self.start_with.addItem(f"\u2066{one}\u2069", one)  # else a folder ends in its first slash in Persian
        self.start_with.addItem(_("Nothing: new weights"), SCRATCH)
        show_value(self.start_with, wanted)
        self.start_with.blockSignals(False)
        self.refresh()

    def _advance(self, fraction: float, _note: str) -> None:
        self.bar.show_fraction(fraction)

    def refresh(self, *_news: object) -> None:
        """Show what is chosen, what it would take, and how it goes."""
        request, running = self.request, self._service.work.running
        known = self._service.known_cost(request)
        ready = Path(request.data).is_absolute() and is_model_id(request.name) and "/" not in request.name
        for widget in (self.data, self.browse, self.start_with, self.name, *self.fields.values()):
            widget.setEnabled(not running)
        self.bar.setVisible(running)
        self.reckon.setVisible(not running)
        self.reckon.setEnabled(ready)
        self.use.setVisible(not running and self._service.model is not None)
        self.go.setEnabled(running or (ready and (request.can_go_on or known is not None)))
        self.go.setText(self._go_words(request, running))
        self.stages.setText(stage_words(request))
        self.says.setText(self._words(request, ready, running))
        self._show_curves()

    def _go_words(self, request: Request, running: bool) -> str:
        if running:
            return _("Stop at once") if self._service.work.stopping else _("Stop")
        return _("Resume") if request.can_go_on and request == self._service.request else _("Start")

    def _words(self, request: Request, ready: bool, running: bool) -> str:
        course, known = self._service.course, self._service.known_cost(request)
        if running and self._service.measuring:
            return _("A few clips are learnt from, to see how long one takes…")
        if running:
            return course_words(self._service) if course else _("Reading the recordings")
        if not ready:
            return _("Choose a folder of recordings without labels, and name the model.")
        if self._service.model is not None:
            licence = self._service.model.licence or _("as what it began with")
            return _("Done. The model {id} is ready; its licence: {licence}.").format(
                id=self._service.model.id, licence=licence
            )
        if known is None:
            return _("Ask what it would take here before it starts.")
        text = _("This would take about {here} here and about {card} on a graphics card of 24 GB; {memory} of memory.")
        told = (*map(plurals.duration, known[:2]), plurals.size(known[2]))
        here, card, memory = map(formatting.digits, told)
        return text.format(here=here, card=card, memory=memory)

    def _show_curves(self) -> None:
        rows = [self._service.curve[step] for step in sorted(self._service.curve)]
        steps, colours = rows[-1].of if rows else 0, run_colours(self._themes.theme)
        books = max((len(one.judged_codes) for one in rows), default=0)
        curves = []
        for book in range(books):
            points = tuple((one.step, one.judged_codes[book]) for one in rows if book < len(one.judged_codes))
            name = _("book {number}").format(number=whole(book + 1)) if books > 1 else ""
            curves.append(Curve(name, colours[book % len(colours)], points, dashed=book >= len(colours)))
        self.codes.show_curves(curves, steps)
        rights = tuple((one.step, one.judged_right) for one in rows if one.judged_right is not None)
        self.right.show_curves((Curve("", colours[0], rights),), steps)
        offs = tuple((one.step, one.judged_constant_q) for one in rows if one.judged_constant_q is not None)
        self.spectrum.show_curves((Curve("", colours[0], offs),), steps)
        wanted = RECIPES[self.request.options.recipe].constant_q > 0  # the others say nothing of such a spectrum
        self.charts[self.spectrum].setVisible(wanted or bool(self.spectrum.curves))


def stage_words(request: Request) -> str:
    """What learns in which steps."""
    steps = request.options.steps
    if request.start == SCRATCH or request.options.recipe == CLMR:
        return _("All weights learn in all {steps} steps.").format(steps=whole(steps))
    heads, front = (round(steps * part) for part in SHARES)
    text = _("{heads} steps for the new heads alone, {front} with the front end, {rest} for all weights.")
    return text.format(heads=whole(heads), front=whole(front), rest=whole(steps - heads - front))


def course_words(service: Pretraining) -> str:
    """The newest step in words, and what was named rightly when it was judged last."""
    course = service.course
    if course is None:
        return ""
    text = _("Step {step} of {of} · loss {loss} · {pace} clips a second")
    parts = [
        text.format(
            step=whole(course.step), of=whole(course.of), loss=number(course.codes, 2), pace=number(course.clips_s, 1)
        )
    ]
    rights = [one.judged_right for one in service.curve.values() if one.judged_right is not None]
    if rights:
        parts.append(_("{share} named rightly").format(share=share(rights[-1])))
    return " · ".join(parts)
