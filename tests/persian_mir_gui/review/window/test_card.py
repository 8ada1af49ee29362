"""The card that tells a newcomer of MERT, beside a probe of the user's own."""

from __future__ import annotations

from persian_mir_gui.shell.main_window import MainWindow


def test_the_card_is_gone_while_a_probe_is_in_use(window: MainWindow) -> None:
    predictors = window.services.labelling.predictors
    probe = predictors.all[1]
    assert predictors.missing_mert
    assert probe.chosen == window.card.isHidden()
    predictors.choose(probe.id, not probe.chosen)
    assert window.card.isHidden() != probe.chosen
