"""`python -m trainer baseline`: the list, and what it refuses."""

from __future__ import annotations

import json

from trainer.__main__ import main
from trainer.baselines.built import BASELINES

NAMES = "azarnet bilgnet abdoli mousavi geravanchizadeh layegh heydarian pmg-net nava2019 supcon templates class-mean"


def test_the_list_names_all_twelve_and_all_run(capsys, no_listener):
    assert main(["baseline", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["baselines"]
    assert {row["id"] for row in rows} == set(NAMES.split())
    assert {row["id"]: row["tasks"] for row in rows} == {one.id: list(one.tasks) for one in BASELINES}
    assert all(row["built"] for row in rows)
    assert all(row["leak"] for row in rows)
    (bilgnet,) = (row for row in rows if row["id"] == "bilgnet")
    assert (bilgnet["published"], bilgnet["leaks"]) == ("92 %", True)


def test_a_recording_is_never_written_over(corpus, capsys):
    path = next(corpus.rglob("*.wav"))
    before = path.read_bytes()
    assert main(["baseline", "class-mean", "--data", str(corpus), "--task", "dastgah", "--out", str(path)]) == 2
    assert path.read_bytes() == before


def test_protocols_stand_beside_each_other(corpus, tmp_path, capsys):
    arguments = ["--data", str(corpus), "--task", "instrument", "--out", str(tmp_path / "a.baseline")]
    assert main(["baseline", "nava2019", *arguments, "--window", "2", "--protocols"]) == 0
    told = capsys.readouterr().out
    assert "random segments" in told
    assert "recordings never heard" in told
    assert "artists never heard: no figure" in told  # nobody is named in these data
    assert "Published: no figure that could be read" in told
