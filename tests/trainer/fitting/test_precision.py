"""In what is computed follows from what the processor multiplies itself."""

from __future__ import annotations

import pytest
import torch

from persian_mir.half_precision import multiplies_bfloat16
from trainer.fitting.precision import quickest_precision


@pytest.mark.parametrize("found", [{"avx512_bf16": True}, {"amx_bf16": True}, {"neon": True, "bf16": True}])
def test_eight_bits_where_the_processor_multiplies_them(
    found: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)
    assert multiplies_bfloat16()
    assert quickest_precision() == "bfloat16"


@pytest.mark.parametrize("found", [{"neon": True, "bf16": False}, {"avx512_bf16": False, "avx512_f": True}])
def test_all_bits_where_it_does_not(found: dict[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)
    assert not multiplies_bfloat16()
    assert quickest_precision() == "float32"


@pytest.mark.parametrize("here", [False, True])
def test_an_older_torch_tells_by_other_names(here: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: here, raising=False)
    assert multiplies_bfloat16() == here


def test_a_graphics_card_that_emulates_it_does_not_multiply_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: including_emulation)
    assert not multiplies_bfloat16("cuda")
