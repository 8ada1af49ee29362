"""What is done to items on the time axis, each act one step that can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from persian_mir.catalogue.edits import Edits
from persian_mir.catalogue.model import Item
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _

Value = TypeVar("Value")


class ItemEdits(Edits):
    """Draws, moves, splits, joins, describes and deletes items."""

    def draw_item(self, content_hash: str, item: Item) -> Item:
        """Add an item with boundaries of one's own."""
        with self.step("draw"):
            return self.save_item(content_hash, replace(item, id=""))

    def move_item(self, content_hash: str, item_id: str, start: int, stop: int) -> Item:
        """Give an item other boundaries."""
        with self.step("move"):
            return self.save_item(content_hash, replace(self.item(content_hash, item_id), start=start, stop=stop))

    def move_boundary(self, content_hash: str, first_id: str, second_id: str, at: int) -> tuple[Item, Item]:
        """Move the boundary that two neighbours share."""
        first, second = self.item(content_hash, first_id), self.item(content_hash, second_id)
        with self.step("move"):
            _check_within(first.start, at, second.stop)
            self.remove_item(content_hash, second.id)
            first = self.save_item(content_hash, replace(first, stop=at))
            return first, self.save_item(content_hash, replace(second, start=at))

    def split_item(self, content_hash: str, item_id: str, at: int) -> tuple[Item, Item]:
        """Make two of one at sample `at`. Both are what it was; texts and the note stay with the first."""
        item = self.item(content_hash, item_id)
        with self.step("split"):
            _check_within(item.start, at, item.stop)
            first = self.save_item(content_hash, replace(item, stop=at))
            rest = replace(item, start=at, note="", texts=(), id="")
            return first, self.save_item(content_hash, rest)

    def join_items(self, content_hash: str, first_id: str, second_id: str) -> Item:
        """Make one of two items, with all that is said of either; of what can be only one thing the first's counts.

        Raises PersianMirError where another lies between them.
        """
        one, other = self.item(content_hash, first_id), self.item(content_hash, second_id)
        first, second = sorted((one, other), key=lambda item: item.start)
        with self.step("join"):
            self.remove_item(content_hash, second.id)
            return self.save_item(content_hash, joined_items(first, second))

    def annotate_item(self, content_hash: str, item: Item) -> Item:
        """Write over what is said of an item."""
        with self.step("annotate"):
            return self.save_item(content_hash, item)

    def delete_item(self, content_hash: str, item_id: str) -> None:
        """Remove an item."""
        with self.step("delete"):
            self.remove_item(content_hash, self.item(content_hash, item_id).id)

    def item(self, content_hash: str, item_id: str) -> Item:
        """Return the item of that id."""
        for item in self.items_of(content_hash):
            if item.id == item_id:
                return item
        what = _("This item is no longer there.")
        raise PersianMirError(what, cure=_("Another program or an undone step has removed it."))


def joined_items(first: Item, second: Item) -> Item:
    """One item of two, from the first's start to the second's stop."""
    return replace(
        first,
        stop=second.stop,
        kind=first.kind or second.kind,
        modes=_both(first.modes, second.modes),
        gushehs=_both(first.gushehs, second.gushehs),
        version=first.version or second.version,
        shahed_hz=first.shahed_hz or second.shahed_hz,
        tuning=first.tuning or second.tuning,
        metre=first.metre or second.metre,
        note="\n".join(filter(None, (first.note, second.note))),
        credits=_both(first.credits, second.credits),
        texts=_both(first.texts, second.texts),
    )


def _both(first: tuple[Value, ...], second: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _check_within(start: int, at: int, stop: int) -> None:
    if not start < at < stop:
        what = _("The boundary would lie outside the item.")
        raise PersianMirError(what, cure=_("Choose a place within it."))
