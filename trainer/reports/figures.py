"""Figures of the report as inline SVG, in the page's own colours."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from persian_mir.i18n import _
from trainer.evaluation.evaluate import Bin

BAR, GAP, HEIGHT, LEFT, TOP = 14, 12, 160, 44, 10  # px
COLOURS = ("var(--first)", "var(--second)")  # of two splits, or units
ON_MIDDLE, ON_STRONG = 0.68, 0.88  # share of a row from which on its count is written in another ink, to be read
SIZE = 400  # px, of the map
WORD = 18  # letters of a label that are shown beside a confusion matrix


def bars(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Accuracy in per cent of each cell and split with its interval; the dashed line is chance."""
    cells = list(dict.fromkeys(row["cell"] for row in rows))
    splits = list(dict.fromkeys(row["split"] for row in rows))
    names = [re.sub(r"^\D+ (?=\d+$)", "", cell) for cell in cells]  # the number alone of `layer 12`
    step = max(BAR * len(splits) + GAP, 6 * max(map(len, names)) + 8)
    width = LEFT + len(cells) * step + 10
    parts = []
    for level in (0, 25, 50, 75, 100):
        parts.append(f'<text x="{LEFT - 6}" y="{_y(level) + 4:.0f}" text-anchor="end">{level} %</text>')
        parts.append(_line(LEFT, _y(level), width, _y(level), "var(--line)"))
    for row in rows:
        place, split = cells.index(row["cell"]), splits.index(row["split"])
        x, top = LEFT + (step - BAR * len(splits)) / 2 + place * step + split * BAR, _y(row["segment_accuracy"])
        title = f"{row['cell']}, {row['split']}: {row['segment_accuracy']} %"
        bar = (
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{BAR - 2}" height="{_y(0) - top:.1f}" fill="{COLOURS[split % 2]}">'
        )
        parts.append(f"{bar}<title>{escape(title)}</title></rect>")
        middle = x + BAR / 2 - 1
        parts.append(_line(middle, _y(row["segment_low"]), middle, _y(row["segment_high"]), "var(--ink)"))
        if split == 0:
            centre = f'x="{x + BAR * len(splits) / 2:.1f}" y="{_y(0) + 16:.0f}" text-anchor="middle"'
            parts.append(f"<text {centre}>{escape(names[place])}</text>")
    chance = _y(rows[0]["chance"])
    parts.append(_line(LEFT, chance, width, chance, "var(--ink)", ' stroke-dasharray="5 4"'))
    return _svg(width, TOP + HEIGHT + 26, _("accuracy, {task}").format(task=name), parts)


def scatter(
    name: str,
    points: Sequence[Sequence[float]],
    targets: Sequence[int],
    labels: Sequence[str],
    links: Sequence[str] = (),
    player: str = "",
) -> str:
    """Points coloured by label; a click on one opens its link, if there are any, in the frame `player`."""
    colours = label_colours(len(labels))
    low = [min(point[axis] for point in points) for axis in (0, 1)]
    span = [max(max(point[axis] for point in points) - low[axis], 1e-9) for axis in (0, 1)]
    parts = []
    for place, (point, target) in enumerate(zip(points, targets, strict=True)):
        x, y = (10 + (SIZE - 20) * (point[axis] - low[axis]) / span[axis] for axis in (0, 1))
        dot = f'<circle cx="{x:.1f}" cy="{SIZE - y:.1f}" r="3" fill="{colours[target]}" fill-opacity=".7">'
        drawn = f"{dot}<title>{escape(labels[target])}</title></circle>"
        if links:
            drawn = f'<a href="{escape(links[place])}" target="{player}" tabindex="-1">{drawn}</a>'
        parts.append(drawn)
    return _svg(SIZE, SIZE, name, parts)


def label_colours(count: int) -> list[str]:
    """As many colours, dark on a light page and light on a dark one."""
    return [f"hsl({360 * k / count:.0f} 70% var(--dot))" for k in range(count)]


def confusion(matrix: Sequence[Sequence[int]], labels: Sequence[str], name: str = "") -> str:
    """Rows are what is true, columns what was named; the darker, the larger a cell's share of its row."""
    ids = [label if len(label) <= WORD else label[: WORD - 1] + "…" for label in labels]
    left = 14 + 6.2 * max(map(len, ids))
    side = max(15.0, min(38.0, 340 / len(labels)))
    top = left * 0.75
    parts = []
    for i, row in enumerate(matrix):
        total = max(sum(row), 1)
        y = top + i * side
        parts.append(f'<text x="{left - 6:.1f}" y="{y + side / 2 + 4:.1f}" text-anchor="end">{escape(ids[i])}</text>')
        x = left + (i + 0.5) * side
        turned = f'transform="translate({x:.1f} {top - 6:.1f}) rotate(-45)"'
        parts.append(f"<text {turned}>{escape(ids[i])}</text>")
        for j, count in enumerate(row):
            share = count / total
            title = f"{labels[i]} → {labels[j]}: {count} ({share:.0%})"
            place = f'x="{left + j * side:.1f}" y="{y:.1f}" width="{side - 1:.1f}" height="{side - 1:.1f}"'
            fill = f'fill="rgba(var(--cell), {0.05 + 0.9 * share:.2f})"'
            parts.append(f"<rect {place} {fill}><title>{escape(title)}</title></rect>")
            if count and side >= 20:
                middle = f'x="{left + (j + 0.5) * side - 0.5:.1f}" y="{y + side / 2 + 3.5:.1f}" text-anchor="middle"'
                ink = ' class="strong"' if share > ON_STRONG else ' class="middle"' if share > ON_MIDDLE else ""
                parts.append(f"<text {middle}{ink}>{count}</text>")
    width = left + len(labels) * side + top
    return _svg(width, top + len(labels) * side + 4, name or _("confusion matrix"), parts)


