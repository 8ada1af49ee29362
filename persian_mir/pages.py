"""HTML pages that need nothing else: no network, no script; light and dark as the reader's system is.

They are templates of the program's own; whatever is put into one is escaped.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persian_mir.i18n import _, figures
from persian_mir.visible import visible_lines

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")  # what all pages share


def environment(folder: Path, tongue: str, **filters: Callable[..., Any]) -> Environment:
    """Return what the templates of a folder are read by: the names that they know beside their values, and no other."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible_lines(value) if type(value) is str else value,
    )
    made.globals.update(_=_, tongue=tongue)
    made.filters.update(filters, figures=lambda value: figures(str(value)))
    return made
