"""A checkpoint's weights into a network: names mended, every shape checked before anything is allocated.

safetensors, or torch's zip format with `weights_only=True`; a pickle of classes is never unpacked.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persian_mir.errors import ModelError
from persian_mir.i18n import _

if TYPE_CHECKING:
    import torch

    Fixed = Callable[[torch.nn.Module], dict[str, torch.Tensor]]

_RENAMED = ((".weight_g", ".parametrizations.weight.original0"), (".weight_v", ".parametrizations.weight.original1"))
_MAX_DIRECTORY = 16 << 20  # bytes of the part of a .bin file that names the tensors; real ones have 30,000


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_weights(
    network: torch.nn.Module, path: Path, mended: Callable[[str], str], fixed: Fixed | None = None
) -> torch.nn.Module:
    """Give `network`, built on the meta device, the weights in `path`, as float32 on the CPU; see `read_weights`.

    `fixed` gives the tensors of a network that are not learnt, and so are not asked of the file. Raises ModelError
    when tensors are missing, superfluous, of another shape or kind, and when the file is damaged or holds anything
    but tensors.
    """
    wanted = network.state_dict()
    tensors = read_weights(path, mended) | _counters(wanted) | (fixed(network) if fixed else {})
    _check(tensors, wanted, path)
    network.to_empty(device="cpu")
    network.load_state_dict({name: tensor.to(wanted[name].dtype) for name, tensor in tensors.items()}, strict=True)
    return network.eval().requires_grad_(False)


def _counters(wanted: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """How many batches each norm has seen, which matters in training only; not every file has it."""
    import torch

    return {name: torch.zeros((), dtype=torch.long) for name in wanted if name.endswith(".num_batches_tracked")}


def read_weights(path: Path, mended: Callable[[str], str]) -> dict[str, torch.Tensor]:
    """The tensors in `path` by the names that networks here have, not yet read: see Family.mended.

    Raises ModelError when the file is damaged or holds anything but tensors.
    """
    named = ((_plain(mended(name)), tensor) for name, tensor in _read(path).items())
    return {name: tensor for name, tensor in named if name}


def _plain(name: str) -> str:
    """A name as torch writes it today: those of a normed weight have changed."""
    for old, new in _RENAMED:
        if name.endswith(old):
            return name.removesuffix(old) + new
    return name


def _check(tensors: Mapping[str, torch.Tensor], wanted: Mapping[str, torch.Tensor], path: Path) -> None:
    missing, superfluous = sorted(wanted.keys() - tensors.keys()), sorted(tensors.keys() - wanted.keys())
    if missing or superfluous:
        raise ModelError(
            _(
                "The weights do not fit the model's description: {count} tensors missing or superfluous ({name}, …)."
            ).format(count=len(missing) + len(superfluous), name=(missing + superfluous)[0][:80]),
            path=path,
        )
    for name, tensor in tensors.items():
        if tensor.shape != wanted[name].shape or tensor.is_floating_point() != wanted[name].is_floating_point():
            raise ModelError(
                _("The tensor {name} has the shape {shape}, but {wanted} is needed.").format(
                    name=name, shape=list(tensor.shape), wanted=list(wanted[name].shape)
                ),
                path=path,
            )


def _read(path: Path) -> Mapping[str, torch.Tensor]:
    """The tensors of a file, mapped and not yet read."""
    readers = {".safetensors": _read_safetensors, ".pth": _read_checkpoint, ".pt": _read_checkpoint}
    return readers.get(path.suffix, _read_bin)(path)


def _read_safetensors(path: Path) -> Mapping[str, torch.Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)  # sizes are checked against the file's own before anything is made
    except (OSError, SafetensorError, ValueError) as error:
        raise _damaged(path) from error


def _read_bin(path: Path) -> Mapping[str, torch.Tensor]:
    """A .bin file. Its tensors are views of the mapped file, so no size it declares can cost memory."""
    return _only_tensors(_unpickled(path), path)


def _read_checkpoint(path: Path) -> Mapping[str, torch.Tensor]:
    """A .pth or .pt file: the state of a training, in which the weights are called `model` or `state_dict`.

    It may hold arrays of whole numbers, and be of torch before 1.6, which has no archive and is read whole.
    """
    held = _unpickled(path, _arrays(), zipped=zipfile.is_zipfile(path))
    named = held.get("model", held.get("state_dict")) if isinstance(held, dict) else None
    return _only_tensors(named, path)


def _unpickled(path: Path, allowed: Sequence[Any] = (), zipped: bool = True) -> object:
    """What torch saved, by `weights_only`: tensors, plain values, and what is `allowed`."""
    import torch

    try:
        if zipped:
            _check_archive(path)
        with torch.serialization.safe_globals(list(allowed)):
            return torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
    except (OSError, zipfile.BadZipFile) as error:
        raise _damaged(path) from error
    except Exception as error:  # torch raises pickle's, zip's and its own errors
        what = _("The file holds something other than weights, or is damaged. It was not opened.")
        cure = _("The guide tells, under Models, how its weights are turned into model.safetensors without the rest.")
        raise ModelError(what, path=path, cure=cure) from error


def _arrays() -> list[Any]:
    """What makes an array of whole numbers, under its names in numpy 1 and 2."""
    import numpy as np

    make = np.arange(0).__reduce__()[0]
    names = ("numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct")
    return [*((make, name) for name in names), np.ndarray, np.dtype, type(np.dtype(np.int64))]


def _only_tensors(held: object, path: Path) -> Mapping[str, torch.Tensor]:
    import torch

    if not isinstance(held, dict) or not all(
        isinstance(name, str) and isinstance(tensor, torch.Tensor) for name, tensor in held.items()
    ):
        raise ModelError(_("The file holds something other than weights."), path=path)
    return held


def _check_archive(path: Path) -> None:
    """Refuse archives that unpack to more than they are."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            too_large = entry.filename.endswith("data.pkl") and entry.file_size > _MAX_DIRECTORY
            if entry.compress_type != zipfile.ZIP_STORED or too_large:
                raise zipfile.BadZipFile(f"suspicious entry {entry.filename}")


def _damaged(path: Path) -> ModelError:
    return ModelError(
        _("The weights are damaged or of a format that is not read here."),
        path=path,
        cure=_("Fetch the model again, or convert it to safetensors."),
    )
