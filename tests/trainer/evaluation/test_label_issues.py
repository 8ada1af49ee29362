from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from persian_mir.backbones import load_backbone
from persian_mir.examples.synthesise import synthesise
from trainer.__main__ import main
from trainer.data import DataError, read_dataset
from trainer.evaluation.label_issues import find_suspects, scored


def test_scores_by_hand():
    rows = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.7, 0.3]], np.float32)
    scores, suggested = scored(rows, np.array([0, 0, 1, 1]))
    # Thresholds are 0.8 and 0.55; a margin over the other label of 1 is a score of 0, one of -1 a score of 1.
    assert suggested.tolist() == [0, 0, 1, 0]
    assert scores == pytest.approx([0.225, 0.425, 0.075, 0.575], abs=1e-6)


def test_a_label_that_nobody_carries_is_hard_to_suggest():
    rows = np.array([[0.6, 0.1, 0.3], [0.2, 0.7, 0.1]], np.float32)
    _scores, suggested = scored(rows, np.array([0, 1]))
    assert suggested.tolist() == [0, 1]


@pytest.fixture(scope="session")
def swapped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """Eight synthesised setar and eight ney, of which one of each lies in the other folder."""
    home, moved = tmp_path_factory.mktemp("swapped"), set()
    for seed in range(16):
        played = ("setar", "ney")[seed % 2]
        label = ("ney", "setar")[seed % 2] if seed < 2 else played
        sound = synthesise("shour", played, 100 + seed, 5.0, 220.0 + 9 * seed, 16_000)
        path = home / label / f"{seed}.wav"
        path.parent.mkdir(exist_ok=True)
        soundfile.write(path, sound.samples, sound.rate)
        if label != played:
            moved.add(path.name)
    return home, moved


def test_swapped_labels_lead_the_list(swapped: tuple[Path, set[str]]):
    home, moved = swapped
    found = find_suspects(read_dataset(home), "instrument", load_backbone("signal", "cpu"))
    assert {one.path.name for one in found.ranked[:2]} == moved
    assert found.contradicted >= 2
    assert all(one.given != one.suggested for one in found.ranked[: found.contradicted])
    assert all(one.given == one.suggested for one in found.ranked[found.contradicted :])
    assert len(found.ranked) == 16
    assert [one.score for one in found.ranked] == sorted((one.score for one in found.ranked), reverse=True)
    assert found.ranked[0].start_s == 0
    assert found.ranked[0].stop_s == pytest.approx(5, abs=0.01)


def test_the_command(swapped: tuple[Path, set[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    home, moved = swapped
    out = tmp_path / "list.csv"
    assert main(["suspects", "--data", str(home), "--task", "instrument", "--out", str(out), "--json"]) == 0
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert done["event"] == "done"
    assert done["listed"] == done["contradicted"] == len(rows) < done["of"] == 16
    assert {Path(row["file"]).name for row in rows[:2]} == moved
    assert set(rows[0]) == {"file", "start_s", "stop_s", "given", "suggested", "score"}


def test_one_label_only(tmp_path: Path, corpus: Path):
    shutil.copytree(corpus / "ney", tmp_path / "one" / "ney")
    with pytest.raises(DataError, match="1 label of"):
        find_suspects(read_dataset(tmp_path / "one"), "instrument", load_backbone("signal", "cpu"))


def test_too_few_artists(corpus: Path):
    with pytest.raises(DataError, match="artist"):
        find_suspects(read_dataset(corpus), "instrument", load_backbone("signal", "cpu"), by="artist")
