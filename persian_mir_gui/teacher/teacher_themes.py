"""The two themes of the teacher's screen, in the strongest contrast."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QColor

from persian_mir_gui.widgets.theme import DARK, LIGHT

# Contrast of text 21, of what stands back at least 12.
ON_BLACK = replace(
    DARK,
    name="black",
    background=QColor("#000000"),
    panel=QColor("#000000"),
    raised=QColor("#161616"),
    border=QColor("#5a5a5a"),
    text=QColor("#ffffff"),
    text_dim=QColor("#d8d8d8"),
    text_faint=QColor("#c8c8c8"),
    accent=QColor("#ffd24a"),
    accent_text=QColor("#000000"),
    playhead=QColor("#ff8a5b"),
    selection=QColor(255, 210, 74, 60),
    wave=QColor("#8f8f8f"),
    wave_rms=QColor("#ffffff"),
)
ON_WHITE = replace(
    LIGHT,
    name="white",
    background=QColor("#ffffff"),
    panel=QColor("#ffffff"),
    raised=QColor("#f4f4f4"),
    border=QColor("#8a8a8a"),
    text=QColor("#000000"),
    text_dim=QColor("#262626"),
    text_faint=QColor("#333333"),
    accent=QColor("#0040c0"),
    playhead=QColor("#c03000"),
    selection=QColor(0, 64, 192, 44),
    wave=QColor("#9a9a9a"),
    wave_rms=QColor("#000000"),
)
