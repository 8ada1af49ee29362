"""The network that learns: a HuBERT, a vector in place of hidden frames, and heads that name what was hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss, normalize

from trainer.pretrain.constant_q import BINS
from trainer.pretrain.recipe import Recipe

TEMPERATURE = 0.1
PENALTY = 10.0  # of the mean square of what the convolutions give, as in both recipes


@dataclass(frozen=True, slots=True)
class Losses:
    """Sums over the clips of one call: `total` is what is learnt from; the others say how well each part goes.

    `codes`: cross entropy of each book, mean over hidden frames. `right`: share of hidden codes named rightly, mean
    over books. `constant_q`: mean square error over hidden frames.
    """

    total: torch.Tensor
    codes: tuple[float, ...]
    right: float
    constant_q: float


class PretrainNet(nn.Module):
    """`hubert`: the network that stays; all else is left behind when the training is over."""

    def __init__(self, hubert: Any, recipe: Recipe, books: int, codes: int) -> None:
        super().__init__()
        width = hubert.config.hidden_size
        self.hubert = hubert
        self.hidden = nn.Parameter(torch.empty(width).uniform_())
        self.projections = nn.ModuleList(nn.Linear(width, recipe.width) for _book in range(books))
        self.embeddings = nn.Parameter(torch.empty(books, codes, recipe.width).uniform_())
        self.spectrum = nn.Linear(width, BINS) if recipe.constant_q else None
        self._constant_q = recipe.constant_q

    def forward(self, waveforms: torch.Tensor, hidden: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """[clips, samples] and what is hidden [clips, frames] to last states [clips, frames, width] and the penalty."""
        convolved = self.hubert.feature_extractor(waveforms).transpose(1, 2)
        frames = self.hubert.feature_projection(convolved)
        frames = torch.where(hidden[..., None], self.hidden.to(frames.dtype), frames)
        return self.hubert.encoder(frames).last_hidden_state, convolved.float().square().mean(dim=(1, 2))

    def losses(
        self, waveforms: torch.Tensor, hidden: torch.Tensor, codes: torch.Tensor, spectrum: torch.Tensor | None
    ) -> Losses:
        """What is said of hidden frames against `codes` [clips, frames, books] and `spectrum` [clips, frames, BINS]."""
        states, penalty = self(waveforms, hidden)
        named, right = zip(*(self._named(*one) for one in zip(states, hidden, codes, strict=True)), strict=True)
        books = torch.stack(named).sum(dim=0)
        total = books.sum() + PENALTY * penalty.sum()
        off = torch.zeros((), device=states.device)
        if self.spectrum is not None and spectrum is not None:
            parts = zip(self.spectrum(states).float(), spectrum, hidden, strict=True)
            off = torch.stack([mse_loss(one[mask], meant[mask]) for one, meant, mask in parts]).sum()
            total = total + self._constant_q * off
        return Losses(total, tuple(books.tolist()), sum(right), float(off.detach()))

    def _named(self, states: torch.Tensor, hidden: torch.Tensor, codes: torch.Tensor) -> tuple[torch.Tensor, float]:
        """Cross entropy of one clip's hidden frames in float32, [books], and the share named rightly."""
        states, codes = states[hidden], codes[hidden]
        losses, right = [], 0.0
        for book, projection in enumerate(self.projections):
            said = normalize(projection(states).float(), dim=1) @ normalize(self.embeddings[book].float(), dim=1).T
            losses.append(cross_entropy(said / TEMPERATURE, codes[:, book]))
            right += float((said.argmax(dim=1) == codes[:, book]).float().mean()) / len(self.projections)
        return torch.stack(losses), right

    def heads(self) -> Iterator[nn.Parameter]:
        """What is new, and warmed up alone."""
        for name, parameter in self.named_parameters():
            if not name.startswith("hubert."):
                yield parameter

    def front(self) -> Iterator[nn.Parameter]:
        """The convolutions and their projection, which learn next."""
        yield from self.hubert.feature_extractor.parameters()
        yield from self.hubert.feature_projection.parameters()
