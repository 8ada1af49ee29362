from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.labels import dastgah_of, label_ids
from persian_mir.modal.match import along_diagonal, match
from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import BINS, fold_octaves, pairs, shaped_profile, shaped_surface
from persian_mir.modal.radif import load_radif
from persian_mir.modal.reading import LEAST_STRETCH_S, read_mode, read_stretch
from persian_mir.modal.tuning import played_cents

MODES = ("chahargah", "mahour", "segah")
Play = Callable[..., PitchTrack]


def cents(hz: float, reference: float) -> float:
    return (1200 * np.log2(hz / reference) + 600) % 1200 - 600


@pytest.mark.parametrize("mode", MODES)
def test_names_the_mode_and_its_shahed(daramad: Play, mode: str) -> None:
    reading = read_mode(daramad(mode, 233.0))
    assert reading.modes[0][0] == mode
    assert reading.dastgahs[0][0] == mode
    assert reading.gusheh is not None
    assert reading.gusheh.mode == mode
    assert reading.tonic_hz is not None
    assert abs(cents(reading.tonic_hz, 233.0)) < 3
    assert reading.tonic_hz == pytest.approx(233.0, rel=0.01)  # in the octave that sounds


@settings(max_examples=30)
@given(mode=st.sampled_from(MODES), shift=st.floats(-1200, 1200), octave=st.integers(-1, 1))
def test_neither_tuning_nor_key_changes_the_mode(daramad: Play, mode: str, shift: float, octave: int) -> None:
    plain = read_mode(daramad(mode, 260.0))
    hz = 260.0 * 2 ** (shift / 1200 + octave)
    moved = read_mode(daramad(mode, hz))
    assert moved.modes[0][0] == plain.modes[0][0]
    assert moved.tonic_hz is not None
    assert abs(cents(moved.tonic_hz, hz)) < 3
    assert moved.modes[0][1] == pytest.approx(plain.modes[0][1], abs=0.05)


@pytest.mark.parametrize("detune", range(-60, 61, 15))
def test_detuned_daramads_keep_their_mode(daramad: Play, detune: int) -> None:
    for mode in MODES:
        assert read_mode(daramad(mode, 440.0 * 2 ** (detune / 1200))).modes[0][0] == mode


def test_degrees_are_those_played(daramad: Play) -> None:
    reading = read_mode(daramad("chahargah", 300.0))
    heard = [degree.cents for degree in reading.degrees]
    heard = [0.0 if degree > 1199 else degree for degree in heard]
    np.testing.assert_allclose(sorted(heard), [0, 135, 390, 700, 835, 1100], atol=3)
    assert sum(degree.weight for degree in reading.degrees) == pytest.approx(1)
    assert reading.profile.sum() == pytest.approx(1)
    assert int(np.argmax(reading.profile)) in (0, 1, BINS - 1)


def test_probabilities_are_consistent(daramad: Play) -> None:
    reading = read_mode(daramad("segah", 300.0))
    modes, dastgahs = dict(reading.modes), dict(reading.dastgahs)
    assert sum(modes.values()) == pytest.approx(1)
    for dastgah in label_ids("dastgah"):
        assert dastgahs[dastgah] == pytest.approx(sum(p for m, p in modes.items() if dastgah_of(m) == dastgah))
    assert [modes[label] for label in label_ids("mode")] == pytest.approx(reading.probabilities("mode"))
    assert all(other.probability <= 1 for other in reading.alternatives)
    assert list(modes.values()) == sorted(modes.values(), reverse=True)


def test_one_held_note_is_no_mode() -> None:
    reading = read_mode(PitchTrack(np.full(3000, 220, np.float32), np.ones(3000, np.float32)))
    assert reading.tonic_hz is None
    assert {p for _, p in reading.modes} == {1 / 13}


def test_the_longer_the_surer(daramad: Play) -> None:
    confidences = [read_mode(daramad("mahour", 300.0, seconds)).modes[0][1] for seconds in (10, 30, 120)]
    assert confidences == sorted(confidences)
    assert confidences[0] < confidences[-1]


