"""What is put into a catalogue is told by it again."""

from __future__ import annotations

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
from tests.persian_mir.catalogue.makers import FRAMES, machine, recording


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


@pytest.mark.parametrize(
    ("margin", "probability", "doubtful"),
    [
        (None, 0.89, True),
        (None, 0.9, False),
        (0.15, 0.6, False),
        (0.15, 0.5, True),
        (0.67, 0.8, True),
        (2.0, 0.99, True),
    ],
)
def test_a_label_is_doubtful_by_the_margin_of_the_machine_that_says_it(
    catalogue: Catalogue, margin: float | None, probability: float, doubtful: bool
) -> None:
    with catalogue.writing():
        catalogue.put_recording(recording())
        told = Provenance("probe:1", {}, {} if margin is None else {"sure_margin": margin})
        said = machine("setar", "probe:1", "instrument", probability)
        catalogue.add_statements(recording().content_hash, [said], told)
    (row,) = catalogue.page(Filter()).rows
    assert row.labels == (("instrument", "setar", "machine", probability),)
    assert row.doubtful == ({("instrument", "setar")} if doubtful else frozenset())


def test_what_one_machine_is_sure_of_or_people_say_is_not_doubtful(catalogue: Catalogue) -> None:
    content = recording().content_hash
    with catalogue.writing():
        catalogue.put_recording(recording())
        catalogue.add_statements(
            content, [machine("segah", "probe:1", "mode", 0.99)], Provenance("probe:1", {}, {"sure_margin": 2.0})
        )
        catalogue.add_statements(content, [machine("segah", "modal", "mode", 0.95)], Provenance("modal", {}, {}))
        catalogue.add_statements(
            content, [machine("tar", "probe:2", "instrument", 0.3)], Provenance("probe:2", {}, {"sure_margin": 0.5})
        )
    assert catalogue.page(Filter()).rows[0].doubtful == {("instrument", "tar")}
    with catalogue.writing():
        catalogue.add_statements(content, [Statement("instrument", 0, FRAMES, "tar", "accepted", "Sara")])
    assert catalogue.page(Filter()).rows[0].doubtful == frozenset()


def test_rows_of_an_earlier_time_are_doubtful_by_what_the_modal_reading_would_be(catalogue: Catalogue) -> None:
    with catalogue.writing():
        catalogue.put_recording(recording())
    (row,) = catalogue.page(Filter()).rows
    old = row._replace(labels_json='[["mode", "segah", "machine", 0.95], ["instrument", "ney", "machine", 0.7]]')
    assert [label for _task, label, _status, _p in old.labels] == ["segah", "ney"]
    assert old.doubtful == {("instrument", "ney")}


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


def test_what_a_machine_did_not_name_has_no_probability_also_in_rows_of_earlier_days(catalogue: Catalogue) -> None:
    catalogue.put_recording(recording())
    catalogue.add_statements(recording().content_hash, [machine("", probability=1 / 13), machine("segah", who="p")])
    said = catalogue.statements_of(recording().content_hash)
    assert {(one.label, one.probability) for one in said} == {("", None), ("segah", 0.9)}


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
