"""Windows of any length as pieces of the one length that a network takes."""

from __future__ import annotations

import torch


def pieces(waveforms: torch.Tensor, length: int) -> torch.Tensor:
    """[windows, samples] to [windows, pieces, length]: as few as cover it, evenly apart; `samples` >= `length`."""
    beyond = waveforms.shape[1] - length
    count = -(-beyond // length) + 1
    starts = [round(number * beyond / max(1, count - 1)) for number in range(count)]
    return torch.stack([waveforms[:, start : start + length] for start in starts], dim=1)
