"""The way back to a file's old bytes is right whatever the files are, and small where only tags changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.tags import delta as module
from persian_mir.tags.delta import DeltaError, difference, hash_of, restored


def back(folder: Path, old: bytes, new: bytes, shifts: list[int]) -> tuple[bytes, int]:
    (folder / "old").write_bytes(old)
    (folder / "new").write_bytes(new)
    with (folder / "old").open("rb") as one, (folder / "new").open("rb") as other:
        delta = difference(one, other, shifts)
        return b"".join(restored(other, delta)), len(delta)


@given(st.binary(max_size=300), st.binary(max_size=300), st.lists(st.integers(-400, 400), max_size=3))
def test_any_file_comes_back_from_any_other(tmp_path_factory, old: bytes, new: bytes, shifts: list[int]) -> None:
    assert back(tmp_path_factory.mktemp("delta"), old, new, shifts)[0] == old


def test_sound_that_moved_is_not_kept_twice(tmp_path: Path) -> None:
    sound = np.random.default_rng(0).bytes(3 * module.BLOCK + 12345)
    old, new = b"head" + sound + b"tail", b"a longer head" + sound + b"another tail"
    found, size = back(tmp_path, old, new, [len(new) - len(old), 9])
    assert found == old
    assert size < 200


def test_files_that_have_nothing_in_common_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1000)
    with pytest.raises(DeltaError):
        back(tmp_path, b"a" * 2000, b"b" * 2000, [0])


def test_a_spoilt_way_back_is_told(tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(b"short")
    with (tmp_path / "new").open("rb") as new:
        for spoilt in (b"", b"no zlib", b"x" * 40):
            with pytest.raises(DeltaError):
                list(restored(new, spoilt))


def test_the_hash_is_that_by_which_files_are_known(tmp_path: Path) -> None:
    from persian_mir.audio.file_state import file_state
    from persian_mir.audio.identity import identify

    path = tmp_path / "a.bin"
    path.write_bytes(b"content")
    assert hash_of([b"con", b"tent"]) == identify(path, file_state(path)).file
