from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest

from persian_mir.examples.melody import compose
from persian_mir.examples.scale import scale_of
from persian_mir.modal.pitch import HOP_S, PitchTrack, join_tracks
from persian_mir.modal.reading import ModalReading, ModalSection, read_mode
from persian_mir.modal.sections import SILENT, best_path, find_bounds, main_section, read_recording
from persian_mir.modal.trusted_evidence import sounding

Play = Callable[..., PitchTrack]
# Each of the seven Dastgahs on a shahed of its own, and how long in s.
CONCERT = (
    ("shour", 196.0, 150.0),
    ("mahour", 261.6, 120.0),
    ("segah", 233.0, 180.0),
    ("homayoun", 220.0, 150.0),
    ("chahargah", 261.6, 120.0),
    ("nava", 294.0, 150.0),
    ("rast-panjgah", 174.6, 120.0),
)


def performed(mode: str, shahed_hz: float, seconds: float, seed: int) -> PitchTrack:
    """The pitch track of an improvisation by the project's synthesiser, with a player's scatter and no sound made."""
    rng = np.random.default_rng(seed)
    hz = np.zeros(round(seconds / HOP_S))
    for note in compose(scale_of(mode), shahed_hz, seconds, 0.3, "riz", rng):
        hz[round(note.start_s / HOP_S) : round(note.stop_s / HOP_S)] = note.hz * 2 ** (rng.normal(0, 10) / 1200)
    hz *= 2 ** (rng.normal(0, 6, len(hz)) / 1200)
    return PitchTrack(hz.astype(np.float32), (hz > 0).astype(np.float32))


def played(pieces: Iterable[tuple[str, float, float]]) -> PitchTrack:
    return join_tracks([performed(*piece, seed) for seed, piece in enumerate(pieces)])


@pytest.fixture(scope="module")
def concert() -> ModalReading:
    return read_recording(played(CONCERT))


def shares_right(reading: ModalReading, truth: Iterable[tuple[str, float, float]]) -> float:
    """Share of the time in which the section says the Dastgah that was played."""
    right, at = 0.0, 0.0
    for dastgah, _hz, seconds in truth:
        for section in reading.sections:
            if section.reading.dastgahs[0][0] == dastgah:
                right += max(0.0, min(section.stop_s, at + seconds) - max(section.start_s, at))
        at += seconds
    return right / at


def test_a_concert_of_seven_dastgahs_is_no_single_one(concert: ModalReading) -> None:
    assert concert.dastgahs[0][1] < 0.5
    assert {section.reading.dastgahs[0][0] for section in concert.sections} >= {"shour", "mahour", "segah", "chahargah"}


def test_a_line_is_heard_as_often_as_in_its_sections(concert: ModalReading) -> None:
    assert concert.line_share == pytest.approx(float(sounding(concert.track).mean()), abs=0.002)


def test_its_sections_are_where_they_were_played(concert: ModalReading) -> None:
    assert shares_right(concert, CONCERT) >= 0.8
    starts = np.cumsum([0.0] + [seconds for _mode, _hz, seconds in CONCERT])[1:-1]
    cuts = np.array([section.start_s for section in concert.sections[1:]])
    assert sum(np.abs(cuts - start).min() <= 15 for start in starts) >= 5
    assert concert.sections[0].start_s == 0
    assert concert.sections[-1].stop_s == concert.track.stop_s
    for before, after in zip(concert.sections, concert.sections[1:], strict=False):
        assert before.stop_s == after.start_s


def test_its_probabilities_are_the_shares_of_time(concert: ModalReading) -> None:
    lengths = [section.stop_s - section.start_s for section in concert.sections]
    for task in ("mode", "dastgah"):
        rows = [section.reading.probabilities(task) for section in concert.sections]
        np.testing.assert_allclose(concert.probabilities(task), np.average(rows, axis=0, weights=lengths), atol=1e-6)


