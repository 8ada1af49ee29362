from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from jinja2 import TemplateNotFound, nodes

from persian_mir.labels import describe
from trainer.baselines.protocols import leak_sentence
from trainer.evaluation.evaluate import artists_leak
from trainer.experiments.published import LEAKY, PAPER
from trainer.reports.page import TEMPLATES, environment
from trainer.reports.report_page import Results, _method, html
from trainer.reports.report_section import leak_of
from trainer.reports.report_systems import _commonest, published_of
from trainer.reports.words import cell_name, label_names, leak_words, refusal_words, signed, split_name, study_words

MAP = {
    "task": "instrument",
    "backbone": "signal",
    "dataset": "d",
    "synthetic": False,
    "layer": 0,
    "labels": ["ney", "setar"],
    "points": [[0.0, 0.0], [1.0, 1.0]],
    "targets": [0, 1],
    "shares": [0.5, 0.25],
    "of": 2,
}


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.append(dict(attrs)["href"])


@pytest.mark.parametrize("name", ["a b.wav", 'q"uote.wav', "100% #1?.wav", "سه‌گاه.flac", "<b>&amp;.wav"])
def test_a_point_leads_to_its_recording_whatever_its_name(tmp_path, name):
    file, out = tmp_path / "music" / name, tmp_path / "results" / "one"
    one = MAP | {"files": [file.as_posix()], "stretches": [[0, 0.0, 5.0], [0, 5.0, 10.0]]}
    parser = Links()
    parser.feed(html(Results((), (one,)), (), {}, out))
    found = [link for link in parser.found if not link.startswith("#")]
    assert len(found) == 2
    for link, stretch in zip(found, ("t=0,5", "t=5,10"), strict=True):
        assert not urlsplit(link).query
        assert urlsplit(link).fragment == stretch
        assert (out / unquote(urlsplit(link).path)).resolve() == file.resolve()


def test_a_map_of_an_older_result_is_a_picture(tmp_path):
    text = html(Results((), (MAP,)), (), {}, tmp_path)
    assert text.count("<circle") == 2
    assert text.count("<a ") == text.count('<a href="#')
    assert "<iframe" not in text


def test_names_of_recordings_are_text(tmp_path):
    one = {
        **MAP,
        **{"contradicted": 1, "of": 2, "agreement": 1.0, "doubtful": 0.5},
        "suspects": [["<script>x</script>.wav", 0.0, 1.0, "ney", "setar", 0.9]],
    }
    text = html(Results((), (), (one,)), (), {}, tmp_path)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_a_table_has_a_name_and_its_heads_say_what_they_are_over():
    parts = '{% from "parts.html" import figure, row, table %}'
    source = '{% call table(("cell", "a", "b"), caption="what", groups=groups) %}{{ row(("x", 1, none)) }}{% endcall %}'
    text = environment("en").from_string(parts + source).render(groups=[("", 1), ("both", 2)])
    assert "<caption>what</caption>" in text
    assert len(re.findall("<th scope=col[ >]", text)) == 3
    assert '<th scope=colgroup colspan="2" class=group>both</th>' in text
    assert "<th scope=row" in text
    drawn = environment("en").from_string(parts + '{{ figure("", "a < b", [("red", "c & d")]) }}').render()
    assert "a &lt; b" in drawn
    assert "c &amp; d" in drawn


def test_templates_take_nothing_from_elsewhere(tmp_path):
    (tmp_path / "own.html").write_text("own")
    for name in (str(tmp_path / "own.html"), "../card.py", "nothing.html"):
        with pytest.raises(TemplateNotFound):
            environment("en").get_template(name)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_switches_escaping_off(path):
    """What is put into a page is text, whoever wrote it."""
    source = path.read_text(encoding="utf-8")
    found = {node.name for node in environment("en").parse(source).find_all(nodes.Filter)}
    assert "safe" not in found
    assert "autoescape" not in source


def test_words():
    assert [signed(x) for x in (2.06, -12.7)] == ["+2.1", "−12.7"]
    assert [cell_name(x) for x in ("layer 12", "5 s", "3 hidden", "2e-05")] == [
        "layer 12",
        "5 s",
        "3 hidden",
        "0.00002",
    ]
    assert split_name("grouped", "recording") != split_name("grouped", "artist") != split_name("official")
    assert label_names("instrument", ["ney"]) == [describe("instrument", "ney").spoken]


def test_a_warning_is_said_in_the_language_of_today():
    judged = {
        split: {"segments": {"accuracy": share, "chance": 0.2}}
        for split, share in (("official", 0.9), ("grouped", 0.3))
    }
    one = {"warning": "gesagt an einem anderen Tag", "judgements": judged}
    assert "90.0%" in leak_of(one)
    assert "30.0% (chance 20.0%)" in leak_of(one)
    assert "gesagt" not in leak_of(one)
    assert leak_of(one | {"warning": ""}) == ""
    assert leak_of(one | {"judgements": {"grouped": judged["grouped"]}}) == one["warning"]
    assert leak_of(one | {"splits": {"grouped": {"how": "recording"}}}) == ""  # all its artists were heard


