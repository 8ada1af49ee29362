"""The trainer in a process of its own: real processes, and ones that misbehave."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir_gui.core.messages import Message
from persian_mir_gui.training.state.child import Child

posix = pytest.mark.skipif(os.name != "posix", reason="signals and scripts of POSIX")
LONG = ("--recordings", "2000", "--seconds", "30")  # nobody waits for its end


class Ear:
    """Everything a child says, in order."""

    def __init__(self, child: Child) -> None:
        self.heard: list[tuple[str, object]] = []
        child.event_received.connect(lambda event: self.heard.append(("told", event)))
        child.done.connect(lambda event: self.heard.append(("done", event)))
        child.stopped.connect(lambda event: self.heard.append(("stopped", event)))
        child.failed.connect(lambda message: self.heard.append(("failed", message)))

    @property
    def endings(self) -> list[tuple[str, object]]:
        return [one for one in self.heard if one[0] != "told"]


@pytest.fixture
def started(qapp: QApplication, qtbot: QtBot) -> Iterator[object]:
    """Starts children, and sees to it that none is left."""
    children: list[Child] = []

    def start(*arguments: str, program: str = sys.executable) -> tuple[Child, Ear]:
        child = Child(arguments, program=program)
        children.append(child)
        ear = Ear(child)
        child.start()
        return child, ear

    yield start
    ended = [child.close() for child in children]
    assert all(ended)


def ends(qtbot: QtBot, ear: Ear) -> tuple[str, object]:
    qtbot.waitUntil(lambda: bool(ear.endings))
    qtbot.wait(50)
    assert len(ear.endings) == 1
    return ear.endings[0]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def script(folder: Path, body: str) -> str:
    """A program that says what it likes instead of the trainer."""
    path = folder / "fake"
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_it_ends_with_done(started, qtbot: QtBot, tmp_path: Path) -> None:
    _child, ear = started("mini-nava", str(tmp_path / "mini"), "--recordings", "35", "--seconds", "0.5")
    kind, event = ends(qtbot, ear)
    assert kind == "done"
    assert event["recordings"] == 35


def test_a_refusal_is_told_in_words(started, qtbot: QtBot, tmp_path: Path) -> None:
    _child, ear = started("check", "--data", str(tmp_path / "nothing.csv"))
    kind, message = ends(qtbot, ear)
    assert kind == "failed"
    assert isinstance(message, Message)
    assert message.path == tmp_path / "nothing.csv"
    assert message.what
    assert "Traceback" not in message.what


def test_stop_is_heard(started, qtbot: QtBot, tmp_path: Path) -> None:
    child, ear = started("mini-nava", str(tmp_path / "mini"), *LONG)
    qtbot.waitUntil(lambda: bool(ear.heard))
    child.stop()
    assert ends(qtbot, ear) == ("stopped", None)


@posix
def test_one_that_does_not_listen_is_ended(started, qtbot: QtBot, tmp_path: Path) -> None:
    deaf = 'import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint(\'{"event": "a"}\', flush=True)'
    child, ear = started(program=script(tmp_path, deaf + "\ntime.sleep(60)"))
    qtbot.waitUntil(lambda: bool(ear.heard))
    child._kill.setInterval(100)
    child.end()
    assert ends(qtbot, ear) == ("stopped", None)


@posix
def test_one_that_does_not_answer_in_time_is_ended(started, qtbot: QtBot, tmp_path: Path) -> None:
    child, ear = started(program=script(tmp_path, 'print(\'{"event": "a"}\', flush=True)\ntime.sleep(60)'))
    qtbot.waitUntil(lambda: bool(ear.heard))
    child.stop(wait_ms=100)
    assert ends(qtbot, ear) == ("stopped", None)


@posix
@pytest.mark.logs
def test_killed_from_outside(started, qtbot: QtBot, tmp_path: Path) -> None:
    child, ear = started("mini-nava", str(tmp_path / "mini"), *LONG)
    qtbot.waitUntil(lambda: bool(ear.heard))
    os.kill(child.pid, signal.SIGKILL)
    kind, message = ends(qtbot, ear)
    assert kind == "failed"
    assert "from outside" in message.what
    assert message.cure


def test_a_program_that_is_not_there(started, qtbot: QtBot, tmp_path: Path) -> None:
    _child, ear = started("check", program=str(tmp_path / "nothing"))
    kind, message = ends(qtbot, ear)
    assert kind == "failed"
    assert "could not be started" in message.what


@posix
@pytest.mark.logs
def test_nonsense_does_not_hurt(started, qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    body = "sys.stdout.buffer.write(b'\\xff\\x00 nonsense\\n' + b'z' * (5 << 20) + b'\\n')\n"
    body += 'print(\'{"event": "done", "out": 1}\', end=\'\', flush=True)'  # no end of line
    _child, ear = started(program=script(tmp_path, body))
    assert ends(qtbot, ear) == ("done", {"event": "done", "out": 1})
    assert "is left out" in caplog.text


@posix
@pytest.mark.logs
@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_an_end_without_a_result_is_no_success(started, qtbot: QtBot, tmp_path: Path, code: int) -> None:
    _child, ear = started(program=script(tmp_path, f"sys.stderr.write('the last words')\nsys.exit({code})"))
    kind, message = ends(qtbot, ear)
    assert kind == "failed"
    assert message.details == "the last words"


@posix
@pytest.mark.logs
def test_killed_after_its_result_is_no_success_either(started, qtbot: QtBot, tmp_path: Path) -> None:
    body = 'print(\'{"event": "done"}\', flush=True)\nos.kill(os.getpid(), 9)'
    _child, ear = started(program=script(tmp_path, body))
    assert ends(qtbot, ear)[0] == "failed"


@posix
def test_closing_ends_it_and_says_nothing(started, qtbot: QtBot, tmp_path: Path) -> None:
    child, ear = started("mini-nava", str(tmp_path / "mini"), *LONG)
    qtbot.waitUntil(lambda: bool(ear.heard))
    pid = child.pid
    assert child.close()
    qtbot.wait(50)
    assert not ear.endings
    assert gone(pid)


@posix
def test_abandoned_it_goes_by_itself(started, qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    child = Child(["mini-nava", str(tmp_path / "mini"), *LONG])
    ear = Ear(child)
    child.start()
    qtbot.waitUntil(lambda: bool(ear.heard))
    pid = child.pid
    with qtbot.waitSignal(child.destroyed):
        child.abandon()
    assert not ear.endings
    assert gone(pid)


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="there are no priorities")
def test_the_window_comes_first(started, qtbot: QtBot, tmp_path: Path) -> None:
    child, ear = started("mini-nava", str(tmp_path / "mini"), *LONG)
    qtbot.waitUntil(lambda: bool(ear.heard))
    assert os.getpriority(os.PRIO_PROCESS, child.pid) > os.getpriority(os.PRIO_PROCESS, 0)
