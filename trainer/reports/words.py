"""How experiments, tasks, labels, splits and differences are written on the trainer's pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from persian_mir import plurals
from persian_mir.i18n import _, figures
from persian_mir.labels import describe
from trainer.baselines.studies import Words, studies


def label_names(task: str, labels: Sequence[str]) -> list[str]:
    """The labels in the script of the user's language."""
    return [describe(task, label).spoken for label in labels]


def experiment_title(name: str) -> str:
    """What an experiment is about, in the user's language."""
    titles = {
        "table2": _("Audio length"),
        "table3": _("Representation layers"),
        "table3-linear": _("Representation layers, linear probes"),
        "table4": _("Hidden layers"),
        "learning-rate": _("Learning rates"),
        "visualisation": _("Maps of embeddings"),
        "earlier-studies": _("Earlier studies"),
    }
    return titles.get(name, name)


def system_name(name: str) -> str:
    """What a system of the experiment `earlier-studies` is called; another name as it is."""
    ours = {
        "probe": _("Probe"), "hybrid": _("Probe with the modal reading"), "modal": _("Modal reading"),
    }  # fmt: skip
    return ours.get(name) or next((one.title for one in studies() if one.id == name), name)


def cell_name(key: str) -> str:
    """A cell of a table: `layer 3`, `5 s`, `2 hidden`; a learning rate is its own name."""
    first, _space, last = key.partition(" ")
    if first == "layer":
        return figures(_("layer {number}").format(number=last))
    if last == "s":
        return figures(_("{number} s").format(number=first))
    return figures(_("{number} hidden").format(number=first) if last == "hidden" else number_text(key))


def number_text(key: str) -> str:
    """A learning rate as people write it, `0.00002` for `2e-05`; what is no number as it is."""
    try:
        return f"{Decimal(f'{float(key):g}'):f}"
    except ValueError:
        return key


def study_words(study: str, _: Words = _) -> str:
    """What a study of `published` is called, in the user's language; another as it is."""
    names = {
        "MERT probes on Nava (the paper this program follows)": _(
            "MERT probes on Nava (the paper this program follows)"
        ),
        "The same authors, later": _("The same authors, later"),
        "Contrastive CNN": _("Contrastive CNN"),
        "Untrained pitch templates": _("Untrained pitch templates"),
    }
    return names.get(study, study)


def what_words(what: str) -> str:
    """What a printed figure is of, in the user's language."""
    names = {
        "four hidden layers": _("four hidden layers"),
        "best printed": _("best printed"),
        "best": _("the best"),
        "whole": _("whole recordings"),
        "over 3 min": _("longer than {number} min").format(number=3),
    }
    return figures(names[what]) if what in names else cell_name(what)


def unit_words(unit: str) -> str:
    """What a printed figure counts, in the user's language."""
    return {"segment": _("segments"), "recording": _("recordings")}[unit]


def leak_words(split: str, _: Words = _) -> str:
    """How a study kept its recordings apart, in the user's language; other words as they are."""
    names = {
        "official lists; artists are in both parts, so artist leaks the label": _(
            "official lists; artists are in both parts, so artist leaks the label"
        ),
        "official lists": _("official lists"),
        "random segments, 90/5/5": _("random segments, 90/5/5"),
        "untrained: nothing can leak": _("untrained: nothing can leak"),
        "untrained": _("untrained: nothing can leak"),
    }
    return names.get(split, split)


def split_name(name: str, how: str = "artist") -> str:
    """How a split is called: official, or grouped by artist or by recording."""
    if name == "official":
        return _("given split")
    if name != "grouped":
        return name
    return _("split by whole artists") if how == "artist" else _("split by whole recordings")


def own_split(text: str) -> str:
    """Return what the CSV calls `grouped (artist)`, as people do."""
    name, how = text.split(" ", 1)
    return split_name(name, how.strip("()"))


def signed(difference: float) -> str:
    """`+2.1`, `−12.7`, with a minus as wide as the plus."""
    return f"{difference:+.1f}".replace("-", "\N{MINUS SIGN}")


def interval(low: float, high: float) -> str:
    """`41.6 – 60.9`."""
    return f"{low:.1f} – {high:.1f}"


def unknown_words(point: object) -> str:
    """Return how well a probe tells what it does not know: the `unknown` of its training notes in a sentence or two;
    empty where that was not judged.
    """
    if not isinstance(point, Mapping):
        return ""
    kept = (
        _("Of {recordings} of labels that it knows, by players never heard, {share:.0%} are kept.")
        if point["by"] == "artist"
        else _("Of {recordings} of labels that it knows, by players it may have heard, {share:.0%} are kept.")
    )
    refused = (
        _("Of {count} synthesised other sounds never heard, {share:.0%} are none of its labels to it.")
        if point.get("left_out") == "other"
        else _("Of {recordings} of a label never heard, {share:.0%} are none of its labels to it.")
    )
    return " ".join(
        text.format(recordings=plurals.recordings(point[of]), count=point[of], share=point[share])
        for text, of, share in ((kept, "known", "kept"), (refused, "unknown", "refused"))
    )


def sure_margin_words(sure: object) -> str:
    """Return from which lead on a probe is sure: the `sure` of its training notes in a sentence; empty where an older
    program fitted it.
    """
    if not isinstance(sure, Mapping):
        return ""
    if not sure["by"]:
        return _("No label is ever called sure: nothing was kept apart to say where nine in ten are right.")
    grouped = sure["by"] == "grouped"
    if sure["margin"] >= 1:
        return (
            _("No label is ever called sure: by artists never heard, at no lead are nine in ten right.")
            if grouped
            else _("No label is ever called sure: in the part that it was judged by, at no lead are nine in ten right.")
        )
    text = (
        _("A label is called sure from a lead of {lead:.0%} on: there nine in ten are right, by artists never heard.")
        if grouped
        else _("A label is called sure from a lead of {lead:.0%} on: there nine in ten are right, in the part judged.")
    )
    return text.format(lead=sure["margin"])


def sound_name(name: str) -> str:
    """Return how a sound of `foreign_sounds` is called."""
    names = {
        "silence": _("Silence"),
        "noise": _("White noise"),
        "hum": _("Mains hum"),
        "speech": _("Speech-like sound"),
        "oud": _("Oud"),
        "qanun": _("Qanun"),
        "piano": _("Piano"),
        "violin": _("Violin"),
        "clarinet": _("Clarinet"),
        "tonbak": _("Tonbak"),
        "voice": _("Singing voice"),
    }
    return names[name] if name in names else describe("instrument", name).spoken


def answer_words(answer: str, task: str) -> str:
    """Return what was said of such a sound: none of these, not sure, or a label surely."""
    words = {"refused": _("none of these"), "unsure": _("not sure")}
    return words[answer] if answer in words else _("surely {label}").format(label=describe(task, answer).spoken)


def refusal_words(count: Mapping[str, int]) -> str:
    """Return how often each answer was given to recordings of labels that a probe does not know; empty for none."""
    of = sum(count.values())
    text = _(
        "Of {recordings} of labels that it does not know {refused:.0%} are none of these to it, {unsure:.0%} not sure, "
        "{named:.0%} surely named."
    )
    shares = {answer: count.get(answer, 0) / max(of, 1) for answer in ("refused", "unsure", "named")}
    return text.format(recordings=plurals.recordings(of), **shares) if of else ""
