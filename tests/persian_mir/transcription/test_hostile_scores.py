"""Scores made to do harm: each is read within bounds, or refused in words."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from persian_mir.exchange.bounded import ExchangeError
from persian_mir.transcription import midi, read_musicxml
from persian_mir.transcription.formats import read_score
from persian_mir.transcription.score import MOST_QUARTERS

NOTE = "<note><pitch><step>{step}</step><octave>4</octave></pitch><duration>{duration}</duration></note>"


def document(*notes: str, head: str = "", divisions: str = "2") -> str:
    measure = f"<measure><attributes><divisions>{divisions}</divisions></attributes>{''.join(notes)}</measure>"
    return f'{head}<score-partwise><part id="P1">{measure}</part></score-partwise>'


def note(step: str = "E", duration: str = "2") -> str:
    return NOTE.format(step=step, duration=duration)


def number(value: int) -> bytes:
    """A MIDI quantity of variable length."""
    parts = [value & 127]
    while value := value >> 7:
        parts.append(value & 127 | 128)
    return bytes(reversed(parts))


def track(*events: bytes, ticks: int = 480, kind: int = 0) -> bytes:
    body = b"".join(events) + b"\0\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, kind, 1, ticks) + b"MTrk" + struct.pack(">I", len(body)) + body


def on(after: int = 0, key: int = 60) -> bytes:
    return number(after) + bytes([0x90, key, 80])


def off(after: int = 480, key: int = 60) -> bytes:
    return number(after) + bytes([0x80, key, 0])


def packed(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return out.getvalue()


def broken() -> bytes:
    """A packed score whose compressed bytes are damaged."""
    data = bytearray(packed(a_xml=document(*(note() for _k in range(40)))))
    data[60] ^= 255
    data[61] ^= 255
    return bytes(data)


REFUSED = {
    "no ticks.mid": track(on(), off(), ticks=0),
    "a key that does not exist.mid": track(b"\0\xff\x59\x02\x7f\x09", on(), off()),
    "a time without end.mid": track(b"\xff" * 4000 + b"\x7f" + bytes([0x90, 60, 80]), off()),
    "longer than a day.mid": track(*[on(0x0FFFFFFF), off(0x0FFFFFFF)] * 200, ticks=1),
    "a text longer than the file.mid": track(b"\0\xff\x01\xff\xff\xff\x7fabc"),
    "tracks apart.mid": track(on(), off(), kind=2),
    "a head without end.mid": b"MThd" + struct.pack(">IHHH", 0xFFFFFFF0, 0, 1, 480),
    "no time.mid": track(b"\0\xff\x51\x03\0\0\0", on(), off()),
    "damaged.mxl": broken(),
    "a score in a score.mxl": packed(a_mxl="PK"),
    "a container with entities.mxl": packed(**{
        "META-INF__container_xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><container>&a;</container>", "a_xml": document(note())
    }),
    "deep.xml": ("<a>" * 5000 + "</a>" * 5000).encode(),
    "laughs.xml": document(note("&c;"), head=(
        "<!DOCTYPE x [<!ENTITY a 'EEEEEEEEEE'><!ENTITY b '" + "&a;" * 10 + "'><!ENTITY c '" + "&b;" * 10 + "'>]>"
    )).encode(),
    "a file asked for.xml": document(
        note(), head='<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>'
    ).encode(),
    "octaves.xml": document(note().replace(">4<", ">99999999<")).encode(),
    "in time.xml": b"<score-timewise><measure><part/></measure></score-timewise>",
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(REFUSED[name])
    with pytest.raises(ExchangeError) as refused:
        read_score(path)
    assert refused.value.path == path
    assert refused.value.what


@pytest.mark.parametrize("duration", ["1e9999999", "1e400", "nan", "-inf", "9" * 5000, "1/0", "٣"])
def test_no_length_hangs_or_grows_beyond_bounds(duration: str, tmp_path: Path) -> None:
    path = tmp_path / "score.xml"
    path.write_text(document(note(duration=duration), note("C")), encoding="utf-8")
    assert all(0 <= one.length <= MOST_QUARTERS for one in read_score(path).notes())


@pytest.mark.parametrize("divisions", ["0", "-4", "nan", "1e999", "1e-300"])
def test_no_division_does_harm(divisions: str, tmp_path: Path) -> None:
    path = tmp_path / "score.xml"
    path.write_text(document(note(), divisions=divisions), encoding="utf-8")
    assert all(0 <= one.length <= MOST_QUARTERS for one in read_score(path).notes())


def test_tied_notes_are_no_longer_than_a_note_may_be(tmp_path: Path) -> None:
    tied = note(duration="100").replace("<pitch>", '<tie type="stop"/><pitch>')
    path = tmp_path / "score.xml"
    path.write_text(document(*[tied] * 50), encoding="utf-8")
    assert [one.length for one in read_score(path).notes()] == [MOST_QUARTERS]


def test_too_many_notes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (midi, read_musicxml):
        monkeypatch.setattr(module, "MOST_NOTES", 20)
    (tmp_path / "score.xml").write_text(document(*[note()] * 21), encoding="utf-8")
    (tmp_path / "score.mid").write_bytes(track(*[on(), off()] * 21))
    for path in tmp_path.iterdir():
        with pytest.raises(ExchangeError, match="more notes than are read: 20"):
            read_score(path)


def test_a_midi_file_larger_than_any_score_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "score.mid"
    path.write_bytes(track(*[on(), off()]) + bytes(midi.MOST_BYTES))
    with pytest.raises(ExchangeError, match="larger than 2 MB"):
        read_score(path)


def test_bends_far_from_a_note_are_not_looked_at() -> None:
    class Counted(list[tuple[float, int]]):
        copied = 0

        def __getitem__(self, key):  # type: ignore[no-untyped-def]
            found = super().__getitem__(key)
            Counted.copied += len(found) if isinstance(key, slice) else 0
            return found

    bends = Counted([(0.0, 0), *((k / 100, k % 5) for k in range(1, 100_000))])
    assert midi._longest(bends, 500.0, 500.015) == 50_000 % 5
    assert Counted.copied <= 3


def test_the_score_that_the_container_names_is_read(tmp_path: Path) -> None:
    container = '<container><rootfiles><rootfile full-path="b.xml"/></rootfiles></container>'
    path = tmp_path / "score.mxl"
    names = {"META-INF__container_xml": container, "a_xml": document(note("C")), "b_xml": document(note("D"))}
    path.write_bytes(packed(**names))
    assert [one.name.letter for one in read_score(path).notes() if one.name] == ["Re"]
