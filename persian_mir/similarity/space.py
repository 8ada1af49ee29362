"""A space of vectors in which passages are compared by their angle."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.profile import OCTAVE_CENTS

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Space:
    """What vectors mean: those of one `id` may be compared, and lie in a folder of their own.

    A vector of `width` numbers is read as [width / steps, steps]; turning the last axis by one transposes
    a melody by 1200 / `steps` cents, and passages are compared in all transpositions. `steps` is 1 where nothing turns.
    `standardised`: each column is brought to zero mean and unit variance over all passages before it is compared.
    """

    id: str
    width: int
    steps: int = 1
    standardised: bool = False

    @property
    def folder(self) -> str:
        """The name of its folder, BLAKE2b-128 of all that it is, in hex."""
        return hashlib.blake2b(repr(self).encode(), digest_size=16).hexdigest()

    def turned(self, vectors: Floats, step: int) -> Floats:
        """Return `vectors` [n, width] transposed up by `step` of the space's steps."""
        rows = vectors.reshape(len(vectors), -1, self.steps)
        return np.roll(rows, step, axis=-1).reshape(vectors.shape)

    def transpositions(self, vector: Floats) -> Floats:
        """Return `vector` [width] in all its transpositions, [steps, width]."""
        return np.concatenate([self.turned(vector[None], step) for step in range(self.steps)])

    def cents(self, step: int) -> float:
        """Return by how many cents `step` transposes, -600 up to 600; 0 where nothing turns."""
        half = self.steps // 2
        return ((step + half) % self.steps - half) * OCTAVE_CENTS / self.steps


def unit(vectors: Floats) -> Floats:
    """Return `vectors` [n, width] at norm 1; zeros stay zeros, and what is no number becomes zero."""
    vectors = np.nan_to_num(vectors.astype(np.float32, copy=False), nan=0.0, posinf=0.0, neginf=0.0)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, np.float32(1e-12)))
