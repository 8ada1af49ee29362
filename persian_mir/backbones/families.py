"""The kinds of network that are built here, each by what is its own. A new one is a new file and a line below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from persian_mir.models.sizes import Sizes

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Family:
    """`build`: a network, its weights not yet those of any checkpoint. `states`: its hidden states 0 .. n of windows
    [windows, samples], each [windows, frames, width], as they are computed. `mended`: a tensor's name in the network,
    of one in a checkpoint; empty where it is not used. `fixed`: the tensors of a network that are not learnt, by name.
    """

    build: Callable[[Any], torch.nn.Module]
    states: Callable[[torch.nn.Module, Any, torch.Tensor, int], Iterator[torch.Tensor]]
    mended: Callable[[str], str]
    fixed: Callable[[torch.nn.Module], dict[str, torch.Tensor]] | None = None


def family_of(architecture: Sizes) -> Family:
    """The family of that architecture. It imports torch."""
    from persian_mir.backbones import clap, cnn14, conformer, data2vec, encodec, hubert, sample_cnn, wav2vec2
    from persian_mir.backbones.transformer import hidden_states, mended

    families = {
        "hubert": Family(hubert.build, hidden_states, mended),
        "data2vec": Family(data2vec.build, hidden_states, mended),
        "wav2vec2": Family(wav2vec2.build, hidden_states, mended),
        "encodec": Family(encodec.EncodecNetwork, encodec.hidden_states, encodec.mended),
        "cnn14": Family(cnn14.build, cnn14.hidden_states, cnn14.mended),
        "conformer": Family(conformer.ConformerNetwork, conformer.hidden_states, conformer.mended),
        "sample_cnn": Family(sample_cnn.SampleCnnNetwork, sample_cnn.hidden_states, sample_cnn.mended),
        "clap": Family(clap.ClapAudio, clap.hidden_states, clap.heard, clap.fixed),
    }
    return families[architecture.family]
