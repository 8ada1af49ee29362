import numpy as np

from persian_mir.modal.modulations import Modulation, predicted_modulations
from persian_mir.prediction import Prediction, Section, Verdict
from persian_mir.provenance import Provenance

RATE = 100


def said(label: str) -> Verdict:
    return Verdict("mode", label, 0.9, "nava", 0.05)


def prediction(*parts: tuple[str, int]) -> Prediction:
    """Labels and seconds of its sections."""
    sections, at = [], 0
    for label, seconds in parts:
        sections.append(Section(at, at + seconds * RATE, said(label)))
        at += seconds * RATE
    row = np.array([[0.5, 0.3, 0.2]], np.float32)
    made = Provenance("modal")
    return Prediction(
        "mode", ("mahour", "segah", "nava"), np.array([0]), np.array([at]), row, row[0], made, sections=tuple(sections)
    )


def test_each_change_between_sections_is_a_modulation() -> None:
    assert predicted_modulations(prediction(("mahour", 90), ("segah", 30), ("mahour", 60)), RATE) == (
        Modulation(90.0, said("mahour"), said("segah")),
        Modulation(120.0, said("segah"), said("mahour")),
    )


def test_one_mode_and_the_same_one_on_another_shahed_have_none() -> None:
    assert predicted_modulations(prediction(), RATE) == ()
    assert predicted_modulations(prediction(("mahour", 90), ("mahour", 90)), RATE) == ()


def test_what_was_not_heard_lies_between() -> None:
    assert predicted_modulations(prediction(("mahour", 90), ("", 30), ("segah", 60)), RATE) == (
        Modulation(120.0, said("mahour"), said("segah")),
    )
    assert predicted_modulations(prediction(("", 30), ("segah", 60)), RATE) == ()
