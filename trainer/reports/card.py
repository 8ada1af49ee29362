"""The model card: what a probe is, what it learnt from and what it is worth, as one HTML page beside it.

After Mitchell et al. 2019, Model Cards for Model Reporting.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from persian_mir import plurals
from persian_mir.exchange.writing import write_whole
from persian_mir.i18n import _
from persian_mir.labels import describe
from persian_mir.models.table import SIGNAL, find_row
from persian_mir.probes.probe import Probe
from trainer.evaluation.evaluate import Evaluation, Metrics, chance_warning, leak_warning
from trainer.fitting.fit_options import FitOptions, recorded_options
from trainer.fitting.options import declared
from trainer.reports.figures import calibration_curve, confusion
from trainer.reports.page import figure, page, percent, soft, table, warning
from trainer.reports.words import interval, label_names, split_name, task_name

FEW = 30  # recordings judged, under which an interval is too wide to compare probes by


def card_path(probe_file: Path) -> Path:
    """Where the card of a probe stands: `X.card.html` beside `X.probe`."""
    return probe_file.with_suffix(".card.html")


def write_card(probe: Probe, path: Path, judgements: Mapping[str, Evaluation]) -> Path:
    """Write the card of `probe`, whose file is `path`, beside it and return where. `judgements`: official, grouped,
    those that exist. Raises PersianMirError when the disk refuses.
    """
    target = card_path(path)
    write_whole(target, html(probe, path.name, judgements))
    return target


def html(probe: Probe, file: str, judgements: Mapping[str, Evaluation]) -> str:
    """The card of a probe that is kept as `file`."""
    title = _("Model card: {file}").format(file=file)
    body = [f"<h1>{escape(title)}</h1>", *_what(probe), *_warnings(probe, judgements)]
    body += [*_scores(probe, judgements), *_data(probe), *_making(probe)]
    body += [f"<h2>{escape(_('Known limits'))}</h2>", _items(_limits(judgements)), *_use(file)]
    return page(title, body)


def _what(probe: Probe) -> Iterator[str]:
    notes = probe.training
    made = (f"{notes[key]}" for key in ("program", "date") if notes.get(key))
    yield f'<p class="soft">{escape(" · ".join(made))} · <code>{escape(probe.hash)}</code></p>'
    text = _(
        "A small trained head on a frozen model. It names the {task} of each {seconds:g} s segment of a recording, and "
        "of the recording as a whole, as one of {count} labels, each with a calibrated probability."
    )
    text = text.format(task=task_name(probe.task).lower(), seconds=probe.grid.window_s, count=len(probe.labels))
    yield f"<p>{escape(text)}</p>"
    spoken = (escape(describe(probe.task, label).spoken) for label in probe.labels[:60])
    names = ", ".join(f"<bdi>{name}</bdi>" for name in spoken)  # names of both scripts stay in their order
    yield f"<p>{escape(_('Labels: {names}')).format(names=names)}{' …' if len(probe.labels) > 60 else ''}</p>"


def _warnings(probe: Probe, judgements: Mapping[str, Evaluation]) -> Iterator[str]:
    if _synthetic(probe.training):
        yield warning(
            _(
                "The training data are SYNTHETIC: made by a computer program, no musician was recorded. The figures "
                "prove the machinery and say nothing about real music."
            )
        )
    if {"official", "grouped"} <= set(judgements) and probe.training.get("split") != "artist":
        text = leak_warning(judgements["official"], judgements["grouped"])
        if text:
            yield warning(text)
    if "grouped" in judgements:
        level = judgements["grouped"].segments
        text = chance_warning(level.accuracy, level.chance)
        if text:
            yield warning(text)
    row = find_row(probe.backbone.id)
    if row is not None and "NC" in row.licence:
        text = _("The frozen model is under {licence}: no commercial use, neither of it nor of what it says.")
        yield warning(text.format(licence=row.licence))


def _judged_by(name: str, notes: Mapping[str, object]) -> str:
    """What a judgement is by, told honestly: `official` is also called what the fit itself set apart."""
    if name != "official" or notes.get("split") == "official":
        return split_name(name)
    if not _mapping(notes.get("recordings")).get("test"):
        return _("dev part, which chose the epoch too")
    return split_name("grouped", str(notes.get("split")))


def _scores(probe: Probe, judgements: Mapping[str, Evaluation]) -> Iterator[str]:
    yield f"<h2>{escape(_('What it is worth'))}</h2>"
    if not judgements:
        text = _("It was not judged: the data left no part that it did not learn from.")
        yield warning(text)
        return
    heads = (
        _("split"), _("unit"), _("count"), _("right"), _("95-percent interval"), _("chance"), _("commonest label"),
        _("macro-F1"), _("calibration error"), _("named surely"), _("right where sure"),
    )  # fmt: skip
    rows = []
    for name, judged in judgements.items():
        for unit, one in ((_("segments"), judged.segments), (_("recordings"), judged.recordings)):
            span = interval(100 * one.low, 100 * one.high)
            shares = (percent(one.chance), percent(one.majority), f"{one.macro_f1:.3f}", f"{one.error:.3f}")
            sure = ("–" if share is None else percent(share) for share in (one.sure, one.sure_accuracy))
            rows.append(
                (_judged_by(name, probe.training), unit, one.count, percent(one.accuracy), span, *shares, *sure)
            )
    yield table(heads, rows, texts=2)
    text = _("Intervals are drawn over whole recordings, since segments of one recording are alike.")
    yield soft(text)
    text = _("What is not named surely is told as not sure, with the two likeliest labels; so it is in labelling.")
    yield soft(text)
    for name, judged in judgements.items():
        yield f"<h3>{escape(_judged_by(name, probe.training))}</h3>"
        drawn = "".join(drawings(judged.segments, label_names(probe.task, judged.labels)))
        yield f'<div class="figures">{drawn}</div>'
        yield _classes(probe.task, judged.segments)


def drawings(level: Metrics, labels: Sequence[str]) -> Iterator[str]:
    """Confusion matrix and calibration curve with their captions."""
    yield figure(confusion(level.confusion, labels), _("Segments: down what is true, across what was named."))
    text = _("Across how sure it was, up how often it was right. Calibration error {error:.3f}.")
    yield figure(calibration_curve(level.calibration), text.format(error=level.error))


def _classes(task: str, level: Metrics) -> str:
    heads = (_("label"), _("segments"), _("precision"), _("recall"), "F1")
    rows = [
        (describe(task, one.label).spoken, one.count, *(f"{x:.3f}" for x in (one.precision, one.recall, one.f1)))
        for one in level.classes
    ]
    return table(heads, rows)


def _data(probe: Probe) -> Iterator[str]:
    notes = probe.training
    yield f"<h2>{escape(_('What it learnt from'))}</h2>"
    name = str(notes.get("dataset") or _("not said"))
    if _synthetic(notes) and "synth" not in name.lower():
        name = _("{name} (synthesised)").format(name=name)
    rows: list[tuple[str, object]] = [(_("data"), name)]
    for key, text in (("recordings", _("recordings")), ("segments", _("segments"))):
        parts = notes.get(key)
        if isinstance(parts, Mapping):
            rows.append((text, ", ".join(f"{part} {count}" for part, count in parts.items())))
    if notes.get("skipped"):
        rows.append((_("left out"), notes["skipped"]))
    yield _pairs(rows)
    counts = notes.get("classes")
    if isinstance(counts, Mapping):
        hours, owners = _mapping(notes.get("hours")), _mapping(notes.get("class_recordings"))
        heads = [_("label"), _("segments"), _("hours, about")]
        heads += [_("recordings")] if owners else []
        each = probe.grid.hop_s / 3600
        listed = [
            (
                describe(probe.task, label).spoken,
                n,
                f"{hours.get(label, float(n) * each):.2f}",
                *([owners.get(label)] if owners else []),
            )
            for label, n in counts.items()
        ]
        yield table(heads, listed)


def _making(probe: Probe) -> Iterator[str]:
    notes, key, row = probe.training, probe.backbone, find_row(probe.backbone.id)
    yield f"<h2>{escape(_('How it was made'))}</h2>"
    licence = row.licence if row is not None else _("not known; see where the model is from")
    none = key.id == SIGNAL
    sizes = ", ".join(map(str, probe.head.hidden)) or _("none")
    layers = ", ".join(map(str, probe.layers))
    rows: list[tuple[str, object]] = [
        (_("split"), _split(notes)),
        (_("model"), f"{key.id}, {_('no weights, features by formula') if none else _('frozen')}"),
        (_("its revision"), key.revision),
        (_("its licence"), f"{licence} {row.licence_url if row else ''}".strip()),
        (_("hidden states read"), _("{layers} of {count}").format(layers=layers, count=key.states)),
        (_("hidden layers of the head"), sizes),
        (_("segments"), _("{window:g} s every {hop:g} s").format(window=probe.grid.window_s, hop=probe.grid.hop_s)),
        (_("temperature"), f"{probe.temperature:.3g}"),
        (_("guard against unknown sounds"), _("yes") if probe.novelty is not None else _("no")),
    ]
    known = {"epochs_run": _("passes over the data"), "epoch": _("the best of them")}
    rows += [(text, notes[name]) for name, text in known.items() if name in notes]
    yield _pairs(rows)
    yield f"<h3>{escape(_('As it was asked for'))}</h3>"
    options, unknown = recorded_options(probe)
    told = {name: one for name, one in declared(FitOptions).items() if name not in {other.name for other in unknown}}
    yield _pairs([(one.title(), one.shown(getattr(options, name))) for name, one in told.items()])


def _split(notes: Mapping[str, object]) -> str:
    given = notes.get("split")
    if isinstance(given, Mapping):
        return f"{given.get('how', '')} {given.get('hash', '')}".strip()
    mark = notes.get("split_hash")
    return f"{given or ''} {mark or ''}".strip() or _("not said")


def _limits(judgements: Mapping[str, Evaluation]) -> Iterator[str]:
    yield _(
        "An artist gives away instrument and mode. Figures on artists that it has heard are too good for any other; "
        "only the split by whole artists says what to expect of a new one."
    )
    if "grouped" not in judgements:
        yield _("No figure of a split by whole artists stands here: the artists are not known, or too few.")
    yield _(
        "Where one musician alone plays a label, nothing here can tell the label from the musician, the instrument at "
        "hand, the room and the microphone."
    )
    few = min((one.recordings.count for one in judgements.values()), default=0)
    if few < FEW:
        text = _("It was judged by {recordings} only: the intervals are wide, do not compare probes by these.")
        yield text.format(recordings=plurals.recordings(few))
    yield _(
        "Sounds of no label it knows should come out as not sure; that guard was set on the training sounds alone "
        "and can fail."
    )
    yield _("Other recording techniques, accompaniment, singing over an instrument and applause were not tested.")


def _use(file: str) -> Iterator[str]:
    yield f"<h2>{escape(_('How to use it'))}</h2>"
    yield f"<p><code>persian-mir label --probe {escape(shlex.quote(file))} RECORDING</code></p>"
    yield f"<p>{escape(_('Or in the window: open the recording, then add this probe from the Probes menu.'))}</p>"


def _mapping(given: object) -> Mapping[Any, Any]:
    return given if isinstance(given, Mapping) else {}


def _synthetic(notes: Mapping[str, object]) -> bool:
    return bool(notes.get("synthetic")) or "synth" in str(notes.get("dataset", "")).lower()


def _pairs(rows: Sequence[tuple[str, Any]]) -> str:
    body = "".join(
        f'<tr><th class="text">{escape(name)}</th><td class="text"><bdi>{escape(str(value))}</bdi></td></tr>'
        for name, value in rows
    )
    return f'<div class="scroll"><table>{body}</table></div>'


def _items(texts: Iterator[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"
