from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.computing import AUTOMATIC
from persian_mir.errors import ModelError
from persian_mir.modal.predictor import ModalPredictor
from persian_mir_gui.core.messages import Message
from persian_mir_gui.labelling.label_work import Workbench
from persian_mir_gui.labelling.predictors import make_predictor, modal_choice
from persian_mir_gui.library.session import Item
from persian_mir_gui.shell.services import Services, build_services, close_services

pytestmark = pytest.mark.usefixtures("fake")


@pytest.fixture
def items(qtbot, services: Services, tone: Path, tmp_path: Path) -> list[Item]:
    paths = [Path(shutil.copy(tone, tmp_path / f"{k}.wav")) for k in range(3)]
    services.session.open_paths(paths)
    qtbot.waitUntil(lambda: not services.io.jobs)
    return services.session.items


def run(qtbot, services: Services, items: Sequence[Item]) -> None:
    services.labelling.label(items)
    qtbot.waitUntil(lambda: not services.labelling.running)


def write_scale(path: Path) -> Path:
    """Shour, up and down, half a second a note."""
    time_s = np.arange(11025) / 22050
    cents = [0, 150, 300, 500, 700, 800, 1000, 1200]
    notes = [np.sin(2 * np.pi * 220 * 2 ** (cent / 1200) * time_s) for cent in (cents + cents[::-1]) * 2]
    soundfile.write(path, 0.3 * np.concatenate(notes), 22050)
    return path


def told(services: Services) -> list[str]:
    seen: list[str] = []
    services.messages.posted.connect(lambda message: seen.append(message.what))
    return seen


def test_every_item_gets_its_labels(qtbot, services: Services, items: list[Item]) -> None:
    order: list[Item] = []
    services.labelling.started.connect(order.append)
    run(qtbot, services, items)
    assert order == items
    for item in items:
        prediction = item.predictions["modal", "instrument"]
        assert item.labelling == "done"
        assert item.recording is not None
        assert len(prediction.starts) == 10
        assert prediction.stops[-1] == item.recording.frames
        assert item.predictor_names["modal"] == "Modal reading"


def test_predictions_grow(qtbot, services: Services, items: list[Item], fake) -> None:
    fake.pause_s = 0.03
    lengths: list[int] = []
    services.session.predicted.connect(lambda item: lengths.append(len(item.predictions["modal", "instrument"].starts)))
    run(qtbot, services, items[:1])
    assert lengths == sorted(lengths)
    assert len(set(lengths)) > 3
    assert lengths[-1] == 10


def test_cancel_keeps_what_is_finished(qtbot, services: Services, items: list[Item], fake) -> None:
    fake.pause_s = 0.05
    services.labelling.label(items)
    with qtbot.waitSignal(services.session.predicted):
        pass
    services.labelling.cancel()
    kept = len(items[0].predictions["modal", "instrument"].starts)
    qtbot.waitUntil(lambda: not services.labelling.running)
    assert [item.labelling for item in items] == ["cancelled"] * 3
    assert 0 < kept < 10
    assert len(items[0].predictions["modal", "instrument"].starts) == kept
    assert items[1].predictions == {}


def test_one_item_can_be_cancelled_or_closed(qtbot, services: Services, items: list[Item], fake) -> None:
    fake.pause_s = 0.02
    services.labelling.label(items)
    services.labelling.cancel(items[1])
    services.session.close(items[0])
    qtbot.waitUntil(lambda: not services.labelling.running)
    assert items[1].labelling == "cancelled"
    assert items[2].labelling == "done"


def test_cancelled_items_can_be_labelled_again(qtbot, services: Services, items: list[Item], fake) -> None:
    fake.pause_s = 0.05
    services.labelling.label(items[:1])
    with qtbot.waitSignal(services.session.predicted):
        pass
    services.labelling.cancel()
    qtbot.waitUntil(lambda: not services.labelling.running)
    fake.pause_s = 0.0
    run(qtbot, services, items[:1])
    assert items[0].labelling == "done"
    assert len(items[0].predictions["modal", "instrument"].starts) == 10


def test_an_error_is_told_once_and_the_others_go_on(qtbot, services: Services, items: list[Item], fake) -> None:
    seen = told(services)
    fake.fault = ModelError("The model is missing.", cure="Fetch it.")
    run(qtbot, services, items)
    assert [item.labelling for item in items] == ["failed"] * 3
    assert seen == ["The model is missing."]


