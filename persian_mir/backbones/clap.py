"""CLAP (Y. Wu and others, 2023): one space for sound and for English words, of `transformers`' own modules.

The half that hears takes 10 s at 48 kHz: what is shorter is repeated, of what is longer the mean over pieces is taken
(`transformers` cuts ten seconds out at random). A piece's vector has norm 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from persian_mir.backbones.pieces import pieces
from persian_mir.models.clap import ClapArchitecture

N_FFT, HOP, MELS, FLOOR, SECONDS = 1024, 480, 64, 1e-10, 10
HEARS, READS = ("audio_model.", "audio_projection."), ("text_model.", "text_projection.")
_FIXED = (".relative_position_index", ".position_ids", ".token_type_ids")  # not learnt; not in every file


class ClapAudio(nn.Module):
    """The half that hears; its parts are called as in the file."""

    def __init__(self, architecture: ClapArchitecture) -> None:
        super().__init__()
        from transformers import ClapAudioConfig
        from transformers.models.clap.modeling_clap import ClapAudioModel, ClapProjectionLayer

        a = architecture
        config = ClapAudioConfig(
            hidden_size=a.inner,
            patch_embeds_hidden_size=a.patches,
            window_size=a.window,
            depths=list(a.depths),
            num_attention_heads=list(a.heads),
            num_hidden_layers=len(a.depths),
            projection_dim=a.width,
            projection_hidden_act=a.activation,
        )
        self.audio_model, self.audio_projection = ClapAudioModel(config), ClapProjectionLayer(config)
        self._bands = a.lowest_hz, a.highest_hz, a.rate

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        """[windows, samples] to [windows, 1, width]."""
        length = SECONDS * self._bands[2]
        if waveforms.shape[1] < length:
            repeated = waveforms.repeat(1, length // waveforms.shape[1])
            waveforms = nn.functional.pad(repeated, (0, length - repeated.shape[1]))
        cut = pieces(waveforms, length)
        heard = self.audio_model(input_features=self.log_mel(cut.flatten(0, 1))[:, None])
        projected = nn.functional.normalize(self.audio_projection(heard.pooler_output).float(), dim=1)
        return projected.view(*cut.shape[:2], -1).mean(dim=1, keepdim=True)

    def log_mel(self, waveforms: torch.Tensor) -> torch.Tensor:
        """[pieces, samples] to dB, [pieces, frames, mels]; in double where the device can."""
        precise = waveforms.float() if waveforms.device.type == "mps" else waveforms.double()
        window = torch.hann_window(N_FFT, dtype=precise.dtype, device=precise.device)
        with torch.autocast(waveforms.device.type, enabled=False):
            spectrum = torch.stft(precise, N_FFT, HOP, window=window, pad_mode="reflect", return_complex=True)
            bands = torch.from_numpy(mel_filters(*self._bands)).to(precise)
            power = spectrum.abs().square().transpose(1, 2) @ bands
            return (10 * power.clamp(min=FLOOR).log10()).float()


class ClapText(nn.Module):
    """The half that reads; its parts are called as in the file."""

    def __init__(self, architecture: ClapArchitecture) -> None:
        super().__init__()
        from transformers import ClapTextConfig
        from transformers.models.clap.modeling_clap import ClapProjectionLayer, ClapTextModel

        text = architecture.text
        config = ClapTextConfig(
            vocab_size=text.vocabulary,
            hidden_size=text.width,
            num_hidden_layers=text.layers,
            num_attention_heads=text.heads,
            intermediate_size=text.intermediate,
            max_position_embeddings=text.positions,
            projection_dim=architecture.width,
            projection_hidden_act=architecture.activation,
        )
        self.text_model, self.text_projection = ClapTextModel(config), ClapProjectionLayer(config)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """One text [1, tokens] to [1, width]."""
        projected: torch.Tensor = self.text_projection(self.text_model(input_ids=tokens).pooler_output)
        return projected


def hidden_states(
    network: nn.Module, _architecture: Any, waveforms: torch.Tensor, _deepest: int
) -> Iterator[torch.Tensor]:
    """The one state of windows [windows, samples], as [windows, 1, width]."""
    yield network(waveforms)


def heard(name: str) -> str:
    """A tensor's name in the half that hears; empty of the other's."""
    return name if name.startswith(HEARS) and not name.endswith(_FIXED) else ""


def read(name: str) -> str:
    """A tensor's name in the half that reads; empty of the other's."""
    return name if name.startswith(READS) and not name.endswith(_FIXED) else ""


def fixed(network: nn.Module) -> dict[str, torch.Tensor]:
    """What is in the network and not learnt, by name."""
    found = {}
    for name, module in network.named_modules():
        if hasattr(module, "create_relative_position_index"):
            found[f"{name}.relative_position_index"] = module.create_relative_position_index()
        if hasattr(module, "token_type_ids"):
            places = torch.arange(module.position_ids.shape[1])[None]
            found |= {f"{name}.position_ids": places, f"{name}.token_type_ids": torch.zeros_like(places)}
    return found


@cache
def mel_filters(lowest_hz: int, highest_hz: int, rate: int) -> NDArray[np.float64]:
    """[bins, mels] after Slaney, of equal area; not to be written to."""
    from transformers.audio_utils import mel_filter_bank

    bands: NDArray[np.float64] = mel_filter_bank(
        N_FFT // 2 + 1, MELS, lowest_hz, highest_hz, rate, norm="slaney", mel_scale="slaney"
    )
    return bands
