"""One memory-mapped file for the features of a corpus: whole or made anew, and the same as in memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from persian_mir.backbones import SIGNAL, load_backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.grid import Grid
from persian_mir.probes import load_probe
from persian_mir.progress import SILENT, Progress
from trainer.data import read_dataset
from trainer.features.extraction import FeatureExtractor
from trainer.features.gather import gather
from trainer.features.segments import AT_ONCE, Features, Remark
from trainer.features.store import FeatureStore

LABELS = ("ney", "setar")
PARTS = [np.full((k + 1, 2, 3), k, np.float32) for k in range(4)]
SHAPE = (10, 2, 3)


class Told(Progress):
    def __init__(self) -> None:
        self.remarks: list[str] = []

    def publish(self, value: object) -> None:
        if isinstance(value, Remark):
            self.remarks.append(value.text)


@pytest.fixture
def store(tmp_path: Path) -> FeatureStore:
    return FeatureStore(tmp_path / "joined", 1 << 20)


def gathered(corpus: Path, cache: EmbeddingCache | None, progress: Progress = SILENT) -> Features:
    examples = read_dataset(corpus, "instrument").entries
    return gather(
        examples, "instrument", LABELS, FeatureExtractor(load_backbone(SIGNAL), Grid(2.0, 2.0), (0,), cache), progress
    )


def test_what_is_put_is_got_for_reading(store: FeatureStore) -> None:
    assert store.get("a", SHAPE) is None
    put = store.put("a", SHAPE, iter(PARTS))
    np.testing.assert_array_equal(put, np.concatenate(PARTS))
    assert not put.flags.writeable
    np.testing.assert_array_equal(store.get("a", SHAPE), np.concatenate(PARTS))
    assert [path.name for path in store.folder.iterdir()] == ["a.features"]


@pytest.mark.logs
@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-1],
        lambda raw: raw + b"x",
        lambda raw: raw[:-1] + b"x",
        lambda raw: b"x" + raw[1:],
        lambda raw: raw[:100],
        lambda raw: b"",
        lambda raw: np.random.default_rng(0).bytes(len(raw)),
        lambda raw: raw.replace(b"joined 1", b"joined 0"),
    ],
)
def test_a_damaged_or_older_file_is_said_and_made_anew(store: FeatureStore, caplog, damage) -> None:
    store.put("a", SHAPE, PARTS)
    (path,) = store.folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert store.get("a", SHAPE) is None
    assert f"{path} is damaged and is made anew" in caplog.text
    store.put("a", SHAPE, PARTS)
    np.testing.assert_array_equal(store.get("a", SHAPE), np.concatenate(PARTS))


@pytest.mark.logs
def test_another_shape_is_another_array(store: FeatureStore) -> None:
    store.put("a", SHAPE, PARTS)
    assert store.get("a", (10, 3, 2)) is None
    with pytest.raises(ValueError, match="not of shape"):
        store.put("b", (11, 2, 3), PARTS)
    assert [path.name for path in store.folder.iterdir()] == ["a.features"]


def test_those_not_used_for_longest_go_first(store: FeatureStore) -> None:
    for number, name in enumerate("abc"):
        store.put(name, SHAPE, PARTS)
        os.utime(store.folder / f"{name}.features", (number, number))
    assert store.get("a", SHAPE) is not None  # and is the newest now
    small = FeatureStore(store.folder, 3 * (store.folder / "a.features").stat().st_size)
    small.put("d", SHAPE, PARTS)
    assert {path.stem for path in store.folder.iterdir()} == {"a", "c", "d"}


@pytest.mark.usefixtures("no_bytecode")
def test_a_disk_that_refuses_in_the_middle_leaves_nothing(store: FeatureStore) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_500, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            store.put("a", SHAPE, PARTS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(store.folder.iterdir()) == []


def test_mapped_features_are_those_in_memory_and_are_joined_once(corpus, tmp_path, monkeypatch) -> None:
    plain, cache = gathered(corpus, None), EmbeddingCache(tmp_path)
    first = gathered(corpus, cache)
    monkeypatch.setattr(EmbeddingCache, "get", lambda *_: pytest.fail("single recordings are read again"))
    for one in (first, gathered(corpus, cache)):
        np.testing.assert_array_equal(one.values, plain.values)
        np.testing.assert_array_equal(one.spans, plain.spans)
    assert len(list((tmp_path / "joined").iterdir())) == 1


@pytest.mark.logs
def test_a_damaged_embedding_is_computed_again_while_they_are_joined(corpus, tmp_path) -> None:
    plain, cache = gathered(corpus, None), EmbeddingCache(tmp_path)
    gathered(corpus, cache)
    for path in (tmp_path / "joined").iterdir():
        path.unlink()
    for path in sorted(tmp_path.glob("*.safetensors"))[::2]:
        path.write_bytes(path.read_bytes()[:-4] + b"gone")
    np.testing.assert_array_equal(gathered(corpus, cache).values, plain.values)


@pytest.mark.logs
def test_features_that_cannot_be_kept_are_told_once_and_used_all_the_same(corpus, tmp_path) -> None:
    (tmp_path / "file").touch()
    cache, told = EmbeddingCache(tmp_path / "file"), Told()
    for _time in range(2):
        np.testing.assert_array_equal(gathered(corpus, cache, told).values, gathered(corpus, None).values)
    (said,) = told.remarks
    assert "the next run computes them again. Free some space" in said
    assert str(tmp_path / "file") in said


def test_features_that_cannot_be_joined_are_told_once_and_held_in_memory(corpus, tmp_path) -> None:
    (tmp_path / "joined").touch()
    cache, told = EmbeddingCache(tmp_path), Told()
    for _time in range(2):
        np.testing.assert_array_equal(gathered(corpus, cache, told).values, gathered(corpus, None).values)
    (said,) = told.remarks
    assert "held in memory" in said


def test_standardised_as_it_is_read(corpus) -> None:
    plain = gathered(corpus, None)
    train = plain.groups % 3 > 0
    mean, std = plain.values[train].mean(axis=0), plain.values[train].std(axis=0)
    whole = (plain.values - mean) / np.where(std > 1e-6, std, 1)
    scaled, mix = plain.standardised(train), np.ones(1, np.float32)
    np.testing.assert_array_equal(scaled.read(~train), whole[~train])
    np.testing.assert_array_equal(np.concatenate(list(scaled.inputs(mix, False))), whole[:, 0])
    np.testing.assert_array_equal(np.concatenate(list(scaled.inputs(mix, True, train))), whole[train, 0])
    assert scaled.values is plain.values


def test_many_segments_are_read_a_part_at_a_time() -> None:
    values = np.arange(2 * AT_ONCE + 5, dtype=np.float32)[:, None, None]
    none, groups = (), np.zeros(len(values), np.int64)
    features = Features(values, groups, groups, LABELS, none, none, none, none, none, np.zeros((len(values), 2)))
    rows = list(features.inputs(np.ones(1, np.float32), False))
    assert [len(row) for row in rows] == [AT_ONCE, AT_ONCE, 5]
    np.testing.assert_array_equal(np.concatenate(rows), values[:, 0])


KILLED = """
import os, sys
from pathlib import Path
import trainer.features.extraction
from persian_mir.embeddings import EmbeddingCache
from trainer.__main__ import main

