"""Items on the time axis: drawn, moved, split, joined, described, deleted, undone; as another program reads them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Credit, Item, Person
from persian_mir_gui.shell.services import Services
from persian_mir_gui.timeline.item_form import ItemForm
from persian_mir_gui.timeline.items_pane import ItemsPane
from persian_mir_gui.timeline.track_items import TrackItems, free_part
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.typed_words import mode_of, words

pytestmark = pytest.mark.usefixtures("fake")


@pytest.fixture
def items(qtbot: QtBot, services: Services, tone: Path) -> TrackItems:
    """Of a recording of 8000 samples."""
    services.session.open_paths([tone])
    qtbot.waitUntil(lambda: services.timeline.frames == 8000 and not services.ledger.runner.jobs)
    return services.items


def extents(items: TrackItems) -> list[tuple[int, int]]:
    return [(item.start, item.stop) for item in items.items]


def kept(services: Services) -> list[tuple[int, int]]:
    recording = services.session.current.recording  # type: ignore[union-attr]
    with Catalogue.open() as catalogue:
        return [(item.start, item.stop) for item in catalogue.items_of(recording.content_hash)]  # type: ignore[union-attr]


def draw(qtbot: QtBot, services: Services, items: TrackItems, *ranges: tuple[int, int]) -> None:
    for start, stop in ranges:
        number = len(items.items)
        services.timeline.select(start, stop)
        items.draw()
        qtbot.waitUntil(lambda number=number: len(items.items) == number + 1)


def test_a_selection_becomes_an_item_as_far_as_there_is_room(
    qtbot: QtBot, services: Services, items: TrackItems
) -> None:
    draw(qtbot, services, items, (1000, 3000), (2000, 6000))
    assert extents(items) == kept(services) == [(1000, 3000), (3000, 6000)]
    services.timeline.select(1500, 2500)
    items.draw()  # nothing is free there
    qtbot.waitUntil(lambda: not services.ledger.runner.jobs)
    assert len(items.items) == 2


def test_every_act_is_a_step(qtbot: QtBot, services: Services, items: TrackItems) -> None:
    states = [[]]

    def done(act: object) -> None:
        before = items.items
        qtbot.waitUntil(lambda: items.items != before)
        assert extents(items) == kept(services)
        states.append(list(items.items))

    services.timeline.select(1000, 3000)
    done(items.draw())
    services.timeline.select(3000, 6000)
    done(items.draw())
    done(items.move_boundary(*items.items, 2500))
    done(items.move(items.items[1], 2000, 9000))  # the neighbour and the end of the recording stand in the way
    assert extents(items) == [(1000, 2500), (2500, 8000)]
    services.timeline.set_playhead(4000)
    done(items.split())
    assert extents(items) == [(1000, 2500), (2500, 4000), (4000, 8000)]
    items.choose(items.items[1])
    done(items.describe(replace(items.items[1], modes=("segah",), note="from the tape")))
    done(items.join())
    assert extents(items) == [(1000, 2500), (2500, 8000)]
    assert items.items[1].modes == ("segah",)
    items.choose(items.items[0])
    done(items.delete())
    for state in states[-2::-1]:
        services.ledger.undo()
        qtbot.waitUntil(lambda state=state: list(items.items) == state)
    assert kept(services) == []
    for state in states[1:]:
        services.ledger.redo()
        qtbot.waitUntil(lambda state=state: extents(items) == [(one.start, one.stop) for one in state])


def test_a_boundary_is_drawn_by_hand(qtbot: QtBot, services: Services, items: TrackItems, themes: ThemeSource) -> None:
    draw(qtbot, services, items, (1000, 3000), (3000, 6000))
    pane = ItemsPane(items, services.timeline, services.player, themes)
    qtbot.addWidget(pane)
    pane.resize(900, 32)
    pane.show()
    at = lambda sample: QPoint(round(pane.time_scale.x(sample)), 16)  # noqa: E731
    qtbot.mousePress(pane.viewport(), Qt.MouseButton.LeftButton, pos=at(3000))
    qtbot.mouseMove(pane.viewport(), at(4000))
    qtbot.mouseRelease(pane.viewport(), Qt.MouseButton.LeftButton, pos=at(4000))
    qtbot.waitUntil(lambda: extents(items)[0][1] != 3000)
    (_start, first), (second, _stop) = extents(items)
    assert first == second == pytest.approx(4000, abs=pane.time_scale.samples_per_pixel)
    qtbot.mouseClick(pane.viewport(), Qt.MouseButton.LeftButton, pos=at(5000))
    assert items.chosen == items.items[1]
    assert pane.describe(items.items[1]).startswith("Item")


def test_the_form_says_what_it_was_told(qtbot: QtBot) -> None:
    taken: list[Item] = []
    given_item = Item(0, 100, modes=("segah",), credits=(Credit(Person("عبادی", dates="1906"), "leader"),), id="7")
    form = ItemForm(given_item, ("جلیل شهناز",), taken.append)
    qtbot.addWidget(form)
    assert form.described() == given_item  # what was not touched stays as it was
    form.modes.setText("سه گاه، Abu Ata")
    form.gushehs.setText("زابل , مویه")
    form.credits.add.click()
    line = form.credits.lines[-1]
    line.name.setText("جلیل شهناز")
    line.detail.setCurrentText("Tar")
    form._accept()
    assert taken == [
        replace(
            given_item,
            modes=("segah", "abuata"),
            gushehs=("زابل", "مویه"),
            credits=(*given_item.credits, Credit(Person("جلیل شهناز"), "instrumentalist", "tar")),
        )
    ]


def test_a_word_that_is_no_mode_is_named_and_nothing_is_taken(qtbot: QtBot) -> None:
    taken: list[Item] = []
    form = ItemForm(Item(0, 100), (), taken.append)
    qtbot.addWidget(form)
    form.modes.setText("Segah, Blues")
    form._accept()
    assert "Blues" in form.wrong.text()
    assert taken == []


def test_modes_are_known_in_both_scripts() -> None:
    assert [mode_of(word) for word in words("Segah، ماهور,Bayat-e Tork")] == ["segah", "mahour", "bayat-e-tork"]


@given(
    edges=st.lists(st.integers(0, 200), min_size=0, max_size=12, unique=True),
    ends=st.tuples(st.integers(0, 200), st.integers(0, 200)),
)
def test_what_is_free_meets_no_item_and_none_is_longer(edges: list[int], ends: tuple[int, int]) -> None:
    edges = sorted(edges)[: len(edges) // 2 * 2]
    items = tuple(Item(edges[k], edges[k + 1]) for k in range(0, len(edges), 2))
    start, stop = min(ends), max(ends) + 1
    low, high = free_part(items, start, stop)
    assert start <= low <= high <= stop
    assert all(item.stop <= low or item.start >= high or low == high for item in items)
    free = "".join("0" if any(one.start <= k < one.stop for one in items) else "1" for k in range(start, stop))
    assert high - low == max(map(len, free.split("0")))
