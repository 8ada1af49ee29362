"""Where a display is looked for, what is said where there is none, and in which language."""

from __future__ import annotations

import socket
import sys

import pytest

from persian_mir_gui.core.language import choose_language
from persian_mir_gui.display import has_display, label_in_terminal


def test_without_display_or_recordings_it_says_what_to_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert label_in_terminal([], examples=False, library="libxcb-cursor0") == 2
    out, err = capsys.readouterr()
    assert "libxcb-cursor0" in out
    assert "persian-mir label" in err


@pytest.mark.parametrize(
    ("environment", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":61999"}, "linux", False),
        ({"DISPLAY": "elsewhere:0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_display_is_looked_for_where_the_system_has_it(environment: dict[str, str], platform: str, there: bool) -> None:
    assert has_display(environment, platform) is there


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX") or sys.platform != "linux", reason="X servers listen so on Linux")
def test_a_display_that_answers_is_there() -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0/tmp/.X11-unix/X61998")
        server.listen()
        assert has_display({"DISPLAY": ":61998.0"}, "linux")


@pytest.mark.parametrize(
    ("setting", "environment", "chosen", "told"),
    [
        ("fa", {"LANG": "en_US.UTF-8"}, "fa", "fa"),
        ("en", {"LANGUAGE": "fa"}, "en", "en"),
        ("", {"LANG": "fa_IR.UTF-8"}, "fa", None),
        ("", {"LANGUAGE": "de:fa", "LANG": "fa_IR"}, "en", "de:fa"),
    ],
)
def test_language_is_what_the_setting_says_or_the_environment(
    setting: str, environment: dict[str, str], chosen: str, told: str | None
) -> None:
    assert choose_language(setting, environment) == chosen
    assert environment.get("LANGUAGE") == told
