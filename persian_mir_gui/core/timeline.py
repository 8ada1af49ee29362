"""The one time axis: what is visible, where the playhead is, what is selected. All in source samples."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

MIN_SPAN = 32.0  # samples that are visible at the closest zoom


class Timeline(QObject):
    """Shared by everything that shows time. Without a recording `frames` is 0 and the view is (0, 1)."""

    recording_changed = Signal()
    view_changed = Signal()
    playhead_changed = Signal(object)  # sample
    selection_changed = Signal(object)  # (start, stop) or None
    selection_settled = Signal(object)  # the same, once the hand that draws it has let go
    following_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rate, self._frames = 1, 0
        self._view = (0.0, 1.0)
        self._playhead = 0
        self._selection: tuple[int, int] | None = None
        self._settled = True
        self._following = True

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self._rate

    @property
    def frames(self) -> int:
        """Length of the recording."""
        return self._frames

    @property
    def view(self) -> tuple[float, float]:
        """The visible part: start, stop."""
        return self._view

    @property
    def playhead(self) -> int:
        """The sample under the playhead, 0 to `frames`."""
        return self._playhead

    @property
    def selection(self) -> tuple[int, int] | None:
        """Start and stop of what is selected; never empty."""
        return self._selection

    @property
    def following(self) -> bool:
        """Whether the view turns the page when the playhead leaves it."""
        return self._following

    def set_following(self, following: bool) -> None:
        """Follow the playhead, or let the view rest."""
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    def set_recording(self, rate: int, frames: int) -> None:
        """Show a recording from its start, all of it visible. `frames` 0: none."""
        self._rate, self._frames = max(1, rate), max(0, frames)
        self._view = (0.0, float(max(1, self._frames)))
        self._playhead, self._selection, self._settled = 0, None, False
        self.recording_changed.emit()  # who hears it may go elsewhere at once, and has told so then
        self.view_changed.emit()
        if self._selection is None:
            self.selection_changed.emit(None)
            self.settle()
        self.playhead_changed.emit(self._playhead)

    def set_view(self, start: float, stop: float) -> None:
        """Show `start` to `stop`, moved and cut to what there is, never less than 32 samples."""
        if not self._frames:
            return
        start, stop = min(start, stop), max(start, stop)
        span = min(max(stop - start, MIN_SPAN), float(self._frames))
        middle = (start + stop) / 2 if span > stop - start else start + span / 2
        left = min(max(middle - span / 2, 0.0), self._frames - span)
        view = (left, min(left + span, float(self._frames)))
        if view != self._view:
            self._view = view
            self.view_changed.emit()

    def zoom(self, factor: float, at: float) -> None:
        """Show `factor` times as much detail, keeping sample `at` in its place on the screen."""
        start, stop = self._view
        span = min(max((stop - start) / factor, MIN_SPAN), float(max(1, self._frames)))
        share = (at - start) / (stop - start)
        left = at - share * span
        self.set_view(left, left + span)

    def scroll(self, fraction: float) -> None:
        """Move the view by a fraction of its width; its width stays."""
        start, stop = self._view
        self.show_from(start + fraction * (stop - start))

    def show_from(self, start: float) -> None:
        """Move the view to begin at `start`, or as near as the recording allows, without a change of zoom."""
        span = self._view[1] - self._view[0]
        start = min(max(start, 0.0), max(self._frames - span, 0.0))
        self.set_view(start, start + span)

    def fit(self) -> None:
        """Show everything."""
        self.set_view(0.0, float(self._frames))

    def zoom_to_selection(self) -> None:
        """Show what is selected, if anything is."""
        if self._selection is not None:
            self.set_view(*map(float, self._selection))

    def set_playhead(self, sample: int) -> None:
        """Move the playhead, and the view with it if it follows."""
        sample = min(max(int(sample), 0), self._frames)
        if sample == self._playhead:
            return
        self._playhead = sample
        start, stop = self._view
        if self._following and not start <= sample <= stop:
            self.show_from(float(sample))
        self.playhead_changed.emit(sample)

    def select(self, start: int, stop: int, *, settled: bool = True) -> None:
        """Select samples `start` up to `stop`, cut to the recording; an empty range selects nothing.

        Where more steps follow, as in a drag, it is not `settled`, and `settle` ends it.
        """
        start, stop = (min(max(int(at), 0), self._frames) for at in sorted((start, stop)))
        self._set_selection((start, stop) if stop > start else None, settled)

    def settle(self) -> None:
        """The selection stays as it is now."""
        if not self._settled:
            self._settled = True
            self.selection_settled.emit(self._selection)

    def clear_selection(self) -> None:
        """Select nothing."""
        self._set_selection(None, True)

    def _set_selection(self, selection: tuple[int, int] | None, settled: bool) -> None:
        if selection != self._selection:
            self._selection, self._settled = selection, False
            self.selection_changed.emit(selection)
        if settled:
            self.settle()
