"""Downloading a model: the only place of the program that reaches the network, and only when the user asks.

The hub's own client does the transfer. `hf_hub_download` of huggingface_hub 2.x throws a partial file away when it
fails, so the pieces below it are used, which go on where a download stopped, also after the program was ended.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from persian_mir import __version__
from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.config import PREPROCESSOR, read_architecture
from persian_mir.models.store import InstalledModel, find_installed, model_folder, weights_file, write_record
from persian_mir.models.table import ModelRow, find_row
from persian_mir.progress import SILENT, Progress

if TYPE_CHECKING:
    from huggingface_hub import HfFileMetadata

_log = logging.getLogger(__name__)

_SHA256 = re.compile(r"[0-9a-f]{64}")
# Ours alone: the client's own would tell the hub which libraries are installed.
_HEADERS = (("user-agent", f"persian-mir/{__version__}"),)


@dataclass(frozen=True, slots=True)
class _RemoteFile:
    """One file as the hub describes it; `sha256` is None where neither we nor the hub know it."""

    name: str
    url: str
    size: int
    etag: str
    commit: str
    sha256: str | None


def fetch(
    model_id: str,
    accept_licence: Callable[[str], bool],
    progress: Progress = SILENT,
    endpoint: str | None = None,
) -> InstalledModel:
    """Download, check and install a model of the table; one that is there already is returned at once.

    `accept_licence` is shown the licence's name and address and answers whether the user accepts; nothing is
    transferred before. `endpoint` is the hub's address when it is not the public one. An interrupted or cancelled
    download goes on where it stopped; a model that the hub's own client has whole in its cache is taken from there,
    without a word to the network. Raises ModelError when the licence is declined, the hub cannot be reached, the
    disk is full or a checksum is wrong (the file is then removed).
    """
    row = find_row(model_id)
    if row is None:
        raise ModelError(
            _("There is no model called {id}.").format(id=model_id), cure=_("`persian-mir models list` shows all.")
        )
    present = find_installed(model_id)
    if present is not None:
        return present
    if not accept_licence(licence_text(row)):
        raise ModelError(_("{id} was not fetched, since its licence was not accepted.").format(id=model_id))
    try:
        return _from_client_cache(row, progress) or _fetch_row(row, progress, endpoint)
    except _network_errors() as error:
        raise ModelError(
            _("{id} could not be fetched: {why}").format(id=model_id, why=str(error).splitlines()[0][:200]),
            cure=_("Try again later; what was already received is kept."),
        ) from error


def licence_text(row: ModelRow) -> str:
    """What the user is asked to accept."""
    return _("{name} ({id}) is the work of others, under the licence {licence}: {url}").format(
        name=row.name, id=row.id, licence=row.licence, url=row.licence_url
    )


def received_bytes(row: ModelRow) -> int:
    """Return how much of an interrupted download of `row` lies here, in bytes."""
    staging = _staging(row)
    return sum(file.stat().st_size for file in staging.iterdir()) if staging.is_dir() else 0


def in_client_cache(row: ModelRow) -> dict[str, Path]:
    """Return the files of `row` that the hub's own client has in its cache, by name; empty unless all are there."""
    from huggingface_hub import try_to_load_from_cache

    if row.url:
        return {}

    def cached(name: str) -> Path | None:
        found = try_to_load_from_cache(row.id, name, revision=row.revision or None)
        return Path(found) if isinstance(found, str) else None

    weights = (row.weights,) if row.sha256 else ("model.safetensors", row.weights)
    wanted = (row.description, PREPROCESSOR, *row.more)
    held = {name: path for name in (*wanted, *weights) if (path := cached(name)) is not None}
    one = next((name for name in weights if name in held), None)
    if one is None or not {row.description, *row.more} <= held.keys():
        return {}
    return {name: path for name, path in held.items() if name in (*wanted, one)}


