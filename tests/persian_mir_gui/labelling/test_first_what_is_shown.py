"""What is looked at is done first; what was begun rests meanwhile, and nothing of it is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from persian_mir_gui.labelling.labelling import AT_ONCE
from persian_mir_gui.library.session import Item
from persian_mir_gui.shell.services import Services

pytestmark = pytest.mark.usefixtures("fake")


@pytest.fixture
def items(qtbot: QtBot, services: Services, tone: Path, tmp_path: Path) -> list[Item]:
    services.session.open_paths([Path(shutil.copy(tone, tmp_path / f"{k}.wav")) for k in range(6)])
    qtbot.waitUntil(lambda: not services.io.jobs)
    return services.session.items


def idle(qtbot: QtBot, services: Services) -> None:
    qtbot.waitUntil(lambda: not services.labelling.running)


def test_what_is_shown_comes_before_those_that_wait(qtbot: QtBot, services: Services, items: list[Item], fake) -> None:
    fake.pause_s = 0.02
    begun: list[Item] = []
    ended: list[Item] = []
    services.labelling.started.connect(begun.append)
    services.labelling.finished.connect(ended.append)
    services.labelling.label(items)
    services.session.select(items[4])
    idle(qtbot, services)
    assert begun == [items[k] for k in (0, 4, 1, 2, 3, 5)]
    assert ended[0] is items[4]  # those after it are worked on together: which ends first is chance
    assert {len(item.predictions["modal", "instrument"].starts) for item in items} == {10}


def test_a_long_one_rests_and_goes_on_where_it_was(qtbot: QtBot, services: Services, items: list[Item], fake) -> None:
    fake.pause_s = 0.04
    ended: list[Item] = []
    services.labelling.finished.connect(ended.append)
    services.labelling.label(items[:3])
    with qtbot.waitSignal(services.session.predicted):
        pass
    said = len(items[0].predictions["modal", "instrument"].starts)
    fake.pause_s = 0.0
    services.session.select(items[2])
    assert [items[k].labelling for k in (0, 1, 2)] == ["queued", "queued", "running"]
    lengths: list[int] = []
    services.session.predicted.connect(
        lambda item: lengths.append(len(item.predictions["modal", "instrument"].starts)) if item is items[0] else None
    )
    idle(qtbot, services)
    assert ended[0] is items[2]  # the other two are worked on together: which ends first is chance
    assert set(ended) == set(items[:3])
    assert min(lengths) >= said  # it was not begun anew
    assert lengths[-1] == 10


def test_going_through_the_list_the_last_one_looked_at_is_done_first(
    qtbot: QtBot, services: Services, items: list[Item], fake
) -> None:
    fake.pause_s = 0.02
    ended: list[Item] = []
    services.labelling.finished.connect(ended.append)
    services.labelling.label(items)
    for item in items[1:]:  # more than can be begun at a time
        services.session.select(item)
    services.session.select(items[1])
    idle(qtbot, services)
    assert ended[0] is items[1]
    assert set(ended) == set(items)
    assert {item.labelling for item in items} == {"done"}


def test_what_rests_can_be_cancelled_or_closed(qtbot: QtBot, services: Services, items: list[Item], fake) -> None:
    fake.pause_s = 0.02
    services.labelling.label(items[:4])
    services.session.select(items[1])
    services.session.select(items[2])
    services.labelling.cancel(items[0])
    services.session.close(items[1])
    idle(qtbot, services)
    assert [item.labelling for item in items] == ["cancelled", "queued", "done", "done", "none", "none"]


def test_what_is_not_shown_is_worked_on_as_in_a_batch(
    qtbot: QtBot, services: Services, items: list[Item], fake
) -> None:
    fake.pause_s = 0.05
    services.labelling.label(items)

    def running() -> list[int]:
        return [k for k, item in enumerate(items) if item.labelling == "running"]

    assert running() == [0]  # it is shown
    with qtbot.waitSignal(services.labelling.finished):
        pass
    assert running() == list(range(1, 1 + min(AT_ONCE, 5)))
    services.session.select(items[5])
    assert running() == [5]
    with qtbot.waitSignal(services.labelling.finished):
        pass
    assert items[5].labelling == "done"
    assert running() == list(range(1, 1 + min(AT_ONCE, 4)))
    idle(qtbot, services)
    assert {len(item.predictions["modal", "instrument"].starts) for item in items} == {10}


def test_cancel_stops_all_that_was_begun(qtbot: QtBot, services: Services, items: list[Item], fake) -> None:
    fake.pause_s = 0.05
    services.labelling.label(items)
    services.session.select(items[3])
    services.labelling.cancel()
    idle(qtbot, services)
    assert {item.labelling for item in items} == {"cancelled"}
    assert services.labelling.progress == (0, 0)


def test_how_much_of_a_batch_is_done(qtbot: QtBot, services: Services, items: list[Item], fake) -> None:
    seen: list[tuple[tuple[int, int], float]] = []
    services.labelling.finished.connect(
        lambda _item: seen.append((services.labelling.progress, round(services.labelling.fraction, 3)))
    )
    services.labelling.label(items)
    idle(qtbot, services)
    assert [progress for progress, _fraction in seen] == [(k, 6) for k in range(1, 7)]
    fractions = [fraction for _progress, fraction in seen]
    assert fractions == sorted(fractions)
    for k, fraction in enumerate(fractions, 1):
        assert k / 6 - 1e-3 <= fraction <= min(1.0, (k + AT_ONCE - 1) / 6)  # what is in work counts
    assert services.labelling.progress == (0, 0)
