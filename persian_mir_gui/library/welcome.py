"""What the middle shows while nothing is open."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from persian_mir.i18n import _
from persian_mir_gui.widgets.widget_factories import quiet, scaled, space_out


class Welcome(QWidget):
    """Four ways to begin."""

    open_wanted = Signal()
    folder_wanted = Signal()
    examples_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        head = QLabel(_("Drop recordings here"))
        head.setFont(scaled(head.font(), 1.6, bold=True))
        note = quiet(_("WAV, FLAC, MP3, M4A, OGG, Opus, AIFF, WMA, videos; whole folders too."))
        self.open = QPushButton(_("Open…"))
        self.open.setProperty("role", "primary")
        self.open.clicked.connect(self.open_wanted)
        self.folder = QPushButton(_("Open a folder…"))
        self.folder.setToolTip(_("All recordings in it and below it are opened."))
        self.folder.clicked.connect(self.folder_wanted)
        self.examples = QPushButton(_("Example recordings"))
        self.examples.setToolTip(_("Synthesised by this program; made on first use."))
        self.examples.clicked.connect(self.examples_wanted)
        buttons = space_out(QHBoxLayout(), spacing=8)
        buttons.addStretch()
        for button in (self.open, self.folder, self.examples):
            buttons.addWidget(button)
        buttons.addStretch()
        layout = space_out(QVBoxLayout(self), margins=(24, 24, 24, 24), spacing=12)
        layout.addStretch()
        layout.addWidget(head, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(note, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(buttons)
        layout.addStretch()
