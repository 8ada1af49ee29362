"""The Persian translation is complete, and its compiled form is that of its source."""

from __future__ import annotations

import ast
import gettext
import string
from pathlib import Path

import pytest

babel_pofile = pytest.importorskip("babel.messages.pofile", reason="Babel is not installed here")

ROOT = Path(__file__).parents[1]
MESSAGES = ROOT / "resources" / "translations" / "fa" / "LC_MESSAGES"
PACKAGES = ("persian_mir", "trainer", "persian_mir_gui")


def source_texts() -> set[str]:
    """Every literal that is passed to `_`; a call with anything else cannot be translated and fails here."""
    texts = set()
    for path in (p for package in PACKAGES for p in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                (argument,) = node.args
                assert isinstance(argument, ast.Constant), f"{path}:{node.lineno}: _() takes a literal"
                texts.add(argument.value)
    return texts


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_is_translated_with_the_same_fields() -> None:
    with (MESSAGES / "persian_mir.po").open("rb") as file:
        catalogue = babel_pofile.read_po(file)
    translated = {entry.id: entry.string for entry in catalogue if entry.id and entry.string and not entry.fuzzy}
    assert source_texts() - set(translated) == set(), "texts without a Persian translation"
    for text, persian in translated.items():
        assert fields(persian) == fields(text), text


def test_the_compiled_form_is_that_of_the_source() -> None:
    with (MESSAGES / "persian_mir.po").open("rb") as file:
        catalogue = babel_pofile.read_po(file)
    with (MESSAGES / "persian_mir.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in catalogue:
        if entry.id:
            assert compiled.gettext(entry.id) == entry.string
