"""What is in a catalogue is found by it, in order, and counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.filters import Filter, filter_from_json, filter_to_json
from persian_mir.catalogue.model import (
    Collection,
    Credit,
    Person,
    Statement,
)
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording
from tests.persian_mir.catalogue.makers import FRAMES, machine, recording


def library(catalogue: Catalogue) -> None:
    """Nine recordings: three in Segah, of two machines' opinions, tags, folders, dates and people."""
    for number in range(9):
        folder = "shelf" if number < 4 else "shelf2"
        tags = {"title": f"آواز {number}", "comment": "Sehgah" if number in (0, 5) else "", "date": f"{1960 + number}"}
        catalogue.put_recording(recording(number, f"{folder}/{number}.wav", tags=tags), "Radio" if number % 2 else "")
        hashed = recording(number).content_hash
        catalogue.add_statements(hashed, [machine("segah" if number < 3 else "shour", probability=number / 10)])
        if number == 8:
            catalogue.add_statements(hashed, [machine("dashti", who="probe:1")])
            catalogue.set_credits(
                hashed, (Credit(Person("پرویز یاحقی", "Parviz Yahaghi"), "instrumentalist", "violin"),)
            )


def found(catalogue: Catalogue, wanted: Filter) -> list[int]:
    return [int(row.content_hash, 16) for row in catalogue.page(wanted).rows]


def test_filters(catalogue: Catalogue) -> None:
    library(catalogue)
    person = catalogue.people("yahaghi")[0][0]
    radio = next(label for label, _n in catalogue.facets()["collection"])
    for wanted, numbers in (
        (Filter(), list(range(9))),
        (Filter((("mode", "segah"),)), [0, 1, 2]),
        (Filter((("mode", "segah"), ("mode", "dashti"))), [0, 1, 2, 8]),
        (Filter((("mode", "segah"), ("instrument", "violin"))), []),
        (Filter((("instrument", "violin"),)), [8]),
        (Filter((("mode", "kord"),)), []),
        (Filter((("mode", "shour"),), confidence=(0.45, 0.65)), [5, 6]),
        (Filter((("mode", "shour"),), status="accepted"), []),
        (Filter(status="machine", confidence=(0.0, 0.15)), [0, 1]),
        (Filter(status="accepted"), []),  # of labels, not of the people and collections that somebody entered
        (Filter((("person", str(person)),), status="accepted"), []),
        (Filter((("person", str(person)),), status="machine"), [8]),
        (Filter((("person", str(person)),), confidence=(0.0, 0.5)), []),
        (Filter(dates=("1962", "1964")), [2, 3, 4]),
        (Filter(folder="/sounds/shelf"), [0, 1, 2, 3]),
        (Filter((("person", str(person)),)), [8]),
        (Filter((("collection", radio),)), [1, 3, 5, 7]),
        (Filter(tag_disagrees=True), [5]),
        (Filter(predictors_disagree=True), [8]),
    ):
        assert found(catalogue, wanted) == numbers, wanted
        assert catalogue.count(wanted) == len(numbers)


def test_pages_by_key_hold_each_recording_once_in_every_order(catalogue: Catalogue) -> None:
    library(catalogue)
    for sort in ("path", "title", "date", "added", "duration", "mode", "confidence"):
        for descending in (False, True):
            rows, after = [], None
            while True:
                page = catalogue.page(sort=sort, after=after, limit=2, descending=descending)
                rows += [row.id for row in page.rows]
                after = page.after
                if after is None:
                    break
            assert sorted(rows) == list(range(1, 10)), sort
            one = catalogue.page(sort=sort, descending=descending)
            assert [row.id for row in one.rows] == rows


