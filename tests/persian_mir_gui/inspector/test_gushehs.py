"""The nearest gushehs of a recording of the synthesiser, in the inspector."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from persian_mir.examples.synthesise import synthesise
from persian_mir.modal.gushehs import GushehStretch, gusheh_timeline
from persian_mir.modal.radif import load_radif
from persian_mir_gui.inspector.gushehs_table import HIGHEST_PX, MODE, MODE_PX, NEAREST, NEAREST_PX, GushehsTable
from persian_mir_gui.inspector.inspector import Inspector
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.stylesheet import stylesheet
from persian_mir_gui.widgets.theme import DARK
from persian_mir_gui.widgets.theme_source import ThemeSource

RATE = 16_000


@pytest.fixture
def inspector(qtbot: QtBot, services: Services, themes: ThemeSource, tmp_path: Path) -> Inspector:
    """Of a recording that was read, its gushehs folded away."""
    s = services
    soundfile.write(tmp_path / "a.wav", synthesise("segah", "setar", 3, 60.0, 220.0, RATE).samples, RATE)
    made = Inspector(
        s.settings, s.messages, s.timeline, s.session, s.player, s.readings, s.gushehs, s.tones, s.review, themes
    )
    qtbot.addWidget(made)
    s.session.open_paths([tmp_path / "a.wav"])
    qtbot.waitUntil(lambda: [item.state for item in s.session.items] == ["ready"])
    s.labelling.label(s.session.items)
    qtbot.waitUntil(lambda: not s.labelling.running and s.readings.known.whole is not None)
    return made


def test_they_are_sought_when_looked_at_and_each_leads_to_its_stretch(
    qtbot: QtBot, services: Services, inspector: Inspector
) -> None:
    table, fold = inspector.why.gushehs, inspector.why._folds["gushehs"]
    assert not fold.opened
    assert services.gushehs.stretches is None
    fold._button.click()
    assert "Looking" in inspector.why.gushehs_told.text()
    qtbot.waitUntil(lambda: services.gushehs.stretches is not None)
    whole = services.readings.known.whole
    assert whole is not None
    assert table.stretches == gusheh_timeline(whole)
    assert "weak guess" in inspector.why.gushehs_told.text()
    last = table.rowCount() - 1
    assert table.item(last, NEAREST).text().count("%") == len(table.stretches[last].nearest)
    table.cellClicked.emit(last, 1)
    assert services.timeline.playhead == round(table.stretches[last].start_s * services.timeline.rate)
    table.cellDoubleClicked.emit(last, 1)
    assert services.timeline.selection is not None
    assert services.timeline.selection[1] <= services.timeline.frames


def test_a_row_leads_to_its_start_and_leaves_a_loop_of_ones_own(
    qtbot: QtBot, services: Services, inspector: Inspector
) -> None:
    """As in an hour of a teacher: the playhead is in the row already, and a phrase of it is repeated."""
    s, rate = services, services.timeline.rate
    inspector.why._folds["gushehs"]._button.click()
    qtbot.waitUntil(lambda: s.gushehs.stretches is not None)
    s.timeline.selection_settled.connect(s.player.set_range)  # as the window does
    s.timeline.select(10 * rate, 12 * rate)
    s.player.set_loop(True)
    s.player.seek(11 * rate)
    table = inspector.why.gushehs
    assert table.stretches[0].start_s == 0
    table.cellClicked.emit(0, 1)
    assert (s.player.position, s.timeline.playhead) == (0, 0)
    assert s.timeline.selection == (10 * rate, 12 * rate)
    assert s.player.looping
    assert s.player.span == (10 * rate, 12 * rate)


def test_those_of_another_reading_take_their_place(qtbot: QtBot, services: Services, inspector: Inspector) -> None:
    services.gushehs.want(True)
    qtbot.waitUntil(lambda: services.gushehs.stretches is not None)
    before = services.gushehs.stretches
    services.readings.set_tonic(247.0)
    qtbot.waitUntil(lambda: services.gushehs.stretches is None)
    qtbot.waitUntil(lambda: services.gushehs.stretches is not None)
    assert services.gushehs.stretches != before
    services.session.close_all()
    assert services.gushehs.stretches is None


def test_a_row_is_as_high_as_its_names_and_many_are_scrolled(qtbot: QtBot) -> None:
    table = GushehsTable()
    qtbot.addWidget(table)
    table.resize(260, 400)
    with qtbot.waitExposed(table):
        table.show()
    first, second, third = load_radif().gushehs[:3]
    nearest = ((first, 0.5), (second, 0.3), (third, 0.1))
    table.show_stretches((GushehStretch(0.0, 30.0, nearest), GushehStretch(30.0, 60.0, ())))
    assert table.item(1, NEAREST).text() == "no mode heard"
    assert table.rowHeight(0) > table.rowHeight(1)
    assert table.viewport().height() >= table.verticalHeader().length()
    table.show_stretches(tuple(GushehStretch(30.0 * k, 30.0 * (k + 1), nearest) for k in range(40)))
    assert table.height() < HIGHEST_PX + 40
    assert table.verticalScrollBar().maximum() > 0


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_row_names_its_mode_where_there_is_room(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, language: str) -> None:
    """It stood in the tip alone."""
    monkeypatch.setenv("LANGUAGE", language)
    table = GushehsTable()
    table.setStyleSheet(stylesheet({k: v.name() for k, v in vars(DARK).items() if isinstance(v, QColor)}))
    qtbot.addWidget(table)
    gushehs = [one for one in load_radif().gushehs if one.mode == "bayat-e-esfahan"][:3]
    nearest = tuple((one, 0.3) for one in gushehs)
    with qtbot.waitExposed(table):
        table.show()
    table.show_stretches((GushehStretch(0.0, 30.0, nearest), GushehStretch(30.0, 60.0, ())))
    assert table.item(0, MODE).text() == formatting.label_name("mode", "bayat-e-esfahan")
    assert table.item(1, MODE).text() == ""
    asked = table.sizeHintForColumn(MODE)
    widths = {}
    for width in (200, 275, 480):
        table.resize(width, 300)
        qtbot.waitUntil(lambda width=width: table.viewport().width() >= width - 4)
        widths[width] = 0 if table.isColumnHidden(MODE) else table.columnWidth(MODE)
    assert widths[200] == 0
    assert MODE_PX <= widths[275] < asked  # cut, with an ellipsis, and told by the tip
    assert table.columnWidth(NEAREST) >= NEAREST_PX
    assert widths[480] == asked
    assert table.item(0, MODE).text() in table.item(0, MODE).toolTip()
