"""The language of the window: its words, Qt's own words, its digits and its direction."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

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


def speak(app: QApplication, language: str) -> None:
    """Qt's own texts, the digits and the side where reading begins."""
    persian = language == "fa"
    QLocale.setDefault(QLocale(QLocale.Language.Persian) if persian else QLocale(QLocale.Language.English))
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if persian else Qt.LayoutDirection.LeftToRight)
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if persian and translator.load(f"qtbase_{language}", folder):
        app.installTranslator(translator)
