"""Getting a model, only when the user asks: its licence accepted, its files brought here, checked and installed."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.config import PREPROCESSOR, read_architecture
from persian_mir.models.hub import SHA256, RemoteFile, TransferProgress, download, look_up, network_errors, sha256
from persian_mir.models.store import InstalledModel, find_installed, model_folder, weights_file, write_record
from persian_mir.models.table import ModelRow, find_row
from persian_mir.progress import SILENT, Progress

_log = logging.getLogger(__name__)


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
    except network_errors() as error:
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
        wanted = (row.sha256 if name == row.weights else None) or (stated if SHA256.fullmatch(stated) else None)
        if wanted is not None and sha256(path) != wanted:
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
        download(file, staging, TransferProgress(progress, done, total))
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


def _remote_files(row: ModelRow, endpoint: str | None) -> list[RemoteFile]:
    """The files to fetch: descriptions, one file of weights and what the row names, never anything else."""
    if row.url:
        return [RemoteFile(row.weights, row.url, row.size, row.sha256 or "", "", row.sha256)]
    weights = (row.weights,) if row.sha256 else ("model.safetensors", row.weights)
    described = look_up(row, PREPROCESSOR, None, endpoint)
    found = [look_up(row, name, None, endpoint) for name in (row.description, *row.more)]
    found.append(next(filter(None, (look_up(row, name, row.sha256, endpoint) for name in weights)), None))
    files = [file for file in found if file is not None]
    if len(files) < len(found):
        raise ModelError(_("The hub no longer holds the files of {id}.").format(id=row.id))
    return files if described is None else [described, *files]
