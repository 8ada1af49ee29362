"""MERT's own teacher: EnCodec, where it is installed.

Its codes are computed for each clip as it is drawn: 15 GFLOP beside the 327 that a 95M model learns from it with, so
keeping them (4 GB for 960 hours, and clips that begin at whole frames only) would save a twentieth. In float32: in
bfloat16 a seventh of the codes are others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones.backbone import BackboneKey
from persian_mir.backbones.loading import load_network
from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.encodec import EncodecArchitecture
from persian_mir.models.store import find_installed, not_installed

ENCODEC = "facebook/encodec_24khz"


@dataclass(frozen=True, slots=True, eq=False)
class EncodecTeacher:
    """`network` as `load_network` gives it, on any device."""

    network: Any
    key: BackboneKey
    licence: str
    books: int
    size: int

    @property
    def card(self) -> Mapping[str, str]:
        """What it goes by."""
        weights = self.key.weights_hash
        return {"kind": "encodec", "id": self.key.id, "revision": self.key.revision, "weights": weights,
                "licence": self.licence}  # fmt: skip

    def codes(self, clips: NDArray[np.float32], frames: int) -> NDArray[np.int64]:
        """The codes of clips [clips, samples], int64 [clips, frames, books]."""
        from persian_mir.backbones.encodec import codes

        return codes(self.network, clips, self.books)[:, :frames]  # it has the frame that is cut off at the end, too


def encodec_teacher(rate: int, hop: int, books: int, codes: int) -> EncodecTeacher:
    """The installed EnCodec, for a model that hears `rate` Hz and makes a frame of `hop` samples; `codes` 0: its own.

    Raises ModelError where it is missing, or its frames, books or codes are not those that are wanted.
    """
    model = find_installed(ENCODEC)
    if model is None or model.folder is None:
        raise not_installed(ENCODEC)
    network, found, key = load_network(model.folder, model.id, model.revision)
    if not isinstance(found, EncodecArchitecture):
        raise ModelError(_("This is another model than EnCodec."), path=model.folder)
    if (rate, hop) != (found.rate, found.receptive_field):
        what = _("EnCodec teaches models of {rate} Hz with {frames:g} frames a second, as MERT v1; this one has {own}.")
        own = _("{rate} Hz with {frames:g}").format(rate=rate, frames=rate / hop)
        told = what.format(rate=found.rate, frames=found.rate / found.receptive_field, own=own)
        raise ModelError(told, cure=_("Choose another teacher: --teacher mel"))
    if codes not in (0, found.codes) or books > found.books:
        what = _("EnCodec has {books} books of {codes} codes.").format(books=found.books, codes=found.codes)
        raise ModelError(what, cure=_("Leave them as the recipe has them."))
    return EncodecTeacher(network.eval(), key, model.licence, books, found.codes)
