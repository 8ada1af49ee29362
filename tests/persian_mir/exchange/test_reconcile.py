"""Labels of others: what was matched how, what was not, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from persian_mir.catalogue.model import Credit, Person
from persian_mir.exchange import audacity, textgrid
from persian_mir.exchange.marks import credits_from, in_force, people_text
from persian_mir.exchange.reconcile import described, reconcile
from persian_mir.exchange.sheet import Label, Sheet
from persian_mir.exchange.terms import find, thing_of
from tests.persian_mir.exchange.described import BARE, FULL, SINGER, UNKNOWN_TAR


@pytest.mark.parametrize(
    ("thing", "text", "label", "how"),
    [
        ("mode", "segah", "segah", "id"),
        ("mode", "Segah", "segah", "name"),
        ("mode", "سه‌گاه", "segah", "name"),
        ("mode", "سه گاه", "segah", "spelling"),
        ("mode", "SEGĀH", "segah", "spelling"),
        ("mode", "بيات تُرك", "bayat-e-tork", "spelling"),
        ("mode", "Bayat-e Zand", "bayat-e-tork", "other name"),
        ("mode", "اصفهان", "bayat-e-esfahan", "other name"),
        ("mode", "Shushtari", "shushtari", "spelling"),
        ("mode", "آواز دشتی", "dashti", "within"),
        ("dastgah", "Dastgah-e Chahargah (0.86)", "chahargah", "within"),
        ("mode", "shour or nava", "", ""),
        ("mode", "rock", "", ""),
        ("dastgah", "dashti", "", ""),
        ("instrument", "Santur", "santoor", "other name"),
        ("instrument", "ویولن", "violin", "other name"),
        ("kind", "تصنیف", "tarane", "other name"),
        ("artist", "  استاد  نمونه ", "استاد نمونه", "free"),
        ("artist", "<script>", "", ""),
        ("gushehs", "Zabol", "Zabol", "free"),
    ],
)
def test_what_a_text_means(thing: str, text: str, label: str, how: str) -> None:
    found = find(thing, text)
    assert (found.label, found.how) == (label, how)


@pytest.mark.parametrize(
    ("tier", "thing"),
    [
        *[("mode", "mode"), ("Mode", "mode"), ("mode (Sara)", "mode"), ("mode [modal]", "mode"), ("دستگاه", "dastgah")],
        *[("ساز", "instrument"), ("tag_open", ""), ("words", ""), ("", ""), ("گوشه", "gushehs")],
    ],
)
def test_what_a_tier_is_about(tier: str, thing: str) -> None:
    assert thing_of(tier) == thing


def labelled(*texts: str, tier: str = "words") -> Sheet:
    return Sheet("a.wav", labels=tuple(Label(at / 10, at / 10 + 0.1, text, tier) for at, text in enumerate(texts)))


def test_a_tier_without_a_name_is_what_most_of_its_labels_are() -> None:
    assert {one.thing for one in reconcile([labelled("Segah", "Shour")])} == {"dastgah"}
    assert {one.thing for one in reconcile([labelled("Segah", "Dashti", "?")])} == {"mode"}
    assert {one.thing for one in reconcile([labelled("Ney", "Tar")])} == {"instrument"}
    assert {one.thing for one in reconcile([labelled("x", "y")])} == {""}


@pytest.mark.parametrize(
    ("texts", "things"),
    [
        (["Daramad", "Kereshmeh", "Zābol", "my own phrase"], {"gushehs"}),
        (["درآمد", "زابل", "مخالف", "مویه"], {"gushehs"}),
        (["Daramad 2", "Forud"], {"gushehs"}),
        (["Segah", "Mahour", "Daramad"], {"mode", "dastgah"}),  # labels of a machine's task are no gushehs
        (["a good phrase", "tape stops", "Forud"], {""}),  # one word in three is a gusheh's
    ],
)
def test_a_tier_of_gushehs_is_known_by_their_names(texts: list[str], things: set[str]) -> None:
    sheet = Sheet("a", "", tuple(Label(k / 8, k / 8 + 0.1, text, "words") for k, text in enumerate(texts)))
    matches = reconcile([sheet])
    assert {match.thing for match in matches} <= things
    if things == {"gushehs"}:
        told, out = described(sheet, BARE, matches, "a.TextGrid")
        assert [item.gushehs for item in told.items[len(BARE.items) :]] == [(text,) for text in texts]
        assert not out


def test_a_text_is_told_once_with_its_number() -> None:
    first, second = reconcile([labelled("Segah", "rock", "Segah")])
    assert (first.text, first.label, first.how, first.number) == ("Segah", "segah", "name", 2)
    assert (second.text, second.label, second.how, second.number) == ("rock", "", "", 1)


def test_what_was_matched_is_said_by_whom_the_file_names() -> None:
    sheet = Sheet("", labels=(Label(0.1, 0.25, "Ney", "instrument", "Sara"), Label(None, None, "Tar", "ساز")))
    told, out = described(sheet, BARE, reconcile([sheet]), "labels.csv")
    assert out == ()
    first, second = told.statements
    assert (first.task, first.start, first.stop, first.label, first.who) == ("instrument", 800, 2000, "ney", "Sara")
    assert (second.start, second.stop, second.who, second.status) == (0, 8000, "labels.csv", "corrected")


def test_what_was_not_matched_or_lies_outside_is_left_out() -> None:
    sheet = replace(
        labelled("Segah", "rock"), labels=(*labelled("Segah", "rock").labels, Label(2, 3, "Segah", "words"))
    )
    told, out = described(sheet, BARE, reconcile([sheet]), "x")
    assert [one.text for one in out] == ["rock", "Segah"]
    assert [one.label for one in told.statements] == ["segah"]


def test_a_machines_tier_stays_a_machines() -> None:
    sheet = Sheet(
        "", labels=(Label(0, 0.5, "segah", "mode [modal]", probability=0.5), Label(0, 1, "rejected", "mode (S)"))
    )
    told, _out = described(sheet, BARE, reconcile([sheet]), "x")
    assert [(one.status, one.who, one.probability) for one in told.statements] == [
        ("machine", "modal", 0.5),
        ("rejected", "S", None),
    ]


@pytest.mark.parametrize("format_", [textgrid, audacity])
def test_what_holds_goes_through_formats_without_own_fields(format_: Any, tmp_path: Path) -> None:
    one = replace(FULL, items=tuple(replace(item, texts=()) for item in FULL.items))
    format_.write(tmp_path / "x", [one])
    (sheet,) = format_.read(tmp_path / "x")
    told, out = described(sheet, replace(one, items=(), statements=()), reconcile([sheet]), "x")
    assert out == ()
    said = {(s.task, s.start, s.stop, s.label, s.status, s.who) for s in in_force(told.statements)}
    assert said == {(s.task, s.start, s.stop, s.label, s.status, s.who) for s in in_force(one.statements)}
    assert [(i.start, i.stop, i.kind, i.modes, i.gushehs, i.note) for i in told.items] == [
        (i.start, i.stop, i.kind, i.modes, i.gushehs, i.note) for i in one.items
    ]
    assert told.items[1].credits == (Credit(Person("", "Banu Nemune"), "poet-avaz", form="ghazal"),)


def test_people_are_read_as_they_are_written() -> None:
    told = people_text([Credit(Person("سارا"), "singer-avaz"), Credit(UNKNOWN_TAR, "instrumentalist", "tar")])
    assert credits_from(told) == (
        Credit(Person("سارا"), "singer-avaz"),
        Credit(UNKNOWN_TAR, "instrumentalist", "tar"),
    )
    assert credits_from("nobody") == ()
    assert people_text([Credit(SINGER, "announcer")]) == "Banu Nemune (announcer)"
