"""The nearest gushehs over time as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from persian_mir.modal.gushehs import GushehStretch
from persian_mir.whole_file import write_whole


def write_gushehs_json(path: Path, timeline: Sequence[GushehStretch]) -> None:
    """Write an array of objects: `start_s`, `stop_s`, and `nearest`, up to three of `gusheh`, `mode`, `probability`."""
    told = [
        {
            "start_s": round(one.start_s, 3),
            "stop_s": round(one.stop_s, 3),
            "nearest": [
                {"gusheh": gusheh.name, "mode": gusheh.mode, "probability": round(probability, 4)}
                for gusheh, probability in one.nearest
            ],
        }
        for one in timeline
    ]
    write_whole(path, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
