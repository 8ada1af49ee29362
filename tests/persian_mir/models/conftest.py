"""A hub of our own on 127.0.0.1, for the real client."""

from __future__ import annotations

import hashlib
import io
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants

COMMIT = "0123456789abcdef0123456789abcdef01234567"


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
            self.send_header("X-Repo-Commit", COMMIT)
            self.end_headers()
            if with_body:
                self.wfile.write(body[: hub.drop_after.pop(0)] if large and hub.drop_after else body)
            self.close_connection = True

    return Handler


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tiny_files: dict[str, bytes]) -> Iterator[Hub]:
    """The loopback hub; it offers a tiny HuBERT."""
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


@pytest.fixture(scope="session")
def tiny_files(tiny_hubert: Path) -> dict[str, bytes]:
    """The tiny HuBERT as the models of its time are published, by file name: weights pickled by torch."""
    import torch
    from safetensors.torch import load_file

    weights = io.BytesIO()
    torch.save(load_file(tiny_hubert / "model.safetensors"), weights)
    rest = {name: (tiny_hubert / name).read_bytes() for name in ("config.json", "preprocessor_config.json")}
    return rest | {"pytorch_model.bin": weights.getvalue()}


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Changes fields of the table's row of facebook/hubert-base-ls960 for one test."""
    import dataclasses

    from persian_mir.models import table

    def change(**fields: Any) -> None:
        row = dataclasses.replace(next(r for r in table.MODELS if r.id == "facebook/hubert-base-ls960"), **fields)
        monkeypatch.setattr("persian_mir.models.fetch.find_row", lambda _id: row)

    return change
