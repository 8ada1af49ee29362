import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import mido
import pytest
import verovio
from hypothesis import given, settings
from lxml import etree

from persian_mir.errors import PersianMirError
from persian_mir.exchange.bounded import ExchangeError
from persian_mir.modal.names import SIGNS, NoteName, plain_name
from persian_mir.transcription.formats import SCORE_FORMATS, read_score, score_format
from persian_mir.transcription.midi import key_and_bend, midi, read_midi
from persian_mir.transcription.musicxml import musicxml
from persian_mir.transcription.score import GRACE, Phrase, Score, ScoreNote, written_parts

from .scores import read_scala, scores

GOLDEN = Path(__file__).parent / "golden"

KORON, SORI = NoteName("Mi", "koron", 4), NoteName("Fa", "sori", 4)


def timed(*notes: tuple[NoteName | None, Fraction], now: float = 0.0) -> tuple[ScoreNote, ...]:
    """The notes one after the other, a quarter lasting half a second."""
    found = []
    for name, length in notes:
        found.append(ScoreNote(name, length, now, now + float(length) / 2))
        now += float(length) / 2
    return tuple(found)


def small() -> Score:
    first = timed((KORON, Fraction(1)), (SORI, Fraction(5, 4)), (NoteName("Sol", "", 4), Fraction(1, 2)))
    second = timed(
        (NoteName("Mi", "", 4), Fraction(1)), (None, Fraction(1)), (NoteName("Si", "flat", 3), Fraction(4)), now=2.0
    )
    return Score("Segah", (first, second), 0.5)


@pytest.fixture(scope="module")
def engraver() -> verovio.toolkit:
    return verovio.toolkit()


@pytest.mark.parametrize("name", ["musicxml", "mei"])
@settings(max_examples=30)
@given(score=scores)
def test_verovio_reads_it_without_a_complaint(name: str, engraver: verovio.toolkit, score: Score) -> None:
    assert engraver.loadData(score_format(name).written(score).decode())
    svg = engraver.renderToSVG(1)
    assert engraver.getLog() == ""
    pages = [svg, *(engraver.renderToSVG(page) for page in range(2, engraver.getPageCount() + 1))]
    drawn = etree.fromstring(engraver.getMEI().encode())
    heads = [1 if note.grace else len(written_parts(note.length)) for note in score.notes()]
    assert len(list(drawn.iter("{*}note"))) == sum(heads)
    for sign, glyph in (("koron", "E460"), ("sori", "E461")):
        written = sum(note.name is not None and note.name.sign == sign for note in score.notes())
        assert sum(page.count(f'href="#{glyph}') for page in pages) == written


@settings(max_examples=60)
@given(score=scores)
def test_musicxml_comes_back_as_it_was_written(score: Score, tmp_path: Path) -> None:
    path = tmp_path / "score.musicxml"
    path.write_bytes(musicxml(score))
    found = read_score(path)
    assert found.quarter_s == pytest.approx(score.quarter_s, abs=0.01)

    assert [essence(phrase) for phrase in found.phrases] == [essence(phrase) for phrase in score.phrases]


def test_a_single_long_phrase_comes_back_as_one(tmp_path: Path) -> None:
    phrase = timed(*[(KORON, Fraction(1)), (SORI, Fraction(1, 2))] * 20)  # more than a bar holds
    path = tmp_path / "score.musicxml"
    path.write_bytes(musicxml(Score("Segah", (phrase,), 0.5)))
    assert [essence(one) for one in read_score(path).phrases] == [essence(phrase)]


def essence(phrase: Phrase) -> list[tuple[NoteName | None, Fraction, bool]]:
    """Names, lengths and tremolos; rests in a row are one."""
    told: list[tuple[NoteName | None, Fraction, bool]] = []
    for note in phrase:
        if note.name is None and told and told[-1][0] is None:
            told[-1] = (None, told[-1][1] + note.length, False)
        else:
            told.append((note.name, note.length, note.tremolo))
    return told


