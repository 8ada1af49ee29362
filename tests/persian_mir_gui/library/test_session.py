from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir_gui.core.messages import Message
from persian_mir_gui.library.session import Item
from persian_mir_gui.shell.services import Services

pytestmark = pytest.mark.usefixtures("fake")


def open_all(qtbot, services: Services, *paths: Path) -> list[Item]:
    services.session.open_paths(list(paths))
    qtbot.waitUntil(lambda: not services.io.jobs)
    return services.session.items


def messages(services: Services) -> list[Message]:
    seen: list[Message] = []
    services.messages.posted.connect(seen.append)
    return seen


def test_a_recording_opens_and_gets_its_waveform(qtbot, services: Services, tone: Path) -> None:
    (item,) = open_all(qtbot, services, tone)
    assert item.state == "ready"
    assert item.recording is not None
    assert (item.recording.rate, item.recording.frames) == (8000, 8000)
    assert services.session.current is item
    assert (services.timeline.rate, services.timeline.frames) == (8000, 8000)
    assert item.pyramid is not None
    assert item.pyramid.complete
    assert services.settings.get("recent") == [str(tone)]


def test_recent_are_those_that_could_be_opened(qtbot, services: Services, tone: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound at all")
    services.settings.set("recent", [str(broken), "/elsewhere.wav"])
    open_all(qtbot, services, tone.parent, broken)
    assert services.settings.get("recent") == [str(tone.parent), "/elsewhere.wav"]


def bad_files(folder: Path) -> dict[str, Path]:
    """Every sort of badness that can be made without asking for permission."""
    made = {
        name: folder / name
        for name in ("empty.wav", "text.mp3", "cut.flac", "folder.wav", "گوشه‌ی سه‌گاه.ogg", "gone.wav", "pipe.wav")
    }
    made["empty.wav"].touch()
    made["text.mp3"].write_text("no sound here")
    made["cut.flac"].write_bytes(b"fLaC" + bytes(3))
    made["گوشه‌ی سه‌گاه.ogg"].write_bytes(os.urandom(999))
    os.mkfifo(made["pipe.wav"])
    made["folder.wav"].mkdir()
    return made


def test_bad_files_stay_in_the_list_and_harm_no_other(qtbot, services: Services, tone: Path, tmp_path: Path) -> None:
    seen = messages(services)
    folder = tmp_path / "bad"
    folder.mkdir()
    bad = bad_files(folder)
    items = {item.path: item for item in open_all(qtbot, services, *bad.values(), tone)}
    assert items[tone].state == "ready"
    for name, path in bad.items():
        if name != "folder.wav":
            assert items[path].state == "failed", name
            error = items[path].error
            assert error is not None
            assert error.what, name
            assert error.path == path
    assert bad["folder.wav"] not in items  # a folder, whatever its name; there was nothing in it
    assert [message.path for message in seen if message.path] == [bad["folder.wav"]]
    assert any("6" in message.what for message in seen)


def test_folders_are_searched_and_files_open_once(qtbot, services: Services, tone: Path, tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    for name in ("1.wav", "2.wav", "notes.txt"):
        shutil.copy(tone, inner / name)
    open_all(qtbot, services, tone)
    items = open_all(qtbot, services, tmp_path / "a", inner / "1.wav", inner / ".." / "b" / "2.wav")
    assert [item.path.name for item in items] == ["tone.wav", "1.wav", "2.wav"]
    first = items[0]
    assert services.session.current is items[1]
    open_all(qtbot, services, tone)
    assert services.session.items[0] is first
    assert services.session.current is first


def test_one_bad_file_is_told_in_its_own_words(qtbot, services: Services, tmp_path: Path) -> None:
    seen = messages(services)
    (tmp_path / "x.wav").touch()
    (item,) = open_all(qtbot, services, tmp_path / "x.wav")
    assert item.error is not None
    assert [message.what for message in seen] == [item.error.what]


def test_retry(qtbot, services: Services, tone: Path, tmp_path: Path) -> None:
    path = tmp_path / "later.wav"
    (item,) = open_all(qtbot, services, path)
    assert item.state == "failed"
    shutil.copy(tone, path)
    services.session.retry(item)
    qtbot.waitUntil(lambda: item.state == "ready")
    qtbot.waitUntil(lambda: item.pyramid is not None and item.pyramid.complete)
    assert item.error is None
    assert services.timeline.frames == 8000


def test_closing_selects_a_neighbour(qtbot, services: Services, tone: Path, tmp_path: Path) -> None:
    paths = [Path(shutil.copy(tone, tmp_path / f"{k}.wav")) for k in range(3)]
    a, b, c = open_all(qtbot, services, *paths)
    session = services.session
    session.select(b)
    session.close(b)
    assert session.current is c
    session.close(c)
    assert session.current is a
    session.close(a)
    session.close(a)
    assert session.current is None
    assert session.items == []
    assert services.timeline.frames == 0


def test_a_file_closed_while_it_opens_does_not_come_back(qtbot, services: Services, tone: Path) -> None:
    services.session.added.connect(lambda items: services.session.close(*items))
    assert open_all(qtbot, services, tone) == []


def test_a_stopped_opening_can_be_taken_up_again(qtbot, services: Services, tone: Path, tmp_path: Path) -> None:
    paths = [Path(shutil.copy(tone, tmp_path / f"{k}.wav")) for k in range(40)]

    def stop(_item: Item) -> None:
        for job in services.io.jobs:
            job.cancel()

    services.session.added.connect(stop)
    items = open_all(qtbot, services, *paths)
    assert len(items) == 40
    assert {item.state for item in items} == {"failed"}
    services.session.retry(items[7])
    qtbot.waitUntil(lambda: items[7].state == "ready")


def test_strange_but_sound_recordings_open(qtbot, services: Services, tmp_path: Path) -> None:
    rates = {"tiny.wav": (3, 1, 8000), "many.wav": (500, 30, 48000), ("n" * 240) + ".wav": (9, 2, 96000)}
    for name, (frames, channels, rate) in rates.items():
        soundfile.write(tmp_path / name, np.zeros((frames, channels), np.float32), rate)
    items = open_all(qtbot, services, *(tmp_path / name for name in rates))
    assert [item.state for item in items] == ["ready"] * 3
    for item in items:
        services.session.select(item)
    qtbot.waitUntil(lambda: not services.io.jobs)


@pytest.mark.parametrize("name", ["Synthesised tar in Segah.wav", "x.wav"])
def test_synthesised_recordings_are_marked(qtbot, services: Services, tone: Path, tmp_path: Path, name: str) -> None:
    (item,) = open_all(qtbot, services, Path(shutil.copy(tone, tmp_path / name)))
    assert item.synthesised == name.startswith("Synthesised")


def test_damage_found_on_the_way_is_told(qtbot, services: Services, tmp_path: Path) -> None:
    path = tmp_path / "hole.flac"
    soundfile.write(path, np.random.default_rng(6).normal(0, 0.1, 90 * 16_000).clip(-0.9, 0.9), 16_000)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 3000] = bytes(3000)
    path.write_bytes(damaged)
    told: list[Message] = []
    services.messages.posted.connect(told.append)
    services.session.open_paths([path])
    qtbot.waitUntil(lambda: bool(told))
    assert "silence stands" in told[0].what
    (item,) = services.session.items
    assert item.problems == (told[0].what,)
    qtbot.waitUntil(lambda: item.pyramid is not None and item.pyramid.complete)


def test_the_condition_of_a_recording_is_known_once_it_is_shown(qtbot, services: Services, tmp_path: Path) -> None:
    path = tmp_path / "opposed.wav"
    sound = np.random.default_rng(6).normal(0, 0.1, 20 * 16_000).clip(-0.9, 0.9)
    soundfile.write(path, np.stack([sound, -sound], axis=1), 16_000)
    told: list[Message] = []
    services.messages.posted.connect(told.append)
    (item,) = open_all(qtbot, services, path)
    qtbot.waitUntil(lambda: bool(item.problems))
    assert ["opposed phase" in problem for problem in item.problems] == [True]
    assert not told  # nothing is wrong with the file
    services.session.select(None)
    services.session.select(item)
    qtbot.waitUntil(lambda: not services.io.jobs)
    assert len(item.problems) == 1


def test_restoring_and_many_files_leave_the_recent_folders(qtbot, services: Services, tone: Path) -> None:
    services.settings.set("recent", ["/elsewhere"])
    paths = [Path(shutil.copy(tone, tone.with_name(f"{k}.wav"))) for k in range(20)]
    services.session.open_paths(paths[:8], remember=False)
    qtbot.waitUntil(lambda: len(services.session.items) == 8 and not services.io.jobs)
    assert services.settings.get("recent") == ["/elsewhere"]
    open_all(qtbot, services, *paths)
    open_all(qtbot, services, tone.parent)
    recent = services.settings.get("recent")
    assert recent[0] == str(tone.parent)
    assert "/elsewhere" in recent


def test_items_come_and_go_together(qtbot, services: Services, tone: Path) -> None:
    paths = [Path(shutil.copy(tone, tone.with_name(f"{k}.wav"))) for k in range(30)]
    added: list[int] = []
    removed: list[int] = []
    services.session.added.connect(lambda items: added.append(len(items)))
    services.session.removed.connect(lambda items: removed.append(len(items)))
    items = open_all(qtbot, services, *paths)
    shown: list[Item | None] = []
    services.session.current_changed.connect(shown.append)
    services.session.close(*items[:10])
    assert services.session.current is items[10]
    services.session.close_all()
    assert (added, removed) == ([30], [10, 20])
    assert shown == [items[10], None]


def test_closing_all_opens_no_more(qtbot, services: Services, tone: Path) -> None:
    seen = messages(services)
    paths = [Path(shutil.copy(tone, tone.with_name(f"{k}.wav"))) for k in range(300)]
    services.session.open_paths(paths)
    with qtbot.waitSignal(services.session.changed):
        pass
    services.session.close_all()
    opened: list[object] = []
    services.session.added.connect(opened.append)
    qtbot.waitUntil(lambda: not services.io.jobs)
    assert services.session.items == []
    assert (opened, seen) == ([], [])
    assert len(open_all(qtbot, services, *paths[:3])) == 3  # they can be opened again


def test_what_is_shown_is_opened_first(qtbot, services: Services, tone: Path) -> None:
    paths = [Path(shutil.copy(tone, tone.with_name(f"{k:03}.wav"))) for k in range(300)]
    order: list[Path] = []
    services.session.changed.connect(lambda item: order.append(item.path))
    services.session.added.connect(lambda items: services.session.select(items[-1]))
    items = open_all(qtbot, services, *paths)
    assert {item.state for item in items} == {"ready"}
    assert order.index(paths[-1]) < 100
    assert len(order) == 300  # nobody was told twice


def test_the_waveform_of_what_is_no_longer_shown_is_not_waited_for(qtbot, services: Services, tone: Path) -> None:
    a, b = open_all(qtbot, services, tone, Path(shutil.copy(tone, tone.with_name("b.wav"))))
    b.pyramid = a.pyramid = None
    services.session.select(b)
    services.session.select(a)
    services.session.select(b)
    qtbot.waitUntil(lambda: b.pyramid is not None and b.pyramid.complete)
    qtbot.waitUntil(lambda: not services.io.jobs)
    assert services.session.current is b


def test_what_is_missing_of_one_file_among_many_is_told(services: Services, qtbot, tmp_path: Path) -> None:
    sound = np.random.default_rng(0).normal(0, 0.3, 10 * 8000).astype(np.float32)
    for name in ("a", "b", "c", "d"):
        soundfile.write(tmp_path / f"{name}.flac", sound, 8000)
    told: list[Message] = []
    services.messages.posted.connect(told.append)
    damage(tmp_path / "b.flac")
    services.session.open_paths([tmp_path])
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].path == tmp_path / "b.flac"
    assert "damaged" in told[0].what
    services.session.close_all()
    damage(tmp_path / "d.flac")
    services.session.open_paths([tmp_path])
    qtbot.waitUntil(lambda: len(told) > 1)
    assert told[1].what == "Something is to be known of 2 of 4 files."


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40_000])
