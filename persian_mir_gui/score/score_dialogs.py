"""Which score is opened, and where one is exported to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from persian_mir.i18n import _
from persian_mir.transcription.formats import READERS, ScoreFormat


def ask_for_score(parent: QWidget, folder: Path) -> Path | None:
    """Return the score to be opened, None for none."""
    kinds = " ".join(f"*{ending}" for ending in READERS)
    name, _kind = QFileDialog.getOpenFileName(parent, _("Open a score"), str(folder), f"{_('Scores')} ({kinds})")
    return Path(name) if name else None


def ask_for_export(parent: QWidget, suggested: Path, format_: ScoreFormat) -> Path | None:
    """Return where to write, with the format's ending where none is given; None for nowhere."""
    kind = f"{format_.words} (*{format_.extension})"
    name, _kind = QFileDialog.getSaveFileName(parent, _("Export"), f"{suggested}{format_.extension}", kind)
    return None if not name else Path(name) if Path(name).suffix else Path(f"{name}{format_.extension}")
