from __future__ import annotations

import pytest

from persian_mir_gui.training.experiments.page import ExperimentsPage
from persian_mir_gui.training.fit.settings_page import SettingsPage
from persian_mir_gui.training.map.page import EmbeddingMap
from persian_mir_gui.training.state.backbones import BackboneChoice
from persian_mir_gui.training.trainer_window import TrainerWindow

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)  # the offscreen display
SIGNAL, MODEL, OTHER = (BackboneChoice(name, name.upper(), 13) for name in ("signal", "model", "other"))


@pytest.mark.parametrize("kind", [SettingsPage, EmbeddingMap, ExperimentsPage])
def test_the_choice_is_kept_when_other_models_come_and_go(trainer: TrainerWindow, kind) -> None:
    combo = trainer.findChild(kind).backbone
    combo.take((SIGNAL, MODEL))
    combo.setCurrentIndex(1)
    combo.take((SIGNAL, OTHER, MODEL))
    assert combo.chosen == MODEL
    combo.take((SIGNAL, BackboneChoice("model", "MODEL", 13, "not installed")))
    assert combo.chosen == SIGNAL
    combo.take((SIGNAL, OTHER, MODEL))
    assert combo.chosen == MODEL
