"""A `.baseline` labels wherever a probe does: by the commands, in a batch, on a cluster; and is refused in words."""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.batch.presets import Preset
from persian_mir.batch.queue_rows import State
from persian_mir.batch.run import Batch, run_batch
from persian_mir.batch.sources import Sources
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.commands.main import main
from persian_mir.errors import ProbeError
from persian_mir.predictors import predictors, suffixes
from tests.trainer.baselines.conftest import RATE, scale, tones
from trainer.baselines import class_mean, nava2019, templates
from trainer.baselines.baseline import Baseline, Effort, Examples
from trainer.baselines.built import BASELINES
from trainer.baselines.fitted import FittedBaseline

LABELS = ("mahour", "segah")


def fitted(system: Baseline, arrays: Mapping[str, np.ndarray], labels: tuple[str, ...] = LABELS) -> FittedBaseline:
    return FittedBaseline(system, "dastgah", labels, min(system.window_s, 8.0), arrays)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Notation templates for two Dastgahs; they need no training."""
    empty = np.zeros((2, templates.MODES), np.float32)
    arrays = templates.fit(Examples(empty, np.array([0, 1]), LABELS, "dastgah"))
    fitted(templates.BASELINE, arrays).save(tmp_path / "mine.baseline")
    return tmp_path / "mine.baseline"


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """A folder of two recordings, a walk over the degrees of each Dastgah."""
    (tmp_path / "music").mkdir()
    for mode in LABELS:
        soundfile.write(tmp_path / "music" / f"{mode}.wav", tones(scale(mode, 240, 1)), RATE)
    return tmp_path / "music"


def entry_point(folder: Path, name: str, value: str) -> str:
    """A folder of installed packages, of which one declares what reads `.name` files."""
    info = folder / "site" / "other-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[persian_mir.predictors]\n{name} = {value}\n")
    return str(info.parent)


def test_the_command_labels_and_says_by_what(file, music, capsys):
    assert main(["label", "--probe", str(file), "--format", "json", str(music)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["verdicts"]["dastgah"]["label"] for one in told] == list(LABELS)
    (by,) = told[0]["predictors"]
    made = predictors(False, [file])[0].provenance()
    assert (by["id"], by["name"]) == (made.predictor, "Dastgah · Notation templates")
    assert by["models"] == made.models == {made.predictor: by["models"][by["id"]]}
    assert by["parameters"] == {
        "baseline": "templates",
        "name": "Notation templates",
        "revision": templates.BASELINE.revision,
        "window_s": 8.0,
        "sure_margin": 0.15,
    }
    assert main(["label", "--probe", str(file), "--format", "csv", str(music / "segah.wav")]) == 0
    (whole, *_segments) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (whole["label"], whole["predictor"]) == ("segah", made.predictor)


def test_the_modal_reading_a_probe_and_a_baseline_stand_side_by_side(file, music, capsys):
    assert main(["label", "--modal", "--probe", str(file), str(music / "segah.wav")]) == 0
    told = capsys.readouterr().out
    assert "Modal reading" in told
    assert "Dastgah · Notation templates" in told


def test_a_batch_writes_where_it_is_from_and_skips_what_it_said(file, music, tmp_path, capsys):
    place = ["--catalogue", str(tmp_path / "c.sqlite")]
    assert main(["batch", str(music), "--probe", str(file), *place]) == 0
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        made = catalogue.rows("SELECT who, models, parameters FROM makers")
    (who, models, parameters), expected = made[0], predictors(False, [file])[0].provenance()
    assert len(made) == 1
    assert (who, json.loads(models)) == (expected.predictor, dict(expected.models))
    assert json.loads(parameters) == dict(expected.parameters)
    (music / "segah.wav").rename(music / "renamed.wav")
    soundfile.write(music / "new.wav", tones(scale("segah", 300, 2)), RATE)
    assert main(["batch", str(music), "--probe", str(file), *place, "--json"]) == 0
    counts = json.loads(capsys.readouterr().out.splitlines()[-1])["counts"]
    assert (counts["done"], counts["skipped"]) == (1, 2)


def test_workers_of_a_cluster_label_as_this_machine_does(file, music, tmp_path):
    pytest.importorskip("distributed")
    from persian_mir.batch.roster import Cluster
    from tests.persian_mir.batch.loopback import Loopback

    place = Loopback(tmp_path / "cluster")
    try:
        place.worker()
        wanted = Preset((str(file),), modal=False)
        chosen = tuple(predictors(wanted.modal, wanted.probes, wanted.computing))
        there = Batch(tmp_path / "c.sqlite", chosen, Sources((music,)), cluster=Cluster(place.address, wanted))
        assert run_batch(there).counts == {State.DONE: 2}
    finally:
        place.close()
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        rows = catalogue.rows("SELECT m.who, r.summary FROM runs r JOIN makers m ON m.id = r.maker")
    assert {row[0] for row in rows} == {chosen[0].id}


@pytest.mark.parametrize("system", BASELINES, ids=lambda one: one.id)
def test_every_system_labels_what_is_short_silent_or_ends_in_a_tail(system, tmp_path, caplog):
    heard = [tones(scale(mode, 240, seed))[: RATE * 4] for mode in LABELS for seed in (0, 1)]
    own = [np.interp(np.arange(0, len(one), RATE / system.rate), np.arange(len(one)), one) for one in heard]
    rows = np.stack([system.describe(one.astype(np.float32)) for one in own])
    arrays = system.fit(Examples(rows, np.array([0, 0, 1, 1]), LABELS, "dastgah", Effort(epochs=1)))
    fitted(system, arrays).save(tmp_path / "a.baseline")
    (predictor,) = predictors(False, [tmp_path / "a.baseline"])
    assert predictor.provenance().parameters["baseline"] == system.id
    for name, sound in {
        "short": heard[0][: RATE // 2],
        "silent": np.zeros(RATE * 16, np.float32),
        "tail": np.concatenate([heard[3]] * 3)[: RATE * 10],
    }.items():
        soundfile.write(tmp_path / f"{name}.wav", sound, RATE)
        with open_audio(tmp_path / f"{name}.wav") as source:
            (said,) = predictor.predict(source)
        assert np.isfinite(said.probabilities).all()
        np.testing.assert_allclose(said.probabilities.sum(axis=1), 1, atol=1e-5)
        assert (said.starts[0], said.stops[-1]) == (0, len(sound))
        nothing = "Nothing sounds here that this system hears." if name == "silent" else ""
        assert said.verdict().reason == nothing


def hostile() -> dict[str, FittedBaseline]:
    """Sound files of this program, with arrays that are not what their systems learn."""
    huge = np.full((2, 240), 3e38, np.float32)
    wide = {f"layers.{k}": np.zeros(2, np.float32) for k in range(3)}
    machine = {name: np.ones((1, 1), np.float32) for name in ("mean", "vectors", "duals", "offsets", "gamma")}
    return {
        "no arrays": fitted(class_mean.BASELINE, {}),
        "of another system": fitted(class_mean.BASELINE, {"modes": np.zeros((2, 7), np.float32)}),
        "numbers that overflow": fitted(class_mean.BASELINE, {"means": huge}),
        "a net's that are none": fitted(next(one for one in BASELINES if one.id == "azarnet"), wide),
        "labels by the million": fitted(
            next(one for one in BASELINES if one.id == "pmg-net"), {"last.bias": np.zeros(1 << 22, np.float32)}
        ),
        "division by nothing": fitted(nava2019.BASELINE, machine | {"std": np.zeros((1, 1), np.float32)}),
    }


@pytest.mark.parametrize("name", hostile())
def test_a_hostile_one_is_refused_in_words(name, tmp_path, music, capsys):
    hostile()[name].save(tmp_path / "bad.baseline")
    assert main(["label", "--probe", str(tmp_path / "bad.baseline"), str(music)]) == 2
    told = capsys.readouterr().err
    assert "bad.baseline" in told
    assert "This is no fitted baseline" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("command", ["label", "batch"])
def test_a_damaged_one_ends_the_command_in_words(command, file, music, tmp_path, capsys):
    data = bytearray(file.read_bytes())
    data[-3] ^= 0x41
    file.write_bytes(data)
    place = ["--catalogue", str(tmp_path / "c.sqlite")] if command == "batch" else []
    assert main([command, "--probe", str(file), str(music), *place]) == 2
    assert "its checksum is wrong" in capsys.readouterr().err


def test_what_cannot_be_imported_is_a_message(tmp_path, music, monkeypatch, caplog, capsys):
    monkeypatch.syspath_prepend(entry_point(tmp_path, "thing", "a_package_that_is_not_there:load"))
    caplog.set_level(logging.CRITICAL)
    (tmp_path / "a.thing").write_bytes(b"x")
    assert suffixes()[-1] == ".thing"
    assert main(["label", "--probe", str(tmp_path / "a.thing"), str(music)]) == 2
    told = capsys.readouterr().err
    assert "What reads .thing files cannot be started: No module named 'a_package_that_is_not_there'." in told


def test_what_another_package_reads_is_used_by_its_suffix_and_never_in_place_of_a_probe(tmp_path, monkeypatch, file):
    monkeypatch.syspath_prepend(entry_point(tmp_path, "probe", "trainer.baselines.fitted:load_baseline"))
    other = file.rename(tmp_path / "a.probe")
    with pytest.raises(ProbeError, match="not a probe"):
        predictors(False, [other])


def test_a_file_that_nothing_reads_is_refused_in_words(file, music, tmp_path, capsys):
    other = file.rename(tmp_path / "a.unheard-of")
    assert main(["label", "--probe", str(other), str(music)]) == 2
    assert "install what reads this kind" in capsys.readouterr().err
