"""Fetching with the real hub client from a hub on this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from persian_mir.backbones import load_backbone
from persian_mir.errors import ModelError
from persian_mir.models.fetch import fetch
from persian_mir.models.store import find_installed, installed, model_folder, models_dir, remove
from persian_mir.models.table import MODELS
from persian_mir.progress import Cancelled, Progress

if TYPE_CHECKING:
    from .conftest import Hub  # type: ignore[import-not-found]
else:
    Hub = Any

ID = "facebook/hubert-base-ls960"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = "pytorch_model.bin"


class Recorder(Progress):
    """Notes every step; cancels at the first one beyond `cancel_at`."""

    def __init__(self, cancel_at: float = 2.0) -> None:
        self.cancel_at = cancel_at
        self.fractions: list[float] = []

    def step(self, fraction: float, note: str = "") -> None:
        self.fractions.append(fraction)
        if fraction > self.cancel_at:
            raise Cancelled


def accept(_licence: str) -> bool:
    return True


def parts() -> list[Path]:
    return list(models_dir().rglob("*.part"))


def test_a_fetched_model_is_whole_and_listens(hub: Hub) -> None:
    shown: list[str] = []

    def accepting(licence: str) -> bool:
        shown.append(licence)
        return True

    progress = Recorder()
    model = fetch(ID, accepting, progress, hub.endpoint)
    assert "Apache-2.0" in shown[0]
    assert "https://www.apache.org" in shown[0]
    assert (model.id, model.revision) == (ID, COMMIT)
    assert model.folder is not None
    assert {path.name: path.read_bytes() for path in model.folder.iterdir() if path.name in hub.files} == hub.files
    assert progress.fractions == sorted(progress.fractions)
    assert progress.fractions[-1] == 1.0
    backbone = load_backbone(ID, "cpu")
    assert (backbone.key.id, backbone.key.revision) == (ID, COMMIT)
    assert backbone.key.weights_hash == hashlib.sha256(hub.files[WEIGHTS]).hexdigest()
    assert backbone.embed(np.zeros((1, 16000), np.float32), [2]).shape == (1, 1, 48)


def test_only_named_files_are_asked_for_and_nothing_is_told(hub: Hub) -> None:
    hub.files |= {"MERT_fairseq.pt": b"x", "modeling.py": b"x"}
    fetch(ID, accept, endpoint=hub.endpoint)
    assert {name for _method, name, _span in hub.asked} == {
        "config.json",
        "preprocessor_config.json",
        "model.safetensors",
        WEIGHTS,
    }
    assert all(agent.startswith("persian-mir/") and "torch" not in agent for agent in hub.agents), hub.agents


def test_a_model_from_elsewhere_is_one_file(hub: Hub, pinned: Callable[..., None]) -> None:
    name, data = "Cnn14_mAP=0.431.pth", b"weights" * 100
    hub.files = {name: data}
    checked = hashlib.sha256(data).hexdigest()
    url = f"{hub.endpoint}/records/1/files/{name}"
    pinned(id="panns/CNN14", revision="zenodo-1", weights=name, size=len(data), sha256=checked, url=url)
    shown: list[str] = []
    model = fetch("panns/CNN14", lambda licence: not shown.append(licence))  # type: ignore[func-returns-value]
    assert "panns/CNN14" in shown[0]
    assert (model.id, model.revision) == ("panns/CNN14", "zenodo-1")
    assert model.folder is not None
    assert (model.folder / name).read_bytes() == data
    assert {asked for _method, asked, _span in hub.asked} == {name}
    assert find_installed("panns/CNN14") == model


def test_what_else_a_model_needs_is_fetched_or_missed(hub: Hub, pinned: Callable[..., None]) -> None:
    pinned(more=("vocab.json",))
    with pytest.raises(ModelError, match="no longer holds"):
        fetch(ID, accept, endpoint=hub.endpoint)
    hub.files["vocab.json"] = b'{"a": 1}'
    model = fetch(ID, accept, endpoint=hub.endpoint)
    assert model.folder is not None
    assert (model.folder / "vocab.json").read_bytes() == b'{"a": 1}'


def test_an_installed_model_is_not_fetched_again(hub: Hub) -> None:
    first = fetch(ID, accept, endpoint=hub.endpoint)
    hub.asked.clear()
    assert fetch(ID, accept, endpoint=hub.endpoint) == first
    assert hub.asked == []


def test_a_declined_licence_transfers_nothing(hub: Hub) -> None:
    with pytest.raises(ModelError, match="licence"):
        fetch(ID, lambda _licence: False, endpoint=hub.endpoint)
    assert hub.asked == []
    assert [model.id for model in installed()] == ["signal"]


@pytest.mark.logs
def test_a_dropped_connection_is_taken_up_where_it_broke(hub: Hub) -> None:
    hub.drop_after = [100_000]
    assert fetch(ID, accept, endpoint=hub.endpoint).folder
    assert hub.transfers(WEIGHTS) == [None, "bytes=100000-"]


def test_a_cancelled_download_goes_on_later(hub: Hub) -> None:
    with pytest.raises(Cancelled):
        fetch(ID, accept, Recorder(0.5), hub.endpoint)
    assert find_installed(ID) is None
    (part,) = parts()
    kept = part.stat().st_size
    assert 0 < kept < len(hub.files[WEIGHTS])
    model = fetch(ID, accept, endpoint=hub.endpoint)
    assert hub.transfers(WEIGHTS) == [None, f"bytes={kept}-"]
    assert model.folder is not None
    assert (model.folder / WEIGHTS).read_bytes() == hub.files[WEIGHTS]
    assert parts() == []


@pytest.mark.parametrize("known_by", ["table", "hub"])
def test_a_wrong_checksum_is_refused_and_removed(hub: Hub, pinned: Callable[..., None], known_by: str) -> None:
    if known_by == "table":
        pinned(sha256="0" * 64)
        with pytest.raises(ModelError, match="checksum"):
            fetch(ID, accept, endpoint=hub.endpoint)
    else:
        with pytest.raises(Cancelled):
            fetch(ID, accept, Recorder(0.5), hub.endpoint)
        (part,) = parts()
        part.write_bytes(b"\0" * part.stat().st_size)  # what was kept went bad on the disk
        with pytest.raises(ModelError, match="checksum"):
            fetch(ID, accept, endpoint=hub.endpoint)
    assert parts() == []
    assert not list(models_dir().rglob(WEIGHTS))
    assert find_installed(ID) is None


def test_a_model_described_absurdly_is_not_installed(hub: Hub) -> None:
    hub.files["config.json"] = b'{"model_type": "gpt2"}'
    with pytest.raises(ModelError, match="gpt2"):
        fetch(ID, accept, endpoint=hub.endpoint)
    assert find_installed(ID) is None


def test_music2vec_may_come_without_preprocessing(hub: Hub) -> None:
    del hub.files["preprocessor_config.json"]
    assert fetch(ID, accept, endpoint=hub.endpoint).folder


def test_files_that_are_gone(hub: Hub) -> None:
    del hub.files[WEIGHTS]
    with pytest.raises(ModelError, match="no longer"):
        fetch(ID, accept, endpoint=hub.endpoint)


def test_no_hub_there(hub: Hub) -> None:
    with pytest.raises(ModelError, match="could not be fetched") as caught:
        fetch(ID, accept, endpoint="http://127.0.0.1:9")
    assert "later" in caught.value.cure


def test_unknown_models_are_not_guessed(hub: Hub) -> None:
    with pytest.raises(ModelError, match="no model called"):
        fetch("someone/something", accept, endpoint=hub.endpoint)
    assert hub.asked == []


def test_removing(hub: Hub) -> None:
    fetch(ID, accept, endpoint=hub.endpoint)
    remove(ID)
    assert find_installed(ID) is None
    assert not model_folder(ID).exists()
    with pytest.raises(ModelError, match="not installed"):
        remove(ID)


@pytest.fixture
def client_cache(tmp_path: Path, tiny_files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hub client's own cache, holding the tiny HuBERT as the client would have put it there."""
    from huggingface_hub import constants

    row = next(row for row in MODELS if row.id == ID)
    root = tmp_path / "hub" / "models--facebook--hubert-base-ls960"
    shot = root / "snapshots" / row.revision
    shot.mkdir(parents=True)
    (root / "blobs").mkdir()
    for name, content in tiny_files.items():
        blob = root / "blobs" / hashlib.sha256(content).hexdigest()
        blob.write_bytes(content)
        (shot / name).symlink_to(blob)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return shot


