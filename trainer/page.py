"""One HTML page that needs nothing else: no network, no script; light and dark as the reader's system is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path

from persian_mir.audio.cache_files import partial
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, language

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --soft: #5c5c63; --paper: #fff; --line: #d5d5da; --first: #1f6feb;
  --second: #b35900; --cell: 31, 111, 235; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf0; --soft: #a9a9b2; --paper: #18181b; --line: #47474d; --first: #6cb0ff; --second: #ffb069;
    --cell: 84, 160, 255; }
}
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 66rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .2rem; }
p { max-width: 46rem; }
.soft, figcaption { color: var(--soft); font-size: .87rem; }
code { font: .87em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: .8rem 0; font-size: .87rem; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .22rem .5rem; text-align: end; vertical-align: baseline; }
th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
td { white-space: nowrap; }
td.text:last-child { white-space: normal; }
.text { text-align: start; }
.scroll { overflow-x: auto; }
.warning { border-inline-start: 4px solid var(--second); padding: .3rem .8rem; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; }
summary { cursor: pointer; color: var(--soft); font-size: .87rem; padding: .2rem 0; }
figure { margin: .4rem 0; }
svg { max-width: 100%; height: auto; direction: ltr; }
svg text { fill: var(--ink); font: 11px system-ui, sans-serif; }
svg .soft { fill: var(--soft); }
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --line: #bbb; --first: #1f6feb; --second: #b35900;
    --cell: 31, 111, 235; }
  body { max-width: none; margin: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; }
  figure, tr, .warning { break-inside: avoid; }
  svg rect, svg circle { print-color-adjust: exact; }
}
"""


def percent(share: float) -> str:
    """`86.2 %`; empty for NaN, where there is no figure."""
    return "" if math.isnan(share) else f"{100 * share:.1f} %"


def page(title: str, body: Sequence[str]) -> str:
    """A whole page. `title` is escaped, `body` is HTML."""
    tongue = language()
    way = "rtl" if tongue == "fa" else "ltr"
    head = f'<!doctype html><html lang="{tongue}" dir="{way}"><meta charset="utf-8">'
    head += '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
    return f"{head}<title>{escape(title)}</title><style>{STYLE}</style>\n" + "\n".join(body) + "\n</html>\n"


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], texts: int = 1) -> str:
    """A table whose first `texts` columns are words and the rest figures; None is an empty cell."""

    def cell(kind: str, place: int, value: object) -> str:
        text = "" if value is None else escape(str(value))
        if place < texts:
            return f'<{kind} class="text"><bdi>{text}</bdi></{kind}>'
        return f'<{kind}><bdi dir="ltr">{text}</bdi></{kind}>' if kind == "td" and text else f"<{kind}>{text}</{kind}>"

    head = "".join(cell("th", k, name) for k, name in enumerate(heads))
    body = "".join("<tr>" + "".join(cell("td", k, one) for k, one in enumerate(row)) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def figure(svg: str, caption: str) -> str:
    """A drawing with its caption."""
    return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def warning(text: str) -> str:
    """A paragraph that must not be overlooked."""
    return f'<p class="warning">{escape(text)}</p>'


def write_page(path: Path, text: str) -> None:
    """Whole or not at all. Raises PersianMirError when the disk refuses."""
    try:
        with partial(path) as part:
            part.write_text(text, encoding="utf-8")
            part.replace(path)
    except OSError as error:
        what = _("The page could not be written: {reason}.").format(reason=error.strerror)
        raise PersianMirError(what, path=path, cure=_("Free some space, or choose another place.")) from error
