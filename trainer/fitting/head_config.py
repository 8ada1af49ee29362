"""How a head is to be fitted. No torch: the window reads results without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Optimizer = Literal["adam", "adamw"]
Schedule = Literal["constant", "plateau"]
ClassWeights = Literal["none", "balanced"]
Mix = Literal["single", "softmax", "concat"]


@dataclass(frozen=True, slots=True)
class HeadConfig:
    """How a head is fitted. Defaults follow MARBLE's probing protocol (Yuan et al. 2023): 512, dropout 0.2, Adam.

    `weight_decay`: for Adam added to the gradient, for AdamW taken off the weights (Loshchilov and Hutter 2019).
    `class_weights`: balanced makes a class weigh the same however many segments it has. `mix`: what becomes of
    several layers, see `Net`.
    """

    hidden: tuple[int, ...] = (512,)
    epochs: int = 100
    lr: float = 1e-3
    batch: int = 64
    dropout: float = 0.2
    patience: int = 15  # epochs without a better dev loss after which it stops
    seed: int = 0
    optimizer: Optimizer = "adam"
    weight_decay: float = 0.0
    schedule: Schedule = "constant"
    class_weights: ClassWeights = "none"
    mix: Mix = "softmax"
