"""A transformer backbone that OpenVINO computes on the CPU, in exact float32 or in bfloat16.

It is made from the network that torch has loaded, in a tenth of a second, so nothing of it is kept on the disk. Before
it is used it is held against that network on this machine: `exact` must be float32, which OpenVINO's own default is
not, and `fast` must be near it. This file imports openvino at once: see `openvino_graph`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from persian_mir.backbones.backbone import BackboneKey, Floats
from persian_mir.backbones.batches import NORMALISE_EPS, check_batch, normalised
from persian_mir.backbones.first_layer import FirstLayer
from persian_mir.backbones.openvino_api import Core, Model
from persian_mir.backbones.openvino_convolutions import build_convolutions
from persian_mir.backbones.openvino_graph import build_graph
from persian_mir.backbones.phases import Phases
from persian_mir.models.config import Architecture

ENGINE = "openvino"
LIMITS = {"fp32": 1e-4, "bf16": 0.03}  # by the size of a state; float32 is off by 4e-7, sound bfloat16 by 5e-3
_HINTS = {"fp32": "f32", "bf16": "bf16"}
_MOST_STREAMS = 4  # each holds its own intermediate results
_CHECK_S = 2  # seconds of noise that it is checked on


class OpenvinoBackbone:
    """A loaded checkpoint; as deep as was asked for last is compiled.

    `streams` windows are computed beside each other, each by its share of the threads: none waits for another's.
    """

    engine = ENGINE
    device = "cpu"
    batch = 1  # batching gains nothing on the CPU
    remark = ""

    def __init__(
        self, network: Any, architecture: Architecture, phases: Phases, key: BackboneKey, precision: str
    ) -> None:
        """`precision` is `fp32` (exact) or `bf16`. The weights are shared with `network`."""
        block = network.feature_extractor.conv_layers[0]
        self.key = key
        self.precision = precision if precision == "fp32" else f"{precision} {ENGINE}"
        self._architecture, self._hint = architecture, _HINTS[precision]
        self._first = FirstLayer.of(block.conv, block.layer_norm if architecture.conv_norm == "group" else None)
        taps = (1 if precision == "fp32" else 3) * (block.conv.kernel_size[0] + 1)  # see _inputs
        self._phases = phases
        self._convolutions = build_convolutions(network, architecture, phases, taps)
        self._graph = build_graph(network, architecture, precision == "fp32")
        self._threads = torch.get_num_threads()
        self.streams = min(_MOST_STREAMS, self._threads)
        self._changed, self._deepest = threading.Condition(), -1
        self._convolving: list[Any] = []  # requests, each of which serves one at a time
        self._free: list[tuple[Any, Any]] = []  # one of those, and one of the graph behind it
        self._busy = 0

    def embed(self, batch: Floats, layers: Sequence[int]) -> Floats:
        """See Backbone.embed."""
        check_batch(batch, layers, self.key, self._architecture)
        pooled = np.zeros((len(batch), len(layers), self.key.width), np.float32)
        for window, own in zip(batch, pooled, strict=True):
            pieces, kernels = self._inputs(self._normalised(window))
            with self._request(max(layers, default=0)) as (convolutions, request):
                request.start_async([_convolved(convolutions, pieces, kernels, self._frames(window))])
                request.wait()
                own[:] = [request.output_tensors[layer].data[0] for layer in layers]
        return pooled

    def error(self, network: Any) -> float:
        """How far the worst pooled state is from that of `network` in torch, by the size of that state."""
        from persian_mir.backbones.transformer import hidden_states

        noise = np.random.default_rng(0).normal(0, 0.1, (1, _CHECK_S * self.key.rate)).astype(np.float32)
        found = self.embed(noise, range(self.key.states))[0]
        deepest = self.key.states - 1
        with torch.inference_mode():
            waveform = normalised(torch.from_numpy(noise), self.key)
            states = [one.mean(dim=1)[0] for one in hidden_states(network, self._architecture, waveform, deepest)]
        exact = torch.stack(states).numpy()
        return float(np.nan_to_num(_norm(found - exact) / _norm(exact), nan=np.inf).max())

    @contextmanager
    def _request(self, deepest: int) -> Iterator[tuple[Any, Any]]:
        """A request of the convolutions and one of the graph up to a state, nobody else's meanwhile. Waits for one."""
        with self._changed:
            self._changed.wait_for(lambda: not self._busy or (self._free and self._deepest == deepest))
            if self._deepest != deepest:
                self._free, self._deepest = [], -1  # their memory goes first
                self._free, self._deepest = self._compiled(deepest), deepest
            self._busy += 1
            request = self._free.pop()
        try:
            yield request
        finally:
            with self._changed:
                self._busy -= 1
                self._free.append(request)
                self._changed.notify_all()

    def _normalised(self, window: Floats) -> Floats:
        """See `normalised`. Not by torch, whose threads would go on waiting for more on the cores that are needed."""
        if not self.key.normalise:
            return window
        mean, deviation = window.mean(dtype=np.float64), np.sqrt(window.var(dtype=np.float64) + NORMALISE_EPS)
        return np.asarray((window - mean) / deviation, np.float32)

    def _frames(self, window: Floats) -> int:
        """How many the convolutions make of a window [samples]."""
        hop = self._first.stride * self._phases.hop
        return (len(window) - self._architecture.receptive_field) // hop + 1

    def _compiled(self, deepest: int) -> list[tuple[Any, Any]]:
        """Requests of the convolutions and of the graph up to a state; what lies deeper is not computed."""
        self._convolving = self._convolving or self._requests(self._convolutions)
        outputs = self._graph.outputs[: deepest + 1]
        cut = Model([one.get_node() for one in outputs], self._graph.get_parameters(), "cut")
        return list(zip(self._convolving, self._requests(cut), strict=True))

    def _requests(self, graph: Model) -> list[Any]:
        options = {
            "INFERENCE_PRECISION_HINT": self._hint,
            "INFERENCE_NUM_THREADS": self._threads,
            "NUM_STREAMS": self.streams,
            "ENABLE_CPU_PINNING": False,  # else what decodes and examines beside them keeps one of them waiting
        }
        compiled = Core().compile_model(graph, "CPU", options)
        used = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        if used != self._hint:  # what it cannot do it leaves, and says nothing
            raise RuntimeError(f"it computes in {used}, not in {self._hint}")
        return [compiled.create_infer_request() for _stream in range(self.streams)]

    def _inputs(self, window: Floats) -> tuple[list[Floats], Floats]:
        """What the graph of the convolutions takes of a window [samples]: `samples` of each piece, and `kernels`.

        A last tap of ones carries what is added. In bfloat16 both are split in two, so that the product is one of 16
        significant bits: the waveform's neighbouring samples cancel out under many a kernel.
        """
        count, frames = self._phases.pieces(self._frames(window))
        kernels = self._first.kernels(self._first.under(window))
        padded = np.zeros(self._first.samples(self._phases.reach(count, frames)), np.float32)
        padded[: len(window)] = window[: len(padded)]
        under = self._first.under(padded)
        samples = np.ones((len(under), kernels.shape[1]), np.float32)
        samples[:, :-1] = under
        if self._hint != "f32":
            (high, low), (above, below) = _split(samples), _split(kernels)
            samples, kernels = np.concatenate([high, high, low], 1), np.concatenate([above, below, above], 1)
        return [self._phases.piece(samples, index, frames) for index in range(count)], kernels


def _convolved(convolutions: Any, pieces: Sequence[Floats], kernels: Floats, frames: int) -> Floats:
    """[1, frames, channels] behind the last convolution."""
    found = []
    for samples in pieces:
        convolutions.start_async([samples, kernels])
        convolutions.wait()
        found.append(convolutions.output_tensors[0].data[0, : -(-frames // len(pieces))].copy())
    return np.concatenate(found)[None, :frames]


def _split(values: Floats) -> tuple[Floats, Floats]:
    """The nearest numbers of bfloat16, and what remains."""
    bits = values.view(np.uint32)
    high = ((bits + np.uint32(0x8000)) & np.uint32(0xFFFF0000)).view(np.float32)
    return high, values - high


def _norm(states: Floats) -> Floats:
    norm: Floats = np.linalg.norm(states, axis=1)
    return norm
