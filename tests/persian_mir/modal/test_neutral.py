"""A mode known by its koron notes is not sure where these are played as semitones."""

from __future__ import annotations

import pytest

from persian_mir.labels import label_ids
from persian_mir.modal.degrees import Degree, scale_degrees
from persian_mir.modal.neutral import neutral_lead, why_foreign


def degrees(cents: dict[float, float]) -> tuple[Degree, ...]:
    """Degrees at so many cents over the shahed, each for its share of the time."""
    return tuple(Degree(place, 5.0, share) for place, share in cents.items())


@pytest.mark.parametrize("mode", sorted(set(label_ids("mode")) - {"mahour", "rast-panjgah"}))
def test_every_mode_but_two_is_known_by_neutral_degrees_on_frets_and_on_quarter_tones(mode: str) -> None:
    scale = scale_degrees(mode)
    assert neutral_lead(degrees({degree.farhat_cents: 0.1 for degree in scale}), mode) > 15**2
    assert neutral_lead(degrees({degree.step * 50.0: 0.1 for degree in scale}), mode) > 15**2


@pytest.mark.parametrize("mode", ["mahour", "rast-panjgah"])
def test_these_two_are_not_judged_by_them(mode: str) -> None:
    assert neutral_lead(degrees({degree.farhat_cents: 0.1 for degree in scale_degrees(mode)}), mode) == 0.0


@pytest.mark.parametrize("cents", [125.0, 135.0, 142.0, 150.0, 160.0])
def test_a_koron_as_players_have_it_is_one(cents: float) -> None:
    assert neutral_lead(degrees({0.0: 0.5, cents: 0.2, 500.0: 0.2}), "shour") > 0


@pytest.mark.parametrize("cents", [100.0, 112.0, 120.0, 175.0])
def test_a_semitone_or_a_whole_tone_is_none(cents: float) -> None:
    assert neutral_lead(degrees({0.0: 0.5, cents: 0.2, 500.0: 0.2}), "shour") < 0
    assert why_foreign(degrees({0.0: 0.5, cents: 0.2, 500.0: 0.2}), "shour")


def test_what_sounds_longer_counts_for_more() -> None:
    chahargah = {0.0: 0.5, -500.0: 0.1}
    assert neutral_lead(degrees(chahargah | {112.0: 0.05, -360.0: 0.25}), "chahargah") > 0
    assert neutral_lead(degrees(chahargah | {112.0: 0.25, -360.0: 0.05}), "chahargah") < 0


def test_nothing_is_said_without_a_neutral_degree_or_without_one_to_measure_from() -> None:
    assert neutral_lead(degrees({0.0: 0.5, 205.0: 0.2, 385.0: 0.3}), "mahour") == 0.0
    assert neutral_lead(degrees({0.0: 0.5, 500.0: 0.5}), "shour") == 0.0
    assert neutral_lead(degrees({112.0: 0.5, 295.0: 0.5}), "shour") == 0.0


@pytest.mark.parametrize("moved", [-30.0, 17.0, 42.0])
def test_where_the_shahed_was_taken_changes_nothing(moved: float) -> None:
    heard = {0.0: 0.4, 118.0: 0.2, 295.0: 0.1, 500.0: 0.3}
    shifted = degrees({cents + moved / 2: share for cents, share in heard.items()})
    assert neutral_lead(shifted, "shour") == pytest.approx(neutral_lead(degrees(heard), "shour"))


def test_every_degree_has_its_number_in_the_dastgah() -> None:
    assert [degree.number for degree in scale_degrees("shour")] == [7, 1, 2, 3, 4]
    assert {degree.number for degree in scale_degrees("homayoun")} == {1, 2, 3, 4, 5, 6, 7}
