"""The quiz's window over real synthesised passages: asked, answered, explained, kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from persian_mir.catalogue.correction_rows import Correction
from persian_mir.catalogue.corrections import Corrections
from persian_mir.quiz.cards import cards
from persian_mir.quiz.memory_file import memory_path, read_memories
from persian_mir.quiz.own_sounds import OwnSound
from persian_mir_gui.core.messages import Message
from persian_mir_gui.quiz import quiz_words
from persian_mir_gui.quiz.quiz_window import QuizWindow
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource

TODAY = date(2026, 11, 28)


@pytest.fixture
def heard(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """What would have been played: there is no sound card."""
    found: list[np.ndarray] = []
    monkeypatch.setattr(services.tones, "sound", lambda _name, samples: found.append(samples))
    return found


@pytest.fixture
def window(
    services: Services, qtbot: QtBot, themes: ThemeSource, heard: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> QuizWindow:
    monkeypatch.setattr(QuizWindow, "come_forward", QuizWindow.show)  # an offscreen display cannot raise it
    services.quiz.today, services.quiz.rng = lambda: TODAY, np.random.default_rng(4)
    made = QuizWindow(services.quiz, themes)
    qtbot.addWidget(made)
    made.appear()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def begun(window: QuizWindow, services: Services, qtbot: QtBot) -> QuizWindow:
    window.start.decks["dastgah"].click()
    qtbot.waitUntil(lambda: not services.quiz.busy)
    return window


def place_of(services: Services, right: bool) -> int:
    desk = services.quiz
    return next(k for k, one in enumerate(desk.offered) if (one == desk.card) is right)


def test_without_a_catalogue_all_is_synthesised_and_said_so(
    begun: QuizWindow, services: Services, heard: list[np.ndarray]
) -> None:
    assert begun.question.source.text() == "Synthesised"
    assert begun.question.title.text() == "Which Dastgah is it?"
    assert len(heard) == 1
    assert heard[0].dtype == np.float32
    assert np.abs(heard[0]).max() > 0.1
    assert not begun.question.verdict.isVisible()
    assert begun.question.place.text() == "Question 1 of 7"
    shown = [button.text() for button in begun.question.choices if button.isVisible()]
    assert len(shown) == 7
    assert shown[0].startswith("1  ")


def test_a_key_answers_and_why_is_shown_and_kept(begun: QuizWindow, services: Services, qtbot: QtBot) -> None:
    card = services.quiz.card
    assert card is not None
    qtbot.keyClick(begun, str(place_of(services, right=True) + 1))
    assert begun.question.verdict.text().startswith("Right: ")
    assert begun.question.verdict.isVisible()
    assert begun.question.notes.text().startswith("Notes: ")
    assert "Listen for" in begun.question.why.text()
    assert begun.question.again.text() == "It is asked again tomorrow."
    assert read_memories()[card.id].right == 1
    qtbot.keyClick(begun, Qt.Key.Key_Return)
    assert services.quiz.card != card
    assert begun.question.place.text() == "Question 2 of 7"


def test_a_wrong_answer_names_both_and_comes_again(begun: QuizWindow, services: Services, qtbot: QtBot) -> None:
    desk = services.quiz
    card, wrong = desk.card, desk.offered[place_of(services, right=False)]
    assert card is not None
    begun.question.choices[place_of(services, right=False)].click()
    assert (
        f"not \u2068{wrong.spoken}" in begun.question.verdict.text()
        or f"not {wrong.spoken}" in begun.question.verdict.text()
    )
    assert desk.session is not None
    assert desk.session.waiting[-1] == card
    begun.question.choices[place_of(services, right=True)].click()  # too late
    assert len(desk.session.answers) == 1
    assert read_memories()[card.id].right == 0


def test_a_missed_question_adds_none_and_is_said_to_come_again(begun: QuizWindow, services: Services) -> None:
    """ "Question 1 of 7" became "of 8" once it was missed, as if the program had slipped."""
    page, desk = begun.question, services.quiz
    page.choices[place_of(services, right=False)].click()
    assert page.place.text() == "Question 1 of 7 · to be asked again: 1"
    assert (page.bar.value(), page.bar.maximum()) == (0, 7)
    desk.go_on()
    assert page.place.text() == "Question 2 of 7 · to be asked again: 1"
    for _card in range(6):
        page.choices[place_of(services, right=True)].click()
        desk.go_on()
    assert page.place.text() == "Asked again · still to come: 1"
    assert (page.bar.value(), page.bar.maximum()) == (6, 7)
    page.choices[place_of(services, right=False)].click()
    assert page.place.text() == "Asked again · still to come: 1"
    desk.go_on()
    page.choices[place_of(services, right=True)].click()
    assert page.place.text() == "Asked again · still to come: 0"
    assert page.bar.value() == 7


def test_no_answer_has_the_keyboard(begun: QuizWindow, services: Services, qtbot: QtBot) -> None:
    assert begun.focusWidget() not in begun.question.choices
    begun.question.choices[place_of(services, right=True)].click()
    qtbot.keyClick(begun, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not services.quiz.busy)
    assert begun.focusWidget() not in begun.question.choices


def test_hearing_it_again_counts(begun: QuizWindow, services: Services, qtbot: QtBot, heard: list[np.ndarray]) -> None:
    qtbot.keyClick(begun, Qt.Key.Key_Space)
    qtbot.keyClick(begun, "R")
    assert len(heard) == 3
    assert heard[0] is heard[2]
    begun.question.choices[place_of(services, right=True)].click()
    assert services.quiz.answered is not None
    assert services.quiz.answered.grade == 3


def test_the_end_says_how_it_went_and_what_to_practise(begun: QuizWindow, services: Services) -> None:
    desk = services.quiz
    begun.question.choices[place_of(services, right=False)].click()
    first = desk.answered
    assert first is not None
    for _answer in range(40):
        desk.go_on()
        if desk.card is None:
            break
        begun.question.choices[place_of(services, right=True)].click()
    assert begun.end.score.text() == "6 of 7 right at once"
    assert first.card.spoken in begun.end.missed.text()
    assert first.chosen.spoken in begun.end.missed.text()
    begun.end.over.click()
    assert desk.session is None
    assert "0 due today · 0 new" in begun.start.decks["dastgah"].text()
    services.quiz.today = lambda: date(2026, 11, 29)
    desk.look()
    assert "7 due today" in begun.start.decks["dastgah"].text()


def test_what_was_missed_twice_is_one_line_to_practise(begun: QuizWindow, services: Services) -> None:
    """Of a sitting full of mistakes the page showed 23 lines for seven cards, more than a window has room for."""
    desk = services.quiz
    missed = desk.card
    assert missed is not None
    taken = [one for one in desk.offered if one != missed][:2]
    for wrong in (taken[0], taken[1], taken[0]):
        while desk.card is not None and desk.card != missed:
            desk.answer(desk.card)
            desk.go_on()
        desk.answer(wrong)
        desk.go_on()
    desk.end()
    plain = begun.end.missed.text().replace("\u2068", "").replace("\u2069", "")
    assert plain == f"{missed.spoken}, taken for {taken[0].spoken}, {taken[1].spoken}"


def test_the_users_own_passages_come_first(
    window: QuizWindow, services: Services, qtbot: QtBot, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = Correction(tone, "a" * 32, 8000, 0, 80_000, "dastgah", "accepted", "shour")
    labels = [card.label for card in cards("dastgah")]
    Corrections().add(*(replace(base, label=one, id=f"{k:016x}", start=8 * k) for k, one in enumerate(labels)))
    with qtbot.waitSignal(services.quiz.changed):
        services.quiz.look()
    qtbot.waitUntil(lambda: len(services.quiz.own) == 7)
    played: list[OwnSound] = []
    monkeypatch.setattr(services.excerpts, "play", played.extend)
    window.start.decks["dastgah"].click()
    assert window.question.source.text() == "From your own recordings"
    assert played[0].path == tone
    assert played[0].stop_s <= 10.1


def test_gushehs_of_one_dastgah_are_asked_among_each_other(window: QuizWindow, services: Services) -> None:
    window.start.decks["gusheh"].click()
    card = services.quiz.card
    assert card is not None
    assert {one.mode for one in services.quiz.offered} == {card.mode}
    assert window.question.title.text().startswith("Which gusheh of ")


@pytest.mark.parametrize("deck", ["dastgah", "mode", "gusheh"])
def test_every_card_has_its_words(deck: str, services: Services) -> None:
    for card in cards(deck):
        assert quiz_words.notes_line(card)
        assert quiz_words.roles_line(card)


def test_a_damaged_file_is_told_and_the_quiz_goes_on(window: QuizWindow, services: Services, qtbot: QtBot) -> None:
    memory_path().parent.mkdir(parents=True, exist_ok=True)
    memory_path().write_text("{", encoding="utf-8")
    told: list[Message] = []
    services.quiz.posted.connect(told.append)
    services.quiz.look()
    assert "cannot be read" in told[0].what
    window.start.decks["mode"].click()
    assert services.quiz.card is not None


def test_escape_ends_the_sitting_then_the_window(begun: QuizWindow, services: Services, qtbot: QtBot) -> None:
    qtbot.keyClick(begun, Qt.Key.Key_Escape)
    assert services.quiz.session is None
    assert begun.isVisible()
    qtbot.keyClick(begun, Qt.Key.Key_Escape)
    assert not begun.isVisible()


def test_escape_in_the_middle_tells_how_it_went_so_far(
    begun: QuizWindow, services: Services, qtbot: QtBot, heard: list[np.ndarray]
) -> None:
    begun.question.choices[place_of(services, right=True)].click()
    qtbot.keyClick(begun, Qt.Key.Key_Return)
    qtbot.keyClick(begun, Qt.Key.Key_Escape)  # in the second question
    assert begun.pages.currentWidget() is begun.end
    assert begun.end.score.text() == "1 of 1 right at once"
    assert begun.keys.text() == "Enter: another sitting · Esc: close"
    count = len(heard)
    qtbot.wait(50)
    assert len(heard) == count  # the passage that was being made does not sound here
    qtbot.keyClick(begun, Qt.Key.Key_Escape)
    assert not begun.isVisible()
    begun.appear()
    assert begun.pages.currentWidget() is begun.start


def test_the_passage_sounds_on_after_an_answer_and_ends_with_its_question(
    window: QuizWindow, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One listens for what is told; but not into the next question, the end page, or a closed window."""
    stops: list[str] = []
    monkeypatch.setattr(type(services.quiz), "playing", property(lambda _desk: True))
    monkeypatch.setattr(type(services.tones), "playing", property(lambda _tones: "quiz"))
    monkeypatch.setattr(services.tones, "stop", lambda: stops.append("stop"))
    for act in (Qt.Key.Key_Return, Qt.Key.Key_Escape, "close"):
        window.start.decks["dastgah"].click()
        qtbot.waitUntil(lambda: not services.quiz.busy)
        stops.clear()
        window.question.choices[place_of(services, right=True)].click()
        assert not stops
        assert window.question.play.text() == "Stop"
        if isinstance(act, str):
            window.close()
        else:
            qtbot.keyClick(window, act)
        assert stops
        services.quiz.leave()