where, *arguments = sys.argv[1:]
values, replace, count = trainer.features.extraction._values, Path.replace, [0]

def half(*given):
    for number, part in enumerate(values(*given)):
        yield part
        if where == "joining" and number == 3:
            os.kill(os.getpid(), 9)

def killed(self, target):
    count[0] += str(target).endswith(".safetensors")
    if where == "caching" and count[0] == 3:
        os.kill(os.getpid(), 9)
    return replace(self, target)

trainer.features.extraction._values, Path.replace = half, killed
sys.exit(main(arguments))
"""


@pytest.mark.parametrize("command", ["features", "fit", "experiment"])
def test_killed_while_caching_or_joining_it_ends_as_unbroken(corpus, tmp_path, command) -> None:
    out = tmp_path / ("x.probe" if command == "fit" else "out")
    arguments = {
        "features": [],
        "fit": ["--task=instrument", "--epochs=3", "--hidden=8", "--no-views", "--others=4", "--quick", "--out", out],
        "experiment": ["learning-rate", "--epochs", "1", "--out", out],
    }[command]

    def run(home: str, *before: str) -> subprocess.CompletedProcess:
        line = [sys.executable, *before, command, *arguments, "--data", corpus]
        environment = os.environ | {"PERSIAN_MIR_HOME": str(tmp_path / home)}
        return subprocess.run([*map(str, line)], env=environment, capture_output=True, text=True, check=False)

    def result(home: str) -> object:
        if command == "fit":
            return load_probe(out).hash
        if command == "experiment":
            return (out / "results.csv").read_text()
        entries = (tmp_path / home / "cache" / "embeddings").glob("*.safetensors")
        return {path.name: load_file(path)["values"].tobytes() for path in entries}

    assert run("unbroken", "-m", "trainer").returncode == 0
    unbroken = result("unbroken")
    for where in ("caching", "joining"):
        if out.exists():
            out.rename(tmp_path / f"before {where}")
        first = run(where, "-c", KILLED, where)
        assert first.returncode == (0 if (command, where) == ("features", "joining") else -9), first.stderr
        assert run(where, "-m", "trainer").returncode == 0
        assert result(where) == unbroken


SMALL_CHILD = """
import resource, sys
from pathlib import Path
from trainer.features.store import FeatureStore
from trainer.fitting.loop import tensor_of
own = int(Path("/proc/self/status").read_text().split("VmData:")[1].split()[0]) << 10
resource.setrlimit(resource.RLIMIT_DATA, (own + (16 << 20),) * 2)
values = FeatureStore(Path(sys.argv[1]), 1 << 30).get("large", (64, 256, 1024))
print(float(tensor_of(values)[::8].sum()))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit of Linux")
def test_more_features_than_memory_may_hold_are_mapped(tmp_path: Path) -> None:
    """64 MB of them, by a process that the system lets have 16 MB more than it has."""
    store = FeatureStore(tmp_path, 1 << 30)
    store.put("large", (64, 256, 1024), (np.full((1, 256, 1024), k, np.float32) for k in range(64)))
    child = subprocess.run([sys.executable, "-c", SMALL_CHILD, tmp_path], capture_output=True, text=True, check=True)
    assert float(child.stdout) == 256 * 1024 * sum(range(0, 64, 8))
