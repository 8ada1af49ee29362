"""Whatever is done to a record of ours, reading it ends in what it says or in an error for people: nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from persian_mir.app_paths import cache_dir
from persian_mir.checked_json import RecordError, parsed, plain, record, text
from persian_mir.errors import PersianMirError
from persian_mir.models.config import read_architecture
from persian_mir.models.store import InstalledModel, installed, model_folder, write_record
from persian_mir.progress import SILENT
from persian_mir.recording import Recording
from trainer.data.audio_fingerprint import Sound, remember, remembered
from trainer.data.nava import read_tables
from trainer.data.splits import Splits, read_splits, write_splits
from trainer.evaluation.evaluate import evaluate
from trainer.evaluation.evaluation_file import EvaluatedSegments, Segment, read_evaluation, write_evaluation
from trainer.experiments.result_store import read_result, set_aside_damaged
from trainer.reports.report import write_report

HOSTILE = (
    *("null", "true", "-1", "0", "1.5", "1e308", "1e999", "-1e999", "NaN", "Infinity", "-Infinity", "9" * 400),
    *('""', '"a"', '"\\ud800"', '"\\u0000"', '"\\u001b[31m"', f'"{"x" * 100_000}"', '".."', '"2026-01-01T00:00:00"'),
    *("[]", "{}", "[null]", '{"a": null}', "[[[[]]]]", "[" * 900 + "]" * 900, "[" * 100_000 + "]" * 100_000),
)
MANY = settings(  # what fails is not made smaller, which takes minutes
    max_examples=60, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
AUDIO = Recording(Path("/a.wav"), "0" * 32, 8000, 8000, 1, "WAV", "none")


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every value in a document, by the keys that lead to it."""
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*way, key))


def mutated(data: st.DataObject, valid: str) -> bytes:
    """The document with one or two values replaced or gone, or the text with bytes changed, lost or added."""
    if data.draw(st.integers(0, 4)) == 0:
        raw = bytearray(valid.encode())
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
        return bytes(raw)
    document, planted = json.loads(valid), {}
    for number in range(data.draw(st.integers(1, 2))):
        way = data.draw(st.sampled_from(list(places(document))))
        hostile = data.draw(st.sampled_from(("", *HOSTILE)))
        if not way:
            return hostile.encode()
        holder = document
        for key in way[:-1]:
            holder = holder[key]
        if hostile:
            holder[way[-1]] = f"planted {number}"
            planted[f'"planted {number}"'] = hostile
        else:
            del holder[way[-1]]
    changed = json.dumps(document)
    for mark, hostile in planted.items():
        changed = changed.replace(mark, hostile)
    return changed.encode()


def level(labels: int) -> dict[str, Any]:
    shares = dict.fromkeys(("accuracy", "low", "high", "macro_f1", "chance", "majority", "error"), 0.5)
    bins = [{"count": 3, "probability": 0.5, "accuracy": 0.5}]
    return shares | {"count": 9, "classes": [], "confusion": [[1] * labels] * labels, "calibration": bins}


SOURCE = {"backbone": "signal", "dataset": "d", "synthetic": True}
JUDGED = {"labels": ["ney", "tar"], "segments": level(2), "recordings": level(2)}
CELL = SOURCE | {
    "experiment": "table3",
    "cell": {"task": "instrument", "key": "layer 1", "window_s": 5.0, "layer": 1, "recipe": {}},
    "precision": "float32",
    "splits": {"official": {"how": "official", "hash": "0"}, "grouped": {"how": "artist", "hash": "1"}},
    "judgements": {"official": JUDGED, "grouped": JUDGED},
    "warning": "",
}
MAP = SOURCE | {
    "experiment": "visualisation", "task": "instrument", "layer": 0, "labels": ["ney", "tar"],
    "points": [[0.0, 1.0], [2.0, 3.0]], "tsne": [[0.0, 1.0], [2.0, 3.0]], "targets": [0, 1], "shares": [0.5, 0.2],
    "of": 2, "files": ["/a.wav"], "stretches": [[0, 0.0, 5.0], [0, 5.0, 10.0]],
}  # fmt: skip
SUSPECTS = SOURCE | {
    "experiment": "suspects", "task": "instrument", "contradicted": 1, "of": 9, "agreement": 0.9, "doubtful": 0.5,
    "suspects": [["a.wav", 0.0, None, "ney", "tar", 0.9]],
}  # fmt: skip


