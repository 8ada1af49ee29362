import zipfile
from pathlib import Path

import pytest

from persian_mir.exchange.bounded import ExchangeError
from persian_mir.transcription.read_musicxml import read_musicxml

DOCTYPE = '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 3.1 Partwise//EN" "http://x/partwise.dtd">'


def note(step: str, alter: str = "", accidental: str = "", more: str = "", duration: int = 2) -> str:
    altered = f"<alter>{alter}</alter>" if alter else ""
    written = f"<accidental>{accidental}</accidental>" if accidental else ""
    return (
        f"<note>{more}<pitch><step>{step}</step>{altered}<octave>4</octave></pitch>"
        f"<duration>{duration}</duration><voice>1</voice>{written}</note>"
    )


def document(*bars: str, head: str = DOCTYPE) -> str:
    divisions = "<attributes><divisions>2</divisions></attributes>"
    measures = "".join(f"<measure>{divisions}{bar}</measure>" for bar in bars)
    return f'{head}<score-partwise version="3.1"><part id="P1">{measures}</part></score-partwise>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "old score.xml"


def signs(path: Path) -> list[str]:
    return [one.name.sign for one in read_musicxml(path).notes() if one.name is not None]


@pytest.mark.parametrize(
    ("alter", "accidental", "sign"),
    [
        ("-0.5", "koron", "koron"), ("-0.5", "", "koron"), ("-0.4", "", "koron"), ("", "koron", "koron"),
        ("-0.5", "quarter-flat", "koron"), ("-0.5", "slash-flat", "koron"),
        ("0.5", "", "sori"), ("0.3", "sori", "sori"),
        ("", "slash-quarter-sharp", "sori"), ("-1", "flat", "flat"), ("1", "", "sharp"), ("0", "natural", ""),
        ("-1", "", "flat"), ("nonsense", "", ""),
    ],
)  # fmt: skip
def test_quarter_tones_in_every_spelling(path: Path, alter: str, accidental: str, sign: str) -> None:
    path.write_text(document(note("E", alter, accidental)))
    assert signs(path) == [sign]


def test_double_flats_sound_as_they_should(path: Path) -> None:
    path.write_text(document(note("B", "-2", "flat-flat")))
    assert [one.step for one in read_musicxml(path).notes()] == [18]  # La 4


def test_chords_other_voices_and_cues_are_left_out_and_ties_joined(path: Path) -> None:
    other = note("G").replace("<voice>1", "<voice>2")
    tied = note("E", more='<tie type="start"/>') + note("E", more='<tie type="stop"/>')
    path.write_text(document(note("C") + note("E", more="<chord/>") + other + note("D", more="<cue/>") + tied))
    found = list(read_musicxml(path).notes())
    assert [(one.name.letter, float(one.length)) for one in found if one.name] == [("Do", 1.0), ("Mi", 2.0)]


def test_bars_are_phrases_where_none_are_marked(path: Path) -> None:
    path.write_text(document(note("C"), note("D"), note("E")))
    assert [len(phrase) for phrase in read_musicxml(path).phrases] == [1, 1, 1]


def test_a_packed_score_is_read(tmp_path: Path) -> None:
    path = tmp_path / "score.mxl"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("META-INF/container.xml", "<container/>")
        packed.writestr("../../out of here.xml", document(note("C")))
    assert len(list(read_musicxml(path).notes())) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["score.mxl"]


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize("head", [BOMB, OUTSIDE])
def test_entities_are_refused(path: Path, head: str) -> None:
    path.write_text(document(note("C"), head=head))
    with pytest.raises(ExchangeError, match="entities"):
        read_musicxml(path)


def test_a_packed_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.mxl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("score.xml", b"<a>" + b" " * (70 << 20) + b"</a>")
    with pytest.raises(ExchangeError, match="larger than 64 MB"):
        read_musicxml(path)


@pytest.mark.parametrize("duration", [-3, 0, 10**30])
def test_impossible_lengths_do_no_harm(path: Path, duration: int) -> None:
    path.write_text(document(note("C", duration=duration) + note("D")))
    assert all(0 <= one.length <= 64 for one in read_musicxml(path).notes())


def test_no_notes_are_told(path: Path) -> None:
    path.write_text(document("<note><rest/><duration>2</duration></note>"))
    with pytest.raises(ExchangeError, match="no note"):
        read_musicxml(path)
