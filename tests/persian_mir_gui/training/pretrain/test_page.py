"""The page of pre-training over the real service; the run itself is a real child process at a tiny size."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QScrollArea, QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot
from safetensors.torch import save_file

from persian_mir.backbones.loading import build_network
from persian_mir.models.sample_cnn import SampleCnn
from persian_mir.models.store import add_folder, find_installed
from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.pretrain.page import PretrainPage, stage_words
from persian_mir_gui.training.state.pretraining import Request, read_request
from persian_mir_gui.widgets.theme_source import ThemeSource
from trainer.pretrain.course import Course
from trainer.pretrain.recipe import PretrainOptions


@pytest.fixture
def page(qtbot: QtBot, services: Services, themes: ThemeSource) -> PretrainPage:
    made = PretrainPage(services.io, services.study.pretraining, themes)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: not services.io.jobs)
    return made


def test_it_asks_for_a_folder_and_a_name_and_then_for_the_cost(page: PretrainPage, tmp_path: Path) -> None:
    assert page.request.options == PretrainOptions()
    assert not page.go.isEnabled()
    assert not page.reckon.isEnabled()
    page.data.setText(str(tmp_path))
    assert page.reckon.isEnabled()
    assert not page.go.isEnabled()  # not before it was told what it takes
    page.name.setText("../elsewhere")
    assert not page.reckon.isEnabled()


def test_the_cost_follows_the_steps_and_is_asked_anew_for_other_clips(page: PretrainPage, tmp_path: Path) -> None:
    page.data.setText(str(tmp_path))
    service = page._service
    service.costed, service.cost = page.request, {"clip_s": 2.0, "flop": 1e11, "weights_bytes": 2e9, "clip_bytes": 1e9}
    page.fields["steps"].setValue(450)
    page.fields["batch"].setValue(384)
    assert "4 days" in page.says.text()
    assert page.go.isEnabled()
    page.fields["clip_s"].setValue(2.5)
    assert not page.go.isEnabled()


def test_a_recipe_offers_what_it_can_begin_with(
    page: PretrainPage, services: Services, qtbot: QtBot, tiny_hubert: Path, tmp_path: Path
) -> None:
    clmr = tmp_path / "clmr"
    clmr.mkdir()
    architecture = SampleCnn((16,) * 8)
    save_file(build_network(architecture, "cpu").state_dict(), clmr / "model.safetensors")
    (clmr / "config.json").write_text(json.dumps(architecture.description()))
    mert = add_folder(tiny_hubert).id
    recipe = page.fields["recipe"]

    def offered(name: str) -> list[str]:
        recipe.setCurrentIndex(recipe.findData(name))
        qtbot.waitUntil(lambda: not services.io.jobs)
        return [page.start_with.itemData(row) for row in range(page.start_with.count())]

    assert offered("clmr") == ["scratch"]
    assert (page.request.options.batch, page.request.options.rate) == (48, 3e-4)
    assert add_folder(clmr).id == "local/clmr"
    assert offered("mert") == [mert, "scratch"]
    page.start_with.setCurrentIndex(0)
    assert offered("clmr") == ["local/clmr", "scratch"]
    assert page.request.start == "local/clmr"
    assert "All weights" in page.stages.text()
    page.data.setText(str(tmp_path))
    assert page.reckon.isEnabled()
    assert not page.go.isEnabled()  # its cost is asked for, as that of the others


def test_the_cost_of_one_teacher_is_not_that_of_another(page: PretrainPage, tmp_path: Path) -> None:
    page.data.setText(str(tmp_path))
    service = page._service
    service.costed, service.cost = page.request, {"clip_s": 2.0, "flop": 1e11, "weights_bytes": 2e9, "clip_bytes": 1e9}
    page.refresh()
    assert page.go.isEnabled()
    page.fields["teacher"].setCurrentIndex(page.fields["teacher"].findData("encodec"))
    assert not page.go.isEnabled()


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_fields_stand_in_one_column_and_away_from_the_scroll_bar(
    qtbot: QtBot, qapp: QApplication, services: Services, themes: ThemeSource, direction: Qt.LayoutDirection
) -> None:
    before = qapp.layoutDirection()
    qapp.setLayoutDirection(direction)
    try:
        page = PretrainPage(services.io, services.study.pretraining, themes)
        qtbot.addWidget(page)
        page.resize(750, 600)
        page.show()
        qtbot.waitUntil(lambda: not services.io.jobs)
        bar = page.findChild(QScrollArea).verticalScrollBar()
        places = [QRect(one.mapTo(page, QPoint()), one.size()) for one in page.fields.values()]
        reach = QRect(bar.mapTo(page, QPoint()), bar.size())
        assert bar.isVisible()
        assert len({(place.left(), place.right()) for place in places}) == 1
        left = direction == Qt.LayoutDirection.LeftToRight
        assert (reach.left() - places[0].right() if left else places[0].left() - reach.right()) > 6
    finally:
        qapp.setLayoutDirection(before)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_choice_is_cut(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, services: Services, themes: ThemeSource, language: str
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    page = PretrainPage(services.io, services.study.pretraining, themes)
    qtbot.addWidget(page)
    page.resize(750, 600)
    page.show()
    qtbot.waitUntil(lambda: not services.io.jobs)
    for field in page.fields.values():
        if isinstance(field, QComboBox):
            style, option = field.style(), QStyleOptionComboBox()
            field.initStyleOption(option)
            part = QStyle.SubControl.SC_ComboBoxEditField
            room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, field).width()
            texts = [field.itemText(row) for row in range(field.count())]
            assert max(map(field.fontMetrics().horizontalAdvance, texts)) <= room, texts


def test_stages_are_told() -> None:
    options = PretrainOptions(steps=20_000)
    assert "2000 steps" in stage_words(Request("", "local/x", "a", options))
    assert "13000" in stage_words(Request("", "local/x", "a", options))
    assert "All weights" in stage_words(Request("", "scratch", "a", options))


def test_curves_stand_for_what_was_judged(page: PretrainPage) -> None:
    one = Course(10, 40, 5.0, 0.5, (3.0, 2.0), 0.25, 0.4, 1.0)
    page._service.curve = {10: one, 20: replace(one, step=20, judged_codes=(2.5, 1.5))}
    page.refresh()
    assert [curve.points for curve in page.codes.curves] == [((10, 3.0), (20, 2.5)), ((10, 2.0), (20, 1.5))]
    assert page.right.curves[0].points == ((10, 0.25), (20, 0.25))
    assert page.spectrum.curves[0].points == ((10, 0.4), (20, 0.4))


def test_a_folder_to_begin_with_is_kept_when_the_list_of_models_comes(page: PretrainPage, tmp_path: Path) -> None:
    page._show_request(Request(str(tmp_path), str(tmp_path / "start"), "tried", PretrainOptions()))
    page._offer(("local/one", "local/two"))
    assert page.request.start == str(tmp_path / "start")
    assert page.start_with.currentText() == f"\u2066{tmp_path / 'start'}\u2069"  # its first slash first in Persian, too
    page.start_with.setCurrentIndex(0)
    page._offer(("local/one", "local/two"))
    assert page.request.start == "local/one"


@pytest.mark.timeout(600)
def test_a_small_run_is_made_from_nothing_but_the_page(
    page: PretrainPage, services: Services, qtbot: QtBot, tiny_hubert: Path, tmp_path: Path
) -> None:
    for number in range(3):
        sound = np.random.default_rng(number).normal(0, 0.1, 64_000)
        soundfile.write(tmp_path / f"{number}.flac", sound, 16_000)
    options = PretrainOptions(steps=4, batch=2, together=2, clip_s=1.0, rate=1e-3, every=2, codes=8, books=2)
    service = services.study.pretraining
    page._show_request(Request(str(tmp_path), str(tiny_hubert), "tried", options))
    page.reckon.click()
    qtbot.waitUntil(lambda: not service.work.running, timeout=200_000)
    assert "This would take about" in page.says.text()
    page.go.click()
    assert page.go.text() == "Stop"
    qtbot.waitUntil(lambda: service.model is not None, timeout=300_000)
    assert page.use.isVisible()
    assert "local/tried" in page.says.text()
    assert find_installed("local/tried") is not None
    assert len(page.codes.curves) == 2
    assert read_request(str(services.settings.get("trainer_pretraining"))) == service.request


@pytest.mark.parametrize(
    "text", ["", "[]", json.dumps({"data": 1, "start": "x", "name": "y", "options": {"steps": -1}})]
)
def test_settings_that_make_no_sense_are_the_usual_ones(text: str) -> None:
    assert read_request(text) == Request()


def test_only_a_recipe_with_a_spectrum_has_its_chart(page: PretrainPage) -> None:
    recipe = page.fields["recipe"]
    shown = {}
    for name in ("mert", "hubert", "clmr"):
        recipe.setCurrentIndex(recipe.findData(name))
        shown[name] = page.charts[page.spectrum].isVisibleTo(page)
    assert shown == {"mert": True, "hubert": False, "clmr": False}
