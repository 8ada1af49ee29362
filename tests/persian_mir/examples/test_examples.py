from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
import soundfile

import persian_mir.examples.examples as examples_module
from persian_mir.app_paths import data_dir
from persian_mir.examples.examples import EXAMPLES, Example, ensure_examples, is_synthesised, truth_path
from persian_mir.examples.synthesise import Passage
from persian_mir.progress import Cancelled, Progress

SHORT = (
    Example("setar", 3, 246.9, (Passage("segah", 2.0),)),
    Example("ney", 5, 392.0, (Passage("shour", 1.5), Passage("segah", 0.5, 135.0))),
)


@pytest.fixture(autouse=True)
def short_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples_module, "EXAMPLES", SHORT)


def test_written_once_and_called_synthesised(tmp_path: Path) -> None:
    paths = ensure_examples(tmp_path)
    assert [p.name for p in paths] == ["Synthesised setar in Segah.flac", "Synthesised ney, Shour to Segah.flac"]
    before = [(p.stat().st_mtime_ns, p.read_bytes()) for p in paths]
    assert ensure_examples(tmp_path) == paths
    assert [(p.stat().st_mtime_ns, p.read_bytes()) for p in paths] == before
    for path in paths:
        with soundfile.SoundFile(path) as file:
            assert (file.samplerate, file.channels, file.frames) == (44100, 1, 88200)
            assert file.title == path.stem
        truth = json.loads(truth_path(path).read_text(encoding="utf-8"))
        assert truth["mode"] in path.stem.lower()
        assert truth["notes"][0]["hz"] > 0
        assert [stay["mode"] in path.stem.lower() for stay in truth["stays"]] == [True] * len(truth["stays"])
    assert not list(tmp_path.glob(".example-*"))


def test_titles_are_apart_and_of_known_modes() -> None:
    titles = [example.title for example in EXAMPLES]
    assert len(set(titles)) == len(titles)
    assert titles[0] == "Synthesised setar in Segah"
    assert titles[-1] == "Synthesised kamancheh, Mahour to Shour to Mahour"


def test_default_folder() -> None:
    assert {p.parent for p in ensure_examples()} == {data_dir() / "examples"}


def test_a_run_that_dies_leaves_nothing_under_the_final_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(file: BinaryIO, performance: object, title: str) -> None:
        file.write(b"fLaC, but only half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(examples_module, "_write_flac", dies)
        with pytest.raises(KeyboardInterrupt):
            ensure_examples(tmp_path)
    assert not list(tmp_path.glob("*.flac"))
    assert not list(tmp_path.glob("*.part"))
    paths = ensure_examples(tmp_path)
    assert all(soundfile.info(p).frames == 88200 for p in paths)


def test_missing_truth_is_made_again(tmp_path: Path) -> None:
    first, _second = ensure_examples(tmp_path)
    truth_path(first).unlink()
    ensure_examples(tmp_path)
    assert truth_path(first).is_file()


def test_cancelled_between_recordings(tmp_path: Path) -> None:
    class Second(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            if fraction > 0:
                raise Cancelled

    with pytest.raises(Cancelled):
        ensure_examples(tmp_path, Second())
    assert [p.name for p in tmp_path.glob("*.flac")] == ["Synthesised setar in Segah.flac"]


def test_is_synthesised(tmp_path: Path) -> None:
    made = ensure_examples(tmp_path)[0]
    renamed = made.rename(tmp_path / "take 1.flac")
    assert is_synthesised(made)  # by its name, though it is gone
    assert is_synthesised(renamed)  # by its title
    real = tmp_path / "real.flac"
    soundfile.write(real, np.zeros(100), 8000)
    broken = tmp_path / "broken.flac"
    broken.write_bytes(b"no flac")
    assert not is_synthesised(real)
    assert not is_synthesised(broken)
    assert not is_synthesised(tmp_path / "absent.flac")
    assert not is_synthesised(tmp_path)
