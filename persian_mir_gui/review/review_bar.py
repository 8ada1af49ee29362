"""The review of segments: what the machine says of the one that is looked at, and what may be said to it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QInputDialog,
    QVBoxLayout,
    QWidget,
)

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir.labels import label_ids
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.labelling.labelling import Labelling
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Session
from persian_mir_gui.plots.review_marks import statement_words
from persian_mir_gui.review.label_buttons import ReviewLabels
from persian_mir_gui.review.retrain import Retrain
from persian_mir_gui.review.retrain_view import RetrainCard
from persian_mir_gui.review.review import Review
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.label_dialog import ask_label
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import heading, quiet, review_button, set_role, space_out

NARROW = 680  # px; below it the buttons go under the sentence
GAP = 10


class ReviewBar(QWidget):
    """Shown while a review goes on. Its buttons do what the keys do, and leave the keyboard to the lanes."""

    def __init__(
        self,
        settings: Settings,
        messages: Messages,
        timeline: Timeline,
        session: Session,
        labelling: Labelling,
        review: Review,
        retrain: Retrain,
        themes: ThemeSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("review")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._review, self._settings, self._timeline = review, settings, timeline
        self._session, self._labelling, self._retrain = session, labelling, retrain
        self._lane, self._count = quiet(), quiet()
        self.said = quiet(wrap=True, factor=1.0)
        self.person = quiet(wrap=True)
        self.order, self.heard = QComboBox(), QCheckBox(_("Hear each"))
        self.retrain = review_button("", self._begin_retraining)
        self._teaching = QWidget()  # the row of the button above, where the head has no room for it
        self.card = RetrainCard(settings, messages, review, retrain, themes)
        self.done = review_button(_("Done  Esc"), self._review.leave)
        self.buttons = {
            "accept": review_button(_("↑  Accept"), self._review.accept),
            "reject": review_button(_("↓  Reject"), self._review.reject),
            "undo": review_button(_("←  Undo"), self._review.undo),
            "next": review_button(_("→  Next"), self._review.next),
            "hear": review_button(_("⏎  Hear"), self._review.play),
        }
        self.labels = ReviewLabels(themes)
        self._can_retrain = False
        self._lay_out()
        self._connect()
        self.refresh()
        themes.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        for value, text in (("doubt", _("Least sure first")), ("time", _("In order of time"))):
            self.order.addItem(text, value)
        self.order.setAccessibleName(_("Which segment comes next"))
        for widget in (self.order, self.heard):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._head = space_out(QHBoxLayout(), spacing=GAP)
        for label in (heading(_("Review")), self._lane, self._count):
            self._head.addWidget(label)
        self._head.addStretch(1)
        for choice in (self.order, self.heard, self.done):
            self._head.addWidget(choice)
        self._line = space_out(QBoxLayout(QBoxLayout.Direction.LeftToRight), spacing=6)
        sentences = space_out(QVBoxLayout(), spacing=1)
        sentences.addWidget(self.said)
        sentences.addWidget(self.person)
        self._line.addLayout(sentences, 1)
        row = space_out(QHBoxLayout(), spacing=6)
        for button in self.buttons.values():
            row.addWidget(button)
        self._line.addLayout(row)
        column = space_out(QVBoxLayout(self), margins=(14, 8, 14, 10), spacing=8)
        column.addLayout(self._head)
        column.addLayout(self._line)
        column.addWidget(self.labels)
        teaching = space_out(QHBoxLayout(self._teaching), spacing=GAP)
        teaching.addStretch(1)
        teaching.addWidget(quiet(_("Teach this probe what was said:")))
        teaching.addWidget(self.retrain)
        column.addWidget(self._teaching)
        column.addWidget(self.card)

    def _connect(self) -> None:
        self._review.changed.connect(self.refresh)
        self.labels.given.connect(self._assign)
        self._settings.changed.connect(self._setting_changed)
        self._session.predicted.connect(self.refresh)
        self._labelling.predictors.changed.connect(self.refresh)
        self._retrain.changed.connect(self.refresh)
        self.order.activated.connect(lambda place: self._review.set_order(self.order.itemData(place)))
        self.heard.clicked.connect(lambda on: self._settings.set("review_heard", on))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._line.setDirection(below if narrow else beside)
        self._lane.setVisible(not narrow)
        self._place_retraining()

    def _place_retraining(self) -> None:
        """In the head if it fits there, else in a row of its own."""
        beside = [widget for k in range(self._head.count()) if (widget := _widget(self._head, k)) is not self.retrain]
        shown = [widget for widget in beside if widget is not None and not widget.isHidden()]
        needed = sum(widget.sizeHint().width() + GAP for widget in (*shown, self.retrain))
        fits = needed + 3 * GAP <= self.width()
        if fits and self._teaching.isAncestorOf(self.retrain):
            self._head.insertWidget(self._head.count() - 1, self.retrain)
        elif not fits and not self._teaching.isAncestorOf(self.retrain):
            row = self._teaching.layout()
            if row is not None:
                row.addWidget(self.retrain)
        self.retrain.setVisible(self._can_retrain)
        self._teaching.setVisible(self._can_retrain and not fits)

    def ask_who(self) -> None:
        """Under which name the corrections are kept."""
        asked = _("Your name, as it stands beside what you accept and correct:")
        name, given = QInputDialog.getText(self.window(), _("Reviewer"), asked, text=self._review.statements.reviewer)
        if given:
            self._settings.set("reviewer", " ".join(name.split()))

    def _begin_retraining(self) -> None:
        if self._review.target is not None:
            self._retrain.begin(self._review.target.lane[0])

    def _setting_changed(self, key: str, _value: object) -> None:
        if key in ("review_order", "review_heard"):
            self.refresh()

    def refresh(self, *_news: object) -> None:
        """Show the segment that is looked at."""
        review, verdict = self._review, self._review.verdict()
        self.setVisible(review.active)
        item, target, prediction = self._session.current, review.target, review.prediction()
        if verdict is None or item is None or target is None or prediction is None:
            return
        name = formatting.predictor_name(item.predictor_names.get(target.lane[0], target.lane[0]))
        self._lane.setText(f"{formatting.task_name(verdict.task)} · {name}")
        reviewed, total = (formatting.digits(str(number)) for number in review.progress())
        self._count.setText(_("{reviewed} of {total} reviewed").format(reviewed=reviewed, total=total))
        self.order.setCurrentIndex(self.order.findData(self._settings.get("review_order")))
        self.heard.setChecked(bool(self._settings.get("review_heard")))
        self._offer_retraining(target.lane)
        rate = self._timeline.rate
        start, stop = int(prediction.starts[target.index]) / rate, int(prediction.stops[target.index]) / rate
        times = f"\u2066{formatting.clock(start)} – {formatting.clock(stop)}\u2069"
        machine = formatting.verdict_words(verdict)
        if not verdict.nothing:
            machine = f"{formatting.in_line(verdict.task, verdict.label)} {formatting.percent(verdict.probability)}"
        if verdict.runner_up:
            second = formatting.in_line(verdict.task, verdict.runner_up)
            machine = _("{label}, next {second} {percent}").format(
                label=machine, second=second, percent=formatting.percent(verdict.runner_up_probability)
            )
        words = _("{times} · the machine says {label}").format(times=times, label=machine)
        self.said.setText("\n".join(filter(None, (words, verdict.reason))))
        self.buttons["accept"].setEnabled(not verdict.nothing)
        statement = review.statement()
        person = statement_words(statement) if statement else _("Nobody has reviewed this segment.")
        self.person.setText("\n".join(filter(None, (person, self._show_end()))))
        self.labels.show_labels(verdict.task, review.labels(), statement.label if statement else "")

    def _show_end(self) -> str:
        """Once every segment is reviewed, offer the next recording; returns that in words."""
        following = self._review.next_recording() if self._review.done else None
        self.buttons["next"].setText(_("→  Next recording") if following else _("→  Next"))
        self.buttons["next"].setEnabled(following is not None or not self._review.done)
        set_role(self.buttons["next"], "role", "primary" if following else "")
        if not self._review.done:
            return ""
        if following is None:
            return _("Every segment of this lane is reviewed, in all open recordings.")
        title = formatting.isolated(item_text.title(following))
        return _("Every segment of this lane is reviewed. Next: {title}").format(title=title)

    def ask_selection(self) -> bool:
        """Let a label be chosen by name for what is selected; False where nothing is, or a segment."""
        subject = self._review.selection()
        if subject is None or subject.said is None:
            return False
        rate = self._timeline.rate
        times = f"\u2066{formatting.clock(subject.start / rate)} – {formatting.clock(subject.stop / rate)}\u2069"
        question = _("The right label of the selection, {times}:").format(times=times)
        labels = label_ids(subject.task) or subject.said.labels
        known = self._review.known(subject)
        given = known.label if known else subject.was
        ask_label(self.window(), question, subject.task, labels, given, lambda label: self._review.say(subject, label))
        return True

    def _offer_retraining(self, lane: tuple[str, str]) -> None:
        retrain, number = self._retrain, len(self._review.statements.teachable(lane[1]))
        self.retrain.setText(
            _("Retrain with {corrections}").format(corrections=formatting.digits(plurals.corrections(number)))
        )
        self.retrain.setToolTip(_("Fit this probe again, with what was accepted and corrected in all recordings"))
        fitted = retrain.probe_of(lane[0]) is not None  # the modal reading is not: it needs no training
        self._can_retrain = fitted and number > 0 and retrain.phase == "idle"
        self._place_retraining()

    def _assign(self, label: str) -> None:
        self._review.assign(label)
        self.refresh()  # the button has switched itself


def _widget(layout: QBoxLayout, place: int) -> QWidget | None:
    item = layout.itemAt(place)
    return item.widget() if item else None
