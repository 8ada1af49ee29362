"""What a person chooses of a fit, and how it travels: on a command line, as JSON, in a probe's own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

from persian_mir.errors import PersianMirError
from persian_mir.grid import MAX_S, MIN_HOP_S, MIN_WINDOW_S, Grid
from persian_mir.i18n import _, quoted
from persian_mir.labels import TASKS, task_name
from persian_mir.probes.probe import Probe
from trainer.fitting.head_config import HeadConfig
from trainer.fitting.options import Option, declared, flag_of, option

FeatureSet = Literal["embedding", "modal", "both"]
SPLITS = ("auto", "official", "grouped", "recording")
USUAL_VIEWS, MOST_VIEWS = 2, 32
USUAL_OTHERS, MOST_OTHERS = 64, 4096
NOTE = "options"  # of a probe's training notes


@dataclass(frozen=True, slots=True)
class FitOptions(HeadConfig):
    """The choices of one fit: those of its head, and what it learns from. `layers`: all, last or numbers with commas;
    `split`: one of SPLITS, or a file that the command `split` made.
    """

    task: str = option(
        "dastgah",
        lambda: _("Task"),
        lambda: _("What the probe is to name"),
        choices=lambda: {task: task_name(task) for task in TASKS},
        required=True,
    )
    backbone: str = option(
        "signal",
        lambda: _("Backbone"),
        lambda: _("The model that hears; it is not changed, the probe learns from what it says."),
        pattern=".+",
        others=lambda: _("a model's id or folder"),
    )
    features: FeatureSet = option(
        "embedding",
        lambda: _("Learns from"),
        lambda: _("What the backbone hears, what the modal reading says around each segment, or both side by side"),
        choices=lambda: {
            "embedding": _("What the backbone hears"),
            "modal": _("The modal reading"),
            "both": _("Both: backbone and modal reading"),
        },
    )
    layers: str = option(
        "all",
        lambda: _("Layers"),
        lambda: _("Which of the backbone's hidden states are read: 0 is its input, the last is what comes out."),
        choices=lambda: {"all": _("all"), "last": _("the last")},
        pattern=r"\d{1,4}( *, *\d{1,4})*",
        others=lambda: _("numbers as 6,7"),
    )
    window_s: float = option(
        5.0,
        lambda: _("Segments"),
        lambda: _(
            "How long the stretches are, in seconds, that the probe hears one by one; the paper compares 3 s and "
            "5 s."
        ),
        least=MIN_WINDOW_S, most=MAX_S, decimals=3, unit=lambda: _("{number} s"), flag="window",
    )  # fmt: skip
    hop_s: float = option(
        0.0,
        lambda: _("A segment every"),
        lambda: _(
            "How many seconds lie between the beginnings of two segments. 0: as many as a segment is long, so that "
            "they lie side by side."
        ),
        least=MIN_HOP_S, most=MAX_S, decimals=3, zero=lambda: _("side by side"), unit=lambda: _("{number} s"),
        flag="hop",
    )  # fmt: skip
    views: int = option(
        USUAL_VIEWS,
        lambda: _("Further views"),
        lambda: _(
            "In how many further ways each recording is heard: another room, microphone, noise, codec, tape. So "
            "the probe learns the sound rather than the room of its player. Each takes as long as hearing it once."
        ),
        most=MOST_VIEWS, zero=lambda: _("none: as recorded"),
    )  # fmt: skip
    others: int = option(
        USUAL_OTHERS,
        lambda: _("Other sounds"),
        lambda: _(
            "How many synthesised instruments that nobody has built are heard as none of the labels, so that a "
            "probe of instruments refuses more of those that it does not know. Tasks other than the instrument do "
            "without."
        ),
        most=MOST_OTHERS,
        zero=lambda: _("none"),
    )
    split: str = option(
        "auto",
        lambda: _("Judged by"),
        lambda: _(
            "Which recordings are kept apart for judging. By artist is the honest figure for players who were "
            "never heard: artists have a sound of their own."
        ),
        choices=lambda: {
            "auto": _("As the data say, else by artist"),
            "official": _("Official lists"),
            "grouped": _("By artist: nobody in two parts"),
            "recording": _("By recording"),
        },
        pattern=".+",
        others=lambda: _("a file made by `split`"),
    )

    @property
    def grid(self) -> Grid:
        """Where the segments lie."""
        return Grid(self.window_s, self.hop_s or self.window_s)

    def states(self, count: int) -> tuple[int, ...]:
        """Return the hidden states to read, of `count`. Raises PersianMirError for one that the backbone lacks, or
        several where one is wanted.
        """
        chosen = layer_numbers(self.layers, count)
        if self.mix == "single" and len(chosen) > 1:
            what = _("Several layers are chosen.")
            raise PersianMirError(what, cure=_("Name one with --layers, or choose another --mix."))
        return chosen

    def arguments(self, data: Path, probe: Path, evaluation: Path, add: Path | None = None) -> list[str]:
        """Return those of `python -m trainer` that fit so."""
        line = ["fit", "--data", str(data), "--out", str(probe), "--judged", str(evaluation)]
        for name, one in declared(type(self)).items():
            line += [flag_of(one), one.written(getattr(self, name))]
        return line if add is None else [*line, "--add", str(add)]

    def as_dict(self) -> dict[str, Any]:
        """Return the choices for JSON."""
        return {**asdict(self), "hidden": list(self.hidden)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read back what `as_dict` gave; what is missing is as usual. Raises ValueError for what makes no sense."""
        return cls(**{name: one.checked(values[name]) for name, one in declared(cls).items() if name in values})


