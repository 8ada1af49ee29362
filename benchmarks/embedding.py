"""From FLAC files to labels at the real sizes of the models: every engine and precision, beside the naive loop.

    python benchmarks/embedding.py [--models 95M,330M,16k] [--seconds 40] [--rounds 3] [--threads 2] [--json FILE]

The weights are random: this measures speed and agreement, and says nothing about what a model hears. A row is an
engine in a precision, over all layers or cut at state 6, its speed beside two others of the same run: the floor, which
is the window's arithmetic at the best rate at which any library here multiplies matrices of the model's own shapes in
that precision, reading and resampling being free; and the naive loop, which is what a script does: the whole file read
and resampled at once, then `HubertModel` with eager attention, one window of 5 s a call, all layers. The rounds
alternate; the best of each counts, the floor's products included, since what else a machine does can but slow it.
Memory is the peak of a process of its own that loads the model and embeds a window, and what of it was held before
anything was loaded: Python with torch. OpenVINO's has both torch's network, against which it is checked, and its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
import torch
from transformers import HubertConfig, HubertModel

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.report import peak_mb
from persian_mir.audio import open_audio
from persian_mir.backbones import Backbone
from persian_mir.backbones.loading import load_folder
from persian_mir.grid import Grid
from persian_mir.models.config import Architecture, read_architecture
from persian_mir.probes import Head, Probe, ProbePredictor

WINDOW_S, SOURCE_RATE, CUT = 5, 44_100, 6
LARGE = {
    "hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096,
    "do_stable_layer_norm": True, "feat_extract_norm": "layer", "conv_bias": True,
}  # fmt: skip
MODELS: dict[str, tuple[int, dict[str, Any]]] = {"95M": (24_000, {}), "330M": (24_000, LARGE), "16k": (16_000, {})}


@dataclass(frozen=True, slots=True)
class Row:
    """Seconds of sound a second, the share of the floor and the ratio to the naive loop; `apart` is the largest
    difference of a pooled state from that of the naive loop's model, of values up to `size`.
    """

    model: str
    engine: str
    precision: str
    depth: str
    speed: float
    floor: float
    share: float
    naive: float
    apart: float
    size: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default="95M,330M,16k", help="of " + ", ".join(MODELS))
    parser.add_argument("--engines", default="torch,openvino")
    parser.add_argument("--seconds", type=int, default=40, help="length of the recording")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    parser.add_argument("--start", nargs=3, metavar=("FOLDER", "ENGINE", "PRECISION"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if args.start:
        start(*args.start)
        return
    told: dict[str, Any] = {"threads": args.threads, "rows": [], "starts": []}
    for name in args.models.split(","):
        with tempfile.TemporaryDirectory() as folder:
            rows, starts = compare(name, Path(folder), args)
            told["rows"] += map(asdict, rows)
            told["starts"] += starts
    told["installed_mb"] = {name: installed_mb(name) for name in ("torch", "openvino", "openvino-telemetry")}
    print("installed, MB: " + ", ".join(f"{name} {size}" for name, size in told["installed_mb"].items()))
    if args.json:
        args.json.write_text(json.dumps(told, indent=1))


def compare(name: str, folder: Path, args: argparse.Namespace) -> tuple[list[Row], list[dict[str, Any]]]:
    """All rows of one model, and how its engines start."""
    recording = write_recording(folder / "noise.flac", args.seconds)
    model = write_model(folder / "model", name)
    architecture, backbones = read_architecture(folder / "model"), dict(loaded(folder / "model", args.engines))
    windows, depths = args.seconds // WINDOW_S, {"whole": architecture.layers, f"cut at {CUT}": CUT}
    sound = np.random.default_rng(1).normal(0, 0.1, (1, WINDOW_S * architecture.rate)).astype(np.float32)
    expected = states_of(model, sound[0], normalise=True)
    ways: dict[tuple[str, str, str], Callable[[], Any]] = {
        ("naive", "exact", "whole"): lambda: naive(model, recording, architecture.rate)
    }
    for (engine, precision), backbone in backbones.items():
        for depth, deepest in depths.items():
            ways[engine, precision, depth] = labelling(backbone, recording, deepest)
    wall: dict[tuple[str, str, str], list[float]] = {way: [] for way in ways}
    rates: dict[str, list[float]] = {"exact": [], "fast": []}
    for _round in range(args.rounds):
        for way, run in ways.items():
            if way[0] != "naive":  # a depth is compiled when it is asked for after another
                backbones[way[:2]].embed(sound, range(depths[way[2]] + 1))
            rates[way[1]].append(multiplied(architecture, way[1]))
            begin = time.perf_counter()
            run()
            wall[way].append((time.perf_counter() - begin) / windows)
    rate = {kind: max(told) for kind, told in rates.items() if told}
    print(
        f"MERT of {name}, random weights, {args.threads} threads, {windows} windows of {WINDOW_S} s from FLAC to labels"
    )
    print("  matrix products, GFLOP/s: " + ", ".join(f"{kind} {each:.0f}" for kind, each in rate.items()))
    print(HEAD)
    rows = []
    for way, seconds in wall.items():
        engine, precision, depth = way
        deepest = depths[depth]
        took, slow = min(seconds), min(wall["naive", "exact", "whole"])
        floor = arithmetic(architecture, deepest) / rate[precision] / 1e9
        found = expected if engine == "naive" else backbones[engine, precision].embed(sound, range(deepest + 1))[0]
        apart = float(np.abs(found - expected[: len(found)]).max())
        numbers = (WINDOW_S / took, WINDOW_S / floor, floor / took, slow / took, apart, float(np.abs(expected).max()))
        rows.append(Row(name, *way, *(float(f"{number:.3g}") for number in numbers)))
        print(line(rows[-1]))
    backbones.clear()
    pairs = [("naive", "exact"), *dict.fromkeys(way[:2] for way in ways if way[0] != "naive")]
    for pair in (pairs[0], pairs[-1]):
        started(folder / "model", *pair, args.threads)  # brings the libraries into memory
    starts = [started(folder / "model", *pair, args.threads) | {"model": name} for pair in pairs]
    print("  engine   prec.   loaded  first window   MB before  peak MB, all loaded")
    for one in starts:
        print("  {engine:<9}{precision:<6}{load_s:7.2f} s{ready_s:12.2f} s{before_mb:12}{peak_mb:9}".format(**one))
    return rows, starts


HEAD = "  engine   prec.  depth    x real time  floor  share  x naive  largest difference"


def line(row: Row) -> str:
    return (
        f"  {row.engine:<9}{row.precision:<6} {row.depth:<9}{row.speed:11.1f}{row.floor:7.1f}{row.share:7.0%}"
        f"{row.naive:9.2f}  {row.apart:.1e} of {row.size:.1f}"
    )


def loaded(folder: Path, engines: str) -> Iterator[tuple[tuple[str, str], Backbone]]:
    """The backbone in each engine and precision that can be had here."""
    for engine in engines.split(","):
        for precision in ("exact", "fast"):
            backbone = load_folder(folder, "local/random", "local", "cpu", precision, engine)
            if backbone.remark:
                print(f"  {engine} {precision}: {backbone.remark}")
            else:
                yield (engine, precision), backbone


def write_recording(path: Path, seconds: int) -> Path:
    noise = np.random.default_rng(0).normal(0, 0.1, (seconds * SOURCE_RATE, 2))
    soundfile.write(path, noise, SOURCE_RATE, subtype="PCM_16")
    return path


def write_model(folder: Path, name: str) -> Any:
    """A checkpoint of that size with random weights; returned as the naive loop has it."""
    rate, sizes = MODELS[name]
    torch.manual_seed(0)
    model = HubertModel(HubertConfig(attn_implementation="eager", **sizes)).eval()
    model.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({"sampling_rate": rate, "do_normalize": True}))
    return model


def states_of(model: Any, window: np.ndarray, normalise: bool) -> np.ndarray:
    """The pooled states of `window` [samples], float32 [states, width]; the last one behind its norm."""
    if normalise:
        window = (window - window.mean()) / np.sqrt(window.var() + 1e-7)
    with torch.no_grad():
        told = model(torch.from_numpy(window)[None], output_hidden_states=True)
    states = [*told.hidden_states[:-1], told.last_hidden_state]
    return torch.stack([state[0].mean(dim=0) for state in states]).numpy()


def naive(model: Any, path: Path, rate: int) -> np.ndarray:
    samples, source_rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = soxr.resample(samples.mean(axis=1), source_rate, rate)
    size = WINDOW_S * rate
    return np.stack([states_of(model, mono[at : at + size], True) for at in range(0, len(mono) - size + 1, size)])


def labelling(backbone: Backbone, path: Path, deepest: int) -> Callable[[], Any]:
    """What labels a recording by a probe on the states up to `deepest`."""
    width, states = backbone.key.width, deepest + 1
    rng = np.random.default_rng(2)
    head = Head((rng.standard_normal((5, width)).astype(np.float32),), (np.zeros(5, np.float32),))
    scale = np.zeros((states, width), np.float32), np.ones((states, width), np.float32)
    weights = np.full(states, 1 / states, np.float32)
    labels, grid = ("ney", "santur", "setar", "tar", "kamancheh"), Grid(WINDOW_S, WINDOW_S)
    probe = Probe("instrument", labels, backbone.key, grid, tuple(range(states)), weights, head, *scale)
    predictor = ProbePredictor(probe, backbone)

    def label() -> Any:
        with open_audio(path) as source:
            return predictor.predict(source)

    return label


def arithmetic(architecture: Architecture, deepest: int) -> float:
    """Floating-point operations of one window up to state `deepest`: products only, two a multiplication."""
    a, frames, total, before = architecture, WINDOW_S * architecture.rate, 0.0, 1
    for out, kernel, stride in zip(a.conv_dim, a.conv_kernel, a.conv_stride, strict=True):
        frames = (frames - kernel) // stride + 1
        total += frames * before * out * kernel
        before = out
    total += frames * before * a.width + frames * a.width * (a.width // a.position_groups) * a.position_kernel
    layer = 4 * a.width**2 + 2 * a.width * a.intermediate + 2 * frames * a.width
    return 2 * (total + deepest * frames * layer)


def multiplied(architecture: Architecture, precision: str) -> float:
    """GFLOP/s of the fastest product of the model's own shapes, by torch's plain and packed layers and by numpy."""
    rows, dtype = 374, torch.float32 if precision == "exact" else torch.bfloat16
    best = 0.0
    for width, out in ((architecture.width, architecture.intermediate), (3 * 512, 512)):
        values, layer = torch.randn(rows, width, dtype=dtype), torch.nn.Linear(width, out).to(dtype)
        ways: list[Callable[[], Any]] = [partial(layer, values), packed(values, layer)]
        if precision == "exact":
            ways.append(partial(np.matmul, values.numpy(), layer.weight.detach().numpy().T.copy()))
        with torch.inference_mode():
            for way in ways:
                best = max(best, 2 * rows * width * out / sustained(way) / 1e9)
    return best


def packed(values: torch.Tensor, layer: torch.nn.Linear) -> Callable[[], Any]:
    ops = torch.ops.mkldnn
    weight = ops._reorder_linear_weight(layer.weight.detach(), len(values))
    return lambda: ops._linear_pointwise(values, weight, layer.bias, "none", [], "")


def sustained(way: Callable[[], Any], least_s: float = 0.2) -> float:
    """Seconds that a call takes, over and over."""
    way()
    calls, begin = 0, time.perf_counter()
    while (passed := time.perf_counter() - begin) < least_s:
        way()
        calls += 1
    return passed / calls


def started(folder: Path, engine: str, precision: str, threads: int) -> dict[str, Any]:
    """How a new process starts the engine, its files being in memory."""
    own = [sys.executable, __file__, "--threads", str(threads), "--start", str(folder), engine, precision]
    told = subprocess.run(own, capture_output=True, check=True, text=True).stdout
    return {"engine": engine, "precision": precision} | json.loads(told.splitlines()[-1])


def start(folder: str, engine: str, precision: str) -> None:
    """Load in this process, embed a window, and tell how long that took and what memory it needed."""
    before_mb, begin = peak_mb(), time.perf_counter()
    if engine == "naive":
        model = HubertModel.from_pretrained(folder, attn_implementation="eager").eval()
        embed = partial(states_of, model, np.ones(WINDOW_S * read_architecture(Path(folder)).rate, np.float32), True)
    else:
        backbone = load_folder(Path(folder), "local/random", "local", "cpu", precision, engine)
        window = np.ones((1, WINDOW_S * backbone.key.rate), np.float32)
        embed = partial(backbone.embed, window, range(backbone.key.states))
    load_s = time.perf_counter() - begin
    embed()
    told = {"load_s": load_s, "ready_s": time.perf_counter() - begin, "before_mb": before_mb, "peak_mb": peak_mb()}
    print(json.dumps({name: round(value, 2) for name, value in told.items()}))


def installed_mb(package: str) -> int:
    """What an installed package takes on the disk, in MB; 0 where it is not installed."""
    try:
        files = distribution(package).files or []
    except PackageNotFoundError:
        return 0
    return round(sum(Path(str(one.locate())).stat().st_size for one in files if Path(str(one.locate())).exists()) / 1e6)


if __name__ == "__main__":
    main()
