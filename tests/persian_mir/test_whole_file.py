from __future__ import annotations

import os

import pytest

from persian_mir.errors import PersianMirError
from persian_mir.output_guard import guard_outputs
from persian_mir.whole_file import write_whole


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_is_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(PersianMirError, match="no plain file"):
        guard_outputs([pipe])
    with pytest.raises(PersianMirError, match="no plain file"):
        write_whole(pipe, "text")
    assert pipe.is_fifo()
