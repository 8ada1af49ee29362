"""Dialogs begin where the user was last."""

from __future__ import annotations

from pathlib import Path

from persian_mir_gui.core.folders import export_folder, remember_export
from persian_mir_gui.core.settings import Settings


def test_the_last_export_comes_before_what_was_opened_and_what_is_gone_is_passed_over(
    qapp: object, tmp_path: Path
) -> None:
    settings = Settings()
    opened, scores, beside = (tmp_path / name for name in ("opened", "scores", "beside"))
    for folder in (opened, scores, beside):
        folder.mkdir()
    assert export_folder(settings, None) == Path.home()
    assert export_folder(settings, beside) == beside
    settings.set("last_folder", str(opened))
    assert export_folder(settings, beside) == opened
    remember_export(settings, scores / "a.musicxml")
    assert export_folder(settings, beside) == scores
    scores.rmdir()
    assert export_folder(settings, beside) == opened
