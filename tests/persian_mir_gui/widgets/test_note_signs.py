"""Koron and sori: drawn on the screen, words for those who hear it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from persian_mir.modal.names import NoteName
from persian_mir_gui.widgets.formatting import isolated
from persian_mir_gui.widgets.note_signs import (
    KORON,
    SORI,
    SignedLabel,
    SignedLine,
    draw_signed,
    sign_path,
    signed,
    signed_width,
)

BOX = QRectF(0, 0, 200, 40)


def font() -> QFont:
    made = QFont()
    made.setPixelSize(24)
    return made


def columns(text: str, flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> list[int]:
    """The columns of pixels in which something is drawn."""
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.setFont(font())
    painter.setPen(QColor("white"))
    draw_signed(painter, BOX, flags, text)
    painter.end()
    return [x for x in range(200) if any(image.pixelColor(x, y).lightness() > 100 for y in range(40))]


@pytest.mark.parametrize("sign", [KORON, SORI])
def test_a_sign_is_drawn_beside_its_letter(qtbot: QtBot, sign: str) -> None:
    letter, both = columns("Mi"), columns(f"Mi{sign}")
    assert both[: len(letter)] == letter
    assert max(both) >= max(letter) + 8
    assert max(both) <= signed_width(font(), f"Mi{sign}") + 1


@pytest.mark.parametrize("sign", [KORON, SORI])
def test_beside_a_persian_letter_it_stands_to_the_left(qtbot: QtBot, sign: str) -> None:
    right = Qt.AlignmentFlag.AlignRight
    letter, both = columns("می", right), columns(isolated(f"می{sign}"), right)
    assert max(both) == pytest.approx(max(letter), abs=1)
    assert min(both) <= min(letter) - 8


def test_the_two_signs_differ_and_grow_with_the_letters() -> None:
    assert sign_path(KORON, 20) != sign_path(SORI, 20)
    for sign in (KORON, SORI):
        small, large = sign_path(sign, 10).boundingRect(), sign_path(sign, 40).boundingRect()
        assert large.width() == pytest.approx(4 * small.width())
        assert small.height() > 10


def test_text_after_a_sign_begins_beyond_it(qtbot: QtBot) -> None:
    assert SignedLine(f"Mi{KORON} 4", font()).width > SignedLine(f"Mi{KORON}", font()).width + 8
    gaps = columns(f"Mi{SORI}|")
    assert max(gaps) > max(columns(f"Mi{SORI}"))


def test_a_label_says_in_words_what_it_draws(qtbot: QtBot) -> None:
    label = SignedLabel()
    qtbot.addWidget(label)
    note = NoteName("Mi", "koron", 4)
    label.show_text(note.text, signed(note))
    assert label.text() == "Mi koron"
    label.setFont(font())
    label.resize(label.sizeHint())
    drawn = label.grab().toImage()
    label.show_text("Mi", "Mi")
    assert label.grab().toImage() != drawn


def test_a_dash_in_place_of_a_note_stands_where_reading_begins(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SignedLabel, "layoutDirection", lambda _self: Qt.LayoutDirection.RightToLeft)
    label = SignedLabel()
    qtbot.addWidget(label)
    label.setStyleSheet("background: white; color: black")
    label.show_text("–", "–")
    label.resize(200, 40)
    image = label.grab().toImage()
    dark = [x for x in range(200) for y in range(40) if image.pixelColor(x, y).lightness() < 128]
    assert min(dark) > 150


@pytest.mark.parametrize("size", [9, 13, 26, 40])
def test_a_label_is_as_high_for_a_dash_as_for_a_note_in_any_script(qtbot: QtBot, size: int) -> None:
    """A dash was higher than a Persian note: all that stands below moved with each note that was heard."""
    label = SignedLabel()
    qtbot.addWidget(label)
    label.setFont(QFont("Sans Serif", size))
    heights = set()
    for text in ("–", "Do 4", "سی 3", "دو ۴", f"لا{KORON} ۳", f"E{KORON} 3"):
        label.show_text(text, text)
        heights.add(label.sizeHint().height())
    assert len(heights) == 1
    label.show_text("", "")
    assert label.sizeHint().height() <= heights.pop()