def test_recordings_and_lists_stand_as_people_count(catalogue: Catalogue) -> None:
    names = ["1", "2", "11", "a b", "A 2", "a 10", "نوار ۲", "نوار 3", "نوار ۱۰"]
    for number, name in enumerate(reversed(names)):
        path = Path(f"/sounds/{name}.wav")
        catalogue.put_recording(Recording(path, f"hash {number}", 44_100, 1000, 1, "WAV", "x"), f"Shelf {name}")
        catalogue.save_search(f"Search {name}", "", Filter())
        catalogue.put_liked(f"Set {name}", [f"hash {number}"])
    right = ["1", "2", "11", "A 2", "a 10", "a b", "نوار ۲", "نوار 3", "نوار ۱۰"]
    for sort in ("path", "title"):
        assert [row.path.stem for row in catalogue.page(sort=sort).rows] == right
    assert [one.name for one, _count in catalogue.collections()] == [f"Shelf {name}" for name in right]
    assert [name for name, _text, _wanted in catalogue.saved_searches()] == [f"Search {name}" for name in right]
    assert [name for name, _count in catalogue.liked_sets()] == [f"Set {name}" for name in right]


def test_a_recording_whose_file_is_gone_stands_where_its_other_file_does(catalogue: Catalogue) -> None:
    for name in ("b", "d"):
        catalogue.put_recording(Recording(Path(f"/{name}.wav"), name, 44_100, 1000, 1, "WAV", "x"))
    catalogue.put_recording(Recording(Path("/c.wav"), "b", 44_100, 1000, 1, "WAV", "x"))
    catalogue.put_recording(Recording(Path("/e.wav"), "b", 44_100, 1000, 1, "WAV", "x"))
    assert [row.title for row in catalogue.page().rows] == ["d.wav", "e.wav"]
    catalogue.set_missing(Path("/e.wav"))
    rows = catalogue.page().rows
    assert [row.title for row in rows] == [row.path.name for row in rows]
    assert rows[-1].path == Path("/d.wav")


def test_facets_count_recordings_and_follow_every_change(catalogue: Catalogue) -> None:
    library(catalogue)
    facets = catalogue.facets()
    assert dict(facets["mode"]) == {"segah": 3, "shour": 6, "dashti": 1}
    assert [catalogue.facet_name("person", label) for label, _n in facets["person"]] == ["پرویز یاحقی"]
    assert [(catalogue.facet_name("collection", label), n) for label, n in facets["collection"]] == [("Radio", 4)]
    assert dict(catalogue.facets(Filter(folder="/sounds/shelf"))["mode"]) == {"segah": 3, "shour": 1}
    catalogue.remove([recording(0).content_hash])
    assert dict(catalogue.facets()["mode"]) == {"segah": 2, "shour": 6, "dashti": 1}
    assert found(catalogue, Filter(removed=True)) == [0]
    assert catalogue.facets() == catalogue.facets(Filter(confidence=(-1.0, 2.0)))  # counted, not kept
    assert [(one.name, count) for one, count in catalogue.collections()] == [("Radio", 4)]


def doubts(catalogue: Catalogue) -> None:
    """Of six recordings: machines of different margins, two machines of one label, and what a person said."""
    for number, (who, margin, probability) in enumerate(
        [("modal", None, 0.85), ("modal", None, 0.95), ("probe:1", 0.2, 0.65), ("probe:2", 0.98, 0.97)]
    ):
        catalogue.put_recording(recording(number))
        made = Provenance(who, {}, {} if margin is None else {"sure_margin": margin})
        said = [machine("segah", who, probability=probability)]
        catalogue.add_statements(recording(number).content_hash, said, made)
    for number in (4, 5):
        catalogue.put_recording(recording(number))
        hashed = recording(number).content_hash
        catalogue.add_statements(hashed, [machine("segah", probability=0.5)], Provenance("modal", {}, {}))
        catalogue.add_statements(hashed, [machine("tar", "probe:1", "instrument", 0.99)], Provenance("probe:1", {}, {}))
    catalogue.add_statements(recording(5).content_hash, [Statement("mode", 0, FRAMES, "segah", "accepted", "Sara")])


