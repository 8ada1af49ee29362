"""What is opened and labelled in the main window is kept in the catalogue."""

from __future__ import annotations

from PySide6.QtCore import QObject

from persian_mir_gui.library import ledger_work as work
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.session import Item, Session


class KeepLabelled(QObject):
    """Puts each recording into the catalogue once its labelling has ended, with what each predictor said.

    The synthesised examples are left out: a catalogue is for the recordings of its user.
    """

    def __init__(self, session: Session, ledger: Ledger, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger = ledger
        self._kept: dict[int, set[tuple[str, str, str]]] = {}  # by item: predictor, task, time
        session.changed.connect(self._look)
        session.removed.connect(self._forget)

    def _look(self, item: Item) -> None:
        if item.recording is None or item.synthesised or item.labelling != "done":
            return
        known = self._kept.setdefault(item.key, set())
        told = [(who, said) for (who, _task), said in item.predictions.items() if len(said.starts)]
        new = [(who, said) for who, said in told if (who, said.task, said.provenance.time) not in known]
        if new:
            known |= {(who, said.task, said.provenance.time) for who, said in new}
            self._ledger.change(work.keep, item.recording, new)

    def _forget(self, items: tuple[Item, ...]) -> None:
        for item in items:
            self._kept.pop(item.key, None)
