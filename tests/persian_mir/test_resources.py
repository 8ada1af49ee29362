"""The Persian guide stands beside the English one, and has its parts."""

from __future__ import annotations

import re

from persian_mir.resources import guide


def test_the_persian_guide_has_the_headings_and_the_code_of_the_english_one() -> None:
    assert guide("fa").name == "guide.fa.md"
    english, persian = (guide(language).read_text(encoding="utf-8") for language in ("en", "fa"))
    for part in (r"^#+ ", r"^```.*?^```", r"\]\([^)]*\)"):  # headings, code, links and pictures
        found = re.findall(part, english, re.MULTILINE | re.DOTALL)
        assert found
        assert re.findall(part, persian, re.MULTILINE | re.DOTALL) == found


def test_the_persian_guide_names_every_command_of_the_english_one() -> None:
    english, persian = (set(re.findall(r"`([^`\n]+)`", guide(one).read_text(encoding="utf-8"))) for one in ("en", "fa"))
    assert english
    assert english - persian == set()
