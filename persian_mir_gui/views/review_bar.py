"""The review of segments: what the machine says of the one that is looked at, and what may be said to it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QInputDialog,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from persian_mir.i18n import _
from persian_mir_gui.services.context import Services
from persian_mir_gui.views import words
from persian_mir_gui.views.icons import dot
from persian_mir_gui.views.review_keys import DIGITS
from persian_mir_gui.views.review_marks import statement_words
from persian_mir_gui.views.review_retrain import RetrainCard
from persian_mir_gui.views.small import heading, quiet, scaled, set_role, space_out
from persian_mir_gui.views.theme import Theme, label_colour

NARROW = 680  # px; below it the buttons go under the sentence
GAP = 10
IN_A_ROW = 7  # labels; the Dastgahs fill one row, the modes two


class ReviewBar(QWidget):
    """Shown while a review goes on. Its buttons do what the keys do, and leave the keyboard to the lanes."""

    def __init__(self, services: Services, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._services, self._review, self._theme = services, services.review, theme
        self._lane, self._count = quiet(), quiet()
        self.said = quiet(wrap=True, factor=1.0)
        self.person = quiet(wrap=True)
        self.order, self.heard = QComboBox(), QCheckBox(_("Hear each"))
        self.retrain = _button("", self._begin_retraining)
        self._teaching = QWidget()  # the row of the button above, where the head has no room for it
        self.card = RetrainCard(services, theme)
        self.done = _button(_("Done  Esc"), self._review.leave)
        self.buttons = {
            "accept": _button(_("↑  Accept"), self._review.accept),
            "reject": _button(_("↓  Reject"), self._review.reject),
            "undo": _button(_("←  Undo"), self._review.undo),
            "next": _button(_("→  Next"), self._review.next),
            "hear": _button(_("⏎  Hear"), self._review.play),
        }
        self._labels = QWidget()
        self._grid = QGridLayout(self._labels)
        self._shown: tuple[str, tuple[str, ...]] = ("", ())
        self._can_retrain = False
        self.label_buttons: list[QPushButton] = []
        self._lay_out()
        self._connect()
        self.refresh()

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
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        column = space_out(QVBoxLayout(self), margins=(14, 8, 14, 10), spacing=8)
        column.addLayout(self._head)
        column.addLayout(self._line)
        column.addWidget(self._labels)
        teaching = space_out(QHBoxLayout(self._teaching), spacing=GAP)
        teaching.addStretch(1)
        teaching.addWidget(quiet(_("Teach this probe what was said:")))
        teaching.addWidget(self.retrain)
        column.addWidget(self._teaching)
        column.addWidget(self.card)

    def _connect(self) -> None:
        self._review.changed.connect(self.refresh)
        self._services.settings.changed.connect(self._setting_changed)
        self._services.session.predicted.connect(self.refresh)
        self._services.labelling.choices_changed.connect(self.refresh)
        self._services.retrain.changed.connect(self.refresh)
        self.order.activated.connect(lambda place: self._review.set_order(self.order.itemData(place)))
        self.heard.clicked.connect(lambda on: self._services.settings.set("review_heard", on))

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours from now on."""
        self._theme = theme
        self._shown = ("", ())
        self.card.set_theme(theme)
        self.refresh()

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
            self._services.settings.set("reviewer", " ".join(name.split()))

    def _begin_retraining(self) -> None:
        if self._review.target is not None:
            self._services.retrain.begin(self._review.target.lane[0])

    def _setting_changed(self, key: str, _value: object) -> None:
        if key in ("review_order", "review_heard"):
            self.refresh()

    def refresh(self, *_news: object) -> None:
        """Show the segment that is looked at."""
        review, verdict = self._review, self._review.verdict()
        self.setVisible(review.active)
        item, target, prediction = self._services.session.current, review.target, review.prediction()
        if verdict is None or item is None or target is None or prediction is None:
            return
        name = words.predictor_name(item.predictor_names.get(target.lane[0], target.lane[0]))
        self._lane.setText(f"{words.task_name(verdict.task)} · {name}")
        reviewed, total = (words.digits(str(number)) for number in review.progress())
        self._count.setText(_("{reviewed} of {total} reviewed").format(reviewed=reviewed, total=total))
        self.order.setCurrentIndex(self.order.findData(self._services.settings.get("review_order")))
        self.heard.setChecked(bool(self._services.settings.get("review_heard")))
        self._offer_retraining(target.lane)
        rate = self._services.timeline.rate
        start, stop = int(prediction.starts[target.index]) / rate, int(prediction.stops[target.index]) / rate
        times = f"\u2066{words.clock(start)} – {words.clock(stop)}\u2069"
        machine = words.verdict_words(verdict)
        if not verdict.nothing:
            machine = f"{words.label_name(verdict.task, verdict.label)} {words.percent(verdict.probability)}"
        if verdict.runner_up:
            second = words.label_name(verdict.task, verdict.runner_up)
            machine = _("{label}, next {second} {percent}").format(
                label=machine, second=second, percent=words.percent(verdict.runner_up_probability)
            )
        self.said.setText(_("{times} · the machine says {label}").format(times=times, label=machine))
        statement = review.statement()
        self.person.setText(statement_words(statement) if statement else _("Nobody has reviewed this segment."))
        self._show_labels(verdict.task)
        given = statement.label if statement else ""
        for label, button in zip(review.labels(), self.label_buttons, strict=True):
            button.setChecked(label == given)

    def _offer_retraining(self, lane: tuple[str, str]) -> None:
        retrain, number = self._services.retrain, len(self._review.statements.teachable(lane[1]))
        self.retrain.setText(_("Retrain with {count} corrections").format(count=words.digits(str(number))))
        self.retrain.setToolTip(_("Fit this probe again, with what was accepted and corrected in all recordings"))
        fitted = retrain.probe_of(lane[0]) is not None  # the modal reading is not: it needs no training
        self._can_retrain = fitted and number > 0 and retrain.phase == "idle"
        self._place_retraining()

    def _show_labels(self, task: str) -> None:
        """The legend of the digits; labels beyond the ninth are for the mouse."""
        labels = self._review.labels()
        if (task, labels) == self._shown:
            return
        self._shown = task, labels
        for button in self.label_buttons:
            button.hide()
            button.deleteLater()
        self.label_buttons = []
        for place, label in enumerate(labels):
            digit = f"{words.digits(str(place + 1))}  " if place < DIGITS else ""
            button = _button(f"{digit}{words.label_name(task, label)}", self._assign(place))
            button.setCheckable(True)
            button.setIcon(dot(label_colour(self._theme, task, label), True))
            set_role(button, "role", "label")
            self._grid.addWidget(button, place // IN_A_ROW, place % IN_A_ROW)
            self.label_buttons.append(button)

    def _assign(self, place: int) -> Callable[[], None]:
        def assign() -> None:
            self._review.assign_place(place)
            self.refresh()  # the button has switched itself

        return assign


def _widget(layout: QBoxLayout, place: int) -> QWidget | None:
    item = layout.itemAt(place)
    return item.widget() if item else None


def _button(text: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setFont(scaled(button.font(), 0.92))
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.clicked.connect(lambda _checked: act())
    return button
