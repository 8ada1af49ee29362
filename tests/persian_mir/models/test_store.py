"""What is installed, and folders of the user's own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from persian_mir.app_paths import data_dir
from persian_mir.backbones import load_backbone, load_installed
from persian_mir.errors import ModelError
from persian_mir.models.store import add_folder, find_installed, installed, is_model_id, models_dir, remove
from persian_mir.models.table import MODELS, SIGNAL, find_row
from persian_mir.removal import remove_below


@pytest.fixture
def folder(tmp_path: Path, tiny_files: dict[str, bytes]) -> Path:
    folder = tmp_path / "مدل من"
    folder.mkdir()
    for name, data in tiny_files.items():
        (folder / name).write_bytes(data)
    return folder


def test_the_table_is_well_formed() -> None:
    assert len({row.id for row in MODELS}) == len(MODELS)
    for row in MODELS:
        if row.id != SIGNAL:
            assert row.licence_url.startswith("https://")
            assert row.revision == "main" or len(row.revision) == 40 or row.url
            assert row.sha256 is None or len(row.sha256) == 64
            assert not row.url or (row.url.startswith("https://") and row.sha256)
    assert find_row("nobody/nothing") is None


def test_signal_is_always_there() -> None:
    assert [model.id for model in installed()] == [SIGNAL]
    assert load_backbone(SIGNAL).key.states == 1
    with pytest.raises(ModelError, match="part of the program"):
        remove(SIGNAL)


def test_a_folder_is_a_backbone_under_its_name_and_its_path(folder: Path) -> None:
    model = add_folder(folder)
    assert model.id == "local/مدل من"
    assert load_backbone(model.id, "cpu").key == load_backbone(str(folder), "cpu").key
    for path in (folder, folder.parent / ".." / folder.parent.name / folder.name):
        with pytest.raises(ModelError, match="not installed"):
            load_installed(str(path), "cpu")  # as a probe would name it
    assert add_folder(folder) == model
    remove(model.id)
    assert find_installed(model.id) is None
    assert (folder / "config.json").is_file()


def test_two_folders_of_one_name_are_not_mixed_up(folder: Path, tmp_path: Path) -> None:
    add_folder(folder)
    other = tmp_path / "other" / folder.name
    shutil.copytree(folder, other)
    with pytest.raises(ModelError, match="already"):
        add_folder(other)


def test_a_folder_that_went_away(folder: Path) -> None:
    model = add_folder(folder)
    shutil.rmtree(folder)
    with pytest.raises(ModelError, match="gone"):
        load_backbone(model.id, "cpu")


def test_sharded_weights_are_refused_by_that_word(folder: Path) -> None:
    (folder / "pytorch_model.bin").unlink()
    (folder / "model.safetensors.index.json").write_text("{}")
    with pytest.raises(ModelError, match="sharded"):
        add_folder(folder)


@pytest.mark.parametrize("missing", ["config.json", "pytorch_model.bin"])
def test_a_folder_that_is_no_model(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(ModelError):
        add_folder(folder)
    with pytest.raises(ModelError, match="not a folder"):
        add_folder(folder / "nowhere")


@pytest.mark.logs
@pytest.mark.parametrize("model_id", ["..", ".", "a/..", "/etc", "../..", "..--..", "a/b/c", "", "other/model"])
def test_a_record_that_names_another_folder_removes_nothing(folder: Path, model_id: str) -> None:
    kept = data_dir() / "corrections.csv"
    kept.write_text("what people said")
    add_folder(folder)
    (record,) = models_dir().glob("*/*/installed.json")
    record.write_text(json.dumps(json.loads(record.read_text()) | {"id": model_id}))
    with pytest.raises(ModelError, match="not installed"):
        remove(model_id)
    assert kept.exists()
    assert record.exists()


def test_only_what_lies_below_the_folder_is_removed(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    for one in (root / "in" / "deep", outside):
        one.mkdir(parents=True)
    (root / "link").symlink_to(outside)
    around = root / "in" / ".." / ".." / "outside"
    for wrong in (root, root / "..", outside, root / "link", around, root / "link" / "x"):
        with pytest.raises(ValueError, match="not below"):
            remove_below(wrong, root)
    remove_below(root / "in", root)
    assert outside.is_dir()
    assert not (root / "in").exists()


@pytest.mark.parametrize("text", ["signal", "m-a-p/MERT-v1-95M", "local/مدل من", "local/a.b_c (2)"])
def test_what_is_a_models_id(text: str) -> None:
    assert is_model_id(text)


@pytest.mark.parametrize("text", ["/etc/passwd", "~/x", "C:\\x", "a\x1b]0;x\x07", "a\u202eb", "x" * 201, " a"])
def test_what_is_no_models_id(text: str) -> None:
    assert not is_model_id(text)


@pytest.mark.logs
def test_a_damaged_record_hides_only_itself(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    add_folder(folder)
    damaged = models_dir() / "a--b" / "c"
    damaged.mkdir(parents=True)
    (damaged / "installed.json").write_text("{")
    assert len(installed()) == 2
    assert "not a record" in caplog.text
