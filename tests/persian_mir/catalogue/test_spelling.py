"""Spelling as it is found: a table of what stands in the catalogue, what is asked for, and whether it must be found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.fold import fold, joined, other_names, query
from persian_mir.recording import Recording

# One recording a title. Made up by us, in the shape of what a radio archive wrote.
TITLES = {
    "segah": "برنامهٔ سه‌گاه",
    "segah-joined": "درآمد سهگاه با تار",
    "segah-space": "چهارمضراب سه گاه",
    "segah-latin": "Daramad-e Sehgah",
    "chahargah": "آواز چهارگاه",
    "rast": "تصنیف راست‌پنج‌گاه",
    "rast-space": "پیش‌درآمد راست پنجگاه",
    "shour": "آوازِ شُور",
    "zand": "ضربی بیات زند",
    "tork": "رِنگ بيات ترك",
    "kord": "گوشهٔ بیات کرد",
    "esfahan": "مثنوی بیات اصفهان",
    "isfahan-latin": "Avaz-e Bayāt-e Isfahan",
    "abuata": "غزل ابوعطا",
    "afshari-latin": "Afshari, Setar solo",
    "setar": "تکنوازی سه‌تار",
    "santur-latin": "Santur and Tombak",
    "kamancheh": "کمانچه و نی",
    "violin": "ویولون و پیانو",
    "number": "شمارهٔ ۴۹۱ب",
    "number-arabic": "برنامه ٢٣٨ الف",
    "rose": "گل‌های رنگارنگ",
    "kashida": "هــمــایــون",
    "yeh": "علي اكبر شهنازي",
    "alef": "آفتاب‌گردان",
    "davoud": "داوود پیرنیا",
    "khane": "خانهٔ دوست",
    "heye": "خانه‌ی پدری",
    "hamze": "رؤیای مسأله",
    "ligature": "ﻻله‌زار",
    "rahman": "رحمٰن و رحيم",
    "mikhaham": "می‌خواهم ببینمت",
    "accents": "Ḥoseyn ʿAlizādeh: Raz-e Now",
    "capitals": "SHAJARIAN live in CONCERT",
    "hyphen": "Pish-daramad of Mahour",
    "umlaut": "Grüße aus Teheran",
    "marks": "\u200fدشتی\u200e",
    "zwj": "نو\u200dا",
    "quoted": "«مرغ سحر»",
    "hafez": "اگر آن ترک شیرازی",
}

TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    # the cases of the catalogue's description: half-space, joined, harakat, yeh, kaf, digits, alef, tatweel, names
    ("سه‌گاه", ("segah", "segah-joined", "segah-space", "segah-latin")),
    ("سهگاه", ("segah", "segah-joined", "segah-space", "segah-latin")),
    ("سه گاه", ("segah", "segah-joined", "segah-space", "segah-latin")),
    ("Segah", ("segah", "segah-joined", "segah-space", "segah-latin")),
    ("sehgah", ("segah", "segah-joined", "segah-space", "segah-latin")),
    ("SE-GAH", ("segah", "segah-joined", "segah-space", "segah-latin")),
    ("شور", ("shour",)),
    ("شُور", ("shour",)),
    ("shur", ("shour",)),
    ("على اکبر", ("yeh",)),
    ("علی‌اکبر شهنازی", ("yeh",)),
    ("علیاکبر", ("yeh",)),
    ("شهنازى", ("yeh",)),
    ("۴۹۱ب", ("number",)),
    ("٤٩١ب", ("number",)),
    ("491ب", ("number",)),
    ("491 ب", ("number",)),
    ("491", ("number",)),
    ("238", ("number-arabic",)),
    ("۲۳۸الف", ("number-arabic",)),
    ("افتاب گردان", ("alef",)),
    ("آفتابگردان", ("alef",)),
    ("همایون", ("kashida",)),
    ("Homayun", ("kashida",)),
    ("بیات ترک", ("tork", "zand")),
    ("بیات زند", ("tork", "zand")),
    ("Bayat-e Zand", ("tork", "zand")),
    ("bayat e tork", ("tork", "zand")),
    ("Bayat-e Turk", ("tork", "zand")),
    ("ستار", ("setar", "afshari-latin")),
    ("Sitar", ("setar", "afshari-latin")),
    ("سه تار", ("setar", "afshari-latin")),
    ("سه‌تار", ("setar", "afshari-latin")),
    ("اصفهان", ("esfahan", "isfahan-latin")),
    ("اصفاهان", ("esfahan", "isfahan-latin")),
    ("Esfahan", ("esfahan", "isfahan-latin")),
    # fifty more
    ("چارگاه", ("chahargah",)),
    ("Chahārgāh", ("chahargah",)),
    ("راست پنج گاه", ("rast", "rast-space")),
    ("راست‌پنجگاه", ("rast", "rast-space")),
    ("راستپنجگاه", ("rast", "rast-space")),
    ("Rast Panjgah", ("rast", "rast-space")),
    ("rast-panjgah", ("rast", "rast-space")),
    ("بيات كرد", ("kord",)),
    ("Bayat-e Kurd", ("kord",)),
    ("بیاتکرد", ("kord",)),
    ("ابو عطا", ("abuata",)),
    ("أبوعطا", ("abuata",)),
    ("Abou Ata", ("abuata",)),
    ("افشاری", ("afshari-latin",)),
    ("سنتور", ("santur-latin",)),
    ("سنطور", ("santur-latin",)),
    ("santour", ("santur-latin",)),
    ("تنبک", ("santur-latin", "zand")[:1]),
    ("kemenche", ("kamancheh",)),
    ("كمانچه", ("kamancheh",)),
    ("nay", ("kamancheh",)),
    ("ویلن", ("violin",)),
    ("violin", ("violin",)),
    ("ويولن پيانو", ("violin",)),
    ("گلهای رنگارنگ", ("rose",)),
    ("گل های", ("rose",)),
    ("گلهاي", ("rose",)),
    ("داود", ("davoud",)),
    ("داوود", ("davoud",)),
    ("خانه", ("khane", "heye")),
    ("خانۀ دوست", ("khane",)),
    ("خانه ی پدری", ("heye",)),
    ("خانهی پدری", ("heye",)),
    ("رویای مساله", ("hamze",)),
    ("رؤياي", ("hamze",)),
    ("لاله زار", ("ligature",)),
    ("لالهزار", ("ligature",)),
    ("رحمن", ("rahman",)),
    ("رحیم", ("rahman",)),
    ("می خواهم", ("mikhaham",)),
    ("میخواهم", ("mikhaham",)),
    ("ميخواهم ببينمت", ("mikhaham",)),
    ("hoseyn alizadeh", ("accents",)),
    ("Alizādeh", ("accents",)),
    ("'Alizadeh", ("accents",)),
    ("shajarian", ("capitals",)),
    ("Shajarian Concert", ("capitals",)),
    ("pishdaramad", ("hyphen", "rast-space")),
    ("پیشدرآمد", ("hyphen", "rast-space")),
    ("پيش درامد", ("hyphen", "rast-space")),
    ("ماهور", ("hyphen",)),
    ("grusse", ("umlaut",)),
    ("دشتی", ("marks",)),
    ("Dashti", ("marks",)),
    ("نوا", ("zwj",)),
    ("مرغ سحر", ("quoted",)),
    ("مرغِ سَحَر", ("quoted",)),
    ("آن ترک شیرازی", ("hafez",)),
    ("ان ترك شيرازي", ("hafez",)),
    ("رنگ بیات", ("tork",)),
    ("Reng", ("tork",)),
    ("masnavi", ("esfahan",)),
    ("مثنوي", ("esfahan",)),
    ("tasnif", ("rast",)),
    ("ترانه", ("rast",)),
    ("غزل", ("abuata",)),
    # and what must not be found
    ("شیر", ()),
    ("سه", ("segah", "segah-space", "setar")),
    ("گل رنگ", ()),
    ("491 الف", ()),
    ('"سحر مرغ"', ()),
    ('"مرغ سحر"', ("quoted",)),
    ("هیچ", ()),
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path_factory.mktemp("spelling") / "c.sqlite") as opened, opened.writing():
        for number, (name, title) in enumerate(TITLES.items()):
            told = (f"{number:032x}", 8000, 8000, 1, "WAV", "x", {"title": title})
            opened.put_recording(Recording(Path(f"/{name}"), *told))
        yield opened


def names(catalogue: Catalogue, text: str, **how: bool) -> set[str]:
    return {row.path.name for row in catalogue.search(text, **how)}


@pytest.mark.parametrize(("text", "wanted"), TABLE, ids=[text for text, _wanted in TABLE])
def test_what_is_asked_for_is_found(catalogue: Catalogue, text: str, wanted: tuple[str, ...]) -> None:
    assert names(catalogue, text) == set(wanted)


@pytest.mark.parametrize("title", TITLES.values())
def test_every_title_is_found_by_itself_and_while_it_is_typed(catalogue: Catalogue, title: str) -> None:
    found = {name for name, told in TITLES.items() if told == title}
    assert found <= names(catalogue, title)
    assert found <= names(catalogue, title[:-1] if title[-2:-1].isalnum() else title, begun=True)


@pytest.mark.parametrize(
    "text", ['"', "«", "a OR", "NOT", "*", "(", "title:x", "NEAR(", "\x00", "'; DROP TABLE", "-", "^a"]
)
def test_no_text_is_taken_for_an_expression(catalogue: Catalogue, text: str) -> None:
    catalogue.search(text)
    catalogue.search(text, begun=True)


def test_the_names_of_the_table_are_of_one_key_each() -> None:
    import json

    from persian_mir.resources import RESOURCES

    table = json.loads((RESOURCES / "other_names.json").read_text(encoding="utf-8"))
    keys = [(joined(name), key) for key, names in table.items() for name in names]
    owners: dict[str, set[str]] = {}
    for name, key in keys:
        owners.setdefault(name, set()).add(key)
    assert {name: several for name, several in owners.items() if len(several) > 1} == {}
    assert all(fold(name) for name in other_names())


def test_every_label_of_the_vocabulary_is_found_by_either_of_its_names() -> None:
    from persian_mir.labels import vocabulary

    for task in ("mode", "instrument"):
        for label in vocabulary(task):
            for name in (label.name, label.persian):
                assert f'"_{joined(label.id)}"' in query(name), label
