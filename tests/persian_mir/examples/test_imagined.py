from __future__ import annotations

import numpy as np

from persian_mir.examples.bowed import Bow
from persian_mir.examples.drum import Drum
from persian_mir.examples.imagined import imagined
from persian_mir.examples.strings import Strings
from persian_mir.examples.synthesise import synthesise
from persian_mir.examples.voice import Voice
from persian_mir.examples.winds import Wind

RATE = 22_050


def test_the_same_number_is_the_same_instrument_and_all_kinds_come():
    assert imagined(3) == imagined(3) != imagined(4)
    assert {type(imagined(number).sounding) for number in range(60)} == {Strings, Wind, Bow, Voice, Drum}


def test_each_sounds_cleanly():
    for number in range(24):
        sound = synthesise("shour", "setar", 1, 3.0, 250.0, RATE, player=imagined(number)).samples
        assert np.isfinite(sound).all(), imagined(number)
        assert 0.5 < np.abs(sound).max() <= 0.7, imagined(number)
