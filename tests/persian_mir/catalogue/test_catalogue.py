"""What is put into a catalogue is told by it again, found by it, and counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.filters import Filter
from persian_mir.catalogue.model import (
    Carrier,
    Collection,
    Credit,
    Described,
    Item,
    Person,
    Programme,
    Statement,
    Text,
)
from persian_mir.errors import PersianMirError
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording

FRAMES = 441_000


def recording(number: int = 1, name: str = "", **other: object) -> Recording:
    path = Path("/sounds") / (name or f"{number:05}.wav")
    values: dict[str, object] = {
        **{"path": path, "content_hash": f"{number:032x}", "rate": 44_100, "frames": FRAMES, "channels": 2},
        **{"format": "WAV", "decoder": "libsndfile 1.2", "file_hash": f"{number + 1000:032x}"},
    }
    return Recording(**(values | other))  # type: ignore[arg-type]


def machine(label: str, who: str = "modal", task: str = "mode", probability: float = 0.9, **other: object) -> Statement:
    values = {"status": "machine", "who": who, "version": "1", "probability": probability}
    values |= {"when": "2026-11-28T10:00:00+00:00"}
    return Statement(task, 0, FRAMES, label, **(values | other))  # type: ignore[arg-type]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "catalogue.sqlite") as opened:
        yield opened


def whole() -> Described:
    """Everything that a recording may carry."""
    singer = Person("محمدرضا شجریان", "Mohammad-Reza Shajarian", ("Shajariān",), "1319–1399")
    unknown = Credit(Person(unknown=2), "instrumentalist", instrument="violin", certainty="attributed")
    poem = Text(Person("حافظ", "Hafez"), "ghazal", "اگر آن ترک شیرازی", "به دست آرد دل ما را", "https://example.org/3")
    return Described(
        path="/archive/491ب.wav",
        content_hash="a" * 32,
        rate=44_100,
        frames=FRAMES,
        file_hash="b" * 32,
        collection=Collection("Radio", "National archive", ("Golha", "Rangarang"), "x", "y", "z", (("segah", 0.2),)),
        carrier=Carrier("tape", "EMI", "7-5", "12", "A", "19 cm/s", "2001", "A. B.", "Studer", "worn"),
        programme=Programme(
            "491ب", "گلهای رنگارنگ", "Golha", "حدود ۱۳۴۵", "1966", "Tehran", ("segah", "shour"), "O", "L", "fa"
        ),
        credits=(Credit(singer, "singer-avaz"), unknown),
        items=(
            Item(
                0,
                1000,
                "avaz",
                ("segah",),
                ("zabol", "mokhalef"),
                "after X",
                220.5,
                "la",
                "free",
                "a note",
                (unknown,),
                (poem,),
            ),
            Item(1000, 2000, "speech"),
        ),
        statements=(
            machine("segah"),
            Statement("mode", 0, FRAMES, "shour", "corrected", "Maryam", when="2026-11-28T11:00:00+00:00", id="c" * 16),
        ),
        notes=("first", "second"),
    )


def test_all_that_is_described_is_told_again(catalogue: Catalogue) -> None:
    catalogue.put_described(whole())
    told = catalogue.describe("a" * 32)
    items = tuple(replace(item, id="") for item in told.items)
    statements = tuple(replace(one, id="" if one.id.startswith("s") else one.id) for one in told.statements)
    assert replace(told, items=items, statements=statements) == whole()


def test_the_same_taken_over_twice_is_there_once(catalogue: Catalogue) -> None:
    catalogue.put_described(whole())
    told = catalogue.describe("a" * 32)
    catalogue.put_described(told)
    again = catalogue.describe("a" * 32)
    assert len(again.statements) == 2
    assert again.notes == told.notes
    assert again.credits == told.credits
    assert len(again.items) == 2


def test_a_renamed_file_is_the_same_recording(catalogue: Catalogue) -> None:
    row = catalogue.put_recording(recording(1, "old.wav"))
    catalogue.set_notes(recording(1).content_hash, ["kept"])
    assert catalogue.put_recording(recording(1, "new.wav")) == row
    known = catalogue.recording(recording(1).content_hash)
    assert known is not None
    assert known.path == Path("/sounds/new.wav")
    assert catalogue.describe(known.content_hash).notes == ("kept",)
    assert set(catalogue.files_of(known.content_hash)) == {Path("/sounds/new.wav"), Path("/sounds/old.wav")}
    catalogue.set_missing(Path("/sounds/new.wav"))
    assert catalogue.known(row).path == Path("/sounds/old.wav")
    catalogue.set_missing(Path("/sounds/new.wav"), False)
    catalogue.set_missing(Path("/sounds/old.wav"), False)
    assert catalogue.known(row).path == Path("/sounds/old.wav")


def test_a_recording_whose_file_holds_another_sound_now_is_missing(catalogue: Catalogue) -> None:
    catalogue.put_recording(recording(1, "a.wav"))
    catalogue.put_recording(recording(2, "b.wav"))
    catalogue.put_recording(recording(2, "a.wav"))  # written over the first
    catalogue.put_recording(recording(3, "b.wav"))
    told = {int(row.content_hash, 16): (row.path.name, bool(row.missing)) for row in catalogue.page().rows}
    assert told == {1: ("a.wav", True), 2: ("a.wav", False), 3: ("b.wav", False)}
    catalogue.put_recording(recording(4, "a.wav"))
    catalogue.put_recording(recording(1, "c.wav"))
    told = {int(row.content_hash, 16): (row.path.name, bool(row.missing)) for row in catalogue.page().rows}
    assert told == {1: ("c.wav", False), 2: ("a.wav", True), 3: ("b.wav", False), 4: ("a.wav", False)}


def test_what_was_said_under_an_earlier_hash_is_of_the_same_recording(catalogue: Catalogue) -> None:
    row = catalogue.put_recording(recording(7))
    assert catalogue.put_recording(recording(8, earlier_hashes=(recording(7).content_hash,))) == row
    assert catalogue.recording(recording(7).content_hash) == catalogue.recording(recording(8).content_hash)


def test_a_name_that_is_no_text_is_kept(catalogue: Catalogue) -> None:
    path = Path(b"/sounds/\xff\xd8.wav".decode(errors="surrogateescape"))
    catalogue.put_recording(recording(1, path=path))
    assert catalogue.page().rows[0].path == path


def test_statements_are_added_only(catalogue: Catalogue) -> None:
    catalogue.put_recording(recording())
    catalogue.add_statements(recording().content_hash, [machine("segah")])
    for sql in ("UPDATE statements SET term = 0", "DELETE FROM statements"):
        with pytest.raises(Exception, match="added only"), catalogue.writing():
            catalogue.run(sql)
    assert len(catalogue.statements_of(recording().content_hash)) == 1


def test_a_machine_that_says_it_anew_is_heard_anew_and_the_old_kept(catalogue: Catalogue) -> None:
    catalogue.put_recording(recording())
    hashed = recording().content_hash
    catalogue.add_statements(hashed, [machine("segah")])
    catalogue.add_statements(hashed, [machine("shour", when="2026-11-28T12:00:00+00:00")])
    assert [one.label for one in catalogue.statements_of(hashed)] == ["segah", "shour"]
    assert [one.label for one in catalogue.statements_of(hashed, live=True)] == ["shour"]
    assert catalogue.page().rows[0].mode == "shour"
    catalogue.add_statements(hashed, [machine("nava", when="2026-11-01T12:00:00+00:00")])  # older, of another's file
    assert catalogue.page().rows[0].mode == "shour"


def test_what_people_say_holds_before_what_machines_say(catalogue: Catalogue) -> None:
    catalogue.put_recording(recording())
    hashed = recording().content_hash
    catalogue.add_statements(hashed, [machine("segah")])
    said = Statement("mode", 0, FRAMES, "shour", "corrected", "Maryam", when="2026-11-28T12:00:00+00:00", id="1" * 16)
    assert catalogue.add_statements(hashed, [said]) == ("1" * 16,)
    assert catalogue.page().rows[0].labels == (("mode", "shour", "corrected", None),)
    undone = replace(said, label="", status="undone", supersedes=said.id, id="2" * 16, when="2026-11-28T12:00:01+00:00")
    catalogue.add_statements(hashed, [undone, said])
    assert catalogue.page().rows[0].labels == (("mode", "segah", "machine", 0.9),)


def part(label: str, start: int, stop: int, status: str = "corrected") -> Statement:
    return Statement("mode", start, stop, label, status, "Maryam")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ([], {"segah": "machine"}),
        ([part("shour", 0, FRAMES)], {"shour": "corrected"}),
        ([part("shour", 0, 100)], {"shour": "corrected", "segah": "machine"}),  # of a part: the whole is as it was
        ([part("segah", 0, 100, "accepted")], {"segah": "machine"}),
        ([part("shour", 0, 300_000)], {"shour": "corrected"}),  # of more than half of it
        ([part("shour", 0, 200_000), part("shour", 100_000, 210_000)], {"shour": "corrected", "segah": "machine"}),
        ([part("", 0, FRAMES, "rejected")], {}),
        ([part("", 0, 100, "rejected")], {"segah": "machine"}),
        ([part("shour", 0, 100), part("nava", 0, FRAMES)], {"nava": "corrected"}),
    ],
)
def test_what_people_say_of_parts_and_of_the_whole(
    catalogue: Catalogue, said: list[Statement], labels: dict[str, str]
) -> None:
    catalogue.put_recording(recording())
    catalogue.add_statements(recording().content_hash, [machine("segah")])
    catalogue.add_statements(recording().content_hash, said)
    assert {label: status for _task, label, status, _p in catalogue.page().rows[0].labels} == labels


def test_an_item_of_a_part_and_a_programme_of_the_whole(catalogue: Catalogue) -> None:
    catalogue.put_recording(recording())
    hashed = recording().content_hash
    catalogue.add_statements(hashed, [machine("segah")])
    catalogue.save_item(hashed, Item(0, 1000, modes=("shour", "nava")))
    assert {held[1] for held in catalogue.page().rows[0].labels} == {"segah", "shour", "nava"}
    catalogue.set_programme(hashed, Programme(modes=("dashti", "shour")))
    assert {held[1] for held in catalogue.page().rows[0].labels} == {"dashti", "shour", "nava"}


@pytest.mark.parametrize(
    ("tags", "task", "label", "disagrees"),
    [
        ({"comment": "Sehgah"}, "mode", "segah", False),
        ({"comment": "Sehgah"}, "mode", "shour", True),
        ({"genre": "دستگاه شور"}, "mode", "dashti", False),  # an avaz of Shour
        ({"genre": "دشتی"}, "mode", "shour", True),
        ({"genre": "دشتی"}, "dashti", "x", False),
        ({"title": "آواز دشتی"}, "dastgah", "shour", False),
        ({"title": "آواز دشتی"}, "dastgah", "segah", True),
        ({"title": "تکنوازی سه تار"}, "instrument", "setar", False),
        ({"title": "Sitar"}, "instrument", "ney", True),
        ({"artist": "گروه نوا"}, "mode", "segah", False),  # a name is no reading
        ({}, "mode", "segah", False),
    ],
)
def test_whether_tag_and_reading_disagree(
    catalogue: Catalogue, tags: dict[str, str], task: str, label: str, disagrees: bool
) -> None:
    catalogue.put_recording(recording(tags=tags))
    catalogue.add_statements(recording().content_hash, [machine(label, task=task)])
    assert bool(catalogue.page().rows[0].tag_disagrees) == disagrees
    assert catalogue.count(Filter(tag_disagrees=True)) == disagrees


def test_a_prediction_comes_with_its_provenance(catalogue: Catalogue) -> None:
    catalogue.put_recording(recording())
    provenance = Provenance("modal", {"swift-f0": "0.3"}, {"hop": 10, "mode_priors": {"segah": 0.2}})
    rows = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)
    prediction = Prediction(
        *("mode", ("segah", "shour"), np.array([0, 220_500]), np.array([220_500, FRAMES]), rows),
        *(np.array([0.6, 0.4], np.float32), provenance),
    )
    catalogue.add_prediction(recording().content_hash, "modal", prediction, "v1")
    said = catalogue.statements_of(recording().content_hash)
    assert [(one.start, one.stop, one.label) for one in said] == [
        (0, FRAMES, "segah"),
        (0, 220_500, "segah"),
        (220_500, FRAMES, "shour"),
    ]
    assert {(one.who, one.version, one.status) for one in said} == {("modal", "v1", "machine")}
    assert catalogue.provenance_of(said[2].id) == provenance
    assert [(held[1], round(held[3] or 0, 4)) for held in catalogue.page().rows[0].labels] == [("segah", 0.6)]


def test_unknown_people_of_different_numbers_are_different(catalogue: Catalogue) -> None:
    with catalogue.writing():
        first, second = (catalogue.person_id(Person("ناشناخته", unknown=number)) for number in (1, 2))
        again = catalogue.person_id(Person("ناشناخته", unknown=1))
        nameless = catalogue.person_id(Person(unknown=3))
    assert len({first, second, nameless}) == 3
    assert again == first


def test_people_are_one_whatever_the_spelling_and_found_in_both_scripts(catalogue: Catalogue) -> None:
    with catalogue.writing():
        one = catalogue.person_id(Person("علی‌اکبر شهنازي", "Ali-Akbar Shahnazi"))
        assert catalogue.person_id(Person("علی اکبر شهنازی")) == one
        assert catalogue.person_id(Person("", "ali akbar shahnāzi", dates="1276–1363")) == one
        other = catalogue.person_id(Person("علی اکبر شهنازی", dates="1300–1380"))
    assert other != one
    for begun in ("شهنا", "علي اكبر", "shahn", "Ali-A"):
        assert one in {found for found, _person in catalogue.people(begun)}
    assert catalogue.person(one).dates == "1276–1363"


def test_items_never_overlap(catalogue: Catalogue) -> None:
    catalogue.put_recording(recording())
    hashed = recording().content_hash
    first = catalogue.save_item(hashed, Item(0, 1000, modes=("segah",)))
    for wrong in (Item(999, 2000), Item(2000, FRAMES + 1)):
        with pytest.raises(PersianMirError):
            catalogue.save_item(hashed, wrong)
    catalogue.save_item(hashed, replace(first, stop=1500))
    assert [(item.start, item.stop) for item in catalogue.items_of(hashed)] == [(0, 1500)]
    catalogue.remove_item(hashed, first.id)
    assert catalogue.items_of(hashed) == ()


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
