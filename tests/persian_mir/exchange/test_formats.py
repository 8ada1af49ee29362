"""Every format of the table: golden files, round trips, and what a file from elsewhere can do."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir import __version__
from persian_mir.catalogue.model import Described
from persian_mir.errors import PersianMirError
from persian_mir.exchange.formats import FORMATS, Format
from tests.persian_mir.exchange.described import BARE, FULL, recordings

GOLDEN = Path(__file__).parent / "golden"
RENEW = bool(os.environ.get("RENEW_GOLDEN"))  # set it, run this file, read what changed
TEXTS = [one for one in FORMATS if one.id not in ("parquet", "bagit", "clips")]
LOSSLESS = [one for one in FORMATS if one.lossless]
READABLE = [one for one in FORMATS if one.read]


def by_id(one: Format) -> str:
    return one.id


def held(format_: Format) -> list[Described]:
    return [FULL, BARE] if format_.many else [FULL]


def back(format_: Format, *described: Described) -> list[Described | None]:
    assert format_.read is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{format_.extension}"
        format_.write(path, described)
        sheets = format_.read(path)
    assert not any(sheet.labels for sheet in sheets)
    return [sheet.own for sheet in sheets]


@pytest.mark.parametrize("format_", TEXTS, ids=by_id)
def test_golden(format_: Format, tmp_path: Path) -> None:
    path, golden = tmp_path / f"out{format_.extension}", GOLDEN / f"{format_.id}{format_.extension}"
    format_.write(path, held(format_))
    written = path.read_bytes().replace(f"persian-mir {__version__}".encode(), b"persian-mir VERSION")
    if RENEW:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(written)
    assert written.decode() == golden.read_bytes().decode()


@pytest.mark.parametrize("format_", LOSSLESS, ids=by_id)
def test_everything_comes_back(format_: Format) -> None:
    assert back(format_, *held(format_)) == held(format_)


@pytest.mark.parametrize("format_", LOSSLESS, ids=by_id)
@settings(max_examples=30)
@given(data=st.data())
def test_anything_comes_back(format_: Format, data: st.DataObject) -> None:
    described = data.draw(recordings())
    assert back(format_, described) == [described]


@pytest.mark.parametrize("format_", READABLE, ids=by_id)
@settings(max_examples=40)
@given(data=st.data())
def test_any_damage_is_read_or_refused_in_words(format_: Format, data: st.DataObject) -> None:
    assert format_.read is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{format_.extension}"
        format_.write(path, [FULL])
        damaged = bytearray(path.read_bytes())
        for at, byte in data.draw(
            st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=4)
        ):
            damaged[at] = byte
        path.write_bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
        with suppress(PersianMirError):
            format_.read(path)
