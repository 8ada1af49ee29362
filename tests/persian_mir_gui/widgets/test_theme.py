"""Colours: readable, one accent, the Dastgah colours for nothing else."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QCompleter,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from persian_mir.labels import label_ids, vocabulary
from persian_mir.resources import RESOURCES
from persian_mir_gui import widgets
from persian_mir_gui.widgets import icons
from persian_mir_gui.widgets.stylesheet import stylesheet
from persian_mir_gui.widgets.theme import (
    DARK,
    LIGHT,
    READABLE,
    Theme,
    apply_theme,
    contrast,
    label_colour,
    mixed,
    text_on,
    theme_for,
)
from persian_mir_gui.widgets.widget_factories import scaled

BOTH = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])


@BOTH
def test_text_can_be_read_on_every_ground(theme: Theme) -> None:
    inks = (theme.text, theme.text_dim, theme.text_faint, theme.accent, theme.error, theme.warning)
    for ink, ground in itertools.product(inks, (theme.background, theme.panel, theme.raised)):
        assert contrast(ink, ground) >= READABLE
    assert contrast(theme.accent_text, theme.accent) >= READABLE


@BOTH
def test_text_on_a_label_can_be_read(theme: Theme) -> None:
    for task in ("dastgah", "mode", "instrument"):
        for label in label_ids(task):
            ground = label_colour(theme, task, label)
            assert contrast(text_on(ground), ground) >= READABLE


def lab(colour: QColor) -> np.ndarray:
    """CIE L*a*b* under D65."""
    parts = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    x, y, z = np.cbrt(xyz / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@BOTH
def test_every_mode_and_every_instrument_has_a_colour_of_its_own(theme: Theme) -> None:
    labels = [(task, label) for task in ("mode", "instrument") for label in label_ids(task)]
    colours = [lab(label_colour(theme, *one)) for one in labels]
    nearest = min(float(np.linalg.norm(one - other)) for one, other in itertools.combinations(colours, 2))
    assert nearest > 15  # CIE 1976; 2.3 is just noticeable


@BOTH
def test_an_avaz_is_a_shade_of_its_dastgah_and_a_name_is_grey(theme: Theme) -> None:
    for label in vocabulary("mode"):
        own, home = label_colour(theme, "mode", label.id), label_colour(theme, "dastgah", label.dastgah)
        assert abs(own.hslHue() - home.hslHue()) <= 40
    for k in range(40):
        assert label_colour(theme, "artist", f"artist {k}").hslSaturationF() < 0.2


def test_the_setting_names_the_theme(qapp: QApplication) -> None:
    assert (theme_for("dark"), theme_for("light")) == (DARK, LIGHT)
    assert theme_for("system") in (DARK, LIGHT)
    assert DARK.text.lightnessF() > DARK.background.lightnessF()
    assert LIGHT.text.lightnessF() < LIGHT.background.lightnessF()


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    black, white = QColor("#000000"), QColor("#ffffff")
    assert mixed(white, black, 0.0) == black
    assert mixed(white, black, 1.0) == white


def test_the_style_sheet_uses_only_colours_of_the_theme() -> None:
    colours = {name: "#123456" for name, value in vars(DARK).items() if isinstance(value, QColor)}
    assert "@" not in stylesheet(colours)
    with pytest.raises(KeyError):
        stylesheet({})


def test_every_icon_draws_something(qapp: QApplication) -> None:
    names = [path.stem for path in (RESOURCES / "icons").glob("*.svg")]
    assert len(names) > 8
    for name in names:
        image = icons.icon(name, QColor("#ff0000")).pixmap(32, 32).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(32) for y in range(32)), name
    assert re.search(r"<svg", (RESOURCES / "icons" / "play.svg").read_text(encoding="utf-8"))


@BOTH
@pytest.mark.qt_log_ignore("propagateSizeHints", "does not support", extend=True)
def test_the_chosen_row_of_an_open_combo_box_can_be_read(theme: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, theme)
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["one", "MMMMMMMM", "three"])
    box.setCurrentIndex(1)
    box.show()
    box.showPopup()
    qtbot.waitUntil(box.view().isVisible)
    image, row = box.view().viewport().grab().toImage(), box.view().visualRect(box.model().index(1, 0))
    inside = [
        image.pixelColor(x, y).name() for x in range(row.left(), row.right()) for y in range(row.top(), row.bottom())
    ]
    assert inside.count(theme.accent.name()) > len(inside) / 2
    inks = {name for name in inside if inside.count(name) > 10}
    assert max(contrast(QColor(name), theme.accent) for name in inks) > 3, (
        "thin letters are painted paler than they are"
    )
    box.hidePopup()


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
def test_what_was_written_larger_stays_so_in_other_colours(qapp: QApplication, qtbot: QtBot) -> None:
    """The quiz, live and the tuner write as large as their window allows: Qt took that back with the colours."""
    apply_theme(qapp, DARK)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    texts = QLabel("Segah"), QPushButton("Segah")
    texts[1].setProperty("role", "primary")
    for text in texts:
        column.addWidget(text)
    window.show()
    for text in texts:
        text.setFont(scaled(text.font(), 2.0))
    before = [(text.font(), text.sizeHint()) for text in texts]
    for theme in (LIGHT, DARK):
        apply_theme(qapp, theme)
        assert [(text.font(), text.sizeHint()) for text in texts] == before


@BOTH
def test_the_list_of_a_completer_has_a_ground(qapp: QApplication, theme: Theme) -> None:
    """It is a window: what is transparent there is black on a screen without a compositor."""
    apply_theme(qapp, theme)
    completer = QCompleter(["Segah", "Shour", "Nava"])
    popup = completer.popup()
    popup.resize(200, 120)
    image = popup.grab().toImage()
    assert image.pixelColor(100, 110) == theme.raised


def test_every_name_in_the_style_sheet_is_that_of_a_widget() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(widgets.__path__[0]).parent.rglob("*.py"))
    colours = {name: "#000000" for name, value in vars(DARK).items() if isinstance(value, QColor)}
    dressed = set(re.findall(r"Q\w+#(\w+)", stylesheet(colours)))
    assert {name for name in dressed if f'"{name}"' not in code} == set()
    assert "trainer" not in dressed  # five windows wore the name of one


def test_every_name_of_a_widget_is_that_of_a_rule() -> None:
    """A window whose name no rule knows has no ground: so it was with those that kept a name which had gone."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(widgets.__path__[0]).parent.rglob("*.py"))
    assert {name for name in re.findall(r'setObjectName\("(\w+)"\)', code) if f"#{name}" not in code} == set()


def test_fields_of_one_row_are_of_one_height(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, LIGHT)
    fields = (QComboBox(), QSpinBox(), QDoubleSpinBox(), QLineEdit("x"), QPushButton("x"))
    for one in fields:
        qtbot.addWidget(one)
        one.ensurePolished()
    fields[0].addItem("x")
    assert len({one.sizeHint().height() for one in fields}) == 1