def test_the_scale_of_a_concert_is_that_of_one_section(concert: ModalReading) -> None:
    main = main_section(concert.sections)
    assert concert.tonic_hz == main.reading.tonic_hz
    assert concert.degrees == main.reading.degrees
    assert concert.reason


def test_a_sure_section_is_explained_before_a_longer_unsure_one() -> None:
    sure = read_mode(played([("segah", 220.0, 60.0)]))
    unsure = replace(sure, modes=(("rast-panjgah", 0.57), ("mahour", 0.43)))
    sections = (ModalSection(0.0, 100.0, unsure), ModalSection(100.0, 160.0, sure))
    assert main_section(sections).reading is sure
    assert main_section(sections[:1]).reading is unsure


@pytest.mark.parametrize("mode", ["segah", "chahargah", "mahour", "homayoun", "shour"])
def test_one_long_mode_is_one_section_read_as_ever(mode: str) -> None:
    track = played([(mode, 220.0, 300.0)])
    reading = read_recording(track)
    assert reading.sections == ()
    assert reading.dastgahs == read_mode(track).dastgahs


def test_a_visit_to_another_mode_is_a_section_of_its_own() -> None:
    pieces = [("mahour", 261.6, 240.0), ("segah", 233.0, 90.0), ("mahour", 261.6, 200.0)]
    reading = read_recording(played(pieces))
    assert [section.reading.dastgahs[0][0] for section in reading.sections] == ["mahour", "segah", "mahour"]
    assert reading.dastgahs[0][0] == "mahour"
    assert main_section(reading.sections).start_s == 0


def test_the_same_mode_on_another_shahed_is_a_section_and_no_other_mode() -> None:
    reading = read_recording(played([("segah", 233.0, 120.0), ("segah", 262.0, 120.0)]))
    assert [section.reading.modes[0][0] for section in reading.sections] == ["segah", "segah"]
    assert reading.modes[0][1] > 0.9


def test_drumming_before_the_music_is_a_section_without_a_mode(daramad: Play) -> None:
    rng = np.random.default_rng(0)
    hz = rng.uniform(60, 400, round(120 / HOP_S)).astype(np.float32)
    music = daramad("chahargah", 261.6, 180.0)
    reading = read_recording(join_tracks([PitchTrack(hz, np.ones(len(hz), np.float32)), music]))
    assert [section.reading.heard for section in reading.sections] == [False, True]
    first, probability = reading.sections[1].reading.dastgahs[0]
    assert reading.dastgahs[0] == (first, pytest.approx(probability, abs=1e-6))
    assert abs(reading.sections[1].start_s - 120) <= 15


def test_a_shahed_that_drifts_by_a_semitone_is_no_change(daramad: Play) -> None:
    track = daramad("chahargah", 261.6, 300.0)
    falls = (track.hz * 2 ** (-np.linspace(0, 100, len(track.hz)) / 1200)).astype(np.float32)
    assert find_bounds(PitchTrack(falls, track.confidence)) == [(0.0, track.stop_s)]


def test_nothing_and_little_are_one_section(daramad: Play) -> None:
    assert read_recording(PitchTrack(np.zeros(0, np.float32), np.zeros(0, np.float32))).sections == ()
    silence = PitchTrack(np.zeros(40_000, np.float32), np.zeros(40_000, np.float32))
    assert not read_recording(silence).heard
    assert read_recording(daramad("segah", 300.0, 20.0)).sections == ()


def test_a_shahed_set_by_hand_holds_for_all_of_it() -> None:
    track = played(CONCERT[:3])
    reading = read_recording(track, tonic_hz=261.6)
    assert reading.sections == ()
    assert reading.tonic_hz == 261.6


def test_the_path_changes_only_where_that_pays() -> None:
    scores = np.full((6, SILENT + 1), -8.0)
    scores[:3, 100], scores[3:, 900] = 0.0, 0.0
    assert best_path(iter(scores), 6).tolist() == [False, False, False, True, False, False]
    scores[3:, 900] = -6.0  # 3 times 2 more than where it was: less than a change costs
    assert not best_path(iter(scores), 6).any()
