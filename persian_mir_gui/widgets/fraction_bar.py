"""How far some work is, as a bar."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar

from persian_mir.i18n import _

STEPS = 1000


class FractionBar(QProgressBar):
    """A bar without a number: what it measures stands beside it."""

    def __init__(self) -> None:
        super().__init__(maximum=STEPS, textVisible=False)
        self.setAccessibleName(_("Progress"))

    def show_fraction(self, fraction: float | None) -> None:
        """Fill it so far, from 0 to 1; at None it runs to and fro, since nobody knows."""
        self.setMaximum(0 if fraction is None else STEPS)
        self.setValue(round(STEPS * (fraction or 0.0)))
