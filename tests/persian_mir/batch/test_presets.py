from __future__ import annotations

import pytest

from persian_mir.app_paths import config_dir
from persian_mir.batch.presets import Preset, preset, presets, save_preset
from persian_mir.errors import PersianMirError


def test_a_preset_comes_back_as_it_was_kept() -> None:
    assert presets() == {}
    one = Preset(("/a.probe",), True, 20.0, "cpu", ("*.flac", "!بداهه*"))
    save_preset("شبانه", one)
    save_preset("quick", Preset())
    assert preset("شبانه") == one
    assert presets().keys() == {"شبانه", "quick"}
    save_preset("quick", one)
    assert preset("quick") == one


def test_what_is_no_preset_is_told() -> None:
    with pytest.raises(PersianMirError, match="no preset"):
        preset("none")
    with pytest.raises(PersianMirError, match="no name"):
        save_preset("=1+1", Preset())
    (config_dir() / "batch-presets.json").write_text('{"a": {"probes": 1}}', encoding="utf-8")
    with pytest.raises(PersianMirError):
        presets()
