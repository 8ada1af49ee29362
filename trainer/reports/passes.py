"""How many epochs nets were fitted in, and what ended that, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from persian_mir import plurals
from persian_mir.i18n import _, digits


def passes_told(passes: Sequence[Mapping[str, Any]]) -> str:
    """`14 to 23 of at most 60 epochs; …` of one or more fits, each as the fields of a Passes; empty of none."""
    if not passes:
        return ""
    runs, most = sorted({one["run"] for one in passes}), max(one["most"] for one in passes)
    span = _("{least} to {greatest}").format(least=runs[0], greatest=runs[-1])
    of = {"run": span if len(runs) > 1 else digits(str(runs[0])), "most": plurals.epochs(most)}
    stopped = [one["patience"] for one in passes if one["patience"] is not None]
    if not stopped:
        return _("{run} of at most {most}, stopped by nothing").format(**of)
    text = _(
        "{run} of at most {most}; {stopped} of {fits} fits stopped, when the loss of what was held out had not fallen "
        "for {patience}, and the weights of the least loss were kept"
    )
    return text.format(**of, stopped=len(stopped), fits=len(passes), patience=plurals.epochs(max(stopped)))
