"""A batch of many files of mixed length: several at once beside one after another; and pitch beside its network alone.

    python benchmarks/pipeline.py [--files 500] [--longest 90] [--parts batch,pitch] [--json FILE]

The files are stretches of the project's own synthesised performances, 1 s to 1.5 min long, the logarithms of their
lengths evenly spread, in five formats, four rates, one and two channels. They are labelled by the modal reading and by
a probe on a HuBERT of 0.1 million random weights, into a catalogue: one after another as a script would, and as a
batch; each in a process of its own with empty caches. A call takes eight windows, so that those of several files may go
together. Memory is bounded if its peak after half of the files is about that after all. Pitch is that of one recording,
heard by swift-f0's own stream in blocks of 20 s on two threads, by ours, and by the bare network in windows of ours on
as many threads: the limit that it sets.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.report import peak_mb

ROOT = Path(__file__).parents[1]
KINDS = (("wav", "PCM_16"), ("flac", "PCM_16"), ("ogg", "VORBIS"), ("mp3", "MPEG_LAYER_III"), ("aiff", "PCM_24"))
RATES = (16_000, 22_050, 44_100, 48_000)
SHORTEST_S, POOL_RATE = 1.0, 48_000
TINY = {
    "hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 96, "conv_dim": [32] * 7,
    "num_conv_pos_embeddings": 32, "num_conv_pos_embedding_groups": 4,
}  # fmt: skip
BATCH_COLUMNS = {
    "way": "", "seconds": "s", "files_an_hour": "files/h", "x_real_time": "x real time", "ratio": "x sequential",
    "before_mb": "MB, models loaded", "half_mb": "peak, half done", "peak_mb": "peak, all done",
    "windows_a_call": "windows/call", "utilisation": "model busy",
}  # fmt: skip
PITCH_COLUMNS = {"way": "", "x_real_time": "x real time", "ratio": "x swift-f0's stream"}
Told = dict[tuple[str, str, int, int], tuple[str, float]]  # by sound, task and bounds: the label, its probability


def show(rows: list[dict[str, Any]], title: str, columns: dict[str, str]) -> None:
    """Print a table, a row a way."""
    table = [list(columns.values()), *([str(row[name]) for name in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    print(title)
    for first, *others in table:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        print("  " + "  ".join([first.ljust(widths[0]), *cells]), flush=True)


def performances() -> np.ndarray:
    """Some minutes of different music, float32 [samples] at 48 kHz."""
    from persian_mir.examples.synthesise import synthesise

    played = (("shour", "tar"), ("mahour", "santoor"), ("segah", "ney"), ("homayoun", "kamancheh"))
    parts = [synthesise(mode, how, k, 90.0, 240.0, POOL_RATE).samples for k, (mode, how) in enumerate(played)]
    return np.concatenate([np.asarray(part, np.float32).ravel() for part in parts])


def write(path: Path, sound: np.ndarray, rate: int, subtype: str) -> None:
    """Second by second: libsndfile crashes where its encoder of Vorbis is given minutes at once."""
    with soundfile.SoundFile(path, "w", rate, 1 if sound.ndim == 1 else sound.shape[1], subtype) as file:
        for at in range(0, len(sound), rate):
            file.write(sound[at : at + rate])


def write_files(folder: Path, count: int, longest_s: float) -> float:
    """Write the recordings; return how many seconds they are together."""
    pool, rng, seconds = performances(), np.random.default_rng(0), 0.0
    by_rate = {rate: pool if rate == POOL_RATE else soxr.resample(pool, POOL_RATE, rate) for rate in RATES}
    for number in range(count):
        rate, (suffix, subtype) = RATES[number % len(RATES)], KINDS[number % len(KINDS)]
        length_s = SHORTEST_S * (longest_s / SHORTEST_S) ** rng.uniform()
        frames, start = round(length_s * rate), rng.integers(0, len(by_rate[rate]))
        sound = np.take(by_rate[rate], np.arange(start, start + frames), mode="wrap")
        sound = sound if number % 3 else np.stack([sound, 0.8 * sound], axis=1)
        place = folder / f"{number // 100:02}"
        place.mkdir(exist_ok=True, parents=True)
        write(place / f"{number:04}.{suffix}", 0.9 * sound, rate, subtype)
        seconds += length_s
    return seconds


class EightAtOnce:
    """A backbone of which a call takes eight windows; notes how many there were in each."""

    batch = 8

    def __init__(self, inner: Any) -> None:
        self.key, self.precision, self.device = inner.key, inner.precision, inner.device
        self.engine, self.remark, self._inner = inner.engine, inner.remark, inner
        self.calls: list[int] = []

    def embed(self, batch: np.ndarray, layers: Any) -> np.ndarray:
        self.calls.append(len(batch))
        found: np.ndarray = self._inner.embed(batch, layers)
        return found


def write_model(folder: Path) -> None:
    import torch
    from transformers import HubertConfig, HubertModel

    torch.manual_seed(0)
    HubertModel(HubertConfig(**TINY)).save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text('{"sampling_rate": 16000, "do_normalize": true}')


def predictors_on(model: Path) -> tuple[EightAtOnce, tuple[Any, ...]]:
    from persian_mir.backbones.loading import load_folder
    from persian_mir.embeddings import SharedBackbone
    from persian_mir.grid import Grid
    from persian_mir.modal.predictor import ModalPredictor
    from persian_mir.probes import Head, Probe, ProbePredictor

    eight = EightAtOnce(load_folder(model, "local/tiny", "local", "cpu", "exact", "torch"))
    width = eight.key.width
    head = Head((np.random.default_rng(2).standard_normal((3, width)).astype(np.float32),), (np.zeros(3, np.float32),))
    scale = np.zeros((1, width), np.float32), np.ones((1, width), np.float32)
    labels, weights = ("ney", "setar", "tar"), np.ones(1, np.float32)
    probe = Probe("instrument", labels, eight.key, Grid(), (2,), weights, head, *scale)
    return eight, (ModalPredictor(), ProbePredictor(probe, SharedBackbone(eight)))


def one_after_another(home: Path, predictors: tuple[Any, ...]) -> tuple[int, None]:
    """Label all files; the peak of memory after half of them."""
    from persian_mir.audio import open_audio
    from persian_mir.batch.said import Sayings
    from persian_mir.catalogue.catalogue import Catalogue

    sayings = Sayings(predictors)
    with closing(Catalogue.open(home / "sequential.sqlite")) as catalogue:
        paths, half_mb = sorted((home / "files").rglob("*.*")), 0
        for number, path in enumerate(paths):
            half_mb = half_mb if number > len(paths) // 2 else peak_mb()
            with open_audio(path) as source:
                answers = tuple((one, one.predict(source)) for one in predictors)
                recording = source.recording
            with catalogue.writing():
                catalogue.put_recording(recording)
                sayings.add(catalogue, recording.content_hash, answers)
    return half_mb, None


def at_once(home: Path, predictors: tuple[Any, ...]) -> tuple[int, float | None]:
    """Label all files; the peak of memory after half of the work, and the share of time in which the model computed."""
    from persian_mir.batch.run import Batch, run_batch
    from persian_mir.batch.sources import Sources
    from persian_mir.progress import Progress

    class Half(Progress):
        peak_mb = 0

        def step(self, fraction: float, note: str = "") -> None:  # noqa: ARG002
            self.peak_mb = self.peak_mb if fraction > 0.5 else peak_mb()

    half = Half()
    status = run_batch(Batch(home / "overlapped.sqlite", predictors, Sources((home / "files",))), half)
    assert set(status.counts) == {2}, status.counts
    return half.peak_mb, status.utilisation


def run_one(way: str, home: Path) -> dict[str, Any]:
    """Label all files in one way, in this process."""
    eight, predictors = predictors_on(home / "model")
    before_mb, started = peak_mb(), time.monotonic()
    half_mb, used = one_after_another(home, predictors) if way == "sequential" else at_once(home, predictors)
    return {
        "way": way,
        "seconds": round(time.monotonic() - started, 1),
        "before_mb": before_mb,
        "half_mb": half_mb,
        "peak_mb": peak_mb(),
        "windows_a_call": round(statistics.mean(eight.calls), 2),
        "utilisation": "" if used is None else round(used, 3),
    }


def told(home: Path, way: str) -> Told:
    from persian_mir.catalogue.catalogue import Catalogue

    with closing(Catalogue.open(home / f"{way}.sqlite")) as catalogue:
        sounds = [str(row[0]) for row in catalogue.rows("SELECT content_hash FROM recordings")]
        return {
            (sound, one.task, one.start, one.stop): (one.label, one.probability or 0.0)
            for sound in sounds
            for one in catalogue.statements_of(sound)
        }


def measure_batch(args: argparse.Namespace) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        seconds = write_files(home / "files", args.files, args.longest)
        write_model(home / "model")
        rows = []
        for way in ("sequential", "overlapped"):
            own = os.environ | {"PERSIAN_MIR_HOME": str(home / f"home of {way}"), "PYTHONPATH": str(ROOT)}
            command = [sys.executable, __file__, "--way", way, str(home)]
            row = json.loads(subprocess.run(command, env=own, check=True, capture_output=True).stdout.splitlines()[-1])
            rows.append(row | {"files": args.files, "hours": round(seconds / 3600, 2)})
        one, other = told(home, "sequential"), told(home, "overlapped")
    same = one.keys() == other.keys() and all(one[key][0] == other[key][0] for key in one)
    apart = max(abs(one[key][1] - other[key][1]) for key in one.keys() & other.keys())
    for row in rows:
        row |= {
            "files_an_hour": round(3600 * args.files / row["seconds"]),
            "x_real_time": round(seconds / row["seconds"]),
        }
        row |= {"ratio": round(rows[0]["seconds"] / row["seconds"], 2), "same_labels": same, "apart": apart}
    show(rows, f"{args.files} files, {rows[0]['hours']} h, {args.longest:g} s at most", BATCH_COLUMNS)
    print(f"{len(one)} statements, same labels: {same}, probabilities apart by at most {apart:.1e}", flush=True)
    return rows


def measure_pitch(args: argparse.Namespace) -> list[dict[str, Any]]:
    from swift_f0 import SwiftF0

    from persian_mir.audio import open_audio
    from persian_mir.audio.resample import mono_blocks
    from persian_mir.cores import cores
    from persian_mir.modal.level import Leveller
    from persian_mir.modal.pitch import clean, stream_pitch
    from persian_mir.modal.pitch_stream import HOP, MOST_THREADS, RATE, WINDOW_FRAMES

    threads = min(MOST_THREADS, cores())
    with tempfile.TemporaryDirectory() as name:
        path, os.environ["PERSIAN_MIR_HOME"] = Path(name) / "music.flac", name
        sound = np.resize(performances()[: 90 * POOL_RATE], round(args.pitch_s) * POOL_RATE)
        soundfile.write(path, 0.9 * soxr.resample(sound, POOL_RATE, 44_100), 44_100)

        def before() -> int:
            stream, level, frames = SwiftF0(threads=2, spin=False).stream(), Leveller(RATE), 0
            with open_audio(path) as source:
                for block in mono_blocks(source, RATE, 20.0):
                    frames += len(stream.push(level.push(clean(block)), RATE).pitch_hz)
            return frames + len(stream.push(level.flush(), RATE).pitch_hz) + len(stream.flush().pitch_hz)

        def ours() -> int:
            for kept in (Path(name) / "cache" / "pitch").glob("*"):
                kept.unlink()
            with open_audio(path) as source:
                return sum(len(piece.hz) for piece in stream_pitch(source))

        with open_audio(path) as source:
            blocks = list(mono_blocks(source, RATE, 20.0))
        session, mono = SwiftF0(threads=1, spin=False).session, np.concatenate(blocks)
        size = (WINDOW_FRAMES + 21) * HOP
        windows = [mono[at : at + size][None] for at in range(0, len(mono) - size, WINDOW_FRAMES * HOP)]
        bounds = {"fmin": np.asarray(46.875, np.float32), "fmax": np.asarray(2093.75, np.float32)}

        def bare() -> int:
            ask = lambda window: session.run(["pitch", "confidence"], {"audio": window, **bounds})  # noqa: E731
            with ThreadPoolExecutor(threads) as pool:
                return len(list(pool.map(ask, windows))) * WINDOW_FRAMES

        ways = {"swift-f0's stream": before, "ours": ours, "its network alone": bare}
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _round in range(args.rounds + 1):
            for way, hear in ways.items():
                started = time.perf_counter()
                hear()
                times[way].append(time.perf_counter() - started)
    first = statistics.median(times["swift-f0's stream"][1:])
    rows = []
    for way, taken in times.items():
        took = statistics.median(taken[1:])
        rows.append({"way": way, "x_real_time": round(args.pitch_s / took), "ratio": round(first / took, 2)})
    show(rows, f"pitch of {args.pitch_s:g} s of FLAC, {threads} threads", PITCH_COLUMNS)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--longest", type=float, default=90.0, help="seconds")
    parser.add_argument("--pitch-s", type=float, default=600.0, help="seconds of the recording whose pitch is heard")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts", default="batch,pitch")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    parser.add_argument("--way", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.way:
        print(json.dumps(run_one(args.way[0], Path(args.way[1]))))
        return
    measures = {"batch": measure_batch, "pitch": measure_pitch}
    rows = {part: measures[part](args) for part in args.parts.split(",")}
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
