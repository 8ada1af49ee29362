"""The Persian translation is complete, and its compiled form is that of its source."""

from __future__ import annotations

import ast
import gettext
import re
import string
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest

babel_pofile = pytest.importorskip("babel.messages.pofile", reason="Babel is not installed here")

ROOT = Path(__file__).parents[1]
MESSAGES = ROOT / "resources" / "translations" / "fa" / "LC_MESSAGES"
PACKAGES = ("persian_mir", "trainer", "persian_mir_gui")

TAKES = {"_": 1, "ngettext": 2}  # literals, before the number


def source_texts() -> set[str | tuple[str, str]]:
    """Every literal that is passed to `_`, and both of `ngettext`; others cannot be translated and fail here."""
    texts: set[str | tuple[str, str]] = set(template_texts())
    for path in (p for package in PACKAGES for p in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TAKES:
                literals = node.args[: TAKES[node.func.id]]
                said = [one.value for one in literals if isinstance(one, ast.Constant)]
                if path.name == "i18n.py" and not said:
                    continue  # where they are made
                assert len(said) == TAKES[node.func.id], f"{path}:{node.lineno}: {node.func.id}() takes literals"
                texts.add(said[0] if len(said) == 1 else (said[0], said[1]))
    return texts


def template_texts() -> Iterator[str]:
    """The same of the templates of pages, which know `_` only."""
    for path in (p for package in PACKAGES for p in (ROOT / package).rglob("templates/*.html")):
        for call in jinja2.Environment().parse(path.read_text(encoding="utf-8")).find_all(jinja2.nodes.Call):
            if isinstance(call.node, jinja2.nodes.Name) and call.node.name == "_":
                (literal,) = call.args
                assert isinstance(literal, jinja2.nodes.Const), f"{path}:{call.lineno}: _() takes a literal"
                yield literal.value


def test_texts_of_templates_are_found() -> None:
    assert {"Known limits", "Summary", "confusion matrix"} <= set(source_texts())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_is_translated_with_the_same_fields() -> None:
    with (MESSAGES / "persian_mir.po").open("rb") as file:
        catalogue = babel_pofile.read_po(file)
    translated = {entry.id: entry.string for entry in catalogue if entry.id and _whole(entry) and not entry.fuzzy}
    assert source_texts() - set(translated) == set(), "texts without a Persian translation"
    for text, persian in translated.items():
        many = [text] if isinstance(text, str) else text
        forms = [persian] if isinstance(persian, str) else persian
        assert {frozenset(fields(one)) for one in (*many, *forms)} == {frozenset(fields(many[-1]))}, text


def _whole(entry: babel_pofile.Message) -> bool:
    """Whether every form is there: Persian has one, however many there are."""
    return all(entry.string) if isinstance(entry.string, tuple) else bool(entry.string)


def test_the_compiled_form_is_that_of_the_source() -> None:
    with (MESSAGES / "persian_mir.po").open("rb") as file:
        catalogue = babel_pofile.read_po(file)
    with (MESSAGES / "persian_mir.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in catalogue:
        if isinstance(entry.id, str):
            assert not entry.id or compiled.gettext(entry.id) == entry.string
        else:
            assert [compiled.ngettext(*entry.id, number) for number in (1, 2)] == 2 * list(entry.string)


def test_a_step_is_never_called_a_scale() -> None:
    """گام is the scale of a mode; a step of a training is قدم."""
    with (MESSAGES / "persian_mir.po").open("rb") as file:
        entries = [(str(entry.id), str(entry.string)) for entry in babel_pofile.read_po(file)]
    steps = [(text, persian) for text, persian in entries if re.search(r"\bsteps?\b", text, re.IGNORECASE)]
    assert steps
    assert [text for text, persian in steps if re.search(r"\bگام", persian)] == []


@pytest.mark.parametrize(("guide", "arrow", "side"), [("guide.md", "→", "id"), ("guide.fa.md", "←", "string")])
def test_the_guides_name_menus_as_the_window_does(guide: str, arrow: str, side: str) -> None:
    """In Persian one was sent to a menu "پرونده", which is called "فایل", and to two actions that have other names."""
    with (MESSAGES / "persian_mir.po").open("rb") as file:
        entries = [entry for entry in babel_pofile.read_po(file) if isinstance(entry.id, str)]
    known = {re.sub("[&…]", "", getattr(entry, side)) for entry in entries}
    text = (ROOT / "docs" / guide).read_text(encoding="utf-8").replace("\n", " ")
    name = '[^*«»()`"]+?'
    paths = re.findall(rf"[*«(]({name} {arrow} {name})[*»)]", text)
    assert len(paths) > 5
    named = {one.strip().removesuffix("…") for path in paths for one in path.split(arrow)}
    assert {one for one in named if one not in known and one != "⋯"} == set()
