"""SampleCNN (J. Lee and others, 2017), which CLMR trains: of folders that `pretrain --recipe clmr` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from persian_mir.models.fields import Fields

KIND = "sample_cnn"
CHANNELS = (128, 128, 128, *(256,) * 6, 512, 512)  # of the first, of nine that are pooled, of the last


@dataclass(frozen=True, slots=True)
class SampleCnn:
    """`channels` of each convolution: all but the last leave one of three samples."""

    channels: tuple[int, ...] = CHANNELS
    rate: int = 22_050

    family = KIND
    normalise = False
    states = 1

    @property
    def width(self) -> int:
        """Of the last convolution."""
        return self.channels[-1]

    @property
    def receptive_field(self) -> int:
        """What one vector is of; longer windows are the mean of several."""
        return 3 ** (len(self.channels) - 1)  # type: ignore[no-any-return]

    @property
    def parameters(self) -> int:
        """About how many values the weights hold."""
        return sum(3 * before * after for before, after in zip((1, *self.channels), self.channels, strict=False))

    def description(self) -> Mapping[str, object]:
        """What `read_sample_cnn` reads."""
        return {"model_type": KIND, "channels": list(self.channels), "sampling_rate": self.rate}


def read_sample_cnn(_folder: Path, fields: Fields) -> SampleCnn:
    """The sizes in `fields`. Raises ModelError for what is absurd."""
    channels = fields.whole_list("channels", 4096)
    fields.check(3 <= len(channels) <= 12)
    return SampleCnn(channels, fields.whole("sampling_rate", 192_000))
