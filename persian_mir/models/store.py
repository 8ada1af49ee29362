"""The models that are installed: one folder a model and revision under the user's data, or a folder of the user's own.

<data>/models/<org>--<name>/<revision>/   config.json, preprocessor_config.json, weights, installed.json
<data>/models/local--<name>/local/        installed.json alone, naming the user's folder
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from persian_mir import checked_json
from persian_mir.app_paths import data_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.checked_json import RecordError, optional, read_json, text
from persian_mir.errors import ModelError, NotInstalledError
from persian_mir.i18n import _
from persian_mir.models import cnn14, conformer
from persian_mir.models.config import read_architecture
from persian_mir.models.table import SIGNAL, find_row
from persian_mir.removal import remove_below

RECORD, CARD = "installed.json", "pretrained.json"
INSTALLED = checked_json.record(id=text(), revision=text(), licence=text(), folder=optional(text()))
LONGEST = 200  # signs of an id
# In this order; nothing else is ever loaded.
WEIGHTS = ("model.safetensors", "pytorch_model.bin", cnn14.FILE, *conformer.STATISTICS)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model that can be used at once. `folder` is None for `signal`, which has no files."""

    id: str
    revision: str
    licence: str
    folder: Path | None


def models_dir() -> Path:
    """Where installed models lie."""
    return data_dir() / "models"


def is_model_id(text: str) -> bool:
    """Whether `text` may be a model's id, `name` or `owner/name`: never a path, nothing that cannot be printed."""
    parts = text.split("/")
    named = all(part == part.strip() and part.strip(".") and not part.startswith("~") for part in parts)
    return len(parts) <= 2 and named and len(text) <= LONGEST and text.isprintable() and not re.search(r"[\\:<>]", text)


def model_folder(model_id: str) -> Path:
    """The folder of one model, all its revisions in it."""
    return models_dir() / model_id.replace("/", "--")


def weights_file(folder: Path) -> Path:
    """The weights in `folder`: safetensors before .bin. Raises ModelError when there is neither."""
    for name in WEIGHTS:
        if (folder / name).is_file():
            return folder / name
    if any((folder / f"{name}.index.json").is_file() for name in WEIGHTS):
        what, cure = _("The weights are sharded: cut into several files."), _("Join them into one, {name}.")
        raise ModelError(what, path=folder, cure=cure.format(name=WEIGHTS[0]))
    raise ModelError(
        _("There are no weights in this folder."),
        path=folder,
        cure=_("It must hold one of {names}.").format(names=", ".join(WEIGHTS)),
    )


def installed() -> list[InstalledModel]:
    """All models that can be used, `signal` first. A damaged entry is logged and left out."""
    row = find_row(SIGNAL)
    models = [InstalledModel(SIGNAL, "", row.licence if row else "", None)]
    for record in sorted(models_dir().glob(f"*/*/{RECORD}")):
        if not record.parent.name.startswith("."):
            try:
                models.append(_read_record(record))
            except (OSError, ValueError) as error:
                _log.warning("%s is not a record of a model: %s", record, error)
    return models


def model_files(id_or_folder: str) -> list[Path]:
    """The files of an installed model or of one in a folder; none of `signal`, or of what is no model."""
    model = find_installed(id_or_folder)
    folder = Path(id_or_folder).expanduser() if model is None else model.folder
    return [] if folder is None or not folder.is_dir() else [one for one in folder.iterdir() if one.is_file()]


def find_installed(model_id: str) -> InstalledModel | None:
    """The installed model of that id, the pinned revision before others; None when there is none."""
    found = [model for model in installed() if model.id == model_id]
    row = find_row(model_id)
    pinned = [model for model in found if row is not None and model.revision == row.revision]
    return next(iter(pinned or found), None)


def add_folder(path: Path) -> InstalledModel:
    """Register a folder in the hub's format; it stays where it is. Its id is `local/<folder's name>`."""
    folder = path.expanduser().resolve()
    if not folder.is_dir():
        raise ModelError(_("This is not a folder."), path=path)
    read_architecture(folder)
    weights_file(folder)
    model = InstalledModel(f"local/{folder.name}", "local", licence_of(folder), folder)
    known = find_installed(model.id)
    if known is not None and known.folder != folder:
        raise ModelError(
            _("Another folder is already registered as {id}.").format(id=model.id),
            path=known.folder,
            cure=_("Remove that one first, or rename one of the two."),
        )
    write_record(model, model_folder(model.id) / model.revision)
    return model


def licence_of(folder: Path) -> str:
    """That of a model that was pre-trained here, as its card says; unknown, an empty text, of any other folder."""
    try:
        return str(json.loads((folder / CARD).read_text(encoding="utf-8"))["licence"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def write_record(model: InstalledModel, place: Path) -> None:
    """Write what is known about `model` into `place`, its folder in the store."""
    fields = asdict(model) | {"folder": None if model.folder is None else str(model.folder)}
    with atomic_write(place / RECORD) as file:
        file.write(json.dumps(fields, indent=1).encode())


def remove(model_id: str) -> None:
    """Delete an installed model's files, all revisions; a folder of the user's own is only forgotten."""
    if model_id == SIGNAL:
        raise ModelError(_("{id} is part of the program and cannot be removed.").format(id=model_id))
    if find_installed(model_id) is None:
        raise not_installed(model_id)
    try:
        remove_below(model_folder(model_id), models_dir())
    except (OSError, ValueError) as error:
        raise ModelError(_("The model could not be removed: {why}").format(why=error), path=models_dir()) from error


def not_installed(model_id: str) -> ModelError:
    """The error that says how to get a model that is not here."""
    what = _("The model {id} is not installed.").format(id=model_id)
    if find_row(model_id) is None:
        return ModelError(what, cure=_("`persian-mir models list` shows what there is."))
    return NotInstalledError(what, model_id)


def _read_record(record: Path) -> InstalledModel:
    """The model of one record. A folder that is named there is the user's; otherwise the record's own.

    Raises OSError, and RecordError for one that is damaged or whose id is not that of the folder it lies in.
    """
    fields = read_json(record, INSTALLED)
    folder = record.parent if fields.get("folder") is None else Path(fields["folder"])
    if not is_model_id(fields["id"]) or model_folder(fields["id"]) != record.parent.parent:
        raise RecordError(_("It names another model."), path=record)
    return InstalledModel(fields["id"], fields["revision"], fields["licence"], folder)
