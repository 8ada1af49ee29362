"""How a head is to be fitted. No torch: the window reads results without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from persian_mir.i18n import _
from persian_mir.probes.probe import MAX_HIDDEN
from trainer.fitting.options import option

Optimizer = Literal["adam", "adamw"]
Schedule = Literal["constant", "plateau"]
ClassWeights = Literal["none", "balanced"]
Mix = Literal["softmax", "concat", "single"]

MOST_SEED = 2**31 - 1  # what every library takes that draws by chance, and what the form's field holds
MOST_COUNT = 100_000


@dataclass(frozen=True, slots=True)
class HeadConfig:
    """How a head is fitted: the hyperparameters, each declared here with all that is said of it.

    Usual values follow MARBLE's probing protocol (Yuan et al. 2023): 512, dropout 0.2, Adam; and the paper: 50 epochs.
    """

    hidden: tuple[int, ...] = option(
        (512,),
        lambda: _("Head"),
        lambda: _("How many hidden layers the probe has, and how wide each is. 0: a linear probe."),
        least=1, most=65_536, many=MAX_HIDDEN,
    )  # fmt: skip
    epochs: int = option(
        50, lambda: _("Epochs"), lambda: _("How often all segments are learnt from, at most."), least=1, most=MOST_COUNT
    )
    # Adam moves a weight by about `lr` a step, and weights of a layer of 512 begin below 0.05: 1 is far too much.
    lr: float = option(
        1e-3,
        lambda: _("Learning rate"),
        lambda: _(
            "How far the weights go with each step: too much and the loss jumps, too little and it stands still."
        ),
        least=1e-6, most=1.0, decimals=6,
    )  # fmt: skip
    batch: int = option(
        64, lambda: _("Batch"), lambda: _("How many segments each step learns from."), least=1, most=65_536
    )
    # At 0.95 a layer of 512 has 26 outputs left; beyond that a step learns next to nothing.
    dropout: float = option(
        0.2,
        lambda: _("Dropout"),
        lambda: _(
            "The share of each hidden layer's outputs that is left out at random while it learns, against learning "
            "by heart."
        ),
        most=0.95, decimals=3,
    )  # fmt: skip
    patience: int = option(
        15,
        lambda: _("Patience"),
        lambda: _("After so many epochs without a lower dev loss it ends. The best epoch is kept in any case."),
        most=MOST_COUNT, zero=lambda: _("never early"),
    )  # fmt: skip
    seed: int = option(
        0,
        lambda: _("Seed"),
        lambda: _("Where chance begins: the same seed gives the same probe again on the same machine."),
        most=MOST_SEED,
    )
    optimizer: Optimizer = option(
        "adam",
        lambda: _("Optimizer"),
        lambda: _(
            "Adam adds weight decay to the gradient; AdamW takes it off the weights (Loshchilov and Hutter 2019)."
        ),
        choices=lambda: {"adam": "Adam", "adamw": "AdamW"},
    )
    weight_decay: float = option(
        0.0,
        lambda: _("Weight decay"),
        lambda: _("Pulls the weights towards nothing, against learning by heart. 0: not at all."),
        most=0.999, decimals=6,
    )  # fmt: skip
    schedule: Schedule = option(
        "constant",
        lambda: _("Rate over time"),
        lambda: _("Constant, or halved each time that the dev loss has not fallen for five epochs."),
        choices=lambda: {"constant": _("constant"), "plateau": _("halved when dev stands still")},
    )
    class_weights: ClassWeights = option(
        "none",
        lambda: _("Class weights"),
        lambda: _("Balanced: each label weighs the same, however many segments it has."),
        choices=lambda: {
            "none": _("each segment weighs the same"),
            "balanced": _("balanced: each label weighs the same"),
        },
    )
    mix: Mix = option(
        "softmax",
        lambda: _("Several layers"),
        lambda: _(
            "Weighted: one sum of the layers, whose weights (softmax) are learnt too. Side by side: all of them "
            "concatenated, so that the head sees more and learns more slowly."
        ),
        choices=lambda: {
            "softmax": _("weighted by learning"),
            "concat": _("side by side"),
            "single": _("one layer only"),
        },
    )

    @property
    def waits(self) -> int:
        """How many epochs without a lower dev loss end it: all of them where `patience` is 0."""
        return self.patience or self.epochs
