"""What is said where Qt is not installed; run in CI where it truly is not, here with its import forbidden."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.optional_import
FORBIDDEN = "import sys; sys.modules['PySide6'] = None; from persian_mir_gui.__main__ import main; sys.exit(main([]))"


def test_the_window_says_what_is_missing_and_how_to_get_it() -> None:
    done = subprocess.run([sys.executable, "-c", FORBIDDEN], capture_output=True, text=True)
    assert done.returncode == 2
    assert "PySide6" in done.stderr
    assert "pip install 'persian-mir[gui]'" in done.stderr
    assert "persian-mir label" in done.stderr
