"""The model card: what a probe is, what it learnt from and what it is worth, as one HTML page beside it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from persian_mir.audio.cache_files import partial
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.probes.probe import Probe
from trainer.judge import Judgement


def card_path(probe_file: Path) -> Path:
    """Where the card of a probe stands: `X.card.html` beside `X.probe`."""
    return probe_file.with_suffix(".card.html")


def write_card(probe: Probe, path: Path, judgements: Mapping[str, Judgement]) -> Path:
    """Write the card of `probe`, whose file is `path`, beside it and return where. `judgements`: official, grouped,
    those that exist. Raises PersianMirError when the disk refuses.
    """
    page = card_path(path)
    try:
        with partial(page) as part:
            part.write_text(html(probe, judgements), encoding="utf-8")
            part.replace(page)
    except OSError as error:
        what = _("The model card could not be written: {reason}.").format(reason=error.strerror)
        raise PersianMirError(what, path=page, cure=_("Free some space, or choose another place.")) from error
    return page


def html(probe: Probe, judgements: Mapping[str, Judgement]) -> str:
    """The page."""
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{one.segments.accuracy:.1%}</td></tr>" for name, one in judgements.items()
    )
    return f"<!doctype html><meta charset=utf-8><h1>{escape(probe.task)}</h1><table>{rows}</table>\n"
