"""The codes of an index on disk: made from its vectors, kept up with them, and made again where they are damaged."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from persian_mir.atomic_write import atomic_write
from persian_mir.cache_files import load_kept, log
from persian_mir.checked_json import parsed, row, whole
from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.codes import COMPONENTS, SAMPLE, Basis, Codes, fit_basis, prepared
from persian_mir.similarity.index_file import VECTORS, in_words
from persian_mir.similarity.space import Floats, Space
from persian_mir.similarity.stored import StoredVectors, Vectors

LEAST_CODED = 4096  # rows; fewer are compared exactly, all of them
REFIT = 4  # times as many rows as the basis was fitted on: it is fitted again
CHUNK = 4096  # rows encoded at a time
BASIS = "basis.safetensors"
_NAMES = ("mean", "deviation", "components", "scale")


@dataclass(frozen=True, slots=True, eq=False)
class VectorCodes:
    """The codes of the first rows of the vectors in `file`, on a basis fitted when there were `fitted`; `sum`: their
    CRC-32.
    """

    file: str
    basis: Basis
    codes: Codes
    fitted: int
    sum: int


class CodeFiles:
    """The codes in one folder; files that another program replaces meanwhile stay as they were opened."""

    def __init__(self, folder: Path, space: Space) -> None:
        self._folder, self._space = folder, space
        self._coded: VectorCodes | None = None

    def extend(self, held: StoredVectors, progress: Progress = SILENT) -> VectorCodes | None:
        """Return the codes of all rows but the last few; None where all are few. Made where they are missing."""
        vectors = held.vectors
        if self._coded is None and len(vectors) >= LEAST_CODED:
            self._coded = load_kept(self._folder / BASIS, self._load)
        coded = self._coded
        if coded is not None and (coded.file != held.file or len(coded.codes) > len(vectors)):
            coded = None  # of an index that was compacted, or begun again
        done = 0 if coded is None else len(coded.codes)
        if len(vectors) - done >= LEAST_CODED:
            with in_words(self._folder):
                self._coded = coded = self._make(held.file, vectors, coded, progress)
        return coded

    def _make(self, name: str, vectors: Vectors, coded: VectorCodes | None, progress: Progress) -> VectorCodes:
        """Encode what has no code yet, or everything where the basis was fitted on much less."""
        if coded is None or len(vectors) >= REFIT * coded.fitted:
            sample = vectors[:: -(-len(vectors) // SAMPLE)]
            coded = VectorCodes(name, fit_basis(self._space, sample.astype(np.float32)), _none(), len(vectors), 0)
        begin, total, crc = len(coded.codes), len(vectors), coded.sum
        path = self._codes_path(name, coded.fitted)
        path.touch()
        with path.open("r+b") as file:
            file.seek(begin * COMPONENTS)
            for first in range(begin, total, CHUNK):
                progress.step((first - begin) / (total - begin))
                chunk = prepared(vectors[first : first + CHUNK], coded.basis.mean, coded.basis.deviation)
                data = coded.basis.encode(chunk).tobytes()
                crc = zlib.crc32(data, crc)
                file.write(data)
        self._write_basis(name, coded.basis, [total, coded.fitted, crc])
        return VectorCodes(name, coded.basis, self._map(path, total), coded.fitted, crc)

    def _write_basis(self, name: str, basis: Basis, numbers: list[int]) -> None:
        from safetensors.numpy import save

        arrays = {name: np.ascontiguousarray(getattr(basis, name)) for name in _NAMES}
        told = str([*numbers, _sum(basis)])
        with atomic_write(self._folder / BASIS, durable=False) as file:
            file.write(save(arrays, {"numbers": told, "vectors": name}))
        for path in self._folder.glob("codes-*.i8"):
            if path != self._codes_path(name, numbers[1]):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:  # Windows keeps what is mapped
                    log.info("cannot remove %s: %s", path, error)

    def _load(self, path: Path) -> VectorCodes:
        """The codes that are there. Raises ValueError, and much else, where anything is not what was written."""
        from safetensors import safe_open

        with safe_open(path, "numpy") as file:
            told = file.metadata()
            rows, fitted, crc, basis_sum = parsed(told["numbers"], row(*4 * [whole()]))
            name = told.get("vectors", VECTORS)
            basis = Basis(*(file.get_tensor(name) for name in _NAMES))
        codes = self._map(self._codes_path(name, fitted), rows)
        if basis.components.shape != (COMPONENTS, self._space.width) or _sum(basis) != basis_sum:
            raise ValueError("the basis is not what was written")
        if zlib.crc32(codes.data) != crc:
            raise ValueError("the codes are not what was written")
        return VectorCodes(name, basis, codes, fitted, crc)

    def _map(self, path: Path, rows: int) -> Codes:
        return np.memmap(path, np.int8, "r", shape=(rows, COMPONENTS))

    def _codes_path(self, name: str, fitted: int) -> Path:
        """Where the codes of the vectors in `name` are, such as `codes-5000.i8` or `codes-1f2e3d4c-5000.i8`."""
        return self._folder / f"{Path(name).stem.replace('vectors', 'codes')}-{fitted}.i8"


def _none() -> Codes:
    return np.zeros((0, COMPONENTS), np.int8)


def _sum(basis: Basis) -> int:
    crc = 0
    for name in _NAMES:
        values: Floats = getattr(basis, name)
        crc = zlib.crc32(np.ascontiguousarray(values).data, crc)
    return crc