def test_what_the_hubs_client_has_is_not_fetched_again(hub: Hub, client_cache: Path) -> None:
    model = fetch(ID, accept, Recorder(), hub.endpoint)
    assert hub.asked == []
    assert model.revision == client_cache.name
    assert find_installed(ID) == model
    assert load_backbone(ID, "cpu").key.id == ID
    remove(ID)
    assert (client_cache / WEIGHTS).exists(), "the client's own copy stays"


def test_the_licence_is_asked_for_a_cached_model_too(hub: Hub, client_cache: Path) -> None:
    with pytest.raises(ModelError, match="licence"):
        fetch(ID, lambda _licence: False, Recorder(), hub.endpoint)
    assert find_installed(ID) is None


@pytest.mark.logs
def test_a_damaged_file_in_the_clients_cache_is_fetched_instead(hub: Hub, client_cache: Path) -> None:
    (client_cache / WEIGHTS).resolve().write_bytes(b"damaged")
    fetch(ID, accept, Recorder(), hub.endpoint)
    assert hub.transfers(WEIGHTS)


def test_a_cache_without_the_weights_is_not_enough(hub: Hub, client_cache: Path) -> None:
    (client_cache / WEIGHTS).unlink()
    fetch(ID, accept, Recorder(), hub.endpoint)
    assert hub.transfers(WEIGHTS)
