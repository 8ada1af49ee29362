"""Each pane on real services, without the window around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from persian_mir.labels import label_ids
from persian_mir.prediction import Prediction, pooled
from persian_mir.provenance import Provenance
from persian_mir_gui.core.messages import Message
from persian_mir_gui.inspector.inspector import Inspector
from persian_mir_gui.labelling.mert_card import MertCard
from persian_mir_gui.labelling.predictor_bar import PredictorBar
from persian_mir_gui.library.recordings_model import ITEM
from persian_mir_gui.library.remarks import Remarks
from persian_mir_gui.library.session import Item
from persian_mir_gui.library.sidebar import Sidebar
from persian_mir_gui.playback.transport import Transport
from persian_mir_gui.shell.jobs_bar import JobsBar
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.message_bar import MessageBar
from persian_mir_gui.widgets.theme import LIGHT
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import space_out

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
RATE = 8000


@pytest.fixture
def three(services: Services, qtbot: QtBot, tmp_path: Path) -> list[Item]:
    """Three recordings of ten seconds, the second with a Persian name."""
    paths = [tmp_path / name for name in ("Side A.wav", "سه‌گاه، درآمد.wav", "ney.wav")]
    for path in paths:
        soundfile.write(path, np.zeros(10 * RATE, np.float32), RATE)
    services.session.open_paths(paths)
    qtbot.waitUntil(lambda: [item.state for item in services.session.items] == ["ready"] * 3)
    return services.session.items


def predict(services: Services, item: Item, who: str, task: str, best: str) -> None:
    ids = label_ids(task)
    chances = np.full((2, len(ids)), 0.1 / (len(ids) - 1), np.float32)
    chances[:, ids.index(best)] = 0.9
    starts = np.array([0, 5 * RATE])
    stops = starts + 5 * RATE
    made = Provenance(who, {"m-a-p/MERT-v1-95M": "12af15f0123456789"}, time="2026-11-22T12:41:00+00:00")
    overall = pooled(chances, stops - starts)
    said = Prediction(task, ids, starts, stops, chances, overall, made)
    services.session.put_prediction(item, who, f"{task} · {who}", said)


def shown(sidebar: Sidebar) -> list[Item]:
    model = sidebar.list.model()
    return [model.index(row, 0).data(ITEM) for row in range(model.rowCount())]


@pytest.fixture
def sidebar(services: Services, qtbot: QtBot, themes: ThemeSource) -> Sidebar:
    made = Sidebar(services.session, themes)
    qtbot.addWidget(made)
    made.resize(240, 400)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_search_finds_names_however_they_are_written(services: Services, three: list[Item], sidebar: Sidebar) -> None:
    assert shown(sidebar) == three
    for text, places in (("side", [0]), ("سهگاه", [1]), ("درآمد سه‌گاه", [1]), ("x", []), ("", [0, 1, 2])):
        sidebar.search.setText(text)
        assert shown(sidebar) == [three[place] for place in places]


def test_keys_move_along_the_list_and_delete_closes(
    services: Services, three: list[Item], qtbot: QtBot, sidebar: Sidebar
) -> None:
    sidebar.list.setFocus()
    qtbot.keyClick(sidebar.list, Qt.Key.Key_Down)
    assert services.session.current is three[1]
    services.session.select(three[2])
    assert sidebar.list.currentIndex().data(ITEM) is three[2]
    qtbot.keyClick(sidebar.list, Qt.Key.Key_Delete)
    assert services.session.items == three[:2]


def test_the_context_menu_copies_retries_and_closes(
    services: Services, three: list[Item], qtbot: QtBot, sidebar: Sidebar
) -> None:
    def row(text: str, *items: Item) -> QAction:
        return next(action for action in sidebar.menu.menu_for(items).actions() if action.text() == text)

    row("Copy path", three[0]).trigger()
    assert QGuiApplication.clipboard().text() == str(three[0].path)
    with qtbot.waitSignal(sidebar.menu.retry_wanted):
        row("Label again", three[0]).trigger()
    row("Close", *three[:2]).trigger()
    assert services.session.items == three[2:]


def test_several_recordings_are_chosen_and_spoken_of(
    services: Services, three: list[Item], qtbot: QtBot, sidebar: Sidebar
) -> None:
    sidebar.list.setFocus()
    services.session.select(three[0])
    qtbot.keyClick(sidebar.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert sidebar.chosen() == three[:2]
    menu = sidebar.menu.menu_for(sidebar.chosen())
    whole = next(action.menu() for action in menu.actions() if action.text() == "These recordings are")
    dastgah = next(action.menu() for action in whole.actions() if action.text() == "Dastgah")
    nava = next(action for action in dastgah.actions() if action.text() == "Nava")
    with qtbot.waitSignal(sidebar.menu.labelled) as told:
        nava.trigger()
    assert told.args == [three[:2], "dastgah", "nava"]
    qtbot.keyClick(sidebar.list, Qt.Key.Key_Delete)
    assert services.session.items == three[2:]


def test_the_inspector_follows_recording_and_playhead(
    services: Services, three: list[Item], qtbot: QtBot, themes: ThemeSource
) -> None:
    inspector = Inspector(
        services.settings,
        services.messages,
        services.timeline,
        services.session,
        services.player,
        services.readings,
        services.gushehs,
        services.tones,
        services.review,
        themes,
    )
    qtbot.addWidget(inspector)
    services.session.select(three[1])
    assert inspector.label_text() == ""
    predict(services, three[0], "modal", "dastgah", "nava")
    assert inspector.label_text() == ""
    predict(services, three[1], "modal", "dastgah", "segah")
    predict(services, three[1], "probe:1", "instrument", "ney")
    text = inspector.label_text()
    assert "m-a-p/MERT-v1-95M @12af15f01234" in text
    assert "2026-11-22 12:41:00 UTC" in text
    assert text.count("not verified") == 2
    services.timeline.set_playhead(6 * RATE)
    assert "00:05 – 00:10" in inspector.here_text()
    services.timeline.set_playhead(10 * RATE)
    assert "00:05 – 00:10" in inspector.here_text()
    services.session.put_remarks(three[0], Remarks(("It hums.",), ()))
    assert inspector.remarks_text() == ""
    services.session.put_remarks(three[1], Remarks(("It hums.", "It is very quiet."), ()))
    assert inspector.remarks_text() == "It hums.\nIt is very quiet."
    themes.set(LIGHT)
    services.session.close_all()
    assert (inspector.here_text(), inspector.label_text(), inspector.remarks_text()) == ("", "", "")


def test_messages_wait_their_turn_and_the_same_is_said_once(qtbot: QtBot, themes: ThemeSource) -> None:
    bar = MessageBar(themes)
    qtbot.addWidget(bar)
    first = Message("error", "Cannot be read.", "Copy it again.", Path("a.wav"), "Traceback")
    for message in (first, first, Message("info", "Done.")):
        bar.post(message)
    assert bar.isVisibleTo(None)
    assert bar.shown_text() == "Cannot be read.\na.wav\nCopy it again.\nTraceback"
    bar.dismiss_button.click()
    assert bar.shown_text() == "Done."
    bar.dismiss_button.click()
    assert bar.shown_text() == ""
    assert bar.isHidden()


def test_news_go_by_themselves_and_errors_stay(qtbot: QtBot, themes: ThemeSource) -> None:
    bar = MessageBar(themes)
    qtbot.addWidget(bar)
    bar.leaving.setInterval(1)
    bar.post(Message("error", "Cannot be read."))
    bar.post(Message("info", "Done."))
    assert not bar.leaving.isActive()
    bar.dismiss_button.click()
    assert bar.shown_text() == "Done."
    qtbot.waitUntil(bar.isHidden)
    bar.post(Message("info", "Done again."))
    assert bar.leaving.isActive()
    bar.dismiss_button.click()
    assert not bar.leaving.isActive()


def test_what_offers_something_goes_before_the_messages_that_wait(qtbot: QtBot, themes: ThemeSource) -> None:
    bar = MessageBar(themes)
    qtbot.addWidget(bar)
    bar.post(Message("error", "Cannot be read."))
    bar.post(Message("info", "The language changes later.", offer="Start again"))
    assert bar.shown_text() == "The language changes later."
    assert not bar.offer.isHidden()
    bar.dismiss_button.click()
    assert bar.shown_text() == "Cannot be read."


def test_a_message_lies_above_a_part_at_the_foot_while_that_is_seen(qtbot: QtBot, themes: ThemeSource) -> None:
    around, inner = QWidget(), QWidget()
    qtbot.addWidget(around)
    around.resize(600, 400)
    foot = QLabel("Golha", inner)
    foot.setGeometry(0, 240, 600, 60)
    inner.setParent(around)
    inner.setGeometry(0, 100, 600, 300)
    bar = MessageBar(themes)
    bar.lie_over(around, foot)
    around.show()
    bar.post(Message("error", "Cannot be read."))
    qtbot.waitUntil(lambda: 200 < bar.geometry().bottom() < 340)
    foot.hide()
    qtbot.waitUntil(lambda: bar.geometry().bottom() > 380)


def test_a_message_in_a_layout_has_room_only_while_it_is_seen(qtbot: QtBot, themes: ThemeSource) -> None:
    around, bar, rest = QWidget(), MessageBar(themes), QLabel("Golha")
    qtbot.addWidget(around)
    layout = space_out(QVBoxLayout(around), spacing=0)
    layout.addWidget(rest, 1)
    layout.addLayout(bar.with_margins())
    around.resize(600, 400)
    with qtbot.waitExposed(around):
        around.show()
    assert rest.height() == 400
    bar.post(Message("error", "Cannot be read.", "Copy it again."))
    qtbot.waitUntil(lambda: 100 < rest.height() < 400 - bar.height())
    assert bar.y() > rest.height()
    bar.dismiss()
    qtbot.waitUntil(lambda: rest.height() == 400)


def test_the_card_about_mert_is_put_away_for_good(services: Services, qtbot: QtBot, themes: ThemeSource) -> None:
    card = MertCard(services.settings, services.labelling, themes)
    qtbot.addWidget(card)
    qtbot.waitUntil(lambda: services.labelling.predictors.missing_mert)
    assert not card.isHidden()
    with qtbot.waitSignal(card.models_wanted):
        card.get.click()
    with qtbot.waitSignal(card.trainer_wanted):
        card.fit.click()
    card.fit_to(500)
    assert not card.how.isChecked()
    card.dismiss_button.click()
    assert card.isHidden()
    again = MertCard(services.settings, services.labelling, themes)
    qtbot.addWidget(again)
    assert again.isHidden()


def test_chips_stand_where_tab_expects_them_and_keep_the_keyboard(
    services: Services, qtbot: QtBot, themes: ThemeSource
) -> None:
    bar = PredictorBar(services.settings, services.labelling, themes)
    qtbot.addWidget(bar)
    bar.resize(900, 40)
    bar.show()
    qtbot.waitUntil(lambda: not services.io.jobs)
    bar.refresh()
    qtbot.wait(50)
    order, widget = [], bar.nextInFocusChain()
    while widget is not bar:
        if isinstance(widget, QToolButton) and widget.isVisible():
            order.append(widget)
        widget = widget.nextInFocusChain()
    assert [one.text() for one in order] == ["Modal reading", "30 s ▾", ""]
    order[0].setFocus()
    qtbot.waitUntil(order[0].hasFocus)
    qtbot.keyClick(order[0], Qt.Key.Key_Space)
    assert not services.labelling.predictors.all[0].chosen
    held = bar.focusWidget()
    assert held is not order[0]
    assert isinstance(held, QToolButton)
    assert held.text() == "Modal reading"


def test_chips_choose_and_fold_into_one_button(services: Services, qtbot: QtBot, themes: ThemeSource) -> None:
    bar = PredictorBar(services.settings, services.labelling, themes)
    qtbot.addWidget(bar)
    bar.menu.actions()[0].trigger()
    assert not any(choice.chosen for choice in services.labelling.predictors.all)
    bar.menu.actions()[0].trigger()
    assert services.settings.get("predictors") == ["modal"]
    bar.resize(600, 40)
    bar.show()
    wide = bar.folded
    bar.resize(150, 40)
    assert (wide, bar.folded) == (False, True)


def test_transport_shows_and_sets_the_position(
    services: Services, three: list[Item], qtbot: QtBot, themes: ThemeSource
) -> None:
    transport = Transport(
        services.settings,
        services.timeline,
        services.session,
        services.player,
        services.ramp,
        themes,
        JobsBar(services.labelling, services.batch, services.runners, themes),
    )
    qtbot.addWidget(transport)
    assert services.timeline.frames == 10 * RATE
    transport.to_end.click()
    assert transport.time.text() == "00:00:10.000"
    transport.to_start.click()
    assert (services.timeline.playhead, transport.time.text()) == (0, "00:00:00.000")
    services.timeline.select(RATE, 6 * RATE)
    assert transport.selected.text() == "Selection 5.0 s"
    services.timeline.clear_selection()
    assert transport.selected.text() == ""
    transport.volume.setValue(20)
    assert services.settings.get("volume") == pytest.approx(0.2)
