"""Probes that earlier programs wrote, kept byte by byte: `golden/expected.json` says what those made of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from persian_mir.errors import ProbeError
from persian_mir.probes.document import FORMAT, OLDEST
from persian_mir.probes.file import load_probe, parse_probe
from persian_mir.probes.probe import probabilities

GOLDEN = Path(__file__).parent / "golden"
TOLD = json.loads((GOLDEN / "expected.json").read_text(encoding="utf-8"))
VALUES = np.linspace(-2, 2, 7 * 2 * 8, dtype=np.float32).reshape(7, 2, 8)
EXTRA = np.linspace(-1, 1, 14, dtype=np.float32).reshape(7, 2)


@pytest.mark.parametrize("name", sorted(TOLD))
def test_it_is_read_and_says_what_it_said(name: str) -> None:
    probe, told = load_probe(GOLDEN / name), TOLD[name]
    assert (probe.hash, probe.task, list(probe.labels)) == (told["hash"], told["task"], told["labels"])
    rows = probabilities(probe, VALUES, None if probe.modal is None else EXTRA)
    np.testing.assert_allclose(rows, told["probabilities"], atol=2e-6)


def test_every_format_so_far_is_among_them() -> None:
    written = {int(path.name.split("-")[1].removesuffix(".probe")) for path in GOLDEN.glob("*.probe")}
    assert written == {OLDEST, 2, 3}
    assert FORMAT == 4  # raised: then keep probes of the format before it here


@pytest.mark.parametrize(("version", "words"), [(0, "older"), (FORMAT + 1, "newer version")])
def test_a_format_that_is_not_known_is_refused_with_what_to_do(version: int, words: str) -> None:
    data = (GOLDEN / "format-1.probe").read_bytes()
    before, after = b'\\"format\\": 1', f'\\"format\\": {version}'.encode()
    assert data.count(before) == 1
    with pytest.raises(ProbeError, match=words) as caught:
        parse_probe(data.replace(before, after))
    assert caught.value.cure
