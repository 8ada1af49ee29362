"""A checkpoint's weights into a network: names mended, every shape checked before anything is allocated.

safetensors, or torch's zip format with `weights_only=True`; a pickle of classes is never unpacked.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.errors import ModelError
from persian_mir.i18n import _

if TYPE_CHECKING:
    import torch

_RENAMED = ((".weight_g", ".parametrizations.weight.original0"), (".weight_v", ".parametrizations.weight.original1"))
_MAX_DIRECTORY = 16 << 20  # bytes of the part of a .bin file that names the tensors; real ones have 30,000


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_weights(network: torch.nn.Module, path: Path, mended: Callable[[str], str]) -> torch.nn.Module:
    """Give `network`, built on the meta device, the weights in `path`, as float32 on the CPU; see `read_weights`.

    Raises ModelError when tensors are missing, superfluous, of another shape or not of floating point, and when the
    file is damaged or holds anything but tensors.
    """
    tensors = read_weights(path, mended)
    _check(tensors, network.state_dict(), path)
    network.to_empty(device="cpu")
    network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()}, strict=True)
    return network.eval().requires_grad_(False)


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
        if tensor.shape != wanted[name].shape or not tensor.is_floating_point():
            raise ModelError(
                _("The tensor {name} has the shape {shape}, but {wanted} is needed.").format(
                    name=name, shape=list(tensor.shape), wanted=list(wanted[name].shape)
                ),
                path=path,
            )


def _read(path: Path) -> Mapping[str, torch.Tensor]:
    """The tensors of a file, mapped and not yet read."""
    return _read_safetensors(path) if path.suffix == ".safetensors" else _read_bin(path)


def _read_safetensors(path: Path) -> Mapping[str, torch.Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)  # sizes are checked against the file's own before anything is made
    except (OSError, SafetensorError, ValueError) as error:
        raise _damaged(path) from error


def _read_bin(path: Path) -> Mapping[str, torch.Tensor]:
    """A .bin file. Its tensors are views of the mapped file, so no size it declares can cost memory."""
    import torch

    try:
        _check_archive(path)
        tensors = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (OSError, zipfile.BadZipFile) as error:
        raise _damaged(path) from error
    except Exception as error:  # torch raises pickle's, zip's and its own errors
        raise ModelError(
            _("The file holds something other than weights, or is damaged. It was not opened."), path=path
        ) from error
    if not isinstance(tensors, dict) or not all(
        isinstance(name, str) and isinstance(tensor, torch.Tensor) for name, tensor in tensors.items()
    ):
        raise ModelError(_("The file holds something other than weights."), path=path)
    return tensors


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