def test_the_measured_scale_as_scala_has_it() -> None:
    measured = replace(small(), title="چهارمضراب\nسه‌گاه", mode="segah", scale=(0.0, 147.3, 355.0, 498.12, 702.0, 996.5))
    written = score_format("scl").written(measured)
    assert written == (GOLDEN / "segah.scl").read_bytes()
    title, cents = read_scala(written.decode())
    assert title == "Segah, چهارمضراب سه‌گاه"
    assert cents == [147.3, 355.0, 498.12, 702.0, 996.5, 1200.0]


def test_without_a_mode_there_is_no_scale() -> None:
    scala = score_format("scl")
    assert not scala.holds(small())
    with pytest.raises(PersianMirError, match="no mode was heard"):
        scala.written(small())


def test_quarter_tones_in_lilypond() -> None:
    text = score_format("lilypond").written(small()).decode()
    assert '\\include "persian.ly"' in text
    assert "ek'!4 fo'!4~ fo'!16 g'8" in text
    assert "e'4 r4 bf!1" in text


def test_a_title_cannot_leave_its_quotes() -> None:
    text = score_format("lilypond").written(replace(small(), title='x" }\n#(system "ls") \\')).decode()
    assert 'title = "x\\" } #(system \\"ls\\") \\\\"' in text


def test_midi_bends_a_quarter_tone_as_the_radif_does() -> None:
    assert key_and_bend(KORON.step) == (64, -2048)
    assert key_and_bend(SORI.step) == (66, -2048)
    file = mido.MidiFile(file=io.BytesIO(midi(small())))
    assert [event.pitch for event in file.tracks[0] if event.type == "pitchwheel"] == [-2048, -2048, 0, 0, 0]


@settings(max_examples=40)
@given(score=scores)
def test_midi_comes_back_with_its_times_and_quarter_tones(score: Score, tmp_path: Path) -> None:
    notes = [note for note in score.notes() if not note.grace]
    played = timed(*((plain_name(note.step), note.length) for note in notes))
    path = tmp_path / "score.mid"
    path.write_bytes(midi(replace(score, phrases=(played,), headings=())))
    found = list(read_midi(path).notes())
    assert [note.step for note in found] == [note.step for note in played]
    assert [note.start_s for note in found] == pytest.approx([note.start_s for note in played], abs=0.01)


def test_the_bend_that_holds_longest_counts(tmp_path: Path) -> None:
    file = mido.MidiFile(ticks_per_beat=500)
    events = [("note_on", {"note": 60}, 0), ("pitchwheel", {"pitch": -2048}, 900), ("note_off", {"note": 60}, 100)]
    file.tracks.append(mido.MidiTrack([mido.Message(kind, time=time, **told) for kind, told, time in events]))
    file.save(tmp_path / "one.mid")
    assert [note.step for note in read_midi(tmp_path / "one.mid").notes()] == [0]


def test_time_signatures_mark_phrases_in_the_radif(shared: Path) -> None:
    path = next((shared / "data/radif/mirza-abdollah").rglob("1. Ramkali.mid"))
    score = read_midi(path)
    assert len(score.phrases) > 3
    assert any(note.name is not None and note.name.sign == "koron" for note in score.notes())


def test_names_and_steps_agree() -> None:
    for step in range(-60, 60):
        assert plain_name(step).step == step
    for quarter, sign in SIGNS.items():
        assert NoteName("La", sign, 4).step == 18 + quarter
    assert NoteName("La", "", 4).hz == pytest.approx(440.0)


def test_every_format_holds_a_score_without_notes_and_an_ornament_at_the_end() -> None:
    empty = Score("nothing", (), 0.5)
    hanging = Score("hanging", ((ScoreNote(KORON, GRACE, 0.0, 0.05),),), 0.5)
    for one in (one for one in SCORE_FORMATS if not one.of_scale):
        assert one.written(empty)
        assert one.written(hanging)


@pytest.mark.parametrize("name", ["x.musicxml", "x.mxl", "x.mid", "x.docx"])
def test_what_is_no_score_is_refused_in_words(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for data in (b"", b"\x00\xff" * 40, b"PK\x03\x04broken", b"MThd\x00\x00\x00\x06\x00\x00\x00\x01", b"<a/>"):
        path.write_bytes(data)
        with pytest.raises(ExchangeError) as refused:
            read_score(path)
        assert refused.value.path == path
