"""A score as pages of SVG, by verovio (an extra), which draws koron and sori."""

from __future__ import annotations

import re
from pathlib import Path

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.transcription.mei import mei
from persian_mir.transcription.score import Score

UNIT = 9  # half the distance of two lines of the staff, in verovio's tenths of a millimetre
MARGIN = 50
HIGHEST = 60_000  # that verovio takes
TEXT_HEIGHT, ABOVE = 320, 60  # of a heading, in the drawing's units, and how much further from its staff
TEXT = re.compile(r'<text x="(\d+)" y="(\d+)"[^>]*>(.*?)</text>', re.DOTALL)


def engrave(score: Score, width: int, height: int = HIGHEST) -> tuple[str, ...]:
    """Pages of SVG `width` units wide and as high as they need, up to `height`; a note's group is `mei.note_id`.

    Every page is one SVG without another in it, as SVG Tiny wants. Raises PersianMirError without verovio.
    """
    try:
        import verovio
    except ImportError as error:
        cure = _("Install it with: pip install 'persian-mir[score]'")
        raise PersianMirError(_("Scores are drawn by verovio, which is not installed."), cure=cure) from error
    verovio.enableLog(verovio.LOG_OFF)
    kit = verovio.toolkit(False)
    kit.setResourcePath(str(Path(verovio.__file__).parent / "data"))  # its own way knows the fonts on one thread only
    kit.setOptions(
        {
            **dict.fromkeys(("pageMarginLeft", "pageMarginRight", "pageMarginTop", "pageMarginBottom"), MARGIN),
            "pageWidth": width, "pageHeight": height, "adjustPageHeight": True, "unit": UNIT,
            "breaks": "auto", "header": "none", "footer": "none", "svgViewBox": True,
        }
    )  # fmt: skip
    kit.loadData(mei(score).decode())
    return tuple(_flat(kit.renderToSVG(page)) for page in range(1, kit.getPageCount() + 1))


def _flat(svg: str) -> str:
    """The page with the drawing's own scale in the place of that of the page, its inner SVG a group, texts plain."""
    svg = TEXT.sub(_plain_text, svg)
    inner = re.search(r'<svg class="definition-scale"[^>]*viewBox="([^"]*)"[^>]*>', svg)
    if inner is None:
        return svg
    head, rest = svg[: inner.start()], svg[inner.end() :]
    outer = re.sub(r'viewBox="[^"]*"', f'viewBox="{inner[1]}"', head, count=1)
    body = re.sub(r"</svg>", "</g>", rest, count=1)
    return f'{outer}<g class="definition-scale" color="black" font-family="Times, serif">{body}'


def _plain_text(text: re.Match[str]) -> str:
    """A text without spans in spans, of which SVG Tiny knows none; all that we write is bold."""
    words = " ".join(re.sub("<[^>]*>", "", text[3]).split())
    told = f'font-size="{TEXT_HEIGHT}px" font-weight="bold" font-style="normal"'
    return f'<text x="{text[1]}" y="{int(text[2]) - ABOVE}" {told}>{words}</text>'
