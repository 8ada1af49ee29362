"""English words as a vector in the space of a CLAP's sounds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from persian_mir.backbones import clap
from persian_mir.backbones.backbone import Floats
from persian_mir.backbones.loading import spare_torchaudio
from persian_mir.backbones.weights import load_weights
from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.clap import GENERAL, TOKENS, ClapArchitecture
from persian_mir.models.config import read_architecture
from persian_mir.models.store import weights_file

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MOST_TOKENS = 77  # as in its training
BEGIN, END = "<s>", "</s>"
# What has nothing in common must lie apart. In laion/larger_clap_music, as converted for `transformers`, it does not:
# its text projection is nearly empty, and all texts have a cosine of 0.999 (embeddings-benchmark/mteb issue 5069).
UNLIKE, MOST_ALIKE = ("a slow breathy flute", "fast loud drums", "a man speaking on the telephone"), 0.98


class WordEncoder:
    """The half of a CLAP that reads, on the CPU: a text takes it a few hundredths of a second."""

    def __init__(self, folder: Path) -> None:
        """Load it from `folder`. Raises ModelError where that is no CLAP, is damaged, or cannot tell texts apart."""
        architecture = read_architecture(folder)
        if not isinstance(architecture, ClapArchitecture):
            what = _("This model knows no words; only a CLAP does.")
            raise ModelError(what, path=folder, cure=_("Choose one with --backbone: persian-mir models list"))
        self._tokenizer = read_tokenizer(folder, architecture.text.vocabulary)
        spare_torchaudio()
        with torch.device("meta"):
            network = clap.ClapText(architecture)
        self._network: Any = load_weights(network, weights_file(folder), clap.read, clap.fixed)
        self._check(folder)

    def embed(self, text: str) -> Floats:
        """Return the vector of a text, float32 [width], of norm 1."""
        ids = self._tokenizer.encode(text).ids
        if len(ids) > MOST_TOKENS:
            ids = [*ids[: MOST_TOKENS - 1], ids[-1]]
        with torch.inference_mode():
            vector: Floats = self._network(torch.tensor([ids]))[0].numpy()
        return vector / max(float(np.linalg.norm(vector)), 1e-12)

    def _check(self, folder: Path) -> None:
        vectors = np.stack([self.embed(text) for text in UNLIKE])
        alike = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
        if not alike.mean() < MOST_ALIKE:
            what = _("This model takes all words for the same, so it cannot be searched with.")
            raise ModelError(
                what, path=folder, cure=_("Fetch one with: persian-mir models fetch {id}").format(id=GENERAL)
            )


def read_tokenizer(folder: Path, vocabulary: int) -> Tokenizer:
    """RoBERTa's tokeniser from the two files in `folder`: byte pairs, and a sign before and after.

    Raises ModelError where one is missing or damaged, or names more than `vocabulary` tokens.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    missing = [name for name in TOKENS if not (folder / name).is_file()]
    if missing:
        what = _("The model's list of words, {name}, is not here.").format(name=missing[0])
        raise ModelError(what, path=folder, cure=_("Fetch the model again, or put the file beside its weights."))
    try:
        made = Tokenizer(models.BPE.from_file(*(str(folder / name) for name in TOKENS)))
    except Exception as error:  # tokenizers raises plain Exception
        raise ModelError(_("The model's list of words is damaged."), path=folder) from error
    begin, end = made.token_to_id(BEGIN), made.token_to_id(END)
    if begin is None or end is None or max(made.get_vocab().values()) >= vocabulary:
        raise ModelError(_("The model's list of words does not fit its weights."), path=folder)
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.post_processor = processors.RobertaProcessing((END, end), (BEGIN, begin), add_prefix_space=False)
    return made