def test_doubtful_are_exactly_the_recordings_that_show_a_doubtful_label(catalogue: Catalogue) -> None:
    doubts(catalogue)
    rows = catalogue.page().rows
    assert [int(row.content_hash, 16) for row in rows if row.doubtful] == [0, 3, 4]
    wanted = Filter(doubtful=True)
    assert found(catalogue, wanted) == [0, 3, 4]
    assert catalogue.count(wanted) == 3
    assert dict(catalogue.facets(wanted)["mode"]) == {"segah": 3}
    assert found(catalogue, replace(wanted, terms=(("mode", "segah"),))) == [0, 3, 4]
    assert found(catalogue, replace(wanted, terms=(("instrument", "tar"),))) == []  # of the Tar nobody doubts
    assert found(catalogue, replace(wanted, terms=(("instrument", "tar"), ("mode", "segah")))) == []
    assert found(catalogue, replace(wanted, status="accepted")) == []
    catalogue.remove([recording(0).content_hash])
    assert found(catalogue, wanted) == [3, 4]
    assert found(catalogue, replace(wanted, removed=True)) == [0]
    catalogue.add_statements(recording(3).content_hash, [Statement("mode", 0, FRAMES, "segah", "accepted", "Sara")])
    assert found(catalogue, wanted) == [4]


def test_a_search_that_was_kept_before_asks_for_what_is_shown_as_doubtful(catalogue: Catalogue) -> None:
    kept = (
        '{"terms": [["mode", "segah"]], "status": null, "confidence": [0.0, 0.9], "dates": ["1960", "1970"], '
        '"folder": "/sounds", "tag_disagrees": false, "predictors_disagree": false, "removed": false}'
    )
    once = Filter((("mode", "segah"),), dates=("1960", "1970"), folder="/sounds")
    assert filter_from_json(kept) == replace(once, doubtful=True)
    assert filter_from_json(kept.replace("[0.0, 0.9]", "[0.2, 0.4]")) == replace(once, confidence=(0.2, 0.4))
    assert filter_from_json(kept.replace("[0.0, 0.9]", "null")) == once
    for wanted in (replace(once, doubtful=True), replace(once, confidence=(0.0, 0.9)), once):
        assert filter_from_json(filter_to_json(wanted)) == wanted


def test_searches_are_kept(catalogue: Catalogue) -> None:
    wanted = Filter((("mode", "segah"),), "accepted", (0.2, 0.4), ("1960", "1970"), "/sounds", True)
    catalogue.save_search("my Segah", "شجریان", wanted)
    assert catalogue.saved_searches() == (("my Segah", "شجریان", wanted),)
    catalogue.remove_search("my Segah")
    assert catalogue.saved_searches() == ()


def test_members_of_a_collection(catalogue: Catalogue) -> None:
    library(catalogue)
    catalogue.put_members("Mine", [recording(2).content_hash, recording(1).content_hash])
    assert catalogue.members("Mine") == (recording(1).content_hash, recording(2).content_hash)
    catalogue.put_members("Yours", [recording(2).content_hash])
    assert catalogue.collections_among([recording(1).content_hash]) == ("Mine", "Radio")
    assert catalogue.collections_among([recording(1).content_hash, recording(2).content_hash]) == (
        "Mine",
        "Radio",
        "Yours",
    )
    catalogue.remove_members("Yours", [recording(2).content_hash])
    catalogue.remove_members("Mine", [recording(1).content_hash])
    assert catalogue.collections_among([recording(1).content_hash, "unknown"]) == ("Radio",)
    assert catalogue.members("Mine") == (recording(2).content_hash,)
    catalogue.put_collection(Collection("Mine", rights="free", mode_priors=(("segah", 0.5),)))
    told = catalogue.collection_of(recording(2).content_hash)
    assert told == Collection("Mine", rights="free", mode_priors=(("segah", 0.5),))
