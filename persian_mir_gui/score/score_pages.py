"""Engraved pages below each other, in the theme's colours, with the note that sounds marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from persian_mir.i18n import _
from persian_mir.transcription.mei import note_id
from persian_mir_gui.widgets.theme import Theme
from persian_mir_gui.widgets.theme_source import ThemeSource

ID = re.compile(r'id="note-(\d+)"')
REACH_PX = 40.0  # of a click from the middle of the note it means
AROUND_PX = 4.0  # of a mark about its note


@dataclass(slots=True, eq=False)
class Page:
    """A page: its drawing, the notes on it, where it lies in the widget, and its picture while it is seen."""

    drawing: QSvgRenderer
    places: tuple[int, ...]
    place: QRectF = field(default_factory=QRectF)
    picture: QImage | None = None

    def rect(self, note: int) -> QRectF:
        """Where a note of this page lies in the widget."""
        name, box = note_id(note), self.drawing.viewBoxF()
        drawn = self.drawing.transformForElement(name).mapRect(self.drawing.boundsOnElement(name))
        scale = self.place.width() / max(box.width(), 1.0)
        return QRectF(self.place.topLeft() + drawn.topLeft() * scale, drawn.size() * scale)


class ScorePages(QWidget):
    """Time runs from left to right, also where words do not. The keys mean notes."""

    note_clicked = Signal(int)
    stepped = Signal(int)
    play_wanted = Signal()

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self.setAccessibleName(_("Score"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pages: list[Page] = []
        self._marked: int | None = None
        self._left_out: frozenset[int] = frozenset()
        self._theme = themes.theme
        themes.follow(self._use)

    def _use(self, theme: Theme) -> None:
        self._theme = theme
        self._lay_out()

    def show_pages(self, pages: Sequence[str], left_out: Collection[int] = ()) -> None:
        """Show these pages of SVG instead, notes that are `left_out` of the recording outlined."""
        self._left_out = frozenset(left_out)
        self._pages = [
            Page(QSvgRenderer(QByteArray(svg.encode()), self), tuple(map(int, ID.findall(svg)))) for svg in pages
        ]
        self._lay_out()

    def mark(self, note: int | None) -> QRectF | None:
        """Mark a note and no other; return where it is."""
        if note != self._marked:
            for one in (self._marked, note):
                self.update((self.rect_of(one) or QRectF()).adjusted(-9, -9, 9, 9).toAlignedRect())
            self._marked = note
        return self.rect_of(note)

    def rect_of(self, note: int | None) -> QRectF | None:
        """Where a note is, None if it is on no page."""
        return (
            next((page.rect(note) for page in self._pages if note in page.places), None) if note is not None else None
        )

    def _lay_out(self) -> None:
        top = 0.0
        for page in self._pages:
            box = page.drawing.viewBoxF()
            size = QSizeF(self.width(), box.height() * self.width() / max(box.width(), 1.0))
            page.place, page.picture = QRectF(QPointF(0.0, top), size), None
            top += size.height()
        self.setMinimumHeight(round(top))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), self._theme.panel)
        marked = self.rect_of(self._marked)
        if marked is not None:
            ground = QColor(self._theme.accent)
            ground.setAlphaF(0.35)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(marked.adjusted(-AROUND_PX, -AROUND_PX, AROUND_PX, AROUND_PX), 4, 4)
        for page in self._pages:
            if page.place.intersects(QRectF(event.rect())):
                page.picture = page.picture or self._picture(page)
                painter.drawImage(page.place.topLeft(), page.picture)
                self._outline(painter, page)
            elif not page.place.intersects(QRectF(self.visibleRegion().boundingRect())):
                page.picture = None

    def _outline(self, painter: QPainter, page: Page) -> None:
        """Frame the notes of a page that are not played."""
        painter.setPen(QPen(self._theme.text_dim, 1.0, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for note in self._left_out.intersection(page.places):
            painter.drawRoundedRect(page.rect(note).adjusted(-AROUND_PX, -AROUND_PX, AROUND_PX, AROUND_PX), 4, 4)

    def _picture(self, page: Page) -> QImage:
        """The page in the theme's ink, whatever colours its SVG names."""
        dpr = self.devicePixelRatioF()
        image = QImage((page.place.size() * dpr).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        page.drawing.render(painter)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(image.rect(), self._theme.text)
        painter.end()
        image.setDevicePixelRatio(dpr)
        return image

    def note_at(self, at: QPointF) -> int | None:
        """The note that is nearest to a point, if one is near."""
        far = [
            ((page.rect(note).center() - at).manhattanLength(), note)
            for page in self._pages
            if page.place.contains(at)
            for note in page.places
        ]
        distance, note = min(far, default=(REACH_PX, None))
        return note if distance < REACH_PX else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        note = self.note_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and note is not None:
            self.note_clicked.emit(note)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if event.key() == Qt.Key.Key_Space:
            self.play_wanted.emit()
        elif event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
