"""Files whose names are no text in any encoding, as old archives have them, go through all that the program does."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
import soundfile

from persian_mir.commands.main import main as listen
from persian_mir.examples.synthesise import synthesise
from persian_mir.models.store import InstalledModel, write_record
from trainer.__main__ import main
from trainer.data.splits import read_splits
from trainer.evaluation.evaluation_file import read_evaluation
from trainer.reports.card import card_path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
QUICK = ("--quick", "--no-views", "--others", "0", "--epochs", "2")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = Path(os.fsdecode(os.fsencode(tmp_path_factory.mktemp("corpus")) + b"/box \xff"))
    for place, instrument in enumerate(("ney", "setar")):
        (root / instrument).mkdir(parents=True)
        for take in range(4):
            path = root / instrument / os.fsdecode(b"take \xe9%d.flac" % take)
            sound = synthesise("segah", instrument, 4 * place + take, 6.0, 220.0 + take)
            with path.open("wb") as file:
                soundfile.write(file, sound.samples, sound.rate, format="FLAC")
    return root


def test_a_probe_is_fitted_judged_and_used(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    probe, told = tmp_path / "p.probe", tmp_path / "judged.json"
    data = ("--data", str(corpus), "--task", "instrument")
    assert main(["fit", *data, "--out", str(probe), "--judged", str(told), *QUICK]) == 0
    files = read_evaluation(told).files
    assert files
    assert all(file.is_file() and corpus in file.parents for file in files)
    assert main(["evaluate", "--probe", str(probe), "--data", str(corpus)]) == 0
    assert r"box \udcff" in card_path(probe).read_text(encoding="utf-8")
    capsys.readouterr()
    assert listen(["label", "--format", "json", "--probe", str(probe), str(files[0])]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (Path(found["file"]), found["error"]) == (files[0], None)


def test_a_point_of_a_map_leads_to_its_recording(corpus: Path, tmp_path: Path) -> None:
    assert main(["experiment", "visualisation", "--data", str(corpus), "--out", str(tmp_path / "out")]) == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    links = {link.partition("#")[0] for link in re.findall('href="([^"]*flac[^"]*)"', page)}
    assert len(links) == 8
    for link in links:
        assert (tmp_path / "out" / os.fsdecode(unquote_to_bytes(link))).is_file()
    assert not any(link.startswith("file:") for link in links)  # the page may move along with the recordings


def test_a_split_of_them_is_read_again(corpus: Path, tmp_path: Path) -> None:
    made = ["split", str(corpus), "--by", "recording", "--folds", "3", "--out", str(tmp_path / "s.json")]
    assert main(made) == 0
    assert main(made) == 0  # the same stands there: else it is refused
    (name,) = {Path(key).parts[-1] for key in read_splits(tmp_path / "s.json").folds[0] if "ney" in key and "0." in key}
    assert os.fsencode(name) == b"take \xe90.flac"


def test_a_corpus_is_made_and_a_model_is_known_in_such_a_folder(tmp_path: Path) -> None:
    place = tmp_path / os.fsdecode(b"nava \xff")
    assert main(["mini-nava", str(place), "--recordings", "35", "--seconds", "0.25"]) == 0
    assert list(place.rglob("*.flac"))
    write_record(InstalledModel("local/a", "1", "", place), tmp_path)
    (record,) = tmp_path.glob("*.json")
    assert Path(json.loads(record.read_text(encoding="utf-8"))["folder"]) == place