@pytest.mark.parametrize("frames", [0, 1, 5, 100])
def test_too_little_pitch_says_nothing(frames: int) -> None:
    reading = read_mode(PitchTrack(np.full(frames, 220, np.float32), np.ones(frames, np.float32)))
    assert reading.tonic_hz is None
    assert {p for _, p in reading.dastgahs} == {1 / 7}
    assert {p for _, p in reading.modes} == {1 / 13}


def test_frames_without_confidence_or_pitch_do_not_count(daramad: Play) -> None:
    track = daramad("mahour", 300.0)
    doubled = PitchTrack(
        np.concatenate([track.hz, np.full(5000, 317, np.float32)]),
        np.concatenate([track.confidence, np.full(5000, 0.2, np.float32)]),
    )
    assert dict(read_mode(doubled).modes) == pytest.approx(dict(read_mode(track).modes))
    assert read_mode(PitchTrack(np.zeros(500, np.float32), np.ones(500, np.float32))).tonic_hz is None


def test_likeness_by_fourier_is_the_plain_cosine(daramad: Play) -> None:
    track = daramad("mahour", 300.0, 10.0)
    weights = np.ones(len(track.hz))
    radif = load_radif()
    found = match(track, weights)
    assert found.shape == (len(radif.gushehs), BINS)
    sound = shaped_profile(fold_octaves(track, weights), DEFAULT.track_spread_cents)
    sounds = shaped_surface(pairs(track, weights, radif.delays_s), DEFAULT.track_spread_cents)
    for gusheh, shift in ((0, 0), (17, 40), (200, 236)):
        played = played_cents(radif.gushehs[gusheh].mode)
        known = shaped_profile(radif.profiles[gusheh], DEFAULT.radif_spread_cents, played)
        knowns = shaped_surface(radif.surfaces[gusheh], DEFAULT.radif_spread_cents, played)
        by_profile = sound @ np.roll(known, shift)
        turned = np.roll(knowns, (shift // 4, shift // 4), axis=(1, 2))
        by_surface = (sounds * turned).sum() / len(radif.delays_s)
        assert found[gusheh, shift] == pytest.approx((by_profile + by_surface) / 2, abs=1e-4)


def test_diagonal_of_a_transposed_surface_is_only_turned() -> None:
    surface = np.random.default_rng(1).random((12, 12))
    turned = np.roll(surface, (5, 5), axis=(0, 1))
    np.testing.assert_array_equal(along_diagonal(turned), np.roll(along_diagonal(surface), 5, axis=1))


def test_radif_is_whole() -> None:
    radif = load_radif()
    assert {gusheh.mode for gusheh in radif.gushehs} == set(label_ids("mode"))
    assert radif.profiles.shape == (len(radif.gushehs), 24)
    assert radif.surfaces.shape == (len(radif.gushehs), len(radif.delays_s), 24, 24)
    assert (radif.profiles.sum(axis=1) > 0).all()
    assert len(radif.hash) == 32


def test_a_tonic_set_by_hand_is_kept_and_everything_follows(daramad: Play) -> None:
    track = daramad("segah", 300.0, 60.0)
    own = read_mode(track)
    same = read_mode(track, tonic_hz=300.0)
    assert same.modes[0][0] == own.modes[0][0] == "segah"
    assert same.tonic_hz == 300.0
    elsewhere = 300.0 * 2 ** (-350 / 1200)
    moved = read_mode(track, tonic_hz=elsewhere)
    assert moved.tonic_hz == elsewhere
    assert moved.alternatives == ()
    assert sum(p for _, p in moved.modes) == pytest.approx(1)
    assert all(abs(match.shahed_cents) <= 30 for match in moved.matches)
    np.testing.assert_allclose(moved.profile, np.roll(own.profile, 70))
    assert read_mode(track, tonic_hz=2 * elsewhere).modes == moved.modes


def test_degrees_stand_beside_theory(daramad: Play) -> None:
    degrees = {round(d.cents): d for d in read_mode(daramad("chahargah", 261.6, 60.0)).degrees}
    neutral = next(degree for cents, degree in degrees.items() if abs(cents - 135) < 5)
    assert neutral.name is not None
    assert neutral.name.text == "Re koron"
    assert (neutral.tet24_cents, neutral.farhat_cents, neutral.radif_cents) == (150, 135, 150)
    assert neutral.off_farhat_cents is not None
    assert abs(neutral.off_farhat_cents) < 5
    assert all(abs(degree.off_farhat_cents or 0.0) <= 40 for degree in degrees.values())
    assert all(-50 <= degree.cents < 1150 for degree in degrees.values())


def test_the_shahed_is_that_of_the_gusheh(daramad: Play) -> None:
    reading = read_mode(daramad("segah", 300.0, 60.0))
    assert reading.shahed_hz is not None
    assert reading.gusheh is not None
    assert reading.tonic_hz is not None
    moved = cents(reading.shahed_hz, reading.tonic_hz)
    assert abs(cents(2 ** (moved / 1200), 2 ** (reading.gusheh.shahed_cents / 1200))) <= 50
    if reading.gusheh.shahed_cents == 0:
        assert reading.shahed_hz == reading.tonic_hz


def test_a_gusheh_away_from_the_tonic_takes_the_shahed_along() -> None:
    """Muye of Segah: the radif's own profile of a gusheh with another shahed, played back note by note."""
    radif = load_radif()
    moved = [
        k
        for k, gusheh in enumerate(radif.gushehs)
        if gusheh.shahed_cents and radif.profiles[k].argmax() * 50 == gusheh.shahed_cents
    ]
    found = 0
    for k in moved[:12]:
        lengths = np.round(radif.profiles[k] / radif.profiles[k].sum() * 2000).astype(int)
        steps = np.repeat(np.arange(24), lengths)
        hz = 300 * 2 ** (steps * 50 / 1200)
        reading = read_mode(PitchTrack(hz.astype(np.float32), np.ones(len(hz), np.float32)), tonic_hz=300.0)
        if reading.gusheh is not None and reading.gusheh.shahed_cents:
            found += 1
            assert reading.shahed_hz is not None
            assert abs(cents(reading.shahed_hz, 300 * 2 ** (reading.gusheh.shahed_cents / 1200))) < 30
            assert reading.shahed_hz != reading.tonic_hz
    assert found


@pytest.mark.parametrize("off_cents", [-25, 25])
def test_a_tonic_set_nearly_right_is_right(daramad: Play, off_cents: int) -> None:
    reading = read_mode(daramad("chahargah", 300.0), tonic_hz=300.0 * 2 ** (off_cents / 1200))
    assert reading.modes[0][0] == "chahargah"


def test_a_tonic_set_by_hand_leaves_more_doubt_than_certainty(daramad: Play) -> None:
    track = daramad("segah", 300.0)
    sharper = replace(DEFAULT, set_doubt=1.0)
    assert read_mode(track, tonic_hz=300.0).modes[0][1] < read_mode(track, None, None, sharper, 300.0).modes[0][1]


def test_a_stretch_that_is_too_short_names_no_mode_and_says_so(daramad: Play) -> None:
    track = daramad("segah", 300.0, 60.0)
    whole = read_mode(track)
    short = read_stretch(track, 10.0, 15.0, whole)
    assert not short.heard
    assert "5 s are too short" in short.reason
    assert "20 s" in short.reason
    assert np.ptp(short.probabilities("dastgah")) == 0
    assert short.degrees == ()
    # The profile is measured all the same, over the recording's tonic.
    assert short.tonic_hz == whole.tonic_hz
    assert short.profile.sum() == pytest.approx(1)
    assert int(np.argmax(short.profile)) in (239, 0, 1)


def test_from_the_bound_on_a_stretch_is_read(daramad: Play) -> None:
    track = daramad("segah", 300.0, 60.0)
    assert read_stretch(track, 10.0, 10.0 + LEAST_STRETCH_S).dastgahs[0][0] == "segah"
    assert not read_stretch(track, 10.0, 9.9 + LEAST_STRETCH_S).heard


def test_a_short_recording_is_no_short_stretch_of_it(daramad: Play) -> None:
    track = daramad("segah", 300.0, 12.0)
    assert read_stretch(track, 0.0, track.stop_s).modes == read_mode(track, 0.0, track.stop_s).modes
    assert not read_stretch(track, 0.0, 6.0).heard
