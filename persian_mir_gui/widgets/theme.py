"""The colours, dark and light, and the colour of every label. One accent, for what can be acted on."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from persian_mir import labels
from persian_mir_gui.widgets.stylesheet import stylesheet

READABLE = 4.5  # contrast of text on its ground, WCAG 2.2, success criterion 1.4.3


@dataclass(frozen=True)
class Theme:
    """The colours of one scheme. `lane_neutral` is the ground of labels that are no Dastgah."""

    name: str
    background: QColor
    panel: QColor
    raised: QColor
    border: QColor
    text: QColor
    text_dim: QColor
    text_faint: QColor
    accent: QColor
    accent_text: QColor
    playhead: QColor
    selection: QColor
    wave: QColor
    wave_rms: QColor
    lane_neutral: QColor
    warning: QColor
    error: QColor


_COLOURS = {  # by role, of dark, light, black, white; a selection begins with its opacity
    "background": ("#16181d", "#f5f4f1", "#000000", "#ffffff"),
    "panel": ("#1d2027", "#ffffff", "#000000", "#ffffff"),
    "raised": ("#242832", "#faf9f6", "#161616", "#f4f4f4"),
    "border": ("#2d323d", "#dedcd5", "#5a5a5a", "#8a8a8a"),
    "text": ("#e8eaf0", "#1f2430", "#ffffff", "#000000"),
    "text_dim": ("#a9b1be", "#545d6b", "#d8d8d8", "#262626"),
    "text_faint": ("#88919f", "#666e7c", "#c8c8c8", "#333333"),
    "accent": ("#6cb6ff", "#1a66dc", "#ffd24a", "#0040c0"),
    "accent_text": ("#0d1420", "#ffffff", "#000000", "#ffffff"),
    "playhead": ("#ff8a5b", "#d9480f", "#ff8a5b", "#c03000"),
    "selection": ("#286cb6ff", "#221a66dc", "#3cffd24a", "#2c0040c0"),
    "wave": ("#8fa3bf", "#8a9bb5", "#8f8f8f", "#9a9a9a"),
    "wave_rms": ("#c9d6ea", "#4d6080", "#ffffff", "#000000"),
    "lane_neutral": ("#656e7b", "#a1a9b4", "#656e7b", "#a1a9b4"),
    "warning": ("#e8b64c", "#946200", "#e8b64c", "#946200"),
    "error": ("#f2706b", "#c62f2b", "#f2706b", "#c62f2b"),
}
# The last two are the teacher's, in the strongest contrast: of text 21, of what stands back at least 12.
DARK, LIGHT, ON_BLACK, ON_WHITE = (
    Theme(name, **{role: QColor(colours[place]) for role, colours in _COLOURS.items()})
    for place, name in enumerate(("dark", "light", "black", "white"))
)


def theme_for(setting: str) -> Theme:
    """The theme of the setting `dark`, `light` or `system`."""
    if setting in ("dark", "light"):
        return DARK if setting == "dark" else LIGHT
    return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def label_colour(theme: Theme, task: str, label_id: str) -> QColor:
    """The vocabulary's colour of a mode or an instrument; for every other label a shade of the neutral one.

    An avaz is a shade of its Dastgah. The shade of a name follows its spelling, so that it is the same in every lane
    and at every start.
    """
    label = labels.describe(task, label_id)
    if not label.colour and label.dastgah:
        label = labels.describe("dastgah", label.dastgah)
    return QColor(label.colour) if label.colour else _shade(theme, crc32(label_id.encode()) % 7)


def _shade(theme: Theme, place: int) -> QColor:
    """One of seven greys around the neutral lane colour, neighbours well apart: 0, +1, -1, +2, ..."""
    step = (place + 1) // 2 * (1 if place % 2 else -1)
    base = theme.lane_neutral
    lightness = min(max(base.lightnessF() + 0.055 * step, 0.0), 1.0)
    return QColor.fromHslF(base.hslHueF(), base.hslSaturationF(), lightness)


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(v) for v in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(over: QColor, under: QColor, strength: float) -> QColor:
    """`over` laid on `under` with the opacity `strength`, 0 to 1, as an opaque colour."""
    parts = ((over.redF(), under.redF()), (over.greenF(), under.greenF()), (over.blueF(), under.blueF()))
    return QColor.fromRgbF(*(strength * a + (1 - strength) * b for a, b in parts))


def text_on(ground: QColor) -> QColor:
    """Black or white, whichever is easier to read on `ground`: at least 4.58, whatever the ground."""
    return max(QColor("#000000"), QColor("#ffffff"), key=lambda ink: contrast(ink, ground))


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Colour everything that Qt draws itself."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.panel,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.raised,
        QPalette.ColorRole.AlternateBase: theme.panel,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.text_faint,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.accent_text,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Light: theme.border,
        QPalette.ColorRole.Midlight: theme.border,
        QPalette.ColorRole.Mid: theme.border,
        QPalette.ColorRole.Dark: theme.background,
        QPalette.ColorRole.Accent: theme.accent,
    }
    for role, colour in roles.items():
        palette.setColor(role, colour)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, mixed(theme.text, theme.panel, 0.4))
    app.setPalette(palette)
    fonts = [(widget, widget.font()) for widget in app.allWidgets()]
    app.setStyleSheet(stylesheet({k: v.name() for k, v in vars(theme).items() if isinstance(v, QColor)}))
    for widget, font in fonts:  # Qt 6.11 gives a widget the font back that it had when it was first shown
        if widget.font() != font:
            widget.setFont(font)
