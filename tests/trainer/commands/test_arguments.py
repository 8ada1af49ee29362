from __future__ import annotations

import os

import pytest

from persian_mir.errors import PersianMirError
from persian_mir.exchange.writing import write_whole
from trainer.commands.arguments import spare


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_is_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(PersianMirError, match="no plain file"):
        spare(pipe)
    with pytest.raises(PersianMirError, match="no plain file"):
        write_whole(pipe, "text")
    assert pipe.is_fifo()


def test_what_is_not_there_or_a_result_of_before_may_be_written(tmp_path):
    old, read = tmp_path / "old.csv", tmp_path / "read.csv"
    old.touch()
    read.touch()
    spare(old, read, tmp_path / "gone.csv")
    spare(tmp_path / "new.csv", read)
