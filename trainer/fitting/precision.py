"""How exactly the stacked fits multiply."""

from __future__ import annotations

from typing import Literal

from persian_mir.half_precision import multiplies_bfloat16

Precision = Literal["float32", "bfloat16"]


def quickest_precision() -> Precision:
    """bfloat16 where the processor itself multiplies eight significant bits; elsewhere float32, which torch would then
    go through anyway.
    """
    return "bfloat16" if multiplies_bfloat16() else "float32"
