from __future__ import annotations

from pathlib import Path

import pytest

from persian_mir.errors import AudioError
from persian_mir_gui.core.messages import Message, Messages


def posted(error: BaseException, title: str = "") -> Message:
    messages = Messages()
    seen: list[Message] = []
    messages.posted.connect(seen.append)
    messages.error(error, title)
    (message,) = seen
    return message


def test_an_error_meant_for_users_is_told_in_its_own_words(qapp) -> None:
    message = posted(AudioError("The file is empty.", path="a.wav", cure="Copy it again."))
    assert message == Message("error", "The file is empty.", "Copy it again.", Path("a.wav"))


@pytest.mark.logs
def test_a_defect_is_told_in_plain_words_and_logged(qapp, caplog: pytest.LogCaptureFixture) -> None:
    message = posted(RuntimeError("size mismatch"), "Labelling x")
    assert "size mismatch" not in message.what
    assert "Labelling x" in message.what
    assert message.cure
    assert "size mismatch" in message.details
    assert caplog.records[-1].exc_info is not None


@pytest.mark.logs
def test_lack_of_memory_is_named(qapp) -> None:
    assert "memory" in posted(MemoryError()).what
