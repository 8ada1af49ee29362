"""A longer recording divided where its mode, or the nearest gusheh, changes."""

import io
from functools import cache
from itertools import pairwise

import mido
import pytest
import verovio
from lxml import etree

from persian_mir.examples.performance import Performance
from persian_mir.examples.synthesise import Passage, modulate
from persian_mir.modal.pitch import RATE, PitchTrack, detect_pitch
from persian_mir.modal.radif import load_radif
from persian_mir.modal.reading import ModalReading
from persian_mir.modal.sections import read_recording
from persian_mir.transcription.formats import score_format
from persian_mir.transcription.onsets import onsets_of
from persian_mir.transcription.parts import LEAST_S, parts_of
from persian_mir.transcription.played_notes import PlayedNote
from persian_mir.transcription.score import Heading, Score
from persian_mir.transcription.score_words import heading_words, score_words
from persian_mir.transcription.transcribe import score_of
from persian_mir.transcription.write_score import Heard, Part, write_score

SECONDS = 90.0


@cache
def played() -> tuple[Performance, PitchTrack, ModalReading]:
    passages = [Passage("segah", SECONDS), Passage("mahour", SECONDS, 300.0)]
    performance = modulate(passages, "setar", 5, 220.0, RATE)
    track = detect_pitch(performance.samples)
    return performance, track, read_recording(track)


@cache
def written() -> Score:
    performance, track, reading = played()
    return score_of(track, onsets_of([performance.samples]), reading, "two modes")


def test_a_heading_stands_where_the_mode_changes() -> None:
    score, performance = written(), played()[0]
    modes = [one.mode for one in score.headings]
    assert score.headings[0].phrase == 0
    assert modes[0] == "segah"
    assert modes[-1] == "mahour"
    assert modes == sorted(modes, reverse=True)  # all of segah before all of mahour
    second = next(one for one in score.headings if one.mode == "mahour")
    begins = score.phrases[second.phrase][0].start_s
    assert begins == pytest.approx(performance.truth.stays[1].start_s, abs=10.0)
    assert all(one.gusheh is None or one.gusheh.mode == one.mode for one in score.headings)


def test_each_part_is_spelled_as_its_own_mode_in_one_tuning() -> None:
    score = written()
    change = next(one.phrase for one in score.headings if one.mode == "mahour")
    signs = [
        [note.name.sign for phrase in phrases for note in phrase if note.name is not None]
        for phrases in (score.phrases[:change], score.phrases[change:])
    ]
    assert {"koron", "sori"} & set(signs[0])
    off = [abs(note.cents) for note in score.notes()]
    assert sum(cents <= 30 for cents in off) > 0.9 * len(off)


def test_a_reading_of_one_stretch_has_no_heading() -> None:
    notes = [PlayedNote(k / 2, k / 2 + 0.5, 220.0) for k in range(4)]
    segah = Heard("segah", 220.0)
    assert write_score(notes, "", segah).headings == ()
    assert write_score(notes, "", segah, [Part(0.0, segah)]).headings == ()


def test_a_phrase_belongs_to_the_part_in_which_its_middle_lies() -> None:
    starts = [0.0, 0.5, 1.0, 5.0, 5.5, 6.0, 12.0, 12.5, 13.0]
    notes = [PlayedNote(start, start + 0.5, 220.0) for start in starts]
    segah, shour = Heard("segah", 220.0), Heard("shour", 220.0)
    gusheh = load_radif().gushehs[0]
    parts = [Part(0.0, segah), Part(5.6, shour, gusheh), Part(6.5, None), Part(9.0, segah)]
    score = write_score(notes, "", segah, parts)
    assert len(score.phrases) == 3
    assert score.headings == (Heading(0, "segah"), Heading(1, "shour", gusheh), Heading(2, "segah"))


def test_parts_are_no_shorter_than_a_gusheh() -> None:
    reading = played()[2]
    parts = parts_of(reading)
    edges = {section.start_s for section in reading.sections}
    assert edges <= {part.start_s for part in parts}
    for before, after in pairwise(parts):
        assert before.start_s in edges or after.start_s - before.start_s >= LEAST_S


def test_headings_are_in_every_format_and_drawn() -> None:
    score = written()
    words = [heading_words(one) for one in score.headings]
    for name in ("musicxml", "mei"):
        data = score_format(name).written(score)
        told = [text for text in etree.fromstring(data).itertext() if text in words]
        assert told == words
        kit = verovio.toolkit()
        assert kit.loadData(data.decode())
        drawn = "".join(kit.renderToSVG(page) for page in range(1, kit.getPageCount() + 1))
        assert kit.getLog() == ""
        assert all(f">{text}<" in drawn for text in words)
    lines = score_format("lilypond").written(score).decode().splitlines()
    assert [line.split('"')[1] for line in lines if "\\mark" in line] == words
    file = mido.MidiFile(file=io.BytesIO(score_format("midi").written(score)), charset="utf-8")
    assert [event.text for event in file.tracks[0] if event.type == "marker"] == words
    assert "spelled as Segah and Mahour" in score_words(score) or "spelled as Mahour and Segah" in score_words(score)


def test_headings_are_in_the_user_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    zabol = next(one for one in load_radif().gushehs if one.name == "Zabol" and one.mode == "segah")
    assert heading_words(Heading(0, "segah", zabol)) == "سه‌گاه (نزدیک به زابل)"
    assert heading_words(Heading(0, None)) == "مقامی شنیده نشد"
