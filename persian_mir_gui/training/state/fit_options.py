"""How a probe is to be fitted, and the command line that does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

MAX_HIDDEN = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """The choices of one fit. `layers`: all, last or numbers with commas; `patience` 0: all `epochs`, however they go;
    `features`: embedding (the backbone's), modal (the modal reading's), or both; `mix`: several layers weighted
    (softmax) or side by side (concat).

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
    mix: str = "softmax"
    optimizer: str = "adam"
    weight_decay: float = 0.0
    schedule: str = "constant"
    dropout: float = 0.2

    def arguments(self, data: Path, probe: Path, judged: Path, add: Path | None = None) -> list[str]:
        """Those of `python -m trainer`."""
        line = ["fit", "--data", str(data), "--task", self.task, "--backbone", self.backbone]
        line += ["--out", str(probe), "--judged", str(judged), "--window", f"{self.window_s:g}"]
        line += ["--layers", self.layers, "--hidden", ",".join(map(str, self.hidden)) or "0", "--mix", self.mix]
        line += ["--lr", f"{self.lr:g}", "--schedule", self.schedule, "--optimizer", self.optimizer]
        line += ["--weight-decay", f"{self.weight_decay:g}", "--dropout", f"{self.dropout:g}"]
        line += ["--epochs", str(self.epochs), "--patience", str(self.patience or self.epochs)]
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


def layer_numbers(text: str, states: int) -> tuple[int, ...]:
    """The hidden states that `6, 7,12` names, each once and below `states` (0: not known). Raises ValueError."""
    numbers = tuple(int(part) for part in text.split(","))
    if len(set(numbers)) < len(numbers) or min(numbers) < 0 or (states and max(numbers) >= states):
        raise ValueError(text)
    return numbers
