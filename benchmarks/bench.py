"""Run benchmarks small, and write what they come to into `docs/benchmarks.md`: what `make bench` does.

    python benchmarks/bench.py [--only load,waveform] [--page docs/benchmarks.md] [--keep]

Each part is a script of this folder, which says at its head what it measures beside what. Rows of parts that are not
run keep their last recorded figures, marked as not measured. `--keep` records this run as the last one.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from torch.backends.cpu import get_cpu_capability

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.report import Row, Run, key, page, read_runs, table, write_runs
from persian_mir.cores import cores

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "torch",
    "openvino",
    "onnxruntime",
    "numpy",
    "soxr",
    "PySide6_Essentials",
    "pyqtgraph",
    "distributed",
    "librosa",
)


def rows_of(told: dict[str, Any]) -> list[Row]:
    return [Row(**row) for row in told["rows"]]


def of_embedding(told: dict[str, Any]) -> list[Row]:
    """Each engine beside the naive loop, in seconds of sound a second."""
    naive = next(row for row in told["rows"] if row["engine"] == "naive")
    return [
        Row(
            "embedding", f"MERT-{row['model']}, {row['engine']}, {row['precision']}, {row['depth']}",
            "naive HubertModel loop", "x", row["speed"], naive["speed"], row["naive"], share=row["share"],
        )
        for row in told["rows"]
        if row is not naive
    ]  # fmt: skip


def of_pipeline(told: dict[str, Any]) -> list[Row]:
    """The batch beside one file after another; pitch beside swift-f0's stream, its share that of the bare network."""
    one, many = told["batch"]
    name = f"batch of {many['files']} files"
    rows = [Row("pipeline", name, "one after another", "s", many["seconds"], one["seconds"], many["ratio"])]
    stream, ours, bare = told["pitch"]
    speeds = ours["x_real_time"], stream["x_real_time"]
    share = ours["x_real_time"] / bare["x_real_time"]
    return [*rows, Row("pipeline", "pitch from FLAC", "swift-f0's stream", "x", *speeds, ours["ratio"], share=share)]


@dataclass(frozen=True, slots=True)
class Part:
    """A script with what it is asked, and how its JSON becomes rows."""

    command: str
    rows: Callable[[dict[str, Any]], list[Row]] = rows_of


PARTS = {
    "embedding": Part("embedding.py --models 95M --seconds 20 --rounds 3", of_embedding),
    "layers": Part("alternatives.py --parts layers --rounds 2"),
    "load": Part("alternatives.py --parts load"),
    "pyin": Part("alternatives.py --parts pyin"),
    "waveform": Part("waveform.py --steps 30"),
    "catalogue": Part("catalogue.py --recordings 5000 --segments 10"),
    "pipeline": Part("pipeline.py --files 60 --longest 30 --pitch-s 120", of_pipeline),
    "training": Part("stacked.py --segments 2000 --epochs 5 2 --rounds 3 --test 1000 --precision float32 bfloat16"),
    "cluster": Part("cluster.py --files 20 --seconds 30"),
}


def machine() -> dict[str, str]:
    """What the figures depend on: processor, cores, versions, day."""
    info = Path("/proc/cpuinfo")
    told = dict(re.findall(r"^(.+?)\s*: (.+)$", info.read_text(), re.MULTILINE)) if info.exists() else {}
    name = told.get("model name", platform.processor())
    if "cpu family" in told:  # a cloud names all of a maker's processors alike
        name += f" of family {told['cpu family']}, model {told['model']}"
    packages = [f"{name} {installed}" for name in PACKAGES if (installed := _version(name))]
    return {
        "processor": f"{name} ({get_cpu_capability()}), {cores()} cores",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "program": _version("persian-mir"),
        "versions": ", ".join(packages),
        "day": datetime.now(UTC).date().isoformat(),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def measured(name: str) -> list[Row]:
    """Run a part; none of its rows where it fails, which is told."""
    script, *asked = PARTS[name].command.split()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "rows.json")
        code = subprocess.run(
            [sys.executable, ROOT / "benchmarks" / script, *asked, "--json", out], cwd=ROOT
        ).returncode
        print(f"-- {name}: {time.monotonic() - started:.0f} s{', FAILED' if code else ''}", flush=True)
        return [] if code else PARTS[name].rows(json.loads(out.read_text(encoding="utf-8")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="parts, with commas: " + ", ".join(PARTS))
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    parser.add_argument("--keep", action="store_true", help="record this run as the last one")
    args = parser.parse_args()
    recorded_at, here = args.page.with_suffix(".json"), machine()
    runs = read_runs(recorded_at)
    others = [run for run in runs if run.machine["processor"] != here["processor"]]
    before = [row for run in runs if run not in others for row in run.rows]
    parts = args.only.split(",") if args.only else list(PARTS)
    rows = [row for name in parts for row in measured(name)]
    told = table(rows, before, parts)
    print(told)
    tables = [(here, told), *((run.machine, table((), run.rows, ())) for run in others)]
    args.page.write_text(page(args.page.read_text(encoding="utf-8"), tables), encoding="utf-8")
    if args.keep or not before:
        merged = {key(row): row for row in (*before, *rows)}
        write_runs(recorded_at, [Run(here, tuple(merged.values())), *others])


if __name__ == "__main__":
    main()
