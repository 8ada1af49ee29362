from __future__ import annotations

import pytest
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from persian_mir.labels import label_ids
from persian_mir_gui.review.label_buttons import ReviewLabels
from persian_mir_gui.widgets.theme_source import ThemeSource

ARTISTS = ("حسین علی‌زاده", "Kiani & Sons")


@pytest.fixture
def labels(qtbot: QtBot, themes: ThemeSource) -> ReviewLabels:
    bar = ReviewLabels(themes)
    qtbot.addWidget(bar)
    return bar


@pytest.mark.parametrize(
    ("task", "offered", "typed", "label"),
    [
        ("instrument", ("setar", "ney"), "سه تار", "setar"),
        ("instrument", ("setar", "ney"), "ني", "ney"),
        ("artist", ARTISTS, "حسين عليزاده", ARTISTS[0]),
        ("artist", ARTISTS, " kiani & sons", ARTISTS[1]),
    ],
)
def test_a_name_is_known_in_any_writing(labels: ReviewLabels, qtbot: QtBot, task, offered, typed, label) -> None:
    labels.show_labels(task, offered, "")
    if task == "instrument":
        offered_names = {"setar": "سه‌تار", "ney": "نی"}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("persian_mir_gui.widgets.formatting.label_name", lambda _task, one: offered_names[one])
            with qtbot.waitSignal(labels.given) as given:
                type_in(labels, typed)
    else:
        with qtbot.waitSignal(labels.given) as given:
            type_in(labels, typed)
    assert given.args == [label]


def type_in(labels: ReviewLabels, text: str) -> None:
    labels.ask()
    dialog = labels.window().findChild(QInputDialog)
    dialog.setTextValue(text)
    dialog.accept()


def test_an_ampersand_in_a_name_is_seen(labels: ReviewLabels) -> None:
    labels.show_labels("artist", ARTISTS, "")
    assert labels.buttons[1].text().endswith("Kiani && Sons")


@pytest.mark.parametrize("task", ["dastgah", "mode", "instrument"])
def test_every_dastgah_mode_and_instrument_has_a_button(labels: ReviewLabels, task: str) -> None:
    """Of thirteen modes, one more than there was room for, only nine had one."""
    offered = label_ids(task)
    labels.show_labels(task, offered, "")
    assert len(labels.buttons) == len(offered)
