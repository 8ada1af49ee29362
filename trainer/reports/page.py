"""One HTML page that needs nothing else: no network, no script; light and dark as the reader's system is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from persian_mir.i18n import language

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --soft: #5c5c63; --paper: #fff; --line: #d5d5da; --first: #1f6feb;
  --second: #b35900; --cell: 31, 111, 235; --on-middle: var(--ink); --dot: 40%; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf0; --soft: #a9a9b2; --paper: #18181b; --line: #47474d; --first: #6cb0ff; --second: #ffb069;
    --cell: 84, 160, 255; --on-middle: var(--paper); --dot: 60%; }
}
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 72rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .5rem; border-top: 1px solid var(--line); padding-top: 1.2rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; overflow-wrap: anywhere; }
p, li { max-width: 46rem; overflow-wrap: anywhere; }
a { color: var(--first); }
.soft, figcaption, caption { color: var(--soft); font-size: .87rem; }
code { font: .87em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: .8rem 0; font-size: .87rem; font-variant-numeric: tabular-nums; }
caption { text-align: start; padding-bottom: .3rem; }
th, td { border-bottom: 1px solid var(--line); padding: .22rem .45rem; text-align: right; vertical-align: baseline; }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
thead th.group { text-align: center; border-inline: 1px solid var(--line); }
tbody th { font-weight: inherit; }
td, tbody th { white-space: nowrap; }
td.text:last-child { white-space: normal; }
.wrap td.text, .wrap tbody th { white-space: normal; min-width: 6rem; }
table:has(.group) { font-size: .8rem; }
table:has(.group) :is(th, td) { padding-inline: .28rem; }
table:has(.group) thead tr:last-child th { font-size: .72rem; }
.text { text-align: start; }
.scroll { overflow-x: auto; }
.warning { border-inline-start: 4px solid var(--second); padding: .3rem .8rem; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; }
.key { display: inline-block; margin-inline-end: 1em; }
.key i { display: inline-block; width: .75em; height: .75em; margin-inline-end: .35em; }
summary { cursor: pointer; color: var(--soft); font-size: .87rem; padding: .2rem 0; }
figure { margin: .4rem 0; max-width: 100%; }
figcaption { max-width: 24rem; }
iframe { width: 22rem; max-width: 100%; height: 6rem; border: 1px solid var(--line); border-radius: 6px; }
svg { max-width: 100%; height: auto; direction: ltr; }
svg text { fill: var(--ink); font: 11px system-ui, sans-serif; }
svg .soft { fill: var(--soft); }
svg .middle { fill: var(--on-middle); }
svg .strong { fill: var(--paper); }
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --line: #bbb; --first: #1f6feb; --second: #b35900;
    --cell: 31, 111, 235; --on-middle: var(--ink); --dot: 40%; }
  body { max-width: none; margin: 0; font-size: 10pt; }
  table { font-size: 7.5pt; }
  th, td { padding: .15rem .3rem; }
  table:has(.group) { font-size: 6.3pt; }
  table:has(.group) :is(th, td) { padding-inline: .12rem; }
  table:has(.group) thead tr:last-child th { font-size: 5.6pt; }
  .figures { display: block; }
  .figures figure { display: inline-block; vertical-align: top; width: 46%; margin-inline-end: 3%; }
  h2, h3, summary { break-after: avoid; }
  figure, tr, .warning { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  .key i, svg rect, svg circle { print-color-adjust: exact; }
  iframe, .screen { display: none; }
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
    inside = "\n".join(body)
    return f"{head}<title>{escape(title)}</title><style>{STYLE}</style>\n<main>\n{inside}\n</main>\n</html>\n"


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    texts: int = 1,
    caption: str = "",
    groups: Sequence[tuple[str, int]] = (),
    wrap: bool = False,
) -> str:
    """A table whose first `texts` columns are words and the rest figures; None is an empty cell.

    The first column names the row. `groups`: headings over so many columns each; `wrap`: long words may break lines.
    """

    def cell(kind: str, place: int, value: object, scope: str) -> str:
        text = "" if value is None else escape(str(value))
        start = f"<{kind}{scope}{' class=text' if place < texts else ''}>"
        inside = (
            f"<bdi>{text}</bdi>" if place < texts else f'<bdi dir="ltr">{text}</bdi>' if text and not scope else text
        )
        return f"{start}{inside}</{kind}>"

    over = "".join(
        f'<th scope=colgroup colspan="{span}"{" class=group" * bool(name)}>{escape(name)}</th>' for name, span in groups
    )
    head = "".join(cell("th", k, name, " scope=col") for k, name in enumerate(heads))
    body = "".join(
        "<tr>"
        + "".join(cell("td" if k else "th", k, one, "" if k else " scope=row") for k, one in enumerate(row))
        + "</tr>"
        for row in rows
    )
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    kind = ' class="scroll wrap"' if wrap else ' class="scroll"'
    above = f"<tr>{over}</tr>" if over else ""
    return f"<div{kind}><table>{named}<thead>{above}<tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def figure(svg: str, caption: str, key: Sequence[tuple[str, str]] = ()) -> str:
    """A drawing with its caption, and what its colours mean: (colour in CSS, name)."""
    mark = '<span class="key"><i style="background: {}"></i><bdi>{}</bdi></span>'
    marks = "".join(mark.format(colour, escape(name)) for colour, name in key)
    words = "<br>".join(filter(None, (marks, escape(caption))))
    return f"<figure>{svg}<figcaption>{words}</figcaption></figure>"


def heading(level: int, text: str, anchor: str = "") -> str:
    """A heading, which links may lead to."""
    mark = f' id="{escape(anchor)}"' if anchor else ""
    return f"<h{level}{mark}>{escape(text)}</h{level}>"


def folded(summary: str, inside: str, opened: bool = False) -> str:
    """What is shown when its summary is clicked."""
    return f"<details{' open' * opened}><summary>{escape(summary)}</summary>{inside}</details>"


def soft(text: str) -> str:
    """A paragraph of explanation."""
    return f'<p class="soft">{escape(text)}</p>'


def warning(text: str) -> str:
    """A paragraph that must not be overlooked."""
    return f'<p class="warning">{escape(text)}</p>'
