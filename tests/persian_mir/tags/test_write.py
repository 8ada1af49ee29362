"""Writing: in every kind of file, the sound unchanged bit by bit, other tags as they were, and back to the byte."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import mutagen
import mutagen.apev2
import pytest
from mutagen import id3
from mutagen.wave import WAVE

from persian_mir.audio.file_state import file_state
from persian_mir.audio.identity import identify
from persian_mir.tags.journal import Journal
from persian_mir.tags.plan import FilePlan, plan_file
from persian_mir.tags.profiles import templates
from persian_mir.tags.values import Holding
from persian_mir.tags.write import WriteResult, undo_tags, write_tags

KINDS = (
    *("wav16", "wav24-96k", "wav-adpcm", "aiff", "flac16", "vorbis", "flac-in-ogg", "opus"),
    *("mp3", "m4a", "alac", "wma", "video", "adts", "wavpack"),
)
ALL = templates("fields-fa", ["title={dastgah_fa} · {title}", "comment={provenance}"])
OLD_NS = 1_500_000_000_000_000_000


def samples(path: Path) -> str:
    """A hash of what FFmpeg decodes, past every cache of the program."""
    digest = hashlib.sha256()
    with av.open(str(path)) as file:
        for frame in file.decode(audio=0):
            digest.update(frame.to_ndarray().tobytes())
    return digest.hexdigest()


def write(path: Path, known: Holding, chosen: object = ALL, **options: bool) -> WriteResult:
    return write_tags([plan_file(path, known, chosen)], "test", **options)


def refusal(path: Path, known: Holding) -> str:
    """Why a file is not written; it must be untouched, to its time."""
    before, info = path.read_bytes(), path.stat()
    (outcome,) = write(path, known).outcomes
    assert not outcome.changed
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == info.st_mtime_ns
    return outcome.reason


@pytest.fixture
def mp3(tagged_kinds: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copy(tagged_kinds["mp3"], tmp_path / "take.mp3"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_with_its_sound_and_undone_to_the_byte(kind, tagged_kinds, tmp_path, known) -> None:
    path = Path(shutil.copy(tagged_kinds[kind], tmp_path))
    path.chmod(0o640)
    os.utime(path, ns=(OLD_NS, OLD_NS))
    bytes_before, sound, heard = path.read_bytes(), identify(path, file_state(path)).sound, samples(path)
    plan = plan_file(path, known, ALL)
    assert {change.field for change in plan.changes} == {*ALL} - {"mode"}
    assert path.read_bytes() == bytes_before
    written = write_tags([plan], "test")
    assert written.outcomes[0].changed, written.outcomes[0].reason
    assert path.read_bytes() != bytes_before
    assert identify(path, file_state(path)).sound == sound
    assert samples(path) == heard
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.stat().st_mtime_ns != OLD_NS
    assert plan_file(path, known, ALL).changes == ()
    assert "شور · " in str(mutagen.File(path).tags.pprint())
    assert {one.changed for one in undo_tags(written.batch)} == {True}
    assert path.read_bytes() == bytes_before
    assert path.stat().st_mtime_ns == OLD_NS
    assert list(tmp_path.glob(".*")) == []


def test_all_kinds_that_hold_tags_are_tried(tagged_kinds: dict[str, Path]) -> None:
    assert set(KINDS) == set(tagged_kinds)


def test_a_way_back_is_small(tagged_kinds, tmp_path, known) -> None:
    for kind in ("wav24-96k", "flac16", "mp3", "m4a"):
        path = Path(shutil.copy(tagged_kinds[kind], tmp_path))
        batch = write(path, known).batch
        journal = Journal()
        assert len(journal.delta(journal.entries(batch)[0])) < 1000


def test_times_are_kept_on_wish(mp3: Path, known: Holding) -> None:
    os.utime(mp3, ns=(OLD_NS, OLD_NS))
    assert write(mp3, known, keep_times=True).outcomes[0].changed
    assert mp3.stat().st_mtime_ns == OLD_NS


def test_a_file_that_says_so_already_is_not_touched(mp3: Path, known: Holding) -> None:
    write(mp3, known)
    info = mp3.stat()
    again = write(mp3, known)
    assert again.batch == 0
    assert (mp3.stat().st_ino, mp3.stat().st_mtime_ns) == (info.st_ino, info.st_mtime_ns)


def test_other_tags_stay_as_they_are(mp3: Path, known: Holding) -> None:
    tags = id3.ID3()
    tags.add(id3.APIC(encoding=3, mime="image/png", type=3, desc="cover", data=bytes(range(256)) * 40))
    tags.add(id3.TXXX(encoding=3, desc="OTHER", text=["one", "two"]))
    tags.add(id3.COMM(encoding=3, lang="fas", desc="", text=["یادداشت"]))
    tags.add(id3.COMM(encoding=3, lang="eng", desc="iTunNORM", text=["0000"]))
    tags.add(id3.TYER(encoding=3, text=["1343"]))
    tags.save(mp3, v2_version=3, v23_sep=None)
    assert write(mp3, known).outcomes[0].changed
    found = id3.ID3(mp3, translate=False)
    assert found.version == (2, 3, 0)
    assert found["APIC:cover"] == tags["APIC:cover"]
    assert found["TXXX:OTHER"].text == ["one", "two"]
    assert found["COMM:iTunNORM:eng"].text == ["0000"]
    assert found["COMM::fas"].text[0].startswith("dastgah: shour")
    assert found["TYER"].text == ["1343"]
    assert found["TXXX:PERFORMER"].text == ["نوازندهٔ ناشناس (attributed)"]


def test_an_old_tag_without_persian_is_left_alone(mp3: Path, known: Holding) -> None:
    old = b"TAG" + "عنوان".encode("cp1256").ljust(30, b"\0") + b"\0" * 95
    with mp3.open("ab") as file:
        file.write(old)
    before = mp3.read_bytes()
    written = write(mp3, known)
    assert written.outcomes[0].changed
    assert mp3.read_bytes().endswith(old)
    undo_tags(written.batch)
    assert mp3.read_bytes() == before


def test_a_wav_is_told_of_in_both_its_tags(tagged_kinds, tmp_path, known) -> None:
    path = Path(shutil.copy(tagged_kinds["wav16"], tmp_path))
    write(path, known)
    assert WAVE(path).tags["TIT2"].text == ["شور · wav16"]
    with av.open(str(path)) as file:
        assert file.metadata["title"] == "شور · wav16"
    assert b"INAM" in path.read_bytes()
    longer = templates("", ["title=" + "بلند " * 40, "album=x"])
    write(path, {}, longer)
    write(path, {}, templates("", ["title=y", "album="]))
    with av.open(str(path)) as file:
        assert file.metadata["title"] == "y"
        assert "album" not in file.metadata
    assert int.from_bytes(path.read_bytes()[4:8], "little") == path.stat().st_size - 8


def test_chunks_of_broadcasters_stay(tagged_kinds, tmp_path, known) -> None:
    raw = tagged_kinds["wav16"].read_bytes()
    bext = b"bext" + (602).to_bytes(4, "little") + b"Radio".ljust(602, b"\0")
    info = b"LIST" + (16).to_bytes(4, "little") + b"INFO" + b"ISFT" + (4).to_bytes(4, "little") + b"abc\0"
    path = tmp_path / "b.wav"
    path.write_bytes(
        raw[:4] + (len(raw) + len(bext) + len(info) - 8).to_bytes(4, "little") + raw[8:36] + bext + info + raw[36:]
    )
    before = path.read_bytes()
    written = write(path, known)
    assert written.outcomes[0].changed, written.outcomes[0].reason
    assert bext in path.read_bytes()
    assert b"ISFT" in path.read_bytes()
    undo_tags(written.batch)
    assert path.read_bytes() == before


def test_links_devices_and_read_only_files_are_refused(mp3: Path, tmp_path: Path, known: Holding) -> None:
    link = tmp_path / "link.mp3"
    link.symlink_to(mp3)
    assert "link" in plan_file(link, known, ALL).refused
    assert "device" in plan_file(Path("/dev/null"), known, ALL).refused
    assert "not exist" in plan_file(tmp_path / "none.mp3", known, ALL).refused
    assert "folder" in plan_file(tmp_path, known, ALL).refused
    mp3.chmod(0o444)
    assert "read-only" in refusal(mp3, known)
    mp3.chmod(0o644)
    second = tmp_path / "second.mp3"
    second.hardlink_to(mp3)
    assert "hard links" in refusal(mp3, known)


def test_a_file_that_is_open_elsewhere_is_refused(mp3: Path, known: Holding) -> None:
    with mp3.open("rb"):
        assert "open in another program" in refusal(mp3, known)
    assert write(mp3, known).outcomes[0].changed


def test_a_file_that_changed_since_the_preview_is_refused(mp3: Path, known: Holding) -> None:
    plan = plan_file(mp3, known, ALL)
    os.utime(mp3, ns=(OLD_NS, OLD_NS))
    (outcome,) = write_tags([plan], "test").outcomes
    assert "has changed" in outcome.reason
    assert mp3.stat().st_mtime_ns == OLD_NS


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("rf64", "RF64"), ("w64", "Wave64"), ("caf", "CAF"), ("au", "AU"), ("webm", "Matroska / WebM")),
        *(("mkv-ac3", "Matroska / WebM"), ("tta", "True Audio")),
    ],
)
def test_what_holds_no_tags_is_refused_before_and_named(kind, name, untagged_kinds, tmp_path, known) -> None:
    path = Path(shutil.copy(untagged_kinds[kind], tmp_path))
    plan = plan_file(path, known, ALL)
    assert plan.changes == ()
    assert f"of the kind {name}." in plan.refused
    assert "sidecar" in plan.refused
    assert refusal(path, known) == plan.refused
    assert write_tags([plan], "test").batch == 0


def test_what_is_no_sound_is_refused(tmp_path: Path, known: Holding) -> None:
    (tmp_path / "text.mp3").write_bytes(b"no sound at all" * 100)
    assert "this kind of file" in refusal(tmp_path / "text.mp3", known)


def test_other_tags_of_an_adts_are_in_line_and_stay(tagged_kinds, tmp_path, known) -> None:
    """APEv2 is written; an ID3v2 that was there says the same, and ID3v1 is left alone."""
    path = Path(shutil.copy(tagged_kinds["adts"], tmp_path))
    old = b"TAGold".ljust(128, b"\0")
    tags = id3.ID3()
    tags.add(id3.TIT2(encoding=3, text=["Take"]))
    tags.save(path)
    before = path.read_bytes() + old
    path.write_bytes(before)
    written = write(path, known)
    assert written.outcomes[0].changed
    assert id3.ID3(path)["TIT2"].text == ["شور · Take"]
    assert mutagen.apev2.APEv2(path)["title"] == "شور · Take"
    assert path.read_bytes().endswith(old)
    assert undo_tags(written.batch)[0].changed
    assert path.read_bytes() == before


def test_sound_that_would_change_is_not_written(tagged_kinds, tmp_path, known, monkeypatch) -> None:
    from persian_mir.tags.containers import _Mutagen

    path = Path(shutil.copy(tagged_kinds["flac16"], tmp_path))
    real = _Mutagen.save

    def spoiling(self: _Mutagen, file: object) -> None:
        real(self, file)
        file.seek(-100, os.SEEK_END)
        file.write(b"x")

    monkeypatch.setattr(_Mutagen, "save", spoiling)
    assert "sound of the file" in refusal(path, known)
    assert list(tmp_path.glob(".*")) == []


def test_tags_that_would_be_lost_are_not_written(mp3: Path, known, monkeypatch) -> None:
    from persian_mir.tags.containers import _Id3

    tags = id3.ID3()
    tags.add(id3.TXXX(encoding=3, desc="OTHER", text=["one"]))
    tags.save(mp3)
    real = _Id3.put

    def losing(self: _Id3, key: str, text: str) -> None:
        self.file.tags.delall("TXXX:OTHER")
        real(self, key, text)

    monkeypatch.setattr(_Id3, "put", losing)
    assert "Other tags" in refusal(mp3, known)


def damaged(path: Path) -> Iterator[bytes]:
    """The file cut off, with spoilt heads, and with tags that claim to be huge."""
    raw = path.read_bytes()
    yield from (raw[: len(raw) // 3], raw[:40], raw[:12])
    for place in (4, 20, 60, 100):
        spoilt = bytearray(raw)
        spoilt[place : place + 12] = b"\xff" * 12
        yield bytes(spoilt)
    yield b"ID3\4\0\0\x7f\x7f\x7f\x7f" + raw


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_and_hostile_files_are_refused_or_come_back(kind, tagged_kinds, tmp_path, known) -> None:
    for number, content in enumerate(damaged(tagged_kinds[kind])):
        path = tmp_path / f"{number}{tagged_kinds[kind].suffix}"
        path.write_bytes(content)
        written = write(path, known)
        (outcome,) = written.outcomes
        assert outcome.changed or (outcome.reason and path.read_bytes() == content)
        if outcome.changed:
            assert undo_tags(written.batch)[0].changed
            assert path.read_bytes() == content


def test_undo_refuses_what_was_changed_since(mp3: Path, known: Holding) -> None:
    original = mp3.read_bytes()
    first = write(mp3, known)
    second = write(mp3, {}, templates("", ["album=x"]))
    (outcome,) = undo_tags(first.batch)
    assert "changed since" in outcome.reason
    assert undo_tags(second.batch)[0].changed
    assert undo_tags(first.batch)[0].changed
    assert mp3.read_bytes() == original
    assert [(one.files, one.undone) for one in Journal().batches()] == [(1, 1), (1, 1)]
    assert not undo_tags(first.batch)[0].changed


def test_a_batch_goes_on_past_what_fails(tagged_kinds, tmp_path, known) -> None:
    good = [Path(shutil.copy(tagged_kinds[kind], tmp_path)) for kind in ("mp3", "flac16")]
    (tmp_path / "bad.mp3").write_bytes(b"nothing")
    paths = [good[0], tmp_path / "bad.mp3", good[1]]
    written = write_tags([plan_file(path, known, ALL) for path in paths], "test")
    assert [one.changed for one in written.outcomes] == [True, False, True]
    assert Journal().batches()[0].files == 2


def test_a_plan_without_changes_writes_nothing(tmp_path: Path) -> None:
    assert write_tags([FilePlan(tmp_path / "a.mp3")], "test").batch == 0
    assert write_tags([], "test").outcomes == ()


def test_other_programs_read_what_was_written(tagged_kinds, tmp_path, known) -> None:
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe is not installed here")
    for kind in KINDS:
        path = Path(shutil.copy(tagged_kinds[kind], tmp_path))
        write(path, known)
        told = subprocess.run(
            ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", "-of", "json", path],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert f"شور · {kind}" in told, kind
