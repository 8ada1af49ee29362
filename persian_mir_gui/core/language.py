"""The language of the window: its words, Qt's own words, its digits and its direction."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from persian_mir.i18n import _

FILE_DIALOG = ("QFileDialog", "QAbstractFileIconProvider")  # the contexts of its words
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # where gettext looks, the first that is set wins


def choose_language(setting: str, environment: MutableMapping[str, str] = os.environ) -> str:
    """`fa` or `en`: what the setting says; else what the environment says; else (Windows, macOS) what the system says.

    Tells gettext by setting `LANGUAGE` where gettext would not find out by itself.
    """
    named = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    wanted = setting or named.partition(":")[0] or QLocale.system().name()
    language = "fa" if wanted.lower().startswith("fa") else "en"
    if setting or not named:
        environment["LANGUAGE"] = language
    return language


class MissingWords(QTranslator):
    """Words of Qt's own file dialog, seen where the desktop has none, that its Persian lacks."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = {"Look in:": _("Look in:"), "Files of type:": _("Files of type:"), "Folder": _("Folder")}

    def isEmpty(self) -> bool:
        """Say that there is something to look up."""
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:  # noqa: ARG002
        """None, which Qt takes for a word that is not known, for all others."""
        words = self._words if context in FILE_DIALOG else {}
        return words.get(source.replace("&", ""))  # type: ignore[return-value]


def speak(app: QApplication, language: str) -> None:
    """Qt's own texts, the digits and the side where reading begins."""
    persian = language == "fa"
    QLocale.setDefault(QLocale(QLocale.Language.Persian) if persian else QLocale(QLocale.Language.English))
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if persian else Qt.LayoutDirection.LeftToRight)
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if persian and translator.load(f"qtbase_{language}", folder):
        app.installTranslator(translator)
        app.installTranslator(MissingWords(app))
