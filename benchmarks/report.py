"""One shape for what benchmarks measure, and the table of `docs/benchmarks.md` that `make bench` writes of it.

A row is one figure of ours beside its alternative of the same run. Machines differ, so what is compared with the last
recorded run on such a processor is the ratio of the two: it is slower where it fell by more than both runs scatter.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

BEGIN = "<!-- make bench writes what follows -->\n"
LEAST_SCATTER = 0.05  # of what was measured once, or is steadier by chance than it is
NEW, SLOWER, FASTER, SAME = "new", "**slower**", "faster", "as before"
MISSING, RECORDED = "not measured", "recorded"
HEADS = ("what", "ours", "alternative", "ratio", "±", "share of the floor", "since the last recorded run")


@dataclass(frozen=True, slots=True)
class Row:
    """`ours` beside the `alternative`, both in `unit`; `ratio` is how many times better ours is, from rounds that vary
    by `scatter` (half the spread of the middle ones, as a share). `share` of the floor, where there is one.
    """

    part: str
    name: str
    against: str
    unit: str
    ours: float
    alternative: float
    ratio: float
    scatter: float = 0.0
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The rows of one kind of processor, and what they depend on."""

    machine: Mapping[str, str]
    rows: tuple[Row, ...]


def timed(
    part: str, name: str, against: str, ours: Sequence[float], theirs: Sequence[float], share: float | None = None,
    unit: str = "s",
) -> Row:  # fmt: skip
    """Return the row of rounds in each of which both were timed, in the same unit: less is better."""
    ratios = [their / our for our, their in zip(ours, theirs, strict=True)]
    both = statistics.median(ours), statistics.median(theirs)
    return Row(part, name, against, unit, *both, statistics.median(ratios), spread(ratios), share)


def spread(ratios: Sequence[float]) -> float:
    """Return half the distance of the quartiles, as a share of the median; of few values, half their whole range."""
    if len(ratios) < 2:
        return 0.0
    low, high = min(ratios), max(ratios)
    if len(ratios) > 3:
        low, _middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return (high - low) / 2 / statistics.median(ratios)


def judged(row: Row, before: Row | None) -> str:
    """Return how a row compares with the last recorded one, by the ratio to its alternative."""
    if before is None:
        return NEW
    change = math.log(row.ratio / before.ratio)
    if abs(change) <= math.log1p(max(LEAST_SCATTER, row.scatter) + max(LEAST_SCATTER, before.scatter)):
        return SAME
    return f"{SLOWER if change < 0 else FASTER} (was {before.ratio:.3g})"


def table(rows: Sequence[Row], recorded: Sequence[Row], parts: Collection[str]) -> str:
    """Return the table in Markdown: `rows` beside those recorded, then what was recorded and is not among them. That
    is not measured where it is of `parts`, those that were run.
    """
    before, measured = {key(row): row for row in recorded}, {key(row) for row in rows}
    lines = [_cells(HEADS), "|---|" + "---:|" * 5 + "---|"]
    lines += [_line(row, judged(row, before.get(key(row)))) for row in rows]
    rest = [row for row in recorded if key(row) not in measured]
    lines += [_line(row, MISSING if row.part in parts else RECORDED) for row in rest]
    return "\n".join(lines) + "\n"


def _line(row: Row, verdict: str) -> str:
    share = "" if row.share is None else f"{row.share:.0%}"
    ours, alternative = (f"{number:.3g} {row.unit}" for number in (row.ours, row.alternative))
    told = f"{alternative} ({row.against})"
    return _cells((row.name, ours, told, f"{row.ratio:.3g}", f"{row.scatter:.0%}", share, verdict))


def _cells(texts: Sequence[str]) -> str:
    return "| " + " | ".join(texts) + " |"


def key(row: Row) -> str:
    """Return the name by which a row is found again."""
    return f"{row.part}: {row.name}"


def read_runs(path: Path) -> list[Run]:
    """Return the recorded runs, one a kind of processor; none where there is no file yet."""
    if not path.exists():
        return []
    told = json.loads(path.read_text(encoding="utf-8"))
    return [Run(one["machine"], tuple(Row(**row) for row in one["rows"])) for one in told]


def write_runs(path: Path, runs: Sequence[Run]) -> None:
    """Keep the runs."""
    _write(path, [asdict(run) for run in runs])


def write(path: Path, rows: Sequence[Row]) -> None:
    """Keep what one part measured."""
    _write(path, {"rows": [asdict(row) for row in rows]})


def _write(path: Path, told: object) -> None:
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def page(text: str, tables: Sequence[tuple[Mapping[str, str], str]]) -> str:
    """Return the page with its tables renewed, each with its machine; what stands before them stays."""
    parts = [text.split(BEGIN)[0] + BEGIN]
    for machine, measured in tables:
        parts.append("\n".join(f"- {name}: {value}" for name, value in machine.items()) + "\n")
        parts.append(measured)
    return "\n".join(parts)


def peak_mb() -> int:
    """The most memory this process ever held; from Linux, since `getrusage` counts the parent's too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) >> 10