@pytest.mark.logs
@pytest.mark.parametrize("kind", [CELL, MAP, SUSPECTS], ids=["cell", "map", "suspects"])
def test_a_result_is_put_aside_or_makes_a_report(kind: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "cells" / "x.json"
    path.parent.mkdir()
    path.write_text(json.dumps(kind), encoding="utf-8")
    assert read_result(path) == kind
    write_report(tmp_path)

    @MANY
    @given(st.data())
    def try_it(data: st.DataObject) -> None:
        path.write_bytes(mutated(data, json.dumps(kind)))
        aside = list(set_aside_damaged(tmp_path))
        assert aside in ([], [path])
        assert path.exists() == (not aside)
        write_report(tmp_path)

    try_it()


def fitted() -> EvaluatedSegments:
    rows, truths = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32), np.array([0, 1])
    official = evaluate(rows, truths, np.array([0, 1]), ("ney", "tar"))
    segments = tuple(Segment(k, 0.0, 5.0, k, tuple(map(float, row))) for k, row in enumerate(rows))
    return EvaluatedSegments(
        "instrument", ("ney", "tar"), "test", (Path("/a"), Path("/b")), segments, {"official": official}, 0.5, 0.5
    )


def architecture(path: Path) -> object:
    return read_architecture(path.parent)


def files(folder: Path, tiny: Path) -> dict[str, tuple[Path, Callable[[Path], object]]]:
    """By kind, a sound file and its reader."""
    made = {name: folder / f"{name}.json" for name in ("splits", "judged", "tables")}
    write_splits(Splits("d", "artist", "instrument", 0, ({"a.wav": "train", "b.wav": "test"},)), made["splits"])
    write_evaluation(made["judged"], fitted())
    made["tables"].write_text('{"instrument": {"0": "tar"}, "artist": {"1": "X"}}', encoding="utf-8")
    config = Path(shutil.copytree(tiny, folder / "tiny")) / "config.json"
    return {
        "splits": (made["splits"], read_splits),
        "judged": (made["judged"], read_evaluation),
        "tables": (made["tables"], read_tables),
        "config": (config, architecture),
        "preprocessor": (config.with_name("preprocessor_config.json"), architecture),
    }


@pytest.mark.parametrize("kind", ["splits", "judged", "tables", "config", "preprocessor"])
def test_a_file_is_read_or_refused_in_words(kind: str, tmp_path: Path, tiny_hubert: Path) -> None:
    path, read = files(tmp_path, tiny_hubert)[kind]
    valid = path.read_text(encoding="utf-8")
    read(path)

    @MANY
    @given(st.data())
    def try_it(data: st.DataObject) -> None:
        path.write_bytes(mutated(data, valid))
        with suppress(PersianMirError):
            read(path)

    try_it()


@pytest.mark.logs
def test_a_damaged_record_of_a_model_hides_only_itself() -> None:
    write_record(InstalledModel("local/sound", "local", "", Path("/models/sound")), model_folder("local/sound") / "x")
    place = model_folder("local/other") / "x"
    write_record(InstalledModel("local/other", "local", "", Path("/models/other")), place)
    path = place / "installed.json"
    valid = path.read_text(encoding="utf-8")

    @MANY
    @given(st.data())
    def try_it(data: st.DataObject) -> None:
        path.write_bytes(mutated(data, valid))
        assert "local/sound" in {one.id for one in installed()}

    try_it()


def test_what_was_heard_is_heard_again_where_its_record_is_damaged() -> None:
    remember(AUDIO, Sound("0" * 32, 1.0))
    assert remembered(AUDIO) == Sound("0" * 32, 1.0)
    (path,) = (cache_dir() / "heard").iterdir()
    valid = path.read_text(encoding="utf-8")

    @MANY
    @given(st.data())
    def try_it(data: st.DataObject) -> None:
        path.write_bytes(mutated(data, valid))
        found = remembered(AUDIO)
        assert found is None or (isinstance(found.digest, str) and 0 <= found.seconds < 1e16)

    try_it()


@pytest.mark.logs
def test_a_damaged_run_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PySide6")
    from persian_mir_gui.training.state.runs import RECORD, EpochRow, Result, Score, load_runs, new_run, save_run
    from trainer.fitting.fit_options import FitOptions

    kept, run = (new_run(Path("/data"), "d", FitOptions()) for _each in range(2))
    score = Score(0.9, 0.8, 0.95, 40)
    notes = {"remarks": ["a"], "skipped": 1, "split": {"how": "artist", "hash": "0"}}
    epochs = (EpochRow(1, 2.0, None, None, 1e-3), EpochRow(2, 1.0, 1.5, 0.5, 1e-3))
    result = Result("test", {"official": score}, {"official": score}, 0.1, 0.2, "")
    run = replace(run, state="done", epochs=epochs, result=result, notes=notes, add=Path("/more.csv"))
    save_run(run)
    assert {one.folder for one in load_runs(SILENT)} == {kept.folder, run.folder}
    path = run.folder / RECORD
    valid = path.read_text(encoding="utf-8")

    @MANY
    @given(st.data())
    def try_it(data: st.DataObject) -> None:
        path.write_bytes(mutated(data, valid))
        found = {one.folder: one for one in load_runs(SILENT)}
        assert kept.folder in found
        assert path.exists() == (run.folder in found)  # else it is put aside
        for one in found.values():
            assert one.arguments
            json.dumps(asdict(one), default=str, allow_nan=False)

    try_it()


