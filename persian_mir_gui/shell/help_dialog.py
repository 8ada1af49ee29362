"""Help: every key and gesture; and who made what the program is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QGuiApplication,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from persian_mir import __version__
from persian_mir.i18n import _, language
from persian_mir.resources import guide
from persian_mir_gui.review.review_keys import review_help
from persian_mir_gui.shell.actions import Action, Row, key_text
from persian_mir_gui.timeline.keys import timeline_help
from persian_mir_gui.widgets.widget_factories import resize_within_screen, space_out

CODE = re.compile(r"(?<!`)`[^`]+`(?!`)")  # within a line; isolated, else `--option` would be turned round
# (what, licence): what the window and the engine stand on
PARTS = (
    ("Qt 6, PySide6", "LGPL-3.0"),
    ("PyQtGraph", "MIT"),
    ("NumPy, SciPy", "BSD-3-Clause"),
    ("PyTorch", "BSD-3-Clause"),
    ("Transformers, huggingface_hub, safetensors", "Apache-2.0"),
    ("swift-f0", "MIT"),
    ("libsndfile, python-soundfile", "LGPL-2.1, BSD-3-Clause"),
    ("FFmpeg, PyAV", "LGPL-2.1, BSD-3-Clause"),
    ("SoX Resampler, python-soxr", "LGPL-2.1"),
    ("PortAudio, python-sounddevice", "MIT"),
    ("Radif of Mirza Abdollah as data (IRMusic, Ardavan Khalij)", "MIT"),
)
MARGIN_PX = 18  # around a page


class TextDialog(QDialog):
    """A page to read, beside the window: it does not stop the work."""

    def __init__(self, title: str, html: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QTextBrowser(openExternalLinks=True)
        self.text.document().setDocumentMargin(MARGIN_PX)
        direction = "rtl" if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else "ltr"
        self.text.setHtml(f"<div dir='{direction}'>{html}</div>")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = space_out(QVBoxLayout(self), margins=(14, 14, 14, 14), spacing=10)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        resize_within_screen(self, 560, 640)


def keys_page(titles: Mapping[str, str], rows_of_menus: Sequence[Row]) -> str:
    """Return all keys by menu, then those of the timeline, as HTML."""
    actions = [row for row in rows_of_menus if isinstance(row, Action)]
    sections = []
    for menu, title in titles.items():
        rows = [(_keys(row.keys), row.text.replace("&", "")) for row in actions if row.menu == menu]
        sections.append(_section(title.replace("&", ""), [row for row in rows if row[0]]))
    sections.append(_section(_("On the waveform"), timeline_help()))
    sections.append(_section(_("While reviewing"), review_help()))
    beside = [("Esc", _("Close it")), ("F11", _("Full screen, and back"))]
    sections.append(_section(_("In a window beside the main one"), beside))
    return "".join(sections)


def _keys(keys: tuple[str, ...]) -> str:
    return ", ".join(key_text(key) for key in keys)


def _section(title: str, rows: list[tuple[str, str]]) -> str:
    if not rows:
        return ""
    cells = [(f"<b>\u2068{escape(keys)}\u2069</b>", escape(what)) for keys, what in rows]
    return f"<h3>{escape(title)}</h3>{_table(cells, 38)}"


def about_page() -> str:
    """Version, licence and the licences of what we stand on, as HTML."""
    rows = [(escape(what), escape(licence)) for what, licence in PARTS]
    what = _("Listens to Persian traditional music and labels it: Dastgah, instrument, artist.")
    mine = _("Free software under the GNU General Public License, version 3 or later. No warranty.")
    mert = _("MERT is fetched only when you ask for it; its weights are under CC BY-NC 4.0.")
    return (
        f"<h2>Persian MIR {escape(__version__)}</h2><p>{escape(what)}</p><p>{escape(mine)}</p>"
        f"<h3>{escape(_('Made with'))}</h3>{_table(rows, 62)}<p>{escape(mert)}</p>"
    )


def _table(rows: Sequence[tuple[str, str]], share: int) -> str:
    """Rows of HTML from where reading begins, the first column `share` per cent wide. Qt's tables do not turn."""
    rtl = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    made = []
    for row in rows:
        cells = [
            f"<td width='{wide}%' style='padding:3px 0'>{text}</td>"
            for text, wide in zip(row, (share, 100 - share), strict=True)
        ]
        made.append("".join(reversed(cells) if rtl else cells))
    lines = "".join(f"<tr>{line}</tr>" for line in made)
    return f"<table width='100%' dir='{'rtl' if rtl else 'ltr'}'>{lines}</table>"


def keys_dialog(titles: Mapping[str, str], rows: Sequence[Row], parent: QWidget) -> TextDialog:
    """Help → Keys and gestures."""
    return TextDialog(_("Keys and gestures"), keys_page(titles, rows), parent)


def guide_dialog(parent: QWidget) -> TextDialog:
    """Help → User guide."""
    dialog = TextDialog(_("User guide"), "", parent)
    dialog.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    page = guide(language())
    rtl, text = page.stem.endswith(".fa"), page.read_text(encoding="utf-8")
    dialog.text.setMarkdown(CODE.sub("\u2066\\g<0>\u2069", text) if rtl else text)
    _lay_out(dialog.text.document(), rtl=rtl)
    resize_within_screen(dialog, 760, 760)
    return dialog


def _lay_out(document: QTextDocument, *, rtl: bool) -> None:
    """Give all blocks their direction, which Markdown cannot say: code is left to right. No line is too long."""
    block = document.begin()
    while block.isValid():
        code = block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)
        form = QTextBlockFormat()
        form.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl and not code else Qt.LayoutDirection.LeftToRight)
        form.setNonBreakableLines(False)
        QTextCursor(block).mergeBlockFormat(form)
        block = block.next()


def about_dialog(parent: QWidget) -> TextDialog:
    """Help → About."""
    return TextDialog(_("About Persian MIR"), about_page(), parent)