def test_a_button_that_stands_out_is_measured_as_bold_as_it_is_drawn(begun: QuizWindow, services: Services) -> None:
    assert begun.question.play.font().bold()
    while (card := services.quiz.card) is not None:
        services.quiz.answer(card)
        services.quiz.go_on()
    assert begun.end.more.isVisible()
    assert begun.end.more.font().bold()
    assert not begun.end.over.font().bold()


def test_where_nothing_is_due_no_sitting_is_offered(begun: QuizWindow, services: Services) -> None:
    while (card := services.quiz.card) is not None:
        services.quiz.answer(card)
        services.quiz.go_on()
    assert begun.keys.text().startswith("Enter: another sitting")
    begun.end.more.click()
    assert begun.end.score.text().startswith("Nothing is due")
    assert not begun.end.more.isVisible()
    assert begun.end.over.isVisible()
    assert begun.keys.text() == "Esc: close"


def test_a_large_window_writes_large_and_becomes_small_again(begun: QuizWindow, services: Services) -> None:
    card = services.quiz.card
    assert card is not None
    services.quiz.answer(next(one for one in services.quiz.offered if one != card))
    services.quiz.go_on()
    while (card := services.quiz.card) is not None:
        services.quiz.answer(card)
        services.quiz.go_on()
    small = begun.end.practise.font().pointSizeF()
    begun.resize(1640, 1200)
    assert begun.end.practise.font().pointSizeF() == pytest.approx(2 * small)
    begun.resize(820, 600)
    assert (begun.width(), begun.height()) == (820, 600)
    assert begun.end.practise.font().pointSizeF() == pytest.approx(small)