def _from_client_cache(row: ModelRow, progress: Progress) -> InstalledModel | None:
    """Install `row` from the cache of the hub's client; None where it is not whole, or not what it should be.

    The client names a large file by its SHA-256 and checks it when it is fetched; it is checked again, against the
    pinned one where there is one.
    """
    files = in_client_cache(row)
    if not files:
        return None
    staging = _staging(row)
    staging.mkdir(parents=True, exist_ok=True)
    for done, (name, path) in enumerate(files.items()):
        progress.step(done / len(files), name)
        stated = path.resolve().name
        wanted = (row.sha256 if name == row.weights else None) or (stated if _SHA256.fullmatch(stated) else None)
        if wanted is not None and _sha256(path) != wanted:
            _log.warning("%s in the hub client's cache is not what it should be; it is fetched", path)
            return None
        (staging / name).unlink(missing_ok=True)
        _link_or_copy(path.resolve(), staging / name)
    commit = next(iter(files.values())).parent.name  # …/snapshots/<commit>/<file>
    return _install(row, staging, commit, progress)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)  # no second copy on the disk
    except OSError:
        shutil.copyfile(source, target)


def _staging(row: ModelRow) -> Path:
    return model_folder(row.id) / f".{row.revision}"


def _fetch_row(row: ModelRow, progress: Progress, endpoint: str | None) -> InstalledModel:
    staging = _staging(row)
    staging.mkdir(parents=True, exist_ok=True)
    files = _remote_files(row, endpoint)
    total, done = sum(file.size for file in files), 0
    for file in files:
        _download(file, staging, _Share(progress, done, total))
        done += file.size
    return _install(row, staging, files[0].commit or row.revision, progress)


def _install(row: ModelRow, staging: Path, commit: str, progress: Progress) -> InstalledModel:
    """Check what lies in `staging` and put it in its place."""
    read_architecture(staging)
    final = model_folder(row.id) / commit
    model = InstalledModel(row.id, commit, row.licence, None)
    write_record(model, staging)
    staging.replace(final)
    weights_file(final)
    progress.step(1.0)
    return InstalledModel(row.id, commit, row.licence, final)


def _remote_files(row: ModelRow, endpoint: str | None) -> list[_RemoteFile]:
    """The files to fetch: descriptions, one file of weights and what the row names, never anything else."""
    if row.url:
        return [_RemoteFile(row.weights, row.url, row.size, row.sha256 or "", "", row.sha256)]
    weights = (row.weights,) if row.sha256 else ("model.safetensors", row.weights)
    described = _look_up(row, PREPROCESSOR, None, endpoint)
    found = [_look_up(row, name, None, endpoint) for name in (row.description, *row.more)]
    found.append(next(filter(None, (_look_up(row, name, row.sha256, endpoint) for name in weights)), None))
    files = [file for file in found if file is not None]
    if len(files) < len(found):
        raise ModelError(_("The hub no longer holds the files of {id}.").format(id=row.id))
    return files if described is None else [described, *files]


def _look_up(row: ModelRow, name: str, sha256: str | None, endpoint: str | None) -> _RemoteFile | None:
    """What the hub says about one file of the pinned revision; None when it is not there."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import EntryNotFoundError

    url = hf_hub_url(row.id, name, revision=row.revision, endpoint=endpoint)
    try:
        meta: HfFileMetadata = get_hf_file_metadata(url, token=False, headers=dict(_HEADERS), endpoint=endpoint)
    except EntryNotFoundError:
        return None
    etag = meta.etag or ""
    stated = etag if _SHA256.fullmatch(etag) else None  # the hub's ETag of a large file is its SHA-256
    return _RemoteFile(name, meta.location, meta.size or 0, etag, meta.commit_hash or "", sha256 or stated)


def _download(file: _RemoteFile, folder: Path, share: _Share) -> None:
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
    if file.sha256 is not None and _sha256(part) != file.sha256:
        part.unlink()
        raise ModelError(
            _("What was received as {name} is not the file it should be (wrong checksum).").format(name=file.name),
            cure=_("It was removed. Try again; if it happens twice, tell the makers of this program."),
        )
    part.replace(final)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class _Share:
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

    def __init__(self, share: _Share, initial: int = 0, **_appearance: object) -> None:
        self.share = share
        self.received = initial

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def update(self, received: int) -> None:
        self.received += received
        self.share.report(self.received)


def _network_errors() -> tuple[type[Exception], ...]:
    """What the hub's client raises: its own errors and those of the HTTP library under it."""
    from huggingface_hub import errors

    return (OSError, errors.HfHubHTTPError, errors.HTTPError)  # type: ignore[attr-defined]
