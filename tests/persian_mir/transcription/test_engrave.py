import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction

import pytest
from lxml import etree

from persian_mir.errors import PersianMirError
from persian_mir.modal.names import NoteName
from persian_mir.transcription.engrave import TEXT_HEIGHT, engrave
from persian_mir.transcription.mei import note_id
from persian_mir.transcription.score import Heading, Score, ScoreNote


def long_score(notes: int) -> Score:
    names = [NoteName("Mi", "koron", 4), NoteName("Fa", "sori", 4), NoteName("Sol", "", 4)]
    written = [ScoreNote(names[k % 3], Fraction(1), k * 0.5, k * 0.5 + 0.5, tremolo=k == 1) for k in range(notes)]
    return Score("چهارمضراب", (tuple(written), tuple(written)), 0.5)


def test_every_note_can_be_found_on_its_page() -> None:
    pages = engrave(long_score(40), 1600)
    found = [one.get("id") for page in pages for one in etree.fromstring(page.encode()).iter("{*}g")]
    assert [name for name in found if name and name.startswith("note-")] == [note_id(place) for place in range(80)]


def test_a_page_is_svg_without_another_in_it_and_without_texts() -> None:
    root = etree.fromstring(engrave(long_score(40), 1600)[0].encode())
    assert not [one for one in root.iter("{*}svg") if one is not root]
    assert not list(root.iter("{*}text"))


def test_headings_are_texts_without_spans() -> None:
    headed = replace(long_score(20), title="a", headings=(Heading(0, "segah"), Heading(1, "shour")))
    pages = engrave(headed, 1600)
    texts = [one for page in pages for one in etree.fromstring(page.encode()).iter("{*}text")]
    assert [one.text for one in texts] == ["Segah", "Shour"]
    for one in texts:
        assert not len(one)
        assert one.get("font-weight") == "bold"
        assert one.get("font-style") == "normal"
        assert one.get("font-size") == f"{TEXT_HEIGHT}px"


def test_a_riz_has_its_strokes() -> None:
    plain, riz = engrave(Score("", (), 0.5), 1600), engrave(long_score(3), 1600)
    assert 'class="bTrem"' in riz[0]
    assert 'class="bTrem"' not in plain[0]


def test_a_narrow_page_is_higher() -> None:
    heights = []
    for width in (900, 2400):
        box = etree.fromstring(engrave(long_score(60), width)[0].encode()).get("viewBox") or ""
        heights.append(float(box.split()[3]))
    assert heights[0] > 1.5 * heights[1]


def test_without_verovio_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "verovio", None)
    with pytest.raises(PersianMirError, match="verovio"):
        engrave(long_score(3), 1600)


def test_it_is_drawn_on_any_thread() -> None:
    drawn = []
    for _thread in range(2):
        with ThreadPoolExecutor(1) as pool:
            drawn.append(pool.submit(engrave, long_score(3), 1600).result())
    assert [len(pages) for pages in drawn] == [1, 1]
