"""What to do where a file could not be written."""

from __future__ import annotations

import errno

import pytest

from persian_mir.errors import writing_cure


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_needs_space(number):
    assert writing_cure(OSError(number, "full")).startswith("Free some space")


def test_another_folder_helps_where_writing_is_not_allowed():
    assert writing_cure(PermissionError(errno.EACCES, "no")) == "Choose a folder you may write to."
