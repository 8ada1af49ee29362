"""How exactly the stacked fits multiply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import torch

Precision = Literal["float32", "bfloat16"]


def quickest_precision() -> Precision:
    """bfloat16 where the processor itself multiplies eight significant bits (AVX512-BF16, AMX); elsewhere float32,
    which torch would then go through anyway.
    """
    return "bfloat16" if multiplies_bfloat16() else "float32"


def multiplies_bfloat16() -> bool:
    """What torch found of the processor; one before 2.13 does not tell."""
    known: Mapping[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))
