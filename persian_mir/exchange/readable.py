"""A mark as a line for people, in both scripts and with who said it."""

from __future__ import annotations

from persian_mir.catalogue.model import Statement
from persian_mir.catalogue.statement_rows import MACHINE
from persian_mir.exchange.marks import Mark
from persian_mir.exchange.texts import both_names, plain_text


def sentence(mark: Mark) -> str:
    """Return `mode: Segah (سه‌گاه) – modal 1.0, 0.86, not verified` or `mode: Dashti (دشتی) – Sara, corrected`.

    An archive's users must see at once what a machine said.
    """
    said = mark.source
    if not isinstance(said, Statement):
        return f"{mark.tier}: {plain_text(mark.text)}"
    name = both_names(said.task, said.label) if said.label else mark.text
    if said.status not in MACHINE:
        return f"{plain_text(said.task)}: {name} – {plain_text(said.who)}, {said.status}"
    sure = "" if said.probability is None else f", {said.probability:.2f}"
    who = plain_text(f"{said.who} {said.version}".strip())
    status = "attributed" if said.status == "attributed" else "not verified"
    return f"{plain_text(said.task)}: {name} – {who}{sure}, {status}"
