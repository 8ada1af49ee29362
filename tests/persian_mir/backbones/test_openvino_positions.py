"""A position convolution by its spectrum gives what torch gives, wherever its blocks end."""

from __future__ import annotations

import numpy as np
import pytest
import torch

pytest.importorskip("persian_mir.backbones.openvino_api")  # of the extra `fast`

from persian_mir.backbones.openvino_api import Core, Model, ops
from persian_mir.backbones.openvino_positions import convolved

WIDTH = 24


@pytest.mark.parametrize(("taps", "groups"), [(32, 4), (8, 1), (128, 2)])
def test_it_is_the_convolution_of_torch(taps: int, groups: int) -> None:
    torch.manual_seed(0)
    layer = torch.nn.Conv1d(WIDTH, 2 * WIDTH, taps, padding=taps // 2, groups=groups)
    frames = ops.parameter([1, -1, WIDTH], np.float32)
    graph = Model([ops.result(convolved(frames, layer))], [frames], "positions")
    compiled = Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": 1})
    for count in (1, taps - 1, taps, taps + 1, 3 * taps, 3 * taps + 5):
        values = np.random.default_rng(count).normal(1, 1, (1, count, WIDTH)).astype(np.float32)
        with torch.inference_mode():
            wanted = layer(torch.from_numpy(values).mT)[..., :-1].mT.numpy()
        found = compiled([values])[0]
        assert found.shape == wanted.shape
        assert float(np.abs(found - wanted).max()) < 5e-6 * float(np.abs(wanted).max())
