"""What every test stands on: folders of its own, no display, and nothing left behind unnoticed."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LANGUAGE"] = "en"
os.environ["HF_HUB_OFFLINE"] = "1"  # a test that means to reach its loopback hub says so itself

# The same examples in every run, so that a red run is the change's own fault; `make search` looks for new ones.
PROFILE: dict[str, Any] = {
    "deadline": None,  # a busy machine is no fault
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}
settings.register_profile("same", derandomize=True, **PROFILE)
settings.register_profile("search", max_examples=5000, **PROFILE)
settings.load_profile("same")

GRACE_S = 10.0  # a pool's threads need a moment to end after its work has


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "optional_import: runs again where Qt and the other extras are not installed")
    config.addinivalue_line("markers", "logs: this test expects warnings in the log and checks them itself")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: while one waits for a child, a file or a click, another computes."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What is captured may hold names that are no text (half a surrogate pair); no other process takes them."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


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


@pytest.fixture
def no_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a disk that takes no more: Python 3.11 would keep what it could write of a module's bytecode, for ever.

    It renames the file into place without looking at how much was written; every later import of the module fails.
    """
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recordings and golden vectors beside the project; not part of it."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared (recordings and golden vectors) is not here")
    return folder


@pytest.fixture
def any_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks compute in bfloat16 by torch on every processor, emulated where it does not multiply it itself."""
    import torch

    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True}, raising=False)


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


HUB_COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """Files it offers, and what it was asked: (method, file, Range header). `drop_after` cuts the next transfers."""

    files: dict[str, bytes]
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    drop_after: list[int] = field(default_factory=list)
    endpoint: str = ""

    def transfers(self, name: str) -> list[str | None]:
        return [span for method, asked, span in self.asked if method == "GET" and asked == name]


def handler_of(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_words: Any) -> None:
            pass

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, with_body: bool) -> None:
            name = self.path.rsplit("/", 1)[1]
            span = self.headers.get("Range")
            hub.asked.append((self.command, name, span))
            hub.agents.add(self.headers.get("User-Agent", ""))
            if name not in hub.files:
                self.send_response(404)
                self.send_header("X-Error-Code", "EntryNotFound")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            whole = hub.files[name]
            start = int(re.fullmatch(r"bytes=(\d+)-", span).group(1)) if span else 0  # type: ignore[union-attr]
            body = whole[start:]
            self.send_response(206 if span else 200)
            self.send_header("Content-Length", str(len(body)))
            if span:
                self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
            large = name.endswith((".bin", ".safetensors"))
            self.send_header("ETag", f'"{(hashlib.sha256 if large else hashlib.sha1)(whole).hexdigest()}"')
            self.send_header("X-Repo-Commit", HUB_COMMIT)
            self.end_headers()
            if with_body:
                self.wfile.write(body[: hub.drop_after.pop(0)] if large and hub.drop_after else body)
            self.close_connection = True

    return Handler


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tiny_files: dict[str, bytes]) -> Iterator[Hub]:
    """The loopback hub; it offers a tiny HuBERT."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 50_000)  # bytes; a real file has many pieces, so has ours
    hub = Hub(dict(tiny_files))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(hub))
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield hub
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def of_the_hub(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The loopback hub in place of the public one."""
    from huggingface_hub import constants, file_download

    monkeypatch.setattr(constants, "ENDPOINT", hub.endpoint)
    template = hub.endpoint + "/{repo_id}/resolve/{revision}/{filename}"
    for module in (constants, file_download):
        monkeypatch.setattr(module, "HUGGINGFACE_CO_URL_TEMPLATE", template, raising=False)
    return hub


@pytest.fixture(scope="session")
def tiny_files(tiny_hubert: Path) -> dict[str, bytes]:
    """The tiny HuBERT as the models of its time are published, by file name: weights pickled by torch."""
    import torch
    from safetensors.torch import load_file

    weights = io.BytesIO()
    torch.save(load_file(tiny_hubert / "model.safetensors"), weights)
    rest = {name: (tiny_hubert / name).read_bytes() for name in ("config.json", "preprocessor_config.json")}
    return rest | {"pytorch_model.bin": weights.getvalue()}
