from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from persian_mir.labels import label_ids
from persian_mir.modal.evidence import PASSAGE_S, emphasis, log_evidence, log_priors
from persian_mir.modal.gusheh_sequences import RUN, load_courses
from persian_mir.modal.match import match
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import BINS
from persian_mir.modal.radif import load_radif
from persian_mir.modal.tuning import played_cents

Play = Callable[..., PitchTrack]


def test_priors_share_as_they_say() -> None:
    radif = load_radif()
    priors = np.exp(log_priors(DEFAULT))
    totals = [priors[radif.mode_index == k].sum() for k in range(13)]
    modes = label_ids("mode")
    assert totals[modes.index("mahour")] == pytest.approx(1)
    assert totals[modes.index("abuata")] == pytest.approx(6**-DEFAULT.crowding)


def test_more_gushehs_are_no_more_chances(daramad: Play) -> None:
    track = daramad("mahour", 300.0, 20.0)
    nothing = np.zeros((len(load_radif().gushehs), BINS))
    indifferent = replace(DEFAULT, shahed_weight=0.0)
    flat = log_evidence(track, np.ones(len(track.hz)), nothing, indifferent).modes
    modes = label_ids("mode")
    assert flat[modes.index("mahour"), 0] == pytest.approx(flat[modes.index("segah"), 0])


@pytest.mark.parametrize(("carried_by", "doubted"), [(1, True), (2, True), (20, False)])
def test_what_few_gushehs_carry_is_less_sure(daramad: Play, carried_by: int, doubted: bool) -> None:
    track = daramad("mahour", 300.0, 20.0)
    radif, segah = load_radif(), label_ids("mode").index("segah")
    mine = np.flatnonzero(radif.mode_index == segah)
    likeness = np.zeros((len(radif.gushehs), BINS))
    likeness[mine[:carried_by], 7] = 0.5  # against nothing else at all
    found = {
        power: log_evidence(track, np.ones(len(track.hz)), likeness, replace(DEFAULT, few_gushehs=power)).modes
        for power in (0.0, DEFAULT.few_gushehs)
    }
    lead = {power: modes[segah, 7] - np.delete(modes, segah, 0).max() for power, modes in found.items()}
    assert (lead[DEFAULT.few_gushehs] < lead[0.0]) == doubted
    assert all(np.unravel_index(modes.argmax(), modes.shape) == (segah, 7) for modes in found.values())


def test_emphasis_is_largest_on_the_longest_note() -> None:
    counts = np.zeros(BINS)
    counts[100], counts[30] = 10, 3
    found = emphasis(counts, DEFAULT)
    assert found.argmax() == 100
    assert found.max() == pytest.approx(1)
    assert found.min() >= 0


def test_support_asks_for_each_gushehs_own_shahed(daramad: Play) -> None:
    track = daramad("mahour", 300.0, 20.0)
    weights, radif = np.ones(len(track.hz)), load_radif()
    nothing = np.zeros((len(radif.gushehs), BINS))
    support = log_evidence(track, weights, nothing, DEFAULT).support
    place = support[0].argmax() + round(radif.gushehs[0].shahed_cents / 5)
    for k in (60, 150):
        assert (support[k].argmax() + round(radif.gushehs[k].shahed_cents / 5)) % BINS == place % BINS


def test_more_than_a_passage_is_heard_passage_by_passage_too(daramad: Play) -> None:
    passage, longer = daramad("segah", 300.0, PASSAGE_S), daramad("segah", 300.0, 3 * PASSAGE_S)
    found = []
    for track in (passage, longer):
        weights = np.ones(len(track.hz))
        found.append(log_evidence(track, weights, match(track, weights), DEFAULT).modes)
    margins = [float(np.sort(modes.max(axis=1))[-2:] @ [-1, 1]) for modes in found]
    segah = label_ids("mode").index("segah")
    assert all(modes.max(axis=1).argmax() == segah for modes in found)
    assert margins[1] > margins[0]


def test_courses_are_runs_of_the_radif_and_whole_modes() -> None:
    radif, courses = load_radif(), load_courses()
    for k in range(13):
        own = int((radif.mode_index == k).sum())
        assert int((courses.mode_index == k).sum()) == max(own - RUN + 1, 0) + 1
    np.testing.assert_allclose(courses.profiles.sum(axis=1), 1)
    np.testing.assert_allclose(courses.surfaces.sum(axis=(2, 3)), 1)


def test_the_neutral_second_of_shour_is_played_on_its_fret() -> None:
    cents = played_cents("shour")
    assert cents[0] == 0
    assert cents[3] == 135
    assert cents[1] == 50
    assert len(cents) == 24


def test_the_register_is_the_profile_over_two_octaves() -> None:
    radif = load_radif()
    np.testing.assert_array_equal(radif.registers[:, :24] + radif.registers[:, 24:], radif.profiles)


def strung(*tracks: PitchTrack) -> PitchTrack:
    return PitchTrack(np.concatenate([t.hz for t in tracks]), np.concatenate([t.confidence for t in tracks]))


def test_what_opens_and_closes_counts_for_more_and_wandering_makes_less_sure(daramad: Play) -> None:
    own, other = daramad("segah", 300.0, PASSAGE_S), daramad("chahargah", 330.0, PASSAGE_S)
    track = strung(own, other, own)
    weights, segah = np.ones(len(track.hz)), label_ids("mode").index("segah")

    def modes(parameters: Parameters) -> NDArray[np.float64]:
        found = np.exp(log_evidence(track, weights, match(track, weights), parameters).modes).sum(axis=1)
        return np.asarray(found / found.sum())

    assert modes(DEFAULT)[segah] > modes(replace(DEFAULT, edge_weight=1.0))[segah]
    assert modes(DEFAULT).max() < modes(replace(DEFAULT, wandering=0.0)).max()