EVENTS = (
    {"event": "progress", "fraction": 0.5, "note": "a", "seconds_left": 3.0},
    {"event": "skipped", "file": "/a.wav", "reason": "b"},
    {"event": "remark", "note": "a"},
    {"event": "started", "labels": ["a", "b"], "recordings": 3, "segments": 4, "split": {"how": "a", "hash": "b"}},
    {
        "event": "epoch", "number": 1, "of": 9, "loss": 1.0, "dev_loss": None, "dev_accuracy": 0.5, "lr": 0.1,
        "seconds_left": 3.0,
    },
    {
        "event": "step", "step": 2, "of": 9, "codes": 1.0, "constant_q": 0.5, "judged_codes": [2.0, 1.0],
        "judged_right": 0.5, "judged_constant_q": 0.1, "clips_s": 3.0,
    },
    {"event": "stopped", "out": "/new"},
    {
        "event": "done", "dataset": "d", "synthetic": True, "recordings": 3, "artists": 2, "hours": {"tar": {"?": 1.0}},
        "parts": {"": 3}, "alone": {"mode": 1}, "labels": {"mode": 2},
        "findings": [{"kind": "corrupt", "text": "t", "recordings": ["a"], "leave_out": []}],
    },
)  # fmt: skip


@pytest.mark.logs
@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one["event"])
def test_an_event_is_taken_or_left_out(event: dict[str, Any]) -> None:
    pytest.importorskip("PySide6")
    from persian_mir_gui.training.state.dataset_selection import check_result
    from persian_mir_gui.training.state.events import EventReader
    from persian_mir_gui.training.state.fit_progress import Course
    from persian_mir_gui.training.state.runs import new_run
    from trainer.fitting.fit_options import FitOptions
    from trainer.pretrain.course import course_of

    run = new_run(Path("/data"), "d", FitOptions())
    assert list(EventReader().feed(json.dumps(event).encode() + b"\n")) == [event]

    @MANY
    @given(st.data())
    def try_it(data: st.DataObject) -> None:
        for told in EventReader().feed(mutated(data, json.dumps(event)).replace(b"\n", b" ") + b"\n"):
            Course().take(told, run)
            if told["event"] == "step":
                assert course_of(told).step > 0
            if event["event"] == "done":
                try:
                    check_result(told)
                except RecordError:
                    continue

    try_it()


def test_settings_that_make_no_sense_are_the_usual_ones() -> None:
    pytest.importorskip("PySide6")
    from persian_mir_gui.core.settings import SETTINGS, Settings

    stored = Settings()

    @MANY
    @given(st.sampled_from(SETTINGS), st.sampled_from(HOSTILE))
    def try_it(setting: Any, hostile: str) -> None:
        stored._file.setValue(setting.key, hostile)
        assert setting.accepts(stored.get(setting.key))

    try_it()


@pytest.mark.logs
def test_a_kept_check_is_made_again_where_its_record_is_damaged(tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    from persian_mir_gui.training.state.dataset_selection import check_result
    from persian_mir_gui.training.state.kept_check import keep_check, kept_check

    keep_check(tmp_path, EVENTS[-1])
    assert kept_check(tmp_path) is not None
    (path,) = (cache_dir() / "checks").iterdir()
    valid = path.read_text(encoding="utf-8")

    @MANY
    @given(st.data())
    def try_it(data: st.DataObject) -> None:
        path.write_bytes(mutated(data, valid))
        found = kept_check(tmp_path)
        if found is not None:
            check_result(found[0])

    try_it()


@pytest.mark.parametrize(
    "wrong", ["[" * 40 + "]" * 40, "1e999", "NaN", '{"a": Infinity}', "{", "9" * 5000, '"\xff', "[" * 100_000]
)
def test_what_no_rule_describes_is_not_too_deep_and_holds_numbers(wrong: str) -> None:
    with pytest.raises(RecordError):
        parsed(wrong.encode("latin-1"), plain)


def test_a_record_says_where_it_is_wrong() -> None:
    with pytest.raises(RecordError, match=r"a\.b"):
        parsed('{"a": {"b": 3}}', record(a=record(b=text())))
    with pytest.raises(RecordError, match="larger than"):
        parsed('"' + "x" * 3_000_000 + '"', text(), 1 << 21)
