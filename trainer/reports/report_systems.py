"""Earlier studies in the report: every system by every protocol, beside what was published of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from persian_mir import plurals
from persian_mir.i18n import _, figures
from persian_mir.labels import MODAL_TASKS
from trainer.baselines.protocols import leak_sentence, protocol_name
from trainer.baselines.studies import Study, Words, study
from trainer.experiments.published import LEAKY, PAPER, PRINTED
from trainer.experiments.table import OURS, TASKS
from trainer.reports.passes import passes_told
from trainer.reports.words import interval, leak_words, study_words, system_name

Document = Mapping[str, Any]
Shown = dict[str, Any]  # what a template shows
STRICT = ("artist", "recording")


def systems_shown(documents: Sequence[Document]) -> list[Shown]:
    """Return the experiment task by task; `documents` in the order of the report."""
    return [_task(task, own) for task in TASKS if (own := [one for one in documents if one["task"] == task])]


def published_of(system: str, task: str, _: Words = _) -> Study:
    """What was published of a system, its figure only where it is of that task; of this program's own, what the paper
    printed.
    """
    if system not in OURS:
        found = study(system, _)
        same = found.task == task or {found.task, task} <= set(MODAL_TASKS)
        return found if same else Study(*_plain(found, ""))
    if system == "modal":
        text = _("It learns nothing, so nothing can leak.")
        return Study(system, system_name(system), task, "", "", "", False, text, "")
    printed = PRINTED.get(("table2", task, "5 s")) if system == "probe" else None
    if printed is None:
        return Study(system, system_name(system), task, "", "", "", False, _("A reference of this program."), "")
    text = _("Artists are in both parts.")
    return Study(
        system,
        system_name(system),
        task,
        f"{printed:g} %",
        _("Nava, segments of 5 s"),
        leak_words(LEAKY, _),
        True,
        text,
        study_words(PAPER, _),
    )


def _plain(one: Study, published: str) -> tuple[Any, ...]:
    return (one.id, one.title, one.task, published, one.data, one.split, one.leaks, one.leak, one.source)


def _task(task: str, documents: Sequence[Document]) -> Shown:
    by_system: dict[tuple[Any, ...], dict[str, Document]] = {}
    for one in documents:
        key = (one["system"], one["backbone"], one["epochs"], one.get("patience"), one["dataset"])
        by_system.setdefault(key, {})[_protocol(one)] = one
    protocols = list(dict.fromkeys(_protocol(one) for one in documents if one["judgement"] is not None))
    names = {key: _name(key) for key in by_system}
    return {
        "task": task,
        "protocols": [_words(name) for name in protocols],
        "rows": [
            *(_line(names[key], found, protocols, key[0], task) for key, found in by_system.items()),
            _commonest(documents, protocols),
        ],
        "bars": [bar for key, found in by_system.items() for bar in _bars(names[key], found)],
        "warnings": [f"{names[key]}: {told}" for key, found in by_system.items() if (told := _leak(found))],
        "caption": _("Per cent of segments and of recordings that are named right."),
        "fits": [line for key, found in by_system.items() for line in _fits(names[key], found)],
        "studies": [_study(names[key], published_of(key[0], task)) for key in by_system],
    }


def _protocol(one: Document) -> str:
    return f"other {one['other']}" if one["protocol"] == "other" else str(one["protocol"])


def _words(protocol: str) -> str:
    name, _space, other = protocol.partition(" ")
    return f"{protocol_name(name)}: {other}" if other else protocol_name(name)


def _name(key: tuple[Any, ...]) -> str:
    system, backbone, epochs, patience, _dataset = key
    name = system_name(system) + (f" · {backbone}" if backbone else "")
    if epochs is not None or patience is not None:  # a Latin name would turn a Persian line about
        name = f"\u2068{name}\u2069"
    if epochs is not None:
        name = _("{name}, at most {epochs}").format(name=name, epochs=plurals.epochs(epochs))
    if patience is not None:
        name = _("{name}, patience of {epochs}").format(name=name, epochs=plurals.epochs(patience))
    return name


def _line(name: str, found: Mapping[str, Document], protocols: Sequence[str], system: str, task: str) -> list[object]:
    """A row of the table: segments with their interval and recordings by each protocol, and the published figure."""
    line: list[object] = [name]
    for protocol in protocols:
        judged = found[protocol]["judgement"] if protocol in found else None
        line += [None, None] if judged is None else [_percent(judged["segments"]), _percent(judged["recordings"])]
    return [*line, published_of(system, task).published or None]


def _fits(name: str, found: Mapping[str, Document]) -> list[str]:
    """How long a net was fitted by each protocol, and what ended it."""
    told = {protocol: passes_told(one.get("passes") or ()) for protocol, one in found.items()}
    return [f"{name}, {_words(protocol)}: {text}." for protocol, text in told.items() if text]


def _percent(level: Mapping[str, Any]) -> str:
    return f"{100 * level['accuracy']:.1f}"


def _bars(name: str, found: Mapping[str, Document]) -> list[Shown]:
    """Random segments beside the strictest other protocol there is, where both are known."""
    strict = _strict(found)
    if strict is None or not _known(found, "published"):
        return []
    shown = []
    for protocol in ("published", strict):
        level = found[protocol]["judgement"]["segments"]
        of = {f"segment_{end}": round(100 * level[end], 2) for end in ("accuracy", "low", "high")}
        shown.append(of | {"cell": name, "split": protocol_name(protocol), "chance": round(100 * level["chance"], 2)})
    return shown


def _known(found: Mapping[str, Document], protocol: str) -> bool:
    return protocol in found and found[protocol]["judgement"] is not None


def _strict(found: Mapping[str, Document]) -> str | None:
    return next((name for name in STRICT if _known(found, name)), None)


def _leak(found: Mapping[str, Document]) -> str:
    strict = _strict(found)
    if strict is None or not _known(found, "published"):
        return ""
    easy, hard = (found[name]["judgement"]["segments"] for name in ("published", strict))
    return leak_sentence(easy["accuracy"], hard["accuracy"], hard["majority"], strict)


def _commonest(documents: Sequence[Document], protocols: Sequence[str]) -> list[object]:
    """What guessing would reach by each protocol: a given split judges other recordings than folds of all do, and
    each system parts them into segments of its own length.
    """
    line: list[object] = [_("commonest label")]
    for protocol in protocols:
        judged = [one["judgement"] for one in documents if _protocol(one) == protocol and one["judgement"] is not None]
        line += [_span([100 * one[name]["majority"] for one in judged]) for name in ("segments", "recordings")]
    return [*line, None]


def _span(shares: Sequence[float]) -> str:
    """One figure where all round to it, else from the least to the most."""
    low, high = min(shares), max(shares)
    return f"{low:.1f}" if f"{low:.1f}" == f"{high:.1f}" else interval(low, high)


def _study(name: str, one: Study) -> tuple[str, ...]:
    leaks = {True: _("yes"), False: _("no"), None: _("not known")}[one.leaks]
    return (name, figures(one.published) or "–", one.data or "–", one.split or "–", leaks, one.leak, one.source or "–")
