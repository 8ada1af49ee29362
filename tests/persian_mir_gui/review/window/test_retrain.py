"""Correct, retrain, compare, use: what an archivist does, in one window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from persian_mir.probes import load_probe, save_probe
from persian_mir.progress import SILENT
from persian_mir_gui.review.compare_probes import Worth, look_up, worth
from persian_mir_gui.review.retrain import LOCKED
from persian_mir_gui.review.retrain_view import change_text
from persian_mir_gui.shell.main_window import MainWindow
from trainer.__main__ import parser as trainer_parser
from trainer.commands.reporter import Reporter
from trainer.fitting.fit_options import FitOptions

TASK = "instrument"


class Listener(Reporter):
    """Remembers what is done."""

    done: dict[str, object]

    def event(self, name: str, text: str, **values: object) -> None:
        if name == "done":
            self.done = values


def worth_by_command(probe: Path, data: Path) -> Worth:
    listener = Listener(False)
    args = trainer_parser().parse_args(["evaluate", "--probe", str(probe), "--data", str(data), "--device", "cpu"])
    args.run(args, listener)
    return worth(listener.done["judgement"])  # type: ignore[arg-type]


def test_the_modal_reading_is_not_retrained(window: MainWindow, qtbot: QtBot) -> None:
    assert window.services.retrain.probe_of("modal") is None


def test_corrections_retrain_the_probe_and_show_the_gain(
    window: MainWindow, qtbot: QtBot, mini_nava: Path, probe: Path
) -> None:
    """Correct, retrain, compare, use: what an archivist does, in one window."""
    review, retrain, card = window.services.review, window.services.retrain, window.review.card
    window.action("review").trigger()
    lane = review.lanes()[0]
    old = lane[0]
    for index in range(8):
        review.choose(lane, index)
        review.assign("ney" if index < 4 else "santoor")
    assert window.review.retrain.isVisible()
    window.review.retrain.click()
    qtbot.waitUntil(lambda: retrain.phase == "asking")
    assert card.isVisible()
    assert card.alone.isEnabled()
    retrain.fit_on(mini_nava)
    qtbot.waitUntil(lambda: retrain.phase in ("done", "failed"), timeout=240_000)
    assert (retrain.phase, retrain.message) == ("done", "")
    assert retrain.run is not None
    assert retrain.run.add is not None
    found = retrain.comparison
    assert found is not None
    assert found.part == "test"
    assert found.before.segments.count == found.after.segments.count > 0
    assert set(found.before.classes) == set(found.after.classes) <= set(review.labels())
    assert worth_by_command(retrain.run.probe, retrain.run.folder / LOCKED) == found.after  # judged alike
    assert worth_by_command(probe, retrain.run.folder / LOCKED) == found.before
    assert "locked test part" in card._said.text()
    assert card.use.isVisible()
    card.use.click()
    item = window.services.session.current
    qtbot.waitUntil(lambda: old not in [key[0] for key in item.predictions])
    (new,) = (key for key in item.predictions if key[1] == TASK)
    assert new[0] != old
    assert len(review.statements.marks(item, new)) == 8  # the same stretches: what was said of them still holds
    assert [one.id for one in window.services.labelling.predictors.all if one.chosen] == [new[0]]
    # the second time the data are known, for the new probe has a run
    window.services.retrain.begin(new[0])
    qtbot.waitUntil(lambda: retrain.phase == "fitting")
    assert retrain.before is not None
    assert retrain.before.data == mini_nava
    retrain.stop()
    qtbot.waitUntil(lambda: not window.services.training.running)
    qtbot.waitUntil(lambda: retrain.phase in ("done", "failed"))
    retrain.keep()
    assert not card.isVisible()


def test_a_probe_can_be_fitted_from_corrections_alone(window: MainWindow, qtbot: QtBot) -> None:
    review, retrain = window.services.review, window.services.retrain
    window.action("review").trigger()
    lane = review.lanes()[0]
    review.assign("ney")
    retrain.begin(lane[0])
    qtbot.waitUntil(lambda: retrain.phase == "asking")
    assert not window.review.card.alone.isEnabled()  # one label teaches nothing
    for index in range(8):
        review.choose(lane, index)
        review.assign("ney" if index < 4 else "santoor")
    window.review.card.refresh()
    assert window.review.card.alone.isEnabled()
    window.review.card.alone.click()
    qtbot.waitUntil(lambda: retrain.phase in ("done", "failed"), timeout=240_000)
    assert (retrain.phase, retrain.message) == ("done", "")
    assert retrain.comparison is None  # one recording: nothing is kept apart to judge by
    assert "no locked recordings" in window.review.card._said.text()
    assert retrain.run is not None
    assert retrain.run.probe.exists()


def test_a_fault_of_the_fit_is_said(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    review, retrain = window.services.review, window.services.retrain
    window.action("review").trigger()
    review.accept()
    retrain.begin(review.lanes()[0][0])
    qtbot.waitUntil(lambda: retrain.phase == "asking")
    (tmp_path / "empty").mkdir()
    retrain.fit_on(tmp_path / "empty")
    qtbot.waitUntil(lambda: retrain.phase == "failed")
    assert "no recordings" in window.review.card._said.text()
    window.review.card.close_card.click()
    assert retrain.phase == "idle"


def test_changes_are_said_in_points() -> None:
    plain = {by: change_text(by).strip("\u2066\u2069") for by in (0.04, -0.125, 0.0)}
    assert plain == {0.04: "+4", -0.125: "−12", 0.0: "±0"}


def test_a_probe_without_a_run_is_retrained_as_its_file_tells(probe: Path, tmp_path: Path) -> None:
    """Everything that was chosen is asked for again; what an old file does not tell is named."""
    known = load_probe(probe)
    chosen = FitOptions(
        hidden=(), epochs=7, lr=0.02, dropout=0.4, optimizer="adamw", weight_decay=0.1, schedule="plateau", task=TASK,
        window_s=1.0, split="recording", views=7,
    )  # fmt: skip
    told, silent = tmp_path / "told.probe", tmp_path / "silent.probe"
    save_probe(replace(known, training={"dataset": "d", "options": chosen.as_dict()}), told)
    save_probe(replace(known, training={}), silent)
    before = look_up("probe", told, SILENT)
    assert (before.plan, before.dataset, before.unknown) == (chosen, "d", ())
    assert before.plan.arguments(told, told, told) == chosen.arguments(told, told, told)
    unknown = look_up("probe", silent, SILENT).unknown
    assert {"Dropout", "Optimizer", "Weight decay", "Rate over time", "Epochs"} <= set(unknown)
    drawn = replace(chosen, split="drawn.json")
    save_probe(replace(known, training={"options": drawn.as_dict()}), told)
    before = look_up("probe", told, SILENT)
    assert (before.plan.split, before.unknown) == ("auto", ("Judged by",))
