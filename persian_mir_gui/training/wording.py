"""How the trainer's window says things: faults, plans, runs, figures."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QDateTime, QLocale, QTimeZone

from persian_mir import plurals
from persian_mir.i18n import _
from persian_mir_gui.training.state.runs import Run, Score
from persian_mir_gui.widgets import formatting
from trainer.evaluation.evaluate import Metrics
from trainer.fitting.fit_options import FitOptions


def whole(value: float) -> str:
    """A number without decimals."""
    return formatting.digits(str(round(value)))


def number(value: float, places: int) -> str:
    """A number with `places` decimals."""
    return formatting.digits(f"{value:.{places}f}")


def short_number(value: float) -> str:
    """As few digits as say it: `0.001`, `0.00001`."""
    return formatting.digits(f"{Decimal(f'{value:g}'):f}")


def fault_name(kind: str) -> str:
    """A kind of fault in plain words; an unknown one as it is."""
    names = {
        "missing": _("File missing"),
        "corrupt": _("Cannot be read"),
        "duplicate": _("Same sound twice"),
        "contradiction": _("Labels contradict each other"),
        "overlap": _("In two splits"),
        "train-holds-dev": _("Training list holds dev"),
        "unknown": _("Unknown label"),
        "alias": _("Label written differently"),
        "absent": _("Class absent from a split"),
        "outside": _("Starts after the end"),
        "unlisted": _("In no list"),
    }
    return names.get(kind, kind)


def part_name(part: str) -> str:
    """A split's name."""
    names = {"train": _("training"), "dev": _("dev"), "test": _("test"), "": _("no split")}
    return names.get(part, part)


def data_words(name: str) -> str:
    """The name of data; that of the mini-Nava, which this program made, in the language of today."""
    return _("mini-Nava (synthesised)") if name == "mini-Nava (synthesised)" else name


def state_name(run: Run) -> str:
    """How a run stands."""
    names = {
        "running": _("running"),
        "done": _("done"),
        "stopped": _("stopped"),
        "failed": _("failed"),
        "interrupted": _("interrupted"),
    }
    return names[run.state]


def no_curve_words(run: Run) -> str:
    """Why no curve of a run is shown; asked of one that has none."""
    if run.epochs:
        return _("These data have no dev part: nothing was measured beside the training.")
    names = {
        "running": _("The first epoch is not over yet."),
        "stopped": _("No curve: it was stopped before its first epoch was over."),
        "failed": _("No curve: it failed before its first epoch was over."),
        "interrupted": _("No curve: it was interrupted before its first epoch was over. Resume goes on."),
    }
    return names.get(run.state, _("No curve: its epochs were not kept."))


def head_words(hidden: tuple[int, ...]) -> str:
    """`512`, `512 + 256`, `linear`."""
    return formatting.digits(" + ".join(map(str, hidden))) if hidden else _("linear")


def layers_words(layers: str) -> str:
    """Which hidden states are read."""
    if layers == "all":
        return _("all")
    return _("the last") if layers == "last" else formatting.digits(layers.replace(",", ", "))


def score_words(score: Score | Metrics | None) -> str:
    """`93.1% (90–95)`; a dash where there is none."""
    if score is None:
        return "–"
    text = _("{share} ({low}–{high})")
    return text.format(share=share(score.accuracy), low=whole(100 * score.low), high=whole(100 * score.high))


def share(value: float) -> str:
    """`93.1%`."""
    return formatting.with_percent(number(100 * value, 1))


def date_words(when: datetime) -> str:
    """Return day and time here, in the user's way."""
    moment = QDateTime.fromSecsSinceEpoch(int(when.timestamp()), QTimeZone(QTimeZone.Initialization.LocalTime))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def plan_sentences(plan: FitOptions, backbone: str, states: int, data: str) -> str:
    """What will be fitted, in words; `states` is how many hidden states the backbone has."""
    return " ".join(filter(None, (_what(plan, backbone, states), _from(plan), _how(plan), _judged(plan, data))))


def _what(plan: FitOptions, backbone: str, states: int) -> str:
    text = _("A probe for the task {task} will be fitted on {backbone}, segments of {number} s.")
    said = [text.format(task=formatting.task_name(plan.task), backbone=backbone, number=short_number(plan.window_s))]
    if states != 1 and plan.features != "modal":
        said.append(_layers(plan))
    return " ".join(said)


def _layers(plan: FitOptions) -> str:
    if plan.layers == "last":
        return _("It reads the last layer.")
    if plan.layers.isdecimal():
        return _("It reads layer {layer}.").format(layer=formatting.digits(plan.layers))
    which = _("all layers") if plan.layers == "all" else _("layers {layers}").format(layers=layers_words(plan.layers))
    if plan.mix == "concat":
        return _("It reads {layers} side by side.").format(layers=which)
    return _("It reads {layers}, weighted by learning.").format(layers=which)


def _from(plan: FitOptions) -> str:
    texts = {
        "modal": _("It learns from the modal reading around each segment only."),
        "both": _("It learns from the modal reading around each segment, too."),
    }
    return texts.get(plan.features, "")


def _how(plan: FitOptions) -> str:
    rate, epochs = short_number(plan.lr), formatting.digits(plurals.epochs(plan.epochs))
    if plan.hidden:
        text = _("Hidden layers: {hidden}; learning rate {rate}; at most {epochs}.")
        if not plan.patience:
            text = _("Hidden layers: {hidden}; learning rate {rate}; {epochs}.")
        return text.format(hidden=head_words(plan.hidden), rate=rate, epochs=epochs)
    text = _("No hidden layer; learning rate {rate}; at most {epochs}.")
    if not plan.patience:
        text = _("No hidden layer; learning rate {rate}; {epochs}.")
    return text.format(rate=rate, epochs=epochs)


def _judged(plan: FitOptions, data: str) -> str:
    texts = {
        "official": _("It is learnt from and judged on the official lists of {data}."),
        "grouped": _("It is judged on artists of {data} that it has never heard."),
        "recording": _(
            "It is judged on recordings of {data} that it has never heard, by artists that it may have heard."
        ),
    }
    usual = _("It is judged on the test part that {data} names; where it names none, on artists never heard before.")
    return texts.get(plan.split, usual).format(data=data)


def split_title(split: str, how: str = "") -> str:
    """A split that something was judged on, at the beginning of a line; `how` its parts were made, if it is known."""
    if split == "official" and how == "recording":
        return _("Recordings never heard before")
    if split == "official" and how == "artist":  # a test part of whole artists is called grouped
        return _("Artists who chose the epoch")
    names = {"official": _("Official test part"), "grouped": _("Artists never heard before")}
    return names.get(split, split)
