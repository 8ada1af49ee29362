"""The net of BiLGNet."""

from __future__ import annotations

import torch
from torch import nn

LSTM_UNITS = (128, 64, 32)
GRU_UNITS = (16, 32, 64, 128)


class BiLGNet(nn.Module):
    """Rows [segments, frames * inputs] in, logits [segments, labels] out."""

    def __init__(self, inputs: int, labels: int) -> None:
        super().__init__()
        self._inputs = inputs
        sizes = [inputs, *(2 * units for units in (*LSTM_UNITS, *GRU_UNITS))]
        kinds = [nn.LSTM] * len(LSTM_UNITS) + [nn.GRU] * len(GRU_UNITS)
        self.recurrent = nn.ModuleList(
            kind(size, units, batch_first=True, bidirectional=True)
            for kind, size, units in zip(kinds, sizes, (*LSTM_UNITS, *GRU_UNITS), strict=False)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(size) for size in sizes[1:])
        self.dense, self.dropout, self.last = nn.Linear(sizes[-1], 16), nn.Dropout(0.6), nn.Linear(16, labels)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Each layer over the frames, the last one's two ends, then the labels."""
        values = rows.view(len(rows), -1, self._inputs)
        for layer, norm in list(zip(self.recurrent, self.norms, strict=True))[:-1]:
            values = norm(layer(values)[0].transpose(1, 2)).transpose(1, 2)
        ends = self.recurrent[-1](values)[1]  # [directions, segments, units]
        vector = self.norms[-1](torch.cat([ends[0], ends[1]], dim=1))
        out: torch.Tensor = self.last(self.dropout(torch.relu(self.dense(vector))))
        return out