def calibration_curve(bins: Sequence[Bin], name: str = "") -> str:
    """How often each degree of confidence was right, the area of a dot growing with its count; dashed: as it should be.

    Above the line a probe is more often right than it says, below it less often.
    """
    left, side = 40, 220
    parts = []
    for level in (0, 25, 50, 75, 100):
        at = side * level / 100
        parts.append(_line(left, 10 + side - at, left + side, 10 + side - at, "var(--line)"))
        parts.append(f'<text x="{left - 6}" y="{14 + side - at:.0f}" text-anchor="end">{level} %</text>')
        parts.append(f'<text x="{left + at:.0f}" y="{26 + side}" text-anchor="middle">{level} %</text>')
    parts.append(_line(left, 10 + side, left + side, 10, "var(--ink)", ' stroke-dasharray="5 4"'))
    most = max((one.count for one in bins), default=1)
    spots = [(left + side * one.probability, 10 + side * (1 - one.accuracy), one) for one in bins]
    trace = " ".join(f"{x:.1f},{y:.1f}" for x, y, _one in spots)
    parts.append(f'<polyline points="{trace}" fill="none" stroke="var(--first)" stroke-width="1.5"/>')
    for x, y, one in spots:
        title = f"{one.probability:.0%} → {one.accuracy:.0%} ({one.count})"
        size = 2.5 + 5.5 * math.sqrt(one.count / most)
        dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="var(--first)" fill-opacity=".75">'
        parts.append(f"{dot}<title>{escape(title)}</title></circle>")
    return _svg(left + side + 24, side + 34, name or _("calibration curve"), parts)


def curve_lines(lines: Sequence[tuple[str, Sequence[tuple[int, float, float, float]]]], chance: float | None) -> str:
    """Named lines of (size, share, low, high) over the logarithm of the size; the dashed line is chance."""
    left, wide, high = 44, 440, 240
    sizes = sorted({size for _name, points in lines for size, *_shares in points})
    first, span = math.log(sizes[0]), max(math.log(sizes[-1] / sizes[0]), 1e-9)

    def across(size: int) -> float:
        return left + 20 + (wide - 40) * (math.log(size) - first) / span

    def up(share: float) -> float:
        return 12 + high * (1 - share)

    parts = []
    for level in (0, 25, 50, 75, 100):
        parts.append(_line(left, up(level / 100), left + wide, up(level / 100), "var(--line)"))
        parts.append(f'<text x="{left - 6}" y="{up(level / 100) + 4:.0f}" text-anchor="end">{level} %</text>')
    if chance is not None:
        parts.append(_line(left, up(chance), left + wide, up(chance), "var(--ink)", ' stroke-dasharray="5 4"'))
    parts += [f'<text x="{across(n):.1f}" y="{high + 30}" text-anchor="middle">{n}</text>' for n in sizes]
    for number, (name, points) in enumerate(lines):
        colour, aside = COLOURS[number % 2], 6 * number - 3
        spots = [(across(size) + aside, *map(up, shares)) for size, *shares in points]
        trace = " ".join(f"{x:.1f},{y:.1f}" for x, y, _low, _high in spots)
        parts.append(f'<polyline points="{trace}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y, low, most in spots:
            parts.append(_line(x, low, x, most, colour))
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
        parts.append(f'<circle cx="{left + wide + 20}" cy="{20 + 18 * number}" r="5" fill="{colour}"/>')
        parts.append(f'<text x="{left + wide + 32}" y="{24 + 18 * number}">{escape(name)}</text>')
    return _svg(left + wide + 130, high + 40, _("learning curve"), parts)


def _y(per_cent: float) -> float:
    return TOP + HEIGHT * (1 - per_cent / 100)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{more}/>'


def _svg(width: float, height: float, name: str, parts: Sequence[str]) -> str:
    head = f'<svg role="img" aria-label="{escape(name)}" width="{width:.0f}" height="{height:.0f}" '
    return head + f'viewBox="0 0 {width:.0f} {height:.0f}">' + "".join(parts) + "</svg>"