def test_what_plays_and_goes_on_grows_with_the_answers(begun: QuizWindow, qtbot: QtBot, services: Services) -> None:
    """In a large window both kept their height, and stuck to what is above them."""
    page = begun.question
    page.choices[place_of(services, right=True)].click()
    qtbot.waitUntil(lambda: page.next.height() < 100)  # laid out
    small = [(one.height(), one.width()) for one in (page.play, page.next)]
    begun.resize(1640, 1200)
    assert [(one.height(), one.width()) for one in (page.play, page.next)] == [(2 * h, 2 * w) for h, w in small]
    qtbot.waitUntil(lambda: page.choices[0].y() - page.source.geometry().bottom() > 25)
    assert page.play.y() - page.title.geometry().bottom() > 20


def test_the_buttons_of_the_first_and_the_last_page_grow_too(window: QuizWindow) -> None:
    buttons = (*window.start.decks.values(), window.end.more, window.end.over)
    small = [one.minimumHeight() for one in buttons]
    assert all(small)
    window.resize(1640, 1200)
    assert [one.minimumHeight() for one in buttons] == [2 * height for height in small]


def places(window: QuizWindow) -> dict[str, tuple[int, int, int, int]]:
    """Where everything lies that stays when an answer is told, on the window."""
    page = window.question
    parts = {"bar": page.bar, "title": page.title, "play": page.play, "source": page.source, "keys": window.keys}
    parts |= {f"answer {k}": button for k, button in enumerate(page.choices) if button.isVisible()}
    found = {}
    for name, part in parts.items():
        corner = part.mapTo(window, QPoint(0, 0))
        found[name] = (corner.x(), corner.y(), part.width(), part.height())
    return found


