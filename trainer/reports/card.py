"""The model card: what a probe is, what it learnt from and what it is worth, as one HTML page beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from persian_mir import plurals
from persian_mir.examples.instruments import ALL
from persian_mir.i18n import _, digits, figures
from persian_mir.models.table import SIGNAL, find_row
from persian_mir.probes.probe import Probe
from persian_mir.whole_file import write_whole
from trainer.evaluation.evaluate import Evaluation, chance_warning, leak_warning
from trainer.evaluation.foreign_sounds import SOUNDS
from trainer.fitting.fit_options import FitOptions, recorded_options
from trainer.fitting.options import Option, declared
from trainer.reports.page import render
from trainer.reports.words import answer_words, sound_name, split_name, sure_margin_words, unknown_words

COLLECTIONS = "<!-- other collections -->"  # as the template has it: where they are added
FEW = 30  # recordings judged, under which an interval is too wide to compare probes by

Rows = list[tuple[str, object]]


def card_path(probe_file: Path) -> Path:
    """Return where the card of a probe stands: `X.card.html` beside `X.probe`."""
    return probe_file.with_suffix(".card.html")


def write_card(probe: Probe, path: Path, evaluations: Mapping[str, Evaluation]) -> Path:
    """Write the card of `probe`, whose file is `path`, beside it and return where. `evaluations`: official, grouped,
    those that exist. Raises PersianMirError when the disk refuses.
    """
    target = card_path(path)
    write_whole(target, html(probe, path.name, evaluations))
    return target


def html(probe: Probe, file: str, evaluations: Mapping[str, Evaluation]) -> str:
    """Return the card of a probe that is kept as `file`."""
    fewest = min((one.recordings.count for one in evaluations.values()), default=0)
    return render(
        "card.html",
        title=_("Model card: {file}").format(file=file),
        file=file,
        probe=probe,
        warnings=list(_warnings(probe, evaluations)),
        evaluations=[(_evaluated_by(name, probe.training), one) for name, one in evaluations.items()],
        artist_grouped="grouped" in evaluations,
        sounds=list(_sounds(probe)),
        unknown=unknown_words(probe.training.get("unknown")),
        sure=sure_margin_words(probe.training.get("sure")),
        few=plurals.recordings(fewest) if fewest < FEW else "",
        learnt=_data(probe),
        classes=_mapping(probe.training.get("classes")),
        making=_making(probe),
        options=_options(probe),
    )


def add_collection(probe_file: Path, name: str, evaluation: Evaluation, refusals: str) -> Path | None:
    """Show on the card of a probe what it was worth on another collection, in place of what stood there of it; None
    where there is no such card. `refusals`: a sentence on recordings of other labels. Raises PersianMirError when the
    disk refuses.
    """
    target = card_path(probe_file)
    text = target.read_text(encoding="utf-8") if target.is_file() else ""
    if COLLECTIONS not in text:
        return None
    own = "collection-" + hashlib.blake2b(name.encode(errors="surrogateescape"), digest_size=6).hexdigest()
    text = re.sub(f'<section id="{own}">.*?</section>\n?', "", text, flags=re.DOTALL)
    section = render("collection.html", id=own, name=name, evaluation=evaluation, refusals=refusals)
    write_whole(target, text.replace(COLLECTIONS, f"{section}\n{COLLECTIONS}"))
    return target


def _sounds(probe: Probe) -> Iterator[tuple[str, str]]:
    """Sounds that are none of its labels, and what it says of each."""
    said = _mapping(probe.training.get("sounds"))  # a file has them by name
    for name in (*SOUNDS, *ALL):
        if name in said:
            yield sound_name(name), answer_words(str(said[name]), probe.task)


def _warnings(probe: Probe, evaluations: Mapping[str, Evaluation]) -> Iterator[str]:
    if _synthetic(probe.training):
        yield _(
            "The training data are SYNTHETIC: made by a computer program, no musician was recorded. The figures "
            "prove the machinery and say nothing about real music."
        )
    if {"official", "grouped"} <= set(evaluations) and probe.training.get("split") != "artist":
        yield from filter(None, [leak_warning(evaluations["official"], evaluations["grouped"])])
    if "grouped" in evaluations:
        level = evaluations["grouped"].segments
        yield from filter(None, [chance_warning(level.accuracy, level.chance)])
    row = find_row(probe.backbone.id)
    if row is not None and "NC" in row.licence:
        text = _("The frozen model is under {licence}: no commercial use, neither of it nor of what it says.")
        yield text.format(licence=row.licence)


def _evaluated_by(name: str, notes: Mapping[str, object]) -> str:
    """Return what an evaluation is by, told honestly: `official` is also called what the fit itself set apart."""
    if name != "official" or notes.get("split") == "official":
        return split_name(name)
    if not _mapping(notes.get("recordings")).get("test"):
        return _("dev part, which chose the epoch too")
    return split_name("grouped", str(notes.get("split")))


def _data(probe: Probe) -> Rows:
    notes = probe.training
    given = str(notes.get("dataset") or "")
    name = f"\u2068{given}\u2069" if given else _("not said")
    if _synthetic(notes) and "synth" not in name.lower():
        name = _("{name} (synthesised)").format(name=name)
    rows: Rows = [(_("data"), name)]
    for key, text in (("recordings", _("recordings")), ("segments", _("segments"))):
        if parts := _mapping(notes.get(key)):
            rows.append((text, _(", ").join(f"{part} {digits(str(count))}" for part, count in parts.items())))
    return rows + ([(_("left out"), notes["skipped"])] if notes.get("skipped") else [])


def _making(probe: Probe) -> Rows:
    notes, key, row = probe.training, probe.backbone, find_row(probe.backbone.id)
    licence = row.licence if row is not None else _("not known; see where the model is from")
    weights = _("no weights, features by formula") if key.id == SIGNAL else _("frozen")
    split = f"{notes.get('split') or ''} {notes.get('split_hash') or ''}".strip()
    layers = _("{layers} of {count}").format(layers=_numbers(probe.layers), count=key.states)
    rows: Rows = [
        (_("split"), f"\u2068{split}\u2069" if split else _("not said")),
        (_("model"), _(", ").join((f"\u2068{key.id}\u2069", weights))),
        (_("its revision"), f"\u2068{key.revision}\u2069"),
        (_("its licence"), f"{licence} {row.licence_url if row else ''}".strip()),
        (_("hidden states read"), layers),
        (_("hidden layers of the head"), _numbers(probe.head.hidden) or _("none")),
        (_("segments"), _("{window:g} s every {hop:g} s").format(window=probe.grid.window_s, hop=probe.grid.hop_s)),
        (_("temperature"), digits(f"{probe.temperature:.3g}")),
        (_("guard against unknown sounds"), _("yes") if probe.novelty is not None else _("no")),
    ]
    known = {"epochs_run": _("passes over the data"), "epoch": _("the best of them")}
    return rows + [(text, notes[name]) for name, text in known.items() if name in notes]


def _options(probe: Probe) -> Rows:
    """The choices of the fit that are known, each by its name."""
    options, unknown = recorded_options(probe)
    gone = {one.name for one in unknown}
    known = {name: one for name, one in declared(FitOptions).items() if name not in gone}
    return [(one.title(), _chosen(one, getattr(options, name))) for name, one in known.items()]


def _chosen(one: Option, value: object) -> str:
    """A choice in words. Of texts only the layers, which are numbers, get the digits of the language: no name does."""
    text = one.shown(value)
    return figures(text) if not isinstance(value, str) or re.fullmatch(r"[\d, ]+", text) else text


def _numbers(values: Iterable[int]) -> str:
    return digits(_(", ").join(map(str, values)))


def _mapping(given: object) -> Mapping[Any, Any]:
    return given if isinstance(given, Mapping) else {}


def _synthetic(notes: Mapping[str, object]) -> bool:
    return "synth" in str(notes.get("dataset", "")).lower()