def layer_numbers(text: str, count: int) -> tuple[int, ...]:
    """Return the hidden states that `all`, `last` or `6, 7,12` names, of `count`. Raises PersianMirError for what is
    none of them, or is named twice.
    """
    if text == "all":
        return tuple(range(count))
    if text == "last":
        return (count - 1,)
    numbers = tuple(int(part) for part in text.split(",") if part.strip().isdecimal())
    if len(numbers) != len(text.split(",")) or len(set(numbers)) < len(numbers) or max(numbers) >= count:
        what = _("The layers {layers} are not hidden states of this model.").format(layers=quoted(text))
        raise PersianMirError(what, cure=_("It has 0 to {last}.").format(last=count - 1))
    return numbers


def recorded_options(probe: Probe) -> tuple[FitOptions, tuple[Option, ...]]:
    """Return how a probe was fitted, as its own file tells, and the options that it does not tell, which are as usual.

    A file of an earlier version has its hyperparameters among the notes; what it reads the probe itself knows.
    """
    kept = probe.training.get(NOTE)
    told = _known_of_itself(probe) | {key: value for key, value in probe.training.items() if key != "split"}
    told |= dict(kept) if isinstance(kept, Mapping) else {}
    told |= {"task": probe.task, "backbone": probe.backbone.id}
    known, unknown = dict[str, Any](), []
    for name, one in declared(FitOptions).items():
        try:
            known[name] = one.checked(told.get(name))
        except ValueError:
            unknown.append(one)
    return FitOptions(**known), tuple(unknown)


def _known_of_itself(probe: Probe) -> dict[str, Any]:
    whole = probe.layers == tuple(range(probe.backbone.states))
    modal = probe.modal
    return {
        "hidden": probe.head.hidden,
        "features": "embedding" if modal is None else "modal" if modal.alone else "both",
        "layers": "all" if whole else ",".join(map(str, probe.layers)),
        "window_s": probe.grid.window_s,
        "hop_s": 0.0 if probe.grid.hop_s == probe.grid.window_s else probe.grid.hop_s,
        "mix": "concat" if probe.concat else "softmax",
    }
