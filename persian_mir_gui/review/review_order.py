"""What is left to review: the segments of a lane in the order wanted, and the recordings that have some."""

from __future__ import annotations

from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.review.segments import LaneKey, in_order
from persian_mir_gui.review.statements import Statements


class ReviewOrder:
    """Holds nothing: the session, the statements and the settings know."""

    def __init__(self, session: Session, settings: Settings, statements: Statements) -> None:
        self._session, self._settings, self._statements = session, settings, statements

    def left(self, lane: LaneKey, here: int | None = None) -> list[int]:
        """The segments of the current recording that nobody has reviewed, and `here`."""
        item = self._session.current
        if item is None:
            return []
        by_doubt = self._settings.get("review_order") == "doubt"
        return in_order(item.predictions[lane], self._statements.marks(item, lane), here, by_doubt)

    def first(self, lane: LaneKey) -> int:
        """The one to begin with."""
        return next(iter(self.left(lane)), 0)

    def after(self, lane: LaneKey, index: int) -> int | None:
        """The next one that is left; after the last comes the first."""
        order = self.left(lane, index)
        place = order.index(index)
        return next(iter(order[place + 1 :] + order[:place]), None)

    def next_recording(self, lane: LaneKey) -> Item | None:
        """The next one of the list, after the last the first, in which something of this lane is left."""
        items, current = self._session.items, self._session.current
        if current is None:
            return None
        place = items.index(current)
        return next((one for one in items[place + 1 :] + items[:place] if self._left_in(one, lane)), None)

    def _left_in(self, item: Item, lane: LaneKey) -> bool:
        said = item.predictions.get(lane)
        return said is not None and len(self._statements.marks(item, lane)) < len(said.starts)