@pytest.mark.parametrize("size", [(680, 560), (1640, 1140)])
@pytest.mark.parametrize(("deck", "right"), [("dastgah", True), ("dastgah", False), ("mode", False), ("gusheh", False)])
def test_nothing_that_stays_moves_when_an_answer_is_told(
    window: QuizWindow, services: Services, qtbot: QtBot, size: tuple[int, int], deck: str, right: bool
) -> None:
    """The title jumped with the first answer, and the bar became shorter with each wrong one."""
    window.resize(*size)
    window.start.decks[deck].click()
    qtbot.waitUntil(lambda: not services.quiz.busy)
    qtbot.wait(1)
    before = places(window)
    window.question.choices[place_of(services, right)].click()
    qtbot.wait(1)
    assert places(window) == before
    page = window.question
    rows = [part.geometry() for part in (*page._answer, page.next) if part.isVisible()]
    assert all(above.bottom() < below.top() for above, below in pairwise(rows))
    assert rows[-1].bottom() <= page.told.height()
    assert page.why.height() >= page.why.heightForWidth(page.why.width())
    window.question.next.click()
    qtbot.waitUntil(lambda: not services.quiz.busy)
    qtbot.wait(1)
    after = places(window)
    assert {name: after[name] for name in ("bar", "title", "play", "source")} == {
        name: before[name] for name in ("bar", "title", "play", "source")
    }