def test_a_report_of_nothing_has_the_earlier_studies(tmp_path):
    text = html(Results((), ()), (), {}, tmp_path)
    assert "BiLGNet" in text
    assert 'id="summary"' not in text


def test_a_persian_page_has_no_english_of_printed_figures_and_no_latin_digit_in_a_table(tmp_path, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fa")
    one = {
        **MAP,
        **{"contradicted": 1, "of": 2, "agreement": 1.0, "doubtful": 0.5},
        "suspects": [["take_2.wav", 0.0, 1.0, "ney", "setar", 0.9]],
    }
    text = html(Results((), (), (one,)), (), {}, tmp_path)
    cells = re.findall(r"<t[dh]\b[^>]*>(?:<bdi[^>]*>)?([^<]*)", text)
    assert {LEAKY, PAPER, "segment", "recording", "best printed"}.isdisjoint(cells)
    assert {"take_2.wav", "۰٫۹۰", "۶۳ – ۶۴٫۰\N{FIGURE SPACE}"} <= set(cells)
    assert not [cell for cell in cells if re.search("[0-9]", cell) and cell != "take_2.wav"]
    assert any(f"\u2068{MAP['backbone']}\u2069" in head for head in re.findall("<h3>([^<]*)", text))  # beside a number
    system = published_of("probe", "instrument")
    assert (system.split, system.source) == (leak_words(LEAKY), study_words(PAPER))
    assert system.split != LEAKY
    assert system.source != PAPER


def test_a_persian_page_has_no_latin_figure_or_comma_in_what_was_chosen(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fa")
    recipe = {"hidden": [512, 256], "lr": 2e-05, "epochs": 4, "dropout": 0.2}
    cells = [{"cell": {"task": "instrument", "recipe": recipe | {"lr": lr}}, "splits": {}} for lr in (2e-05, 0.001)]
    told = dict(_method(cells))
    assert "۰٫۰۰۱، ۰٫۰۰۰۰۲" in told.values()
    assert {"۵۱۲ × ۲۵۶", "۴", "۰٫۲"} <= set(told.values())
    assert cell_name("2e-05") == "۰٫۰۰۰۰۲"
    pairs = environment("fa").from_string('{% from "parts.html" import pairs %}{{ pairs(rows) }}')
    assert "<bdi>۱۵</bdi>" in pairs.render(rows=[("x", 15)])
    assert "<bdi>CC BY-NC 4.0</bdi>" in pairs.render(rows=[("x", "CC BY-NC 4.0")])


def test_the_commonest_label_is_that_of_every_length_of_segments():
    def one(system: str, segments: float) -> dict[str, object]:
        judgement = {"segments": {"majority": segments}, "recordings": {"majority": 0.2}}
        return {"system": system, "protocol": "artist", "other": "", "judgement": judgement}

    assert _commonest([one("a", 0.164), one("b", 0.167)], ["artist"])[1:] == ["16.4 – 16.7", "20.0", None]
    assert _commonest([one("a", 0.1671), one("b", 0.1669)], ["artist"])[1:] == ["16.7", "20.0", None]


def test_the_tips_of_a_persian_drawing_are_persian(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fa")
    source = '{% from "figures.html" import bars, confusion %}{{ confusion(((3, 1), (0, 2)), ("تار", "نی")) }}'
    row = {"cell": "۵ ثانیه", "split": "نوازندگان", "segment_accuracy": 41.67, "segment_low": 30, "segment_high": 50}
    text = environment("fa").from_string(source + '{{ bars("ساز", rows) }}').render(rows=[row | {"chance": 20}])
    tips = re.findall("<title>([^<]*)</title>", text)
    assert "برچسب تار، نام‌گذاری نی: ۱ (۲۵٪)" in tips
    assert "۵ ثانیه، نوازندگان: ۴۱٫۶۷٪" in tips
    assert not [tip for tip in tips if re.search("[0-9,%]", tip)]


def test_a_persian_warning_has_persian_figures_wherever_it_is_read(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "fa")
    told = artists_leak(0.667, 0.442, 0.2), leak_sentence(0.9, 0.4, 0.2, "artist"), refusal_words({"refused": 3})
    assert "۶۶٫۷٪" in told[0]
    assert not [text for text in told if re.search("[0-9%]", text)]


def test_the_caption_of_a_wide_table_stays_on_a_narrow_page():
    style = environment("en").get_template("base.html").render(title="x")
    assert re.search(r"\ncaption \{[^}]*max-width: calc\(100vw - 2rem\)", style)
