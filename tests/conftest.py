"""What every test stands on: folders of its own, no display, and nothing left behind unnoticed."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LANGUAGE"] = "en"
os.environ["HF_HUB_OFFLINE"] = "1"  # a test that means to reach its loopback hub says so itself

# The same examples in every run, so that a red run is the change's own fault; `make search` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("search", max_examples=5000, deadline=None)
settings.load_profile("same")

GRACE_S = 2.0  # a pool's threads need a moment to end after its work has


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "optional_import: runs again where Qt and the other extras are not installed")
    config.addinivalue_line("markers", "logs: this test expects warnings in the log and checks them itself")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSIAN_MIR_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + GRACE_S
    while left := [t for t in threading.enumerate() if t not in before and not t.name.startswith("tqdm")]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads left behind: {left}")
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    if request.node.get_closest_marker("logs"):
        return
    loud = [r for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not loud, f"unexpected log records: {[r.getMessage() for r in loud]}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recordings and golden vectors beside the project; not part of it."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared (recordings and golden vectors) is not here")
    return folder


@pytest.fixture(scope="session")
def tiny_hubert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a HuBERT of 0.1 million random weights in the hub's format: two layers, 48 wide. Not to be changed."""
    import torch
    from transformers import HubertConfig, HubertModel

    folder = tmp_path_factory.mktemp("models") / "tiny"
    config = HubertConfig(
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        conv_dim=[32] * 7,
        num_conv_pos_embeddings=32,
        num_conv_pos_embedding_groups=4,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        HubertModel(config).save_pretrained(folder)
    text = '{"feature_extractor_type": "Wav2Vec2FeatureExtractor", "sampling_rate": 16000, "do_normalize": true}'
    (folder / "preprocessor_config.json").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def mini_nava(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """35 synthesised recordings of 3 s laid out as Nava, one for each instrument and Dastgah. Not to be changed."""
    from trainer.data.mini_nava import make_mini_nava

    folder = tmp_path_factory.mktemp("corpus") / "mini-nava"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PERSIAN_MIR_HOME", str(folder.parent / "home"))
        make_mini_nava(folder, recordings=35, seconds=3.0)
    return folder
