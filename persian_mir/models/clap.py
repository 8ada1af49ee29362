"""CLAP's config.json and preprocessor_config.json, as `transformers`' ClapConfig and ClapFeatureExtractor mean them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from persian_mir.models.fields import Fields, read_description

KIND = "clap"
GENERAL = "laion/larger_clap_general"  # the one that passages are searched with by words
TOKENS = ("vocab.json", "merges.txt")  # of RoBERTa's tokeniser, which a search by words needs
# Branches that are not built here, with the value that switches them off.
_AUDIO = {
    "enable_fusion": False,
    "patch_embed_input_channels": 1,
    "patch_stride": [4, 4],
    "patch_size": 4,
    "flatten_patch_embeds": True,
    "enable_patch_layer_norm": True,
    "qkv_bias": True,
    "mlp_ratio": 4.0,
    "hidden_act": "gelu",
    "num_mel_bins": 64,
    "spec_size": 256,
}
_TEXT = {"hidden_act": "gelu", "pad_token_id": 1, "type_vocab_size": 1, "position_embedding_type": "absolute"}
_HEARD = {
    "feature_size": 64,
    "fft_window_size": 1024,
    "hop_length": 480,
    "max_length_s": 10,
    "padding": "repeatpad",
    "truncation": "rand_trunc",
    "top_db": None,
}


@dataclass(frozen=True, slots=True)
class TextSizes:
    """The sizes of the half that reads."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    intermediate: int
    positions: int


@dataclass(frozen=True, slots=True)
class ClapArchitecture:
    """The sizes of one CLAP. `depths`, `heads` of each stage of the half that hears, whose last one is `inner` wide;
    `lowest_hz`, `highest_hz` of its mel bands. `width`: of the space of both halves.
    """

    rate: int
    width: int
    inner: int
    patches: int
    window: int
    depths: tuple[int, ...]
    heads: tuple[int, ...]
    lowest_hz: int
    highest_hz: int
    activation: str
    text: TextSizes

    family = KIND
    normalise = False
    states = 1
    receptive_field = 480  # one step of the spectrum: what is short is repeated

    @property
    def parameters(self) -> int:
        """About how many values the weights hold (norms and biases left out)."""
        text, found = self.text, self.width * (self.inner + self.text.width + 2 * self.width)
        for stage, depth in enumerate(self.depths):
            found += depth * 12 * (self.patches << stage) ** 2 + 8 * (self.patches << stage) ** 2
        found += (text.vocabulary + text.positions) * text.width
        return found + text.layers * (4 * text.width**2 + 2 * text.width * text.intermediate)


def read_clap(folder: Path, fields: Fields) -> ClapArchitecture:
    """The sizes in `fields`. Raises ModelError for what is absurd or not built here."""
    path = folder / "preprocessor_config.json"
    audio, text = (Fields(fields.record(name), fields.path) for name in ("audio_config", "text_config"))
    heard = Fields(read_description(path), path)
    for part, switches in ((audio, _AUDIO), (text, _TEXT), (heard, _HEARD)):
        part.must_be(switches)
    a = ClapArchitecture(
        rate=heard.whole("sampling_rate", 48_000, default=48_000),
        width=fields.whole("projection_dim", 4096, default=512),
        inner=audio.whole("hidden_size", 8192, default=768),
        patches=audio.whole("patch_embeds_hidden_size", 1024, default=96),
        window=audio.whole("window_size", 64, default=8),
        depths=_list(audio, "depths", (2, 2, 6, 2)),
        heads=_list(audio, "num_attention_heads", (4, 8, 16, 32)),
        lowest_hz=heard.whole("frequency_min", 1000) if heard.data.get("frequency_min", 0) else 0,
        highest_hz=heard.whole("frequency_max", 24_000, default=14_000),
        activation=fields.choice("projection_hidden_act", ("relu", "gelu")),
        text=_text(text),
    )
    heard.check(a.rate == 48_000 and a.lowest_hz < a.highest_hz <= a.rate // 2)
    stages = range(len(a.depths))
    fields.check(
        len(a.depths) == len(a.heads) <= 6
        and a.inner == a.patches << (len(a.depths) - 1)
        and all((a.patches << stage) % a.heads[stage] == 0 for stage in stages)
        and a.text.width % a.text.heads == 0
        and 256 // 4 >> (len(a.depths) - 1) >= a.window
    )
    return a


def _text(fields: Fields) -> TextSizes:
    return TextSizes(
        vocabulary=fields.whole("vocab_size", 1_000_000, default=50_265),
        width=fields.whole("hidden_size", 4096, default=768),
        layers=fields.whole("num_hidden_layers", 64, default=12),
        heads=fields.whole("num_attention_heads", 64, default=12),
        intermediate=fields.whole("intermediate_size", 16_384, default=3072),
        positions=fields.whole("max_position_embeddings", 4096, default=514),
    )


def _list(fields: Fields, name: str, default: tuple[int, ...]) -> tuple[int, ...]:
    return fields.whole_list(name, 64) if name in fields.data else default
