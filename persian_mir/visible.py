"""Text from outside as it is shown: whatever would steer a terminal, or turn a line around, is spelt out."""

from __future__ import annotations

import re

# C0 and C1 controls, line and paragraph separators, embeddings and overrides of the writing direction, halves of
# surrogate pairs, and tags. Marks and isolates stay: Persian is written with them, and they end with their line.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff\U000e0000-\U000e007f]")
STEERING = re.compile(rf"\r(?!\n)|(?![\r\n\t]){CONTROL.pattern}")  # the same, but that lines may end in it


def visible(text: str) -> str:
    """One line of text: `a\\x1b[31m` for a name that would turn red what follows it."""
    return CONTROL.sub(_spelt, text)


def visible_lines(text: str) -> str:
    """The same for text of several lines."""
    return STEERING.sub(_spelt, text)


def _spelt(found: re.Match[str]) -> str:
    return repr(found[0])[1:-1]
