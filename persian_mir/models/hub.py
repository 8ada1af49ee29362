"""The hub of models: what it says of a file, and bringing it here. No other file of the program reaches the network.

The hub's own client does the transfer. `hf_hub_download` of huggingface_hub 2.x throws a partial file away when it
fails, so the pieces below it are used, which go on where a download stopped, also after the program was ended.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from persian_mir import __version__
from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.table import ModelRow
from persian_mir.progress import Progress

if TYPE_CHECKING:
    from huggingface_hub import HfFileMetadata

_log = logging.getLogger(__name__)

SHA256 = re.compile(r"[0-9a-f]{64}")
# Ours alone: the client's own would tell the hub which libraries are installed.
_HEADERS = (("user-agent", f"persian-mir/{__version__}"),)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file as the hub describes it; `sha256` is None where neither we nor the hub know it."""

    name: str
    url: str
    size: int
    etag: str
    commit: str
    sha256: str | None


def look_up(row: ModelRow, name: str, sha256: str | None, endpoint: str | None) -> RemoteFile | None:
    """What the hub says about one file of the pinned revision; None when it is not there."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import EntryNotFoundError

    url = hf_hub_url(row.id, name, revision=row.revision, endpoint=endpoint)
    try:
        meta: HfFileMetadata = get_hf_file_metadata(url, token=False, headers=dict(_HEADERS), endpoint=endpoint)
    except EntryNotFoundError:
        return None
    etag = meta.etag or ""
    stated = etag if SHA256.fullmatch(etag) else None  # the hub's ETag of a large file is its SHA-256
    return RemoteFile(name, meta.location, meta.size or 0, etag, meta.commit_hash or "", sha256 or stated)


def download(file: RemoteFile, folder: Path, share: TransferProgress) -> None:
    """Bring one file into `folder`, going on with what is there; a wrong checksum removes it."""
    from huggingface_hub.file_download import http_get

    final = folder / file.name
    if final.is_file() and final.stat().st_size == file.size:
        return
    part = folder / f"{file.name}.{re.sub('[^0-9A-Za-z]', '', file.etag)[:16]}.part"
    have = part.stat().st_size if part.is_file() else 0
    if have > file.size:
        part.unlink()
        have = 0
    _log.info("fetching %s from byte %d of %d", file.url, have, file.size)
    with part.open("ab") as sink:
        http_get(
            file.url,
            sink,
            resume_size=have,
            headers=dict(_HEADERS),
            expected_size=file.size or None,
            tqdm_class=cast(Any, partial(_Meter, share)),
        )
    if file.sha256 is not None and sha256(part) != file.sha256:
        part.unlink()
        raise ModelError(
            _("What was received as {name} is not the file it should be (wrong checksum).").format(name=file.name),
            cure=_("It was removed. Try again; if it happens twice, tell the makers of this program."),
        )
    part.replace(final)


def sha256(path: Path) -> str:
    """Return the checksum of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class TransferProgress:
    """One file's part in the progress of all, in bytes."""

    progress: Progress
    before: int
    total: int

    def report(self, received: int) -> None:
        """May raise Cancelled, which ends the transfer and keeps what was received."""
        megabytes = f"{(self.before + received) / 1e6:.0f} / {self.total / 1e6:.0f} MB"
        self.progress.step(min(1.0, (self.before + received) / max(1, self.total)), megabytes)


class _Meter:
    """What the hub's client takes for a progress bar: it draws nothing and reports to `share`."""

    def __init__(self, share: TransferProgress, initial: int = 0, **_appearance: object) -> None:
        self.share = share
        self.received = initial

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def update(self, received: int) -> None:
        self.received += received
        self.share.report(self.received)


def network_errors() -> tuple[type[Exception], ...]:
    """What the hub's client raises: its own errors and those of the HTTP library under it."""
    from huggingface_hub import errors

    return (OSError, errors.HfHubHTTPError, errors.HTTPError)  # type: ignore[attr-defined]
