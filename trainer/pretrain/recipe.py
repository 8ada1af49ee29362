"""How a model is pre-trained: what is hidden, what must be said of it, and how it learns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from persian_mir.i18n import _
from persian_mir.models.sample_cnn import KIND as SAMPLE_CNN
from persian_mir.models.sizes import Sizes
from trainer.fitting.options import option


@dataclass(frozen=True, slots=True)
class Recipe:
    """One published way. Sources: W.-N. Hsu and others, "HuBERT" (2021); Y. Li and others, "MERT" (ICLR 2024), and
    the recipes of its code (yizhilll/MERT).

    `teacher`: whose codes are predicted (see `teachers`), `books` of them of `codes` each. Spans of `span` frames are
    hidden until they would cover `hidden` of a clip if none overlapped. `width` of the space in which codes are told
    apart. `mixup`: how likely a clip is to have pieces of others laid over it. `constant_q`: weight of the loss of the
    constant-Q spectrum, 0 without one. Of a model from nothing: `rate` in Hz, `normalise` each clip to unit variance.
    """

    name: str
    teacher: str
    books: int
    codes: int
    hidden: float
    span: int
    width: int
    mixup: float
    constant_q: float
    rate: int
    normalise: bool
    batch: int = 384  # clips of a step; half an hour of them
    learning_rate: float = 5e-5


RECIPES = {
    # The paper's MusicHuBERT was not released: 500 codes is our choice, between HuBERT's 100 and the 2,000 tried.
    "hubert": Recipe("hubert", "mfcc", 1, 500, 0.8, 10, 256, 0.0, 0.0, 16_000, True),
    # MERT's teacher is EnCodec. Ours, mel residuals, needs no download; 8 x 1,024 codes and the rest are MERT's.
    "mert": Recipe("mert", "mel", 8, 1024, 0.8, 5, 64, 0.5, 1.0, 24_000, False),
    # J. Spijkervet and J. Burgoyne, 2021: nothing is hidden and nobody teaches; see `contrastive`.
    "clmr": Recipe("clmr", "", 0, 0, 0.0, 0, 64, 0.0, 0.0, 22_050, False, 48, 3e-4),
}


CLMR = "clmr"
OWN, ENCODEC = "auto", "encodec"  # teachers: the recipe's, and one that must be installed


@dataclass(frozen=True, slots=True)
class PretrainOptions:
    """What is chosen for a run; declared here, the command line and the card follow."""

    recipe: str = option(
        "mert",
        lambda: _("Recipe"),
        lambda: _(
            "MERT's masked prediction of several codes with a constant-Q spectrum, or HuBERT's of one code; or "
            "CLMR, which learns what two altered pieces of a clip have in common: small, and quick to train."
        ),
        choices=lambda: {"mert": "MERT", "hubert": "HuBERT", "clmr": "CLMR"},
    )
    teacher: str = option(
        OWN,
        lambda: _("Teacher"),
        lambda: _(
            "Whose codes are predicted. k-means is fitted on your own recordings; EnCodec, as MERT had, must be "
            "installed and teaches models of 24 kHz. CLMR needs none."
        ),
        choices=lambda: {
            OWN: _("the recipe's own"),
            "mel": _("k-means on mel bands"),
            "mfcc": _("k-means on MFCC"),
            ENCODEC: "EnCodec",
        },
    )
    steps: int = option(
        20_000, lambda: _("Steps"), lambda: _("How often the weights are changed."), least=1, most=10_000_000
    )
    batch: int = option(
        0,
        lambda: _("Clips a step"),
        lambda: _("What one change of the weights is learnt from: half an hour, of CLMR four minutes."),
        least=1,
        most=100_000,
        zero=lambda: _("the recipe's own"),
    )
    together: int = option(
        24,
        lambda: _("Clips at once"),
        lambda: _("How many are computed together; their gradients add up to a step. Fewer need less memory."),
        least=1,
        most=10_000,
    )
    clip_s: float = option(
        5.0, lambda: _("Seconds of a clip"), lambda: _("What is heard at once."), least=0.5, most=30, decimals=1
    )
    rate: float = option(
        0.0,
        lambda: _("Learning rate"),
        lambda: _("At its highest, once all weights learn."),
        least=1e-7,
        most=0.1,
        zero=lambda: _("the recipe's own"),
        decimals=7,
        flag="learning_rate",
    )
    every: int = option(
        500,
        lambda: _("Steps between two states kept"),
        lambda: _("Where a run goes on after a kill; each time it is judged on recordings kept apart."),
        least=1,
        most=1_000_000,
    )
    codes: int = option(
        0,
        lambda: _("Codes a book"),
        lambda: _("How many sounds the teacher tells apart."),
        least=2,
        most=4096,
        zero=lambda: _("the recipe's own"),
    )
    books: int = option(
        0,
        lambda: _("Books of codes"),
        lambda: _("Each names what the ones before it left over."),
        least=1,
        most=16,
        zero=lambda: _("the recipe's own"),
    )
    precision: str = option(
        "auto",
        lambda: _("Precision"),
        lambda: _("bfloat16 needs half the memory and is quicker on most graphics cards; losses stay in float32."),
        choices=lambda: {
            "auto": _("bfloat16 on a graphics card"),
            "exact": _("float32 everywhere"),
            "fast": _("bfloat16 everywhere"),
        },
    )
    checkpointing: str = option(
        "no",
        lambda: _("Gradient checkpointing"),
        lambda: _("Computes the layers twice instead of keeping all they say: less memory, a third slower."),
        choices=lambda: {"no": _("no"), "yes": _("yes")},
    )
    seed: int = option(0, lambda: _("Seed"), lambda: _("What chance begins with."), most=2**31 - 1)

    aim: str = option(
        "mode",
        lambda: _("What it is for"),
        lambda: _("Of CLMR: for modes the same melody on another pitch is the same; for instruments it is not."),
        choices=lambda: {"mode": _("modes"), "instrument": _("instruments")},
    )

    def __post_init__(self) -> None:
        """Put the recipe's own figures in the place of zeros."""
        recipe = RECIPES[self.recipe]
        object.__setattr__(self, "batch", self.batch or recipe.batch)
        object.__setattr__(self, "rate", self.rate or recipe.learning_rate)

    @property
    def at_once(self) -> int:
        """Clips that are computed together: of CLMR all of a step."""
        return self.batch if self.recipe == CLMR else self.together

    def digest(self, *more: str) -> str:
        """What a kept state belongs to: all that changes the weights, and `more`."""
        told: Mapping[str, object] = asdict(self)
        return hashlib.blake2b(json.dumps([told, *more], sort_keys=True).encode(), digest_size=16).hexdigest()


def can_begin(architecture: Sizes, recipe: str) -> bool:
    """Whether a model of that kind can be trained on: those of HuBERT's kind, by CLMR its own."""
    return architecture.family == (SAMPLE_CNN if recipe == CLMR else "hubert")
