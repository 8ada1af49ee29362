"""The models the program knows by name. A new one is a new row.

Revisions, sizes and checksums as read from the hub; where no checksum is pinned, the one the hub itself states for
the pinned revision is checked. The paper's MusicHuBERT was not released under that name; its authors point to MERT-v0.
"""

from __future__ import annotations

from dataclasses import dataclass

from persian_mir.i18n import _
from persian_mir.models import clap, cnn14

SIGNAL = "signal"  # the classical features: no weights, always installed


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One known model: `rate` in Hz, `states` hidden states of `width`, `size` of the weights in bytes (about).

    `revision` is a commit of the hub, or `main` where none is pinned (the commit found is then recorded).
    `description`: the file that tells the model's sizes, or stands for them. `more`: files
    that are needed beside weights and descriptions. `url`: where the weights are when they are not on the hub; such a
    model has no other files, and its `sha256` is known.
    """

    id: str
    name: str
    rate: int
    states: int
    width: int
    licence: str
    licence_url: str
    revision: str
    weights: str = "pytorch_model.bin"
    size: int = 378_000_000
    sha256: str | None = None
    description: str = "config.json"
    more: tuple[str, ...] = ()
    url: str = ""


_NC = ("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/")
_BY = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
_APACHE = ("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0")

MODELS: tuple[ModelRow, ...] = (
    ModelRow(
        SIGNAL, "Classical features (MFCC, spectral shape, modulation)", 22_050, 1, 0, "GPL-3.0-or-later", "", "", "", 0
    ),
    ModelRow(
        "m-a-p/MERT-v1-95M", "MERT v1 95M", 24_000, 13, 768, *_NC,
        revision="12af15fef9d0ac838c3f475bfbbf26d2060dd4f5", size=377_552_987,
        sha256="a2b8b747f72c06e0595aeae41ae5473f4364938c6b39b2c58be38c48e6bd3fcd",
    ),
    ModelRow(
        "m-a-p/MERT-v1-330M", "MERT v1 330M", 24_000, 25, 1024, *_NC,
        revision="5240c2708a5acaee1007f43fb9735c7dcd0b78c9", size=1_260_000_000,
    ),
    ModelRow(
        "m-a-p/MERT-v0", "MERT v0", 16_000, 13, 768, *_NC, revision="7a16d1f021948b37646f52a915d71419e1c06d9e",
    ),
    ModelRow(
        "m-a-p/MERT-v0-public", "MERT v0 public", 16_000, 13, 768, *_NC,
        revision="e8413e398b3180ca488534aea68fd829402044a4", size=377_552_987,
        sha256="9b25bde740483579d9895f35d074a949f6593ef48449b6d76e26ee3c0e5e9acb",
    ),
    ModelRow("ntua-slp/CultureMERT-95M", "CultureMERT 95M", 24_000, 13, 768, *_NC, revision="main"),
    ModelRow("m-a-p/music2vec-v1", "Music2Vec", 16_000, 13, 768, *_NC, revision="main", size=373_000_000),
    ModelRow(
        "facebook/hubert-base-ls960", "HuBERT base", 16_000, 13, 768, *_APACHE,
        revision="dba3bb02fda4248b6e082697eee756de8fe8aa8a",
    ),
    ModelRow(
        "facebook/encodec_24khz", "EnCodec 24 kHz", 24_000, 1, 128,
        "MIT (code)", "https://github.com/facebookresearch/encodec/blob/main/LICENSE",
        revision="main", weights="model.safetensors", size=93_000_000,
    ),
    ModelRow(
        "facebook/wav2vec2-base", "wav2vec 2.0 base", 16_000, 13, 768, *_APACHE,
        revision="0b5b8e868dd84f03fd87d01f9c4ff0f080fecfe8",
    ),
    ModelRow(  # of sound, music and speech; the one for words
        clap.GENERAL, "CLAP", 48_000, 1, 512, *_APACHE,
        revision="ada0c23a36c4e8582805bb38fec3905903f18b41", size=776_444_665, more=clap.TOKENS,
        sha256="314eb00cce6ad68d25237b8446b659ccdb136ed4672c1bca470f142f72455026",
    ),
    ModelRow(  # as published its text projection is nearly empty: it hears, and cannot be searched with
        "laion/larger_clap_music", "CLAP for music, without words", 48_000, 1, 512, *_APACHE,
        revision="a0b4534a14f58e20944452dff00a22a06ce629d1", size=776_000_000, more=clap.TOKENS,
        sha256="5c289311f4a030d768af7ffbfdecd01b008aa64824211899a4e59f4f9d154fd1",
    ),
    ModelRow(
        "OpenMuQ/MuQ-large-msd-iter", "MuQ large", 24_000, 13, 1024, *_NC, revision="main", size=1_316_000_000,
    ),
    ModelRow(
        "minzwon/MusicFM", "MusicFM (Million Song Dataset)", 24_000, 13, 1024,
        "MIT (code)", "https://github.com/minzwon/musicfm/blob/main/LICENSE",
        revision="main", weights="pretrained_msd.pt", size=1_316_802_088,
        sha256="218b483a0256ddef736267425fabb166fd97008983696bb9270def464b47bded", description="msd_stats.json",
    ),
    ModelRow(
        "panns/CNN14", "PANNs CNN14", 32_000, 1, 2048, *_BY,
        revision="zenodo-3987831", weights=cnn14.FILE, size=327_428_481,
        sha256="0dc499e40e9761ef5ea061ffc77697697f277f6a960894903df3ada000e34b31",
        url="https://zenodo.org/records/3987831/files/Cnn14_mAP%3D0.431.pth?download=1",
    ),
)  # fmt: skip


def find_row(model_id: str) -> ModelRow | None:
    """The row of `model_id`, or None."""
    return next((row for row in MODELS if row.id == model_id), None)


def short_name(model_id: str) -> str:
    """A model's id without its owner or folder, `MERT-v1-95M`; the classical features by their name."""
    if model_id == SIGNAL:
        return _("Classical features")
    return model_id.replace("\\", "/").rstrip("/").rpartition("/")[2]