def test_features_that_are_not_kept_are_told_once(qtbot, services: Services, items: list[Item], fake) -> None:
    said: list[Message] = []
    services.messages.posted.connect(said.append)
    fake.remarks = ("The features cannot be kept in /cache: no space. Free some space to keep them.",)
    run(qtbot, services, items)
    run(qtbot, services, items[:1])
    assert [item.labelling for item in items] == ["done"] * 3
    assert [(one.level, one.cure) for one in said] == [("warning", *fake.remarks)]


@pytest.mark.logs
def test_a_defect_of_a_predictor_is_a_message(qtbot, services: Services, items: list[Item], fake) -> None:
    seen = told(services)
    fake.fault = RuntimeError("mat1 and mat2")
    run(qtbot, services, items[:1])
    assert items[0].labelling == "failed"
    assert len(seen) == 1
    assert "mat1" not in seen[0]


def test_a_file_that_changed_or_went_is_refused(qtbot, services: Services, items: list[Item], tone: Path) -> None:
    seen = told(services)
    items[0].path.write_bytes(tone.read_bytes()[:-2000])
    items[1].path.unlink()
    run(qtbot, services, items)
    assert [item.labelling for item in items] == ["failed", "failed", "done"]
    assert len(seen) == 2


def test_nothing_chosen_is_said(qtbot, services: Services, items: list[Item]) -> None:
    seen = told(services)
    services.labelling.predictors.choose("modal", False)
    services.labelling.label(items)
    assert len(seen) == 1
    assert not services.labelling.running


def test_the_condition_of_all_that_is_labelled_is_known(qtbot, services: Services, tmp_path: Path) -> None:
    quiet = 1e-4 * np.random.default_rng(6).normal(0, 1, 20 * 16_000)
    for name in ("shown", "not shown"):
        soundfile.write(tmp_path / f"{name}.wav", quiet, 16_000, subtype="FLOAT")
    services.session.open_paths([tmp_path])
    qtbot.waitUntil(lambda: len(services.session.items) == 2 and not services.io.jobs)
    seen = told(services)
    run(qtbot, services, services.session.items)
    assert ["very quiet" in "".join(item.problems) for item in services.session.items] == [True, True]
    assert not seen


def test_choices_are_remembered(qtbot, services: Services, qapp) -> None:
    services.labelling.predictors.choose("modal", False)
    assert [choice.chosen for choice in services.labelling.predictors.all] == [False]
    assert services.settings.get("predictors") == []


def test_the_window_of_the_modal_reading_goes_with_the_choice(qtbot, services: Services) -> None:
    with qtbot.waitSignal(services.labelling.predictors.changed):
        services.settings.set("modal_window", 45)
    (modal,) = [choice for choice in services.labelling.predictors.all if choice.id == "modal"]
    assert modal.window_s == 45.0
    made = make_predictor(modal, AUTOMATIC)
    assert isinstance(made, ModalPredictor)
    assert made.window_s == 45.0


def test_another_window_is_another_predictor() -> None:
    bench = Workbench(make_predictor)
    short, long = (replace(modal_choice(), window_s=window) for window in (10.0, 60.0))
    assert bench.predictor(short, AUTOMATIC) is not bench.predictor(long, AUTOMATIC)
    assert bench.predictor(short, AUTOMATIC) is bench.predictor(short, AUTOMATIC)


def test_bad_probes_are_refused_in_words(qtbot, services: Services, tmp_path: Path) -> None:
    seen = told(services)
    bad = tmp_path / "x.probe"
    bad.write_bytes(b"\x80\x04pickle")
    services.labelling.predictors.add_probe(bad)
    qtbot.waitUntil(lambda: len(seen) == 1)
    assert len(services.labelling.predictors.all) == 1


def test_damaged_probes_among_the_users_own_say_so(qtbot, services: Services) -> None:
    from persian_mir_gui.labelling.predictors import probes_folder

    (probes_folder() / "broken.probe").write_bytes(b"12")
    services.labelling.predictors.refresh()
    qtbot.waitUntil(lambda: len(services.labelling.predictors.all) == 2)
    choice = services.labelling.predictors.all[1]
    assert choice.problem
    assert not choice.chosen
    assert services.labelling.predictors.missing_mert


def test_the_modal_reading_itself(qtbot, tmp_path: Path) -> None:
    services = build_services()
    services.session.open_paths([write_scale(tmp_path / "scale.wav")])
    qtbot.waitUntil(lambda: bool(services.session.items) and services.session.items[0].state == "ready")
    (item,) = services.session.items
    services.labelling.label([item])
    qtbot.waitUntil(lambda: not services.labelling.running)
    assert item.labelling == "done"
    assert {task for who, task in item.predictions} == {"dastgah", "mode"}
    assert close_services(services)
