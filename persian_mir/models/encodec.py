"""EnCodec's config.json: `transformers`' EncodecConfig, of which the encoder and the codebooks are used."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from persian_mir.models.fields import Fields

KIND = "encodec"
# Branches that the model of 24 kHz does not use, with the value that switches them off; the one of 48 kHz is stereo.
_MUST_BE = {
    "audio_channels": 1,
    "chunk_length_s": None,
    "normalize": False,
    "norm_type": "weight_norm",
    "use_causal_conv": True,
    "pad_mode": "reflect",
    "num_residual_layers": 1,
    "use_conv_shortcut": True,
}


@dataclass(frozen=True, slots=True)
class EncodecArchitecture:
    """The sizes of one EnCodec. `strides` of the convolutions, the first one first; `books` of `codes` each."""

    rate: int
    width: int
    filters: int
    kernel: int
    last_kernel: int
    residual_kernel: int
    dilation: int
    compress: int
    recurrent_layers: int
    strides: tuple[int, ...]
    books: int
    codes: int

    family = KIND
    normalise = False
    states = 1

    @property
    def receptive_field(self) -> int:
        """One frame; what lies beyond is mirrored."""
        return math.prod(self.strides)

    @property
    def parameters(self) -> int:
        """About how many values the weights hold (biases left out)."""
        found, width = self.kernel * self.filters, self.filters
        for stride in self.strides:
            found += width * width // self.compress * (self.residual_kernel + 1) + width * width  # residual, shortcut
            found += 4 * stride * width * width
            width *= 2
        found += 8 * self.recurrent_layers * width * width + self.last_kernel * width * self.width
        return found + 2 * self.books * self.codes * self.width


def read_encodec(_folder: Path, fields: Fields) -> EncodecArchitecture:
    """The sizes in `fields`. Raises ModelError for what is absurd or not EnCodec's of 24 kHz."""
    fields.must_be(_MUST_BE)
    rate, strides = fields.whole("sampling_rate", 192_000), fields.whole_list("upsampling_ratios", 32)
    codes, width = fields.whole("codebook_size", 65_536), fields.whole("hidden_size", 4096)
    bits = codes.bit_length() - 1
    bandwidths = fields.numbers("target_bandwidths", 1000.0)
    books = int(1000 * bandwidths[-1] // (math.ceil(rate / math.prod(strides)) * max(1, bits)))
    architecture = EncodecArchitecture(
        rate=rate,
        width=width,
        filters=fields.whole("num_filters", 1024),
        kernel=fields.whole("kernel_size", 64),
        last_kernel=fields.whole("last_kernel_size", 64),
        residual_kernel=fields.whole("residual_kernel_size", 64),
        dilation=fields.whole("dilation_growth_rate", 16),
        compress=fields.whole("compress", 16),
        recurrent_layers=fields.whole("num_lstm_layers", 8),
        strides=strides[::-1],
        books=books,
        codes=codes,
    )
    fits = codes == 1 << bits and 1 <= books <= 128 and fields.data.get("codebook_dim") in (None, width)
    fields.check(fits and architecture.filters >= architecture.compress and len(strides) <= 8)
    return architecture
