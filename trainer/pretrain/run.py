"""From a folder of recordings to a folder of a model: what the command does, in one function."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from persian_mir import __version__
from persian_mir.atomic_write import atomic_write
from persian_mir.backbones.backbone import BackboneKey
from persian_mir.backbones.loading import build_network, key_of, load_network
from persian_mir.errors import ModelError
from persian_mir.i18n import _
from persian_mir.models.config import Architecture
from persian_mir.models.sample_cnn import SampleCnn
from persian_mir.models.sizes import Sizes
from persian_mir.models.store import find_installed, licence_of, not_installed
from persian_mir.progress import SILENT, Progress
from trainer.pretrain.contrastive import train_contrastive
from trainer.pretrain.corpus import Corpus, draw, read_corpus
from trainer.pretrain.encodec_teacher import EncodecTeacher, encodec_teacher
from trainer.pretrain.half import halved
from trainer.pretrain.network import PretrainNet
from trainer.pretrain.recipe import CLMR, ENCODEC, OWN, RECIPES, PretrainOptions, can_begin
from trainer.pretrain.result import write_model
from trainer.pretrain.teachers import MeansTeacher, fit_teacher
from trainer.pretrain.train import Task, frames_of, is_first, pretrain

SCRATCH = "scratch"
TEACHER, KEPT = "teacher.npz", "training.safetensors"
TEACHING = 3  # first number of the seeds of clips that a teacher is fitted on
TEACHER_CLIPS, HASTY_CLIPS = 600, 4

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Start:
    """What a run begins with. `licence`: that of the weights, which the result inherits; empty of new ones.

    `encodec`: where it teaches; other teachers are fitted on the recordings.
    """

    network: Any
    architecture: Any
    key: BackboneKey
    licence: str
    encodec: EncodecTeacher | None = None

    @property
    def from_nothing(self) -> bool:
        """Whether the weights are new."""
        return self.key.id == SCRATCH


def run_pretraining(
    data: Path, start: str, out: Path, options: PretrainOptions, device: str, progress: Progress = SILENT
) -> Corpus:
    """Pre-train on the recordings below `data`, from `start` (an id, a folder or `scratch`), and write `out`.

    The same call goes on where an earlier one was stopped or killed. Raises PersianMirError, and Cancelled.
    """
    began = begin_with(start, options)
    corpus = read_corpus(data, options.clip_s, progress)
    if options.recipe == CLMR:
        clmr = train_contrastive(began.network, corpus, options, began.key.rate, device, out / KEPT, progress)
        described = began.architecture.description()
        write_model(out, clmr, described, began.key.rate, _card(began, corpus, options, {}))
        (out / KEPT).unlink(missing_ok=True)
        return corpus
    net, task = prepare(began, corpus, options, device, out / TEACHER)
    weights = pretrain(net, halved(net, task, device, progress), device, out / KEPT, progress)
    if is_first():
        card = _card(began, corpus, options, task.teacher.card)
        write_model(out, weights, began.network.config.to_dict(), began.key.rate, card)
        (out / KEPT).unlink(missing_ok=True)
    return corpus


def prepare(
    began: Start, corpus: Corpus, options: PretrainOptions, device: str, teacher: Path | None = None
) -> tuple[PretrainNet, Task]:
    """The network with new heads, and what it learns; a fitted teacher is kept in a file, a hasty one is not."""
    recipe = RECIPES[options.recipe]
    if began.encodec is not None:
        began.encodec.network.to(device)
    told = began.encodec or _fitted(corpus, options, began, teacher)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(options.seed)
        net = PretrainNet(began.network, recipe, told.books, told.size)
    samples = round(options.clip_s * began.key.rate)
    return net, Task(corpus, told, recipe, options, began.key, frames_of(net, samples), began.from_nothing)


def begin_with(start: str, options: PretrainOptions) -> Start:
    """The model called `start`, ready to learn; new weights for `scratch`. Raises ModelError, also where EnCodec is to
    teach, and is not installed or does not fit the model.
    """
    began = _start(start, options)
    if options.teacher != ENCODEC or options.recipe == CLMR:
        return began
    books = options.books or RECIPES[options.recipe].books
    return replace(began, encodec=encodec_teacher(began.key.rate, _hop(began), books, options.codes))


def _start(start: str, options: PretrainOptions) -> Start:
    if start == SCRATCH:
        architecture = new_architecture(options.recipe)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(options.seed)
            network = build_network(architecture, "cpu").requires_grad_(True)
        return Start(network, architecture, key_of(architecture, SCRATCH, "", ""), "")
    model = find_installed(start)
    folder = model.folder if model is not None else Path(start).expanduser()
    if folder is None or not folder.is_dir():
        raise not_installed(start)
    name = model.id if model is not None else f"local/{folder.resolve().name}"
    network, described, key = load_network(folder, name, model.revision if model is not None else "local")
    if not can_begin(described, options.recipe):
        what = _("Only models of HuBERT's kind, as MERT is, can be trained on; by CLMR only its own.")
        raise ModelError(what, path=folder)
    return Start(network.requires_grad_(True), described, key, licence_of(folder) if model is None else model.licence)


def new_architecture(recipe: str) -> Sizes:
    """The sizes of HuBERT base and of MERT-v1-95M; of CLMR its own."""
    if recipe == CLMR:
        return SampleCnn()
    rate, normalise = RECIPES[recipe].rate, RECIPES[recipe].normalise
    return Architecture(
        family="hubert", rate=rate, normalise=normalise, width=768, layers=12, heads=12,
        intermediate=3072, conv_dim=(512,) * 7, conv_kernel=(10, 3, 3, 3, 3, 2, 2), conv_stride=(5, 2, 2, 2, 2, 2, 2),
        conv_bias=False, conv_norm="group", position_kernel=128, position_groups=16, position_depth=1,
        stable_layer_norm=False, layer_norm_eps=1e-5, conv_activation="gelu", activation="gelu",
    )  # fmt: skip


def _hop(began: Start) -> int:
    """Samples from one frame of the network to the next."""
    return int(np.prod(began.network.config.conv_stride))


def _fitted(corpus: Corpus, options: PretrainOptions, began: Start, path: Path | None) -> MeansTeacher:
    """The teacher in `path`, or one fitted now and kept there."""
    recipe, rate = RECIPES[options.recipe], began.key.rate
    kind = recipe.teacher if options.teacher == OWN else options.teacher
    sizes = rate, _hop(began), options.books or recipe.books, options.codes or recipe.codes
    if path is None:
        clips = draw(corpus.learnt, (TEACHING, options.seed), range(HASTY_CLIPS), options.clip_s, rate)
        return fit_teacher(clips, kind, *sizes, options.seed)
    wanted = json.dumps([kind, *sizes, options.seed, options.clip_s, corpus.hash])
    try:
        with path.open("rb") as known, np.load(known, allow_pickle=False) as kept:
            if str(kept["of"]) == wanted:
                return MeansTeacher(kind, *sizes[:2], kept["middle"], kept["scale"], kept["centres"])
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, EOFError) as error:
        log.warning("%s is damaged; the codes are found anew: %s", path, error)
    count = min(TEACHER_CLIPS, round(2 * 3600 * corpus.hours / options.clip_s) + 1)
    clips = draw(corpus.learnt, (TEACHING, options.seed), range(count), options.clip_s, rate)
    teacher = fit_teacher(clips, kind, *sizes, options.seed)
    arrays = {"middle": teacher.middle, "scale": teacher.scale, "centres": teacher.centres}
    with atomic_write(path, durable=False) as file:
        np.savez(file, allow_pickle=False, of=np.array(wanted), **arrays)
    return teacher


def _card(began: Start, corpus: Corpus, options: PretrainOptions, teacher: Mapping[str, str]) -> Mapping[str, object]:
    """What people must know of the result."""
    return {
        "program": f"Persian MIR {__version__}",
        "utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "from": {"id": began.key.id, "revision": began.key.revision, "weights": began.key.weights_hash},
        "licence": began.licence,
        "recipe": asdict(RECIPES[options.recipe]),
        "teacher": teacher,
        "options": asdict(options),
        "recordings": len(corpus.learnt),
        "hours": round(corpus.hours, 2),
        "kept_apart": len(corpus.judged),
        "recordings_hash": corpus.hash,
        "normalise": began.key.normalise,
    }
