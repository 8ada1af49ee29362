"""A probe that is added again: its hash is of what it answers, and what else its file tells may be newer, or older."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from persian_mir.computing import AUTOMATIC, Computing
from persian_mir.predictor import Labeller
from persian_mir.probes import Probe, save_probe
from persian_mir.probes.file import load_probe
from persian_mir.progress import SILENT
from persian_mir_gui.labelling.label_work import Workbench
from persian_mir_gui.labelling.predictors import PredictorChoice, add_probe, probes_folder, take_stock
from tests.persian_mir.probes.conftest import make

EARLY, LATE = "2026-03-01T12:00:00+00:00", "2026-03-01T10:30:00-02:00"  # half an hour later, told in another zone


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PERSIAN_MIR_HOME", str(tmp_path / "home"))


def written(path: Path, margin: float, date: str | None, **changes: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    probe: Probe = replace(make(**changes), sure_margin=margin, training={} if date is None else {"date": date})
    save_probe(probe, path)
    return path


def listed(probe_id: str) -> PredictorChoice:
    (choice,) = (one for one in take_stock(SILENT).choices if one.id == probe_id)
    return choice


def margin(choice: PredictorChoice) -> float:
    assert choice.path is not None
    return load_probe(choice.path).sure_margin


@pytest.mark.parametrize(
    ("first", "second", "wins"),
    [
        ((0.8, EARLY), (0.4, LATE), 0.4),
        ((0.4, LATE), (0.8, EARLY), 0.4),
        ((0.8, None), (0.4, EARLY), 0.4),
        ((0.4, EARLY), (0.8, None), 0.4),
        ((0.8, EARLY), (0.4, EARLY), 0.4),  # of one age: the one that was just chosen
        ((0.8, "yesterday"), (0.4, None), 0.4),
    ],
)
@pytest.mark.parametrize("name", ["setar.probe", "another.probe", "zither.probe"])
def test_the_newer_facts_win_and_nothing_is_lost(
    tmp_path: Path, first: tuple[float, str], second: tuple[float, str], wins: float, name: str
) -> None:
    old = written(tmp_path / "a" / "setar.probe", *first)
    new = written(tmp_path / "b" / name, *second)
    given = [old.read_bytes(), new.read_bytes()]
    added = add_probe(old, SILENT)
    before = listed(added)
    assert add_probe(new, SILENT) == added
    after = listed(added)
    assert margin(after) == wins
    assert after.path == before.path  # as presets have it
    kept = [one.read_bytes() for one in probes_folder().iterdir()]
    assert sorted(kept) == sorted(given if wins == second[0] else given[:1])


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    file = written(tmp_path / "a" / "setar.probe", 0.4, EARLY)
    for _time in range(2):
        add_probe(file, SILENT)
    assert [one.name for one in probes_folder().iterdir()] == ["setar.probe"]


def test_another_probe_of_that_name_stands_beside_it(tmp_path: Path) -> None:
    ids = {add_probe(written(tmp_path / f"{seed}" / "setar.probe", 0.4, EARLY, seed=seed), SILENT) for seed in (0, 1)}
    assert ids <= {one.id for one in take_stock(SILENT).choices}
    assert len(ids) == 2


def test_of_two_that_an_earlier_program_kept_the_newer_is_listed(tmp_path: Path) -> None:
    written(probes_folder() / "a.probe", 0.8, EARLY)
    written(probes_folder() / "b.probe", 0.4, LATE)
    (choice,) = (one for one in take_stock(SILENT).choices if one.path is not None)
    assert margin(choice) == 0.4
    assert add_probe(written(tmp_path / "c" / "c.probe", 0.6, LATE), SILENT) == choice.id
    assert margin(listed(choice.id)) == 0.6


def test_every_copy_that_was_there_is_kept(tmp_path: Path) -> None:
    for place, tenths in enumerate((8, 6, 4)):
        added = add_probe(written(tmp_path / str(place) / "setar.probe", tenths / 10, EARLY), SILENT)
    names = ["setar.probe", "setar.probe.earlier", "setar.probe.earlier1"]
    assert sorted(one.name for one in probes_folder().iterdir()) == names
    assert [load_probe(probes_folder() / name).sure_margin for name in names] == [0.4, 0.8, 0.6]
    assert margin(listed(added)) == 0.4


def test_what_labels_is_made_anew_from_the_newer_file(tmp_path: Path) -> None:
    made: list[PredictorChoice] = []

    def maker(choice: PredictorChoice, _computing: Computing) -> Labeller:
        made.append(choice)
        return object()  # type: ignore[return-value]

    bench = Workbench(maker)
    added = add_probe(written(tmp_path / "a" / "setar.probe", 0.8, EARLY), SILENT)
    first = bench.predictor(listed(added), AUTOMATIC)
    assert bench.predictor(listed(added), AUTOMATIC) is first
    add_probe(written(tmp_path / "b" / "setar.probe", 0.4, LATE), SILENT)
    second = bench.predictor(listed(added), AUTOMATIC)
    assert second is not first
    assert bench.made == [second]
    assert len(made) == 2
