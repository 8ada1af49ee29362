"""How a probe is to be fitted, and the command line that does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

MAX_HIDDEN = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """The choices of one fit. `layers`: all, last or a number; `patience` 0: all `epochs`, however they go;
    `features`: embedding (the backbone's), modal (the modal reading's), or both.

    Epochs as in the paper; the rest follows MARBLE's probing protocol (Yuan et al. 2023).
    """

    task: str = "dastgah"
    backbone: str = "signal"
    window_s: float = 5.0
    layers: str = "all"
    hidden: tuple[int, ...] = (512,)
    lr: float = 1e-3
    epochs: int = 50
    patience: int = 15
    split: str = "auto"
    class_weights: str = "none"
    seed: int = 0
    features: str = "embedding"

    def arguments(self, data: Path, probe: Path, judged: Path, add: Path | None = None) -> list[str]:
        """Those of `python -m trainer`."""
        line = ["fit", "--data", str(data), "--task", self.task, "--backbone", self.backbone]
        line += ["--out", str(probe), "--judged", str(judged), "--window", f"{self.window_s:g}"]
        line += ["--layers", self.layers, "--hidden", ",".join(map(str, self.hidden)) or "0"]
        line += ["--lr", f"{self.lr:g}", "--epochs", str(self.epochs), "--patience", str(self.patience or self.epochs)]
        line += ["--split", self.split, "--class-weights", self.class_weights, "--seed", str(self.seed)]
        line += ["--features", self.features]
        return line if add is None else [*line, "--add", str(add)]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "hidden": list(self.hidden)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read back what `as_dict` gave; what is missing is as usual. Raises ValueError for what makes no sense."""
        usual, known = cls(), dict[str, Any]()
        for field in fields(cls):
            default = getattr(usual, field.name)
            value = values.get(field.name, default)
            known[field.name] = tuple(map(int, value)) if field.name == "hidden" else type(default)(value)
        return cls(**known)
