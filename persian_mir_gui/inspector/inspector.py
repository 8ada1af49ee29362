"""From the whole to the detail: the recording's verdict, what is heard here, who said so."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir.prediction import Prediction
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.inspector.answer_row import AnswerRow
from persian_mir_gui.inspector.explanation_panel import WhyPanel
from persian_mir_gui.inspector.remarks_rows import RemarksRows
from persian_mir_gui.inspector.sections_table import SectionsTable
from persian_mir_gui.inspector.segment_panel import Here, HerePanel, here, legend, segment_at
from persian_mir_gui.inspector.verdict_block import VerdictBlock
from persian_mir_gui.library import item_text
from persian_mir_gui.library.recordings_model import status
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.modal.nearest_gushehs import NearestGushehs
from persian_mir_gui.modal.reading import Readings
from persian_mir_gui.playback.player import Player
from persian_mir_gui.playback.seeking import seek
from persian_mir_gui.playback.tones import Tones
from persian_mir_gui.plots.review_marks import statement_words, verified_words
from persian_mir_gui.review.review import Review
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import heading, quiet, space_out


class Inspector(QWidget):
    """Everything about the current recording that is text or bars."""

    def __init__(
        self,
        settings: Settings,
        messages: Messages,
        timeline: Timeline,
        session: Session,
        player: Player,
        readings: Readings,
        gushehs: NearestGushehs,
        tones: Tones,
        review: Review,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme, self._timeline, self._session, self._review = themes.theme, timeline, session, review
        self._player = player
        self._shown: int | None = None  # the key of the recording whose place in the pane is kept
        self._state = quiet(wrap=True, factor=1.0)
        self._remarks = RemarksRows()
        self._verdicts = [VerdictBlock(large=place == 0) for place in range(len(formatting.MAIN_TASKS))]
        self.answer = AnswerRow()
        self.sections = SectionsTable()
        self._here_heading = heading(_("Here"))
        self._tasks = [quiet(role="faint") for _task in formatting.MAIN_TASKS]
        self._panels = [HerePanel(themes.theme) for _task in formatting.MAIN_TASKS]
        self._legends = [quiet(role="faint", wrap=True) for _task in formatting.MAIN_TASKS]
        self._people = quiet(wrap=True)
        self.why = WhyPanel(settings, messages, player, readings, gushehs, tones, themes)
        self._label_heading, self._label = heading(_("Label")), quiet(wrap=True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._connect()
        self.refresh()
        themes.changed.connect(self.set_theme)

    def _lay_out(self) -> None:
        body = QWidget()
        layout = space_out(QVBoxLayout(body), margins=(16, 14, 16, 14), spacing=8)
        layout.addWidget(heading(_("This recording")))
        layout.addWidget(self._state)
        for place, block in enumerate(self._verdicts):
            layout.addWidget(block)
            if place == 0:
                layout.addWidget(self.answer)
            layout.addSpacing(4)
        layout.addWidget(self.sections)
        layout.addWidget(self._remarks)
        layout.addSpacing(14)
        layout.addWidget(self._here_heading)
        for task, panel, note in zip(self._tasks, self._panels, self._legends, strict=True):
            for widget in (task, panel, note):
                layout.addWidget(widget)
            note.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        layout.addWidget(self._people)
        layout.addSpacing(14)
        layout.addWidget(self.why)
        layout.addSpacing(14)
        layout.addWidget(self._label_heading)
        layout.addWidget(self._label)
        layout.addStretch()
        self.area = QScrollArea(widgetResizable=True)
        self.area.setWidget(body)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setAccessibleName(_("About this recording"))
        space_out(QVBoxLayout(self)).addWidget(self.area)

    def _connect(self) -> None:
        session = self._session
        session.shown_changed.connect(self.refresh)
        self._timeline.playhead_changed.connect(self._show_here)
        self._review.changed.connect(self.refresh)
        for rows in (self.sections, self.why):
            rows.wanted.connect(self._go_to)
            rows.chosen.connect(self._select)
        self.answer.accepted.connect(self._review.statements.accept_whole)
        self.answer.taken_back.connect(self._review.statements.forget_whole)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        for panel in self._panels:
            panel.theme = theme
            panel.update()
        self.refresh()

    def label_text(self) -> str:
        """Who said so, as it is shown."""
        return self._label.text()

    def here_text(self) -> str:
        """The heading of the part that follows the playhead; empty where there is nothing to show."""
        return "" if self._here_heading.isHidden() else self._here_heading.text()

    def remarks_text(self) -> str:
        """What is to be known of the sound; empty where there is nothing."""
        return "\n".join(self._remarks.texts())

    def refresh(self) -> None:
        """Show the current recording anew."""
        item = self._session.current
        answers = item_text.by_task(item) if item else {}
        said = item.said if item else {}
        shown = [task for task in formatting.MAIN_TASKS if task in answers or task in said]
        tasks = list(answers.values())
        self.answer.show_item(item)
        self._show_state(item, bool(shown))
        self._remarks.show_remarks(item.problems if item else (), self._theme)
        for place, block in enumerate(self._verdicts):
            block.setVisible(place < len(shown))
            if item and place < len(shown):
                rows = answers.get(shown[place], [])
                if shown[place] in said:
                    block.show_person(said[shown[place]], rows, item.predictor_names, self._theme)
                else:
                    block.show_verdict(rows, item.predictor_names, self._theme)
        self.sections.show_item(item)
        self._label_heading.setVisible(bool(tasks))
        self._label.setVisible(bool(tasks))
        self._label.setText("\n\n".join(self._label_words(row, item) for row in _each_once(tasks)) if item else "")
        self._show_here()
        self._begin_at_top(item)

    def _begin_at_top(self, item: Item | None) -> None:
        """Show another recording from its top; where more is known of the same one, nothing moves."""
        key = None if item is None else item.key
        if key != self._shown:
            self._shown = key
            for part in (self.area, self.sections, self.why.gushehs):
                part.verticalScrollBar().setValue(0)

    def _go_to(self, start_s: float, _stop_s: float) -> None:
        """Go to where a stretch begins, shown from a little before; what is selected, and its loop, stays."""
        timeline = self._timeline
        first, (start, stop) = round(start_s * timeline.rate), timeline.view
        seek(timeline, self._player, first)
        if not start <= first < stop:
            timeline.show_from(first - (stop - start) / 10)

    def _select(self, start_s: float, stop_s: float) -> None:
        self._timeline.select(round(start_s * self._timeline.rate), round(stop_s * self._timeline.rate))

    def _show_state(self, item: Item | None, labelled: bool) -> None:
        self._state.setVisible(not labelled)
        if item is None:
            self._state.setText(_("Nothing is open."))
        elif item.error:
            self._state.setText(f"{item.error.what} {item.error.cure}".strip())
        else:
            self._state.setText(status(item))

    def _show_here(self) -> None:
        item = self._session.current
        timeline = self._timeline
        sample = min(timeline.playhead, max(0, timeline.frames - 1))  # at the very end, the last segment
        tasks = item_text.by_task(item) if item else {}
        names = item.predictor_names if item else {}
        found = [h for task, rows in tasks.items() if (h := here(task, rows, names, sample))]
        self._here_heading.setVisible(bool(found))
        if found and item and item.recording:
            self._here_heading.setText(_here_words(found, item.recording.rate))
        for place, panel in enumerate(self._panels):
            shown, below = (found[k] if k < len(found) else None for k in (place, place + 1))
            panel.setVisible(shown is not None)
            panel.show_here(shown)
            self._tasks[place].setVisible(shown is not None and len(found) > 1)
            last_of_these = not (shown and below and shown.predictors == below.predictors)
            self._legends[place].setVisible(shown is not None and (last_of_these or bool(shown.reason)))
            if shown:
                _set_text(self._tasks[place], formatting.task_name(shown.task))
                _set_text(self._legends[place], shown.reason or legend(shown.predictors))
        said = "\n".join(self._people_here(item, sample)) if item and found else ""
        _set_text(self._people, said)
        self._people.setVisible(bool(said))

    def _people_here(self, item: Item, sample: int) -> list[str]:
        """Who verified what is said at `sample`, a sentence a task."""
        said = {}
        for lane, prediction in item.predictions.items():
            place = segment_at(prediction, sample)
            statement = None if place is None else self._review.statements.marks(item, lane).get(place)
            if statement is not None:
                said[statement.id] = f"{formatting.task_name(lane[1])}: {statement_words(statement)}"
        return list(said.values())

    def _label_words(self, row: tuple[str, Prediction], item: Item) -> str:
        lanes = [lane for lane in item.predictions if lane[0] == row[0]]
        marks = [(self._review.statements.marks(item, lane), len(item.predictions[lane].starts)) for lane in lanes]
        verified = verified_words([one for found, _count in marks for one in found.values()], sum(n for _f, n in marks))
        whole = [statement_words(item.said[task]) for _who, task in lanes if task in item.said and item.said[task].id]
        verified = "\n".join(filter(None, (*whole, verified)))
        if not verified and "artist" in {task for _who, task in lanes}:
            verified = _("attributed, not verified")  # whoever plays is a guess until a person says so
        return label_words(row, item, verified or _("not verified"))


def _set_text(label: QLabel, text: str) -> None:
    """Set it only where it differs: this runs at every step of the playhead."""
    if label.text() != text:
        label.setText(text)


def _here_words(found: list[Here], rate: int) -> str:
    """`Here · 01:25 – 01:30`, the finest of the segments shown; times left to right in both languages."""
    finest = min(found, key=lambda one: one.stop - one.start)
    times = f"\u2066{formatting.clock(finest.start / rate)} – {formatting.clock(finest.stop / rate)}\u2069"
    return _("Here · {times}").format(times=times)


def _each_once(tasks: list[list[tuple[str, Prediction]]]) -> list[tuple[str, Prediction]]:
    """One prediction a predictor: all of its tasks have the same provenance."""
    once: dict[str, Prediction] = {}
    for rows in tasks:
        for who, prediction in rows:
            once.setdefault(who, prediction)
    return list(once.items())


def label_words(row: tuple[str, Prediction], item: Item, verified: str) -> str:
    """Who said so, with what, by which program, when; and who has verified it."""
    who, prediction = row
    made = prediction.provenance
    models = [f"{name} @{revision[:12]}" if revision else name for name, revision in made.models.items()]
    time = made.time.replace("T", " ").replace("+00:00", " UTC")
    lines = [item.predictor_names.get(who, made.predictor), *models, made.program, time]
    return "\n".join([*(f"\u2066{line}\u2069" for line in lines), verified])
