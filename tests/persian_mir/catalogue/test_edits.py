"""Editing: each act is a step that is undone and done again, also in another session, and survives a kill."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Carrier, Collection, Credit, Described, Item, Person, Programme, Statement, Text
from persian_mir.catalogue.step_names import StepName, step_text
from persian_mir.errors import PersianMirError
from persian_mir.recording import Recording

HASH, FRAMES = "0" * 32, 100_000


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "catalogue.sqlite") as opened:
        opened.put_recording(Recording(Path("/a.wav"), HASH, 8000, FRAMES, 1, "WAV", "x"))
        yield opened


def spans(catalogue: Catalogue) -> list[tuple[int, int]]:
    return [(item.start, item.stop) for item in catalogue.items_of(HASH)]


def described(catalogue: Catalogue) -> Described:
    """All that can be undone: what was said is compared by what holds."""
    return catalogue.describe(HASH, statements=False)


def test_draw_move_split_join_annotate_delete_and_back(catalogue: Catalogue) -> None:
    poem = Text(Person("حافظ"), "ghazal", "matla")
    told = [described(catalogue)]
    item = catalogue.draw_item(HASH, Item(0, 1000, "avaz", ("segah",), note="n", texts=(poem,)))
    told.append(described(catalogue))
    catalogue.move_item(HASH, item.id, 500, 2000)
    told.append(described(catalogue))
    first, second = catalogue.split_item(HASH, item.id, 1200)
    assert (first.id, first.texts, second.texts, second.modes) == (item.id, (poem,), (), ("segah",))
    told.append(described(catalogue))
    catalogue.move_boundary(HASH, first.id, second.id, 1500)
    assert spans(catalogue) == [(500, 1500), (1500, 2000)]
    told.append(described(catalogue))
    catalogue.annotate_item(HASH, replace(second, start=1500, modes=("shour",), gushehs=("zabol", "maghlub")))
    told.append(described(catalogue))
    joined = catalogue.join_items(HASH, second.id, first.id)
    assert (joined.start, joined.stop, joined.modes, joined.note) == (500, 2000, ("segah", "shour"), "n")
    told.append(described(catalogue))
    catalogue.delete_item(HASH, joined.id)
    told.append(described(catalogue))
    names = []
    for before in reversed(told[:-1]):
        names.append(catalogue.undo_name())
        assert catalogue.undo() == (HASH,)
        assert described(catalogue) == before
    assert names == ["delete", "join", "annotate", "move", "split", "move", "draw"]
    assert catalogue.undo_name() is None
    assert catalogue.undo() == ()
    for after in told[1:]:
        assert catalogue.redo() == (HASH,)
        assert described(catalogue) == after
    assert catalogue.redo_name() is None


def test_what_is_told_of_a_collection_is_a_step(catalogue: Catalogue) -> None:
    with catalogue.step("collect"):
        catalogue.put_members("Radio", [HASH])
    told = [
        Collection("Radio"),
        Collection("Radio", holder="IRIB", series=("Golha", "Barg-e Sabz")),
        Collection("Radio", holder="IRIB", mode_priors=(("segah", 0.25),)),
    ]
    for one in (told[1], told[1], told[2]):  # what changes nothing is no step
        with catalogue.step("collection"):
            catalogue.put_collection(one)
    for before in (told[1], told[0]):
        assert catalogue.undo_name() == "collection"
        catalogue.undo()
        assert catalogue.collection("Radio") == before
    assert catalogue.undo_name() == "collect"
    for after in told[1:]:
        catalogue.redo()
        assert catalogue.collection("Radio") == after
    catalogue.put_collection(replace(told[2], rights="all"))  # by something that is no step
    with pytest.raises(PersianMirError, match="was changed since"):
        catalogue.undo()
    assert catalogue.collection("Radio") == replace(told[2], rights="all")


def test_details_and_labels_are_undone_too_in_one_step_of_several_recordings(catalogue: Catalogue) -> None:
    other = "1" * 32
    catalogue.put_recording(Recording(Path("/b.wav"), other, 8000, FRAMES, 1, "WAV", "x"))
    before = [catalogue.describe(one, statements=False) for one in (HASH, other)]
    with catalogue.step("label"):
        for one in (HASH, other):
            catalogue.set_programme(one, Programme(title_fa="سه‌گاه", modes=("segah",)))
            catalogue.set_carrier(one, Carrier("tape"))
            catalogue.set_credits(one, (Credit(Person("لطفی"), "instrumentalist", "tar"),))
            catalogue.set_notes(one, ["a", "b"])
            catalogue.add_statements(one, [Statement("instrument", 0, FRAMES, "tar", "accepted", "Maryam")])
    after = [catalogue.describe(one, statements=False) for one in (HASH, other)]
    labels = catalogue.page().rows[0].labels
    assert ("instrument", "tar", "accepted", None) in labels
    for _again in range(3):
        assert set(catalogue.undo()) == {HASH, other}
        assert [catalogue.describe(one, statements=False) for one in (HASH, other)] == before
        assert catalogue.page().rows[0].labels == ()
        assert set(catalogue.redo()) == {HASH, other}
        assert [catalogue.describe(one, statements=False) for one in (HASH, other)] == after
        assert catalogue.page().rows[0].labels == labels
    assert [one.status for one in catalogue.statements_of(HASH)] == ["accepted", "undone"] * 3 + ["accepted"]


def test_members_and_removal_are_undone(catalogue: Catalogue) -> None:
    with catalogue.step("collect"):
        catalogue.put_members("Radio", [HASH])
    with catalogue.step("remove"):
        catalogue.remove([HASH])
    catalogue.undo()
    assert catalogue.members("Radio") == (HASH,)
    catalogue.undo()
    assert catalogue.members("Radio") == ()
    catalogue.redo()
    catalogue.redo()
    assert catalogue.count() == 0


def test_a_new_step_gives_up_what_was_undone(catalogue: Catalogue) -> None:
    catalogue.draw_item(HASH, Item(0, 10))
    catalogue.undo()
    catalogue.draw_item(HASH, Item(5, 20))
    assert catalogue.redo_name() is None
    assert catalogue.redo() == ()
    assert spans(catalogue) == [(5, 20)]


def test_a_step_that_fails_leaves_nothing(catalogue: Catalogue) -> None:
    first = catalogue.draw_item(HASH, Item(0, 10))
    catalogue.draw_item(HASH, Item(10, 20))
    for act in (
        lambda: catalogue.move_item(HASH, first.id, 0, 11),
        lambda: catalogue.split_item(HASH, first.id, 10),
        lambda: catalogue.draw_item(HASH, Item(FRAMES - 1, FRAMES + 1)),
        lambda: catalogue.delete_item(HASH, "77"),
    ):
        with pytest.raises(PersianMirError):
            act()
        assert spans(catalogue) == [(0, 10), (10, 20)]
        assert catalogue.undo_name() == "draw"


def test_nothing_changed_is_no_step(catalogue: Catalogue) -> None:
    with catalogue.step("notes"):
        catalogue.set_notes(HASH, [])
    assert catalogue.undo_name() is None


def test_what_was_changed_otherwise_is_not_undone_but_the_step_before_is(catalogue: Catalogue) -> None:
    with catalogue.step("notes"):
        catalogue.set_notes(HASH, ["mine"])
    item = catalogue.draw_item(HASH, Item(0, 10))
    catalogue.save_item(HASH, replace(item, kind="speech"))  # an import, say
    with pytest.raises(PersianMirError):
        catalogue.undo()
    assert catalogue.items_of(HASH)[0].kind == "speech"
    catalogue.undo()
    assert described(catalogue).notes == ()


def test_what_is_newly_known_of_a_person_stops_no_undo(catalogue: Catalogue) -> None:
    credit = Credit(Person("محمدرضا لطفی"), "instrumentalist", "tar")
    catalogue.draw_item(HASH, Item(0, 10, credits=(credit,), texts=(Text(Person("حافظ")),)))
    with catalogue.writing():
        catalogue.person_id(Person("محمدرضا لطفی", "Mohammad-Reza Lotfi"))
        catalogue.person_id(Person("حافظ", "Hafez"))
    catalogue.undo()
    assert spans(catalogue) == []


def test_undo_in_another_session(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with Catalogue.open(path) as catalogue:
        catalogue.put_recording(Recording(Path("/a.wav"), HASH, 8000, FRAMES, 1, "WAV", "x"))
        catalogue.draw_item(HASH, Item(0, 10))
        catalogue.draw_item(HASH, Item(10, 20))
        catalogue.undo()
    with Catalogue.open(path) as catalogue:
        assert (catalogue.undo_name(), catalogue.redo_name()) == ("draw", "draw")
        catalogue.redo()
        assert len(catalogue.items_of(HASH)) == 2
        catalogue.undo()
        catalogue.undo()
        assert catalogue.items_of(HASH) == ()


def test_two_programs_undo_one_step_each(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with Catalogue.open(path) as one, Catalogue.open(path) as other:
        one.put_recording(Recording(Path("/a.wav"), HASH, 8000, FRAMES, 1, "WAV", "x"))
        for start in (0, 10, 20):
            one.draw_item(HASH, Item(start, start + 10))
        one.undo()
        other.undo()
        assert spans(one) == spans(other) == [(0, 10)]
        one.redo()
        other.redo()
        assert spans(one) == [(0, 10), (10, 20), (20, 30)]


def test_every_step_has_words() -> None:
    names = get_args(StepName)
    assert len({step_text(name) for name in names}) == len(names)


def random_act(catalogue: Catalogue, chance: random.Random) -> None:
    """One act at random, of which many are refused."""
    items = catalogue.items_of(HASH)
    one, other = (chance.choice(items) if items else None for _place in range(2))
    start, stop = sorted(chance.sample(range(FRAMES + 100), 2))
    modes = tuple(chance.sample(("segah", "shour", "nava"), chance.randrange(3)))
    act = chance.randrange(10)
    if act == 0 or one is None or other is None:
        catalogue.draw_item(HASH, Item(start, min(stop, start + 9000), modes=modes, note=str(stop)))
    elif act == 1:
        catalogue.move_item(
            HASH, one.id, max(0, one.start + chance.randrange(-500, 500)), one.stop + chance.randrange(500)
        )
    elif act == 2:
        catalogue.split_item(HASH, one.id, chance.randrange(one.start, one.stop + 1))
    elif act == 3 and one != other:
        catalogue.join_items(HASH, one.id, other.id)
    elif act == 4:
        credit = Credit(Person(unknown=chance.randrange(4)), "instrumentalist", chance.choice(("tar", "violin")))
        catalogue.annotate_item(HASH, replace(one, modes=modes, credits=(credit,)))
    elif act == 5 and one.stop == other.start:
        catalogue.move_boundary(HASH, one.id, other.id, chance.randrange(one.start, other.stop + 1))
    elif act == 6:
        catalogue.delete_item(HASH, one.id)
    elif act == 7:
        with catalogue.step("accept"):
            catalogue.add_statements(
                HASH, [Statement("mode", start, stop, chance.choice(("segah", "nava")), "accepted", "M")]
            )
    elif act == 8:
        catalogue.undo()
    else:
        catalogue.redo()


def test_liked_sets_are_kept_and_changed_by_steps(catalogue: Catalogue) -> None:
    second = "1" * 32
    catalogue.put_recording(Recording(Path("/b.wav"), second, 8000, FRAMES, 1, "WAV", "x"))

    def change(name: str, *hashes: str, liked: bool = True) -> None:
        with catalogue.step("like"):
            catalogue.put_liked(name, hashes, liked=liked)

    change("شب", HASH, second)
    change("day", second)
    assert catalogue.liked_sets() == (("day", 1), ("شب", 2))
    change("شب", second, second, liked=False)
    assert catalogue.liked("شب") == (HASH,)
    assert catalogue.undo_name() == "like"
    catalogue.undo()
    assert catalogue.liked("شب") == (HASH, second)
    catalogue.redo()
    catalogue.undo()
    catalogue.undo()
    assert catalogue.liked_sets() == (("شب", 2),)
    catalogue.undo()
    assert catalogue.liked_sets() == ()
    catalogue.redo()
    with catalogue.step("remove"):
        catalogue.remove([HASH])
    assert (catalogue.liked("شب"), catalogue.liked_sets()) == ((second,), (("شب", 1),))
    catalogue.undo()
    change("other", HASH)
    catalogue.put_recording(Recording(Path("/b.wav"), second, 8000, FRAMES, 1, "WAV", "x", earlier_hashes=(HASH,)))
    assert catalogue.liked_sets() == (("other", 1), ("شب", 1))  # they are one recording now


def fuzz(catalogue: Catalogue, acts: int, seed: int) -> int:
    """Act at random; the track is valid after each, and undone it is what it was. Return how many were refused."""
    chance, refused, began = random.Random(seed), 0, (described(catalogue), catalogue.page())
    for _act in range(acts):
        try:
            random_act(catalogue, chance)
        except (PersianMirError, ValueError):
            refused += 1
        track = spans(catalogue)
        assert all(0 <= start < stop <= FRAMES for start, stop in track)
        assert all(before[1] <= after[0] for before, after in pairwise(track))
    ended = (described(catalogue), catalogue.page().rows[0].labels)
    steps = 0
    while catalogue.undo():
        steps += 1
    assert (described(catalogue), catalogue.page()) == began
    for _step in range(steps):  # what had been undone before the end stays so
        assert catalogue.redo()
    assert (described(catalogue), catalogue.page().rows[0].labels) == ended
    return refused


@pytest.mark.parametrize("seed", [0, 1, 2, 100])  # 100 ends with two steps undone
def test_edits_at_random_keep_the_track_valid_and_return_to_the_start(catalogue: Catalogue, seed: int) -> None:
    assert fuzz(catalogue, 150, seed) < 130


EDITOR = """
import random, sys
from pathlib import Path
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Item
with Catalogue.open(Path(sys.argv[1])) as catalogue:
    at = max((item.stop for item in catalogue.items_of("0" * 32)), default=0)
    while True:
        item = catalogue.draw_item("0" * 32, Item(at, at + 5, note=str(at)))
        print(item.id, at, flush=True)
        at += 5
"""


def test_what_was_returned_from_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with Catalogue.open(path) as catalogue:
        catalogue.put_recording(Recording(Path("/a.wav"), HASH, 8000, 10**9, 1, "WAV", "x"))
    assert killed_while_editing(path, 3, random.Random(1)) > 0


def killed_while_editing(path: Path, kills: int, chance: random.Random) -> int:
    """Kill an editor again and again; what it had told as saved is there. Return how many items it told in all."""
    told: set[tuple[str, int]] = set()
    for _kill in range(kills):
        editor = subprocess.Popen([sys.executable, "-c", EDITOR, str(path)], stdout=subprocess.PIPE, text=True)
        assert editor.stdout is not None
        lines = [editor.stdout.readline()]  # it has begun
        time.sleep(chance.uniform(0, 0.2))
        editor.kill()
        lines += editor.stdout.read().splitlines()
        editor.wait()
        editor.stdout.close()
        told |= {(line.split()[0], int(line.split()[1])) for line in lines if len(line.split()) == 2}
    with Catalogue.open(path) as catalogue:
        kept = {(item.id, item.start) for item in catalogue.items_of(HASH)}
        assert catalogue.check() == ()
    assert told <= kept
    return len(told)
