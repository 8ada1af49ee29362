"""The trainer's settings: what can be chosen, what cannot and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDoubleSpinBox, QPushButton, QScrollArea, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.state.backbones import BackboneChoice
from persian_mir_gui.training.state.dataset_selection import CheckResult, DataChoice
from persian_mir_gui.training.trainer_window import TrainerWindow
from persian_mir_gui.training.wording import plan_sentences
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.options import declared

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", extend=True)

ENABLED = Qt.ItemFlag.ItemIsEnabled


def choose(services: Services, result: CheckResult) -> None:
    services.training.desk.data = DataChoice(Path("/data/mini-nava"), result)
    services.training.desk.changed.emit()


OPTIONS = FitOptions(
    task="instrument", backbone="signal", window_s=2.25, hop_s=1.5, layers="all", hidden=(64, 32), lr=3e-4, batch=16,
    epochs=20, patience=0, split="grouped", class_weights="balanced", seed=7, features="both", mix="concat",
    optimizer="adamw", weight_decay=0.01, schedule="plateau", dropout=0.35, views=5, others=6,
)  # fmt: skip


def test_options_are_shown_and_read_back(trainer: TrainerWindow) -> None:
    trainer.settings.show_options(OPTIONS)
    assert trainer.settings.options() == OPTIONS
    trainer.settings.show_options(FitOptions(hidden=()))
    assert trainer.settings.options() == FitOptions(hidden=())


def test_the_form_has_every_declared_option(trainer: TrainerWindow) -> None:
    """Each is changed in turn, so that none is shown by accident."""
    page, usual = trainer.settings, FitOptions()
    page.backbone.take((BackboneChoice("signal", "S"), BackboneChoice("m", "M", 13)))
    page.backbone.setCurrentIndex(1)
    assert page.options() == replace(usual, backbone="m")
    changed = {name: getattr(OPTIONS, name) for name in declared(FitOptions)} | {"layers": "last"}
    del changed["backbone"]
    for name, value in changed.items():
        assert value != getattr(usual, name), name
        page.show_options(replace(usual, **{name: value}))
        assert page.options() == replace(usual, backbone="m", **{name: value})
    names = {widget.accessibleName() for widget in page.findChildren(QWidget)}
    assert {one.title() for one in declared(FitOptions).values()} <= names


def test_numbers_of_the_form_have_the_declared_bounds(trainer: TrainerWindow) -> None:
    for name, one in declared(FitOptions).items():
        field = trainer.settings.more.fields.get(name)
        if isinstance(field, QSpinBox | QDoubleSpinBox):
            least = one.least if one.zero is None else 0  # 0 means something else there
            assert (field.minimum(), field.maximum()) == (least, one.most)


def test_a_model_that_learnt_from_longer_stretches_offers_them(trainer: TrainerWindow, qtbot: QtBot) -> None:
    page = trainer.settings
    page.backbone.take((BackboneChoice("signal", "S"), BackboneChoice("m", "M", 13, windows=(5.0, 30.0))))
    assert page.longer.isHidden()
    page.backbone.setCurrentIndex(1)
    assert not page.longer.isHidden()
    assert "30" in page.longer.text()
    qtbot.mouseClick(page.longer, Qt.MouseButton.LeftButton)
    assert (page.options().window_s, page.options().grid.hop_s) == (30.0, 30.0)
    assert "30" in page.says.text() or page.says.text() == page._trouble()
    assert page.longer.text() == page.longer.accessibleName()
    assert "5" in page.longer.text()
    qtbot.mouseClick(page.longer, Qt.MouseButton.LeftButton)
    assert page.options().window_s == 5.0
    page.backbone.setCurrentIndex(0)
    assert page.longer.isHidden()


def test_one_layer_of_several(trainer: TrainerWindow) -> None:
    page = trainer.settings
    page.backbone.take((BackboneChoice("signal", "S"), BackboneChoice("m", "M", 13)))
    page.backbone.setCurrentIndex(1)
    page.show_options(FitOptions(layers="12"))
    assert page.options().layers == "12"
    assert page.options().backbone == "m"
    assert page.layers.one.maximum() == 12
    page.backbone.setCurrentIndex(0)
    assert page.options().layers == "all"


def test_what_is_not_installed_is_grey_and_says_why(trainer: TrainerWindow) -> None:
    combo = trainer.settings.backbone
    item = combo.model().item(combo.findData("m-a-p/MERT-v1-95M"))
    assert not item.isEnabled()
    assert item.toolTip() == "not installed"
    assert combo.model().item(combo.findData("signal")).isEnabled()


def test_splits_that_the_data_cannot_have_are_grey(
    trainer: TrainerWindow, services: Services, checked: CheckResult
) -> None:
    page = trainer.settings
    choose(services, checked)
    page.split.setCurrentIndex(page.split.findData("official"))
    choose(services, replace(checked, parts={"": 70}, artists=1))
    for split in ("official", "grouped"):
        assert not page.split.model().item(page.split.findData(split)).isEnabled()
    assert page.options().split == "auto"


def test_it_says_what_will_be_fitted(trainer: TrainerWindow, services: Services, checked: CheckResult) -> None:
    page = trainer.settings
    assert not page.start.isEnabled()
    choose(services, checked)
    page.show_options(OPTIONS)
    assert page.start.isEnabled()
    for part in ("Instrument", "64 + 32", "0.0003", "20 epochs", "never heard", "2.25 s", "modal reading"):
        assert part in page.says.text()
    assert "at most" not in page.says.text()
    assert "layer 7" in plan_sentences(replace(OPTIONS, layers="7"), "MERT", 13, "Nava")


def test_several_layers_are_named_by_their_numbers(
    trainer: TrainerWindow, services: Services, checked: CheckResult
) -> None:
    page = trainer.settings
    choose(services, checked)
    page.backbone.take((BackboneChoice("signal", "S"), BackboneChoice("m", "M", 13)))
    page.backbone.setCurrentIndex(1)
    page.show_options(FitOptions(layers="6,7", mix="concat"))
    assert page.options().layers == "6,7"
    assert page.start.isEnabled()
    assert "layers 6, 7 side by side" in page.says.text()
    for wrong in ("", "6,,7", "6,6", "13", "-1", "six"):
        page.layers.numbers.setText(wrong)
        assert not page.start.isEnabled(), wrong
        assert "0 to 12" in page.says.text()


def test_a_newcomer_sees_little_and_that_all_is_as_usual(trainer: TrainerWindow, qtbot: QtBot) -> None:
    page = trainer.settings
    page.show_options(FitOptions())
    trainer.show_page(page)
    heading = page.fold.findChild(QPushButton)
    assert not page.more.isVisible()
    assert heading.accessibleName() == "More · all as usual"
    qtbot.keyClick(heading, Qt.Key.Key_Space)
    assert page.more.isVisible()
    page.more.fields["weight_decay"].setValue(0.1)
    page.more.fields["seed"].setValue(3)
    assert heading.accessibleName() == "More · not as usual: 2"
    page.more.usual.click()
    assert page.options() == FitOptions()


def test_what_makes_no_difference_is_grey_and_says_why(
    trainer: TrainerWindow, services: Services, checked: CheckResult
) -> None:
    page = trainer.settings
    choose(services, checked)
    page.show_options(FitOptions(hidden=()))
    assert not page.more.fields["dropout"].isEnabled()
    assert "hidden" in page.more.fields["dropout"].toolTip()
    assert not page.more.fields["mix"].isEnabled()  # the backbone has one layer
    page.hidden.setValue(1)
    assert page.more.fields["dropout"].isEnabled()
    page.split.setCurrentIndex(page.split.findData("grouped"))
    page.task.setCurrentIndex(page.task.findData("artist"))
    assert page.options().split == "auto"


def test_every_choice_says_what_it_does(trainer: TrainerWindow) -> None:
    page = trainer.settings
    choices = [w for w in page.findChildren(QWidget) if isinstance(w, QComboBox | QAbstractSpinBox)]
    assert len(choices) > 15
    assert all(widget.toolTip() and widget.accessibleName() for widget in choices)


def test_numbers_have_no_more_decimals_than_they_need(trainer: TrainerWindow) -> None:
    rate = trainer.settings.more.fields["lr"]
    for value, text in ((0.001, "0.001"), (0.00001, "0.00001"), (1.0, "1"), (0.000123, "0.000123")):
        rate.setValue(value)
        assert rate.text() == text
        assert rate.value() == value
    rate.setLocale(QLocale("fa_IR"))
    rate.setValue(0.01)
    assert rate.text() == "۰٫۰۱"
    assert rate.valueFromText("۰٫۲") == 0.2


def test_nothing_scrolls_sideways_in_a_narrow_window(trainer: TrainerWindow, qtbot: QtBot) -> None:
    page = trainer.settings
    trainer.show_page(page)
    page.fold.findChild(QPushButton).click()
    long = BackboneChoice("m", "A model with a very long name", 13, "is not installed: persian-mir models fetch a/b")
    page.backbone.take((BackboneChoice("signal", "S"), long))
    trainer.resize(trainer.minimumSizeHint())
    qtbot.wait(50)
    area = page.findChild(QScrollArea)
    assert trainer.width() < 800
    assert area.horizontalScrollBar().maximum() == 0


def test_only_tasks_that_the_data_label_are_offered(
    trainer: TrainerWindow, services: Services, checked: CheckResult
) -> None:
    page = trainer.settings
    page.show_options(FitOptions(task="mode"))
    choose(services, checked)
    assert page.task.currentData() == "dastgah"  # the first that can be learnt
    model = page.task.model()
    offered = {page.task.itemData(row): bool(model.index(row, 0).flags() & ENABLED) for row in range(page.task.count())}
    assert offered == {"dastgah": True, "mode": False, "instrument": True, "artist": True}
    choose(services, replace(checked, labels={"mode": 3}))
    assert page.task.currentData() == "mode"
