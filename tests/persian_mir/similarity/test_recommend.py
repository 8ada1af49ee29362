"""Recommendations: the strongest reason is the rarest likeness, and no artist follows himself unless asked."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.audio import open_audio
from persian_mir.audio.formats import audio_files
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Credit, Person, Statement
from persian_mir.similarity.build import build_index
from persian_mir.similarity.index import SimilarityIndex
from persian_mir.similarity.melody import MelodyFeatures
from persian_mir.similarity.recommend import LEAST_SHARE, melody_likeness, recommend
from persian_mir.similarity.traits import Traits, traits_of


def recording(
    name: str, modes: Mapping[str, float] = {}, instruments: Mapping[str, float] = {}, artist: str = ""
) -> Traits:
    return Traits(name, Path(f"{name}.wav"), name, modes, instruments, frozenset({artist} - {""}))


labels = st.dictionaries(st.sampled_from(["segah", "shour", "nava"]), st.floats(0.01, 1), max_size=2)
collections = st.lists(
    st.builds(
        lambda modes, instruments, artist: (modes, instruments, artist),
        labels,
        st.dictionaries(st.sampled_from(["tar", "ney"]), st.floats(0.01, 1), max_size=1),
        st.sampled_from(["", "a", "b", "c"]),
    ),
    max_size=20,
).map(lambda some: [recording(f"r{k}", *one) for k, one in enumerate(some)])
melodies = st.dictionaries(st.integers(0, 19).map(lambda k: f"r{k}"), st.floats(0, 1))
LIKED = [recording("liked", {"segah": 0.9}, {"tar": 0.8}, "a"), recording("too", {"nava": 1.0})]


@given(collections, melodies, st.integers(0, 25), st.booleans(), st.randoms())
def test_what_holds_of_every_list(
    others: list[Traits], melody: dict[str, float], limit: int, in_a_row: bool, rng: object
) -> None:
    found = recommend(LIKED, [*others, *LIKED], melody, limit, same_artist_in_a_row=in_a_row)
    names = [one.recording.content_hash for one in found]
    assert len(names) == len(set(names)) <= limit
    assert not {"liked", "too"} & set(names)
    for one in found:
        strengths = [reason.strength for reason in one.reasons]
        assert strengths == sorted(strengths, reverse=True)
        assert strengths[-1] > 0
        assert one.score == pytest.approx(sum(strengths))
    if in_a_row:
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    else:
        assert not any(one.recording.artists & two.recording.artists for one, two in pairwise(found))
    shuffled = list(others)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert recommend(LIKED, shuffled, melody, limit, same_artist_in_a_row=in_a_row) == found


def test_the_rarest_likeness_is_the_first_reason() -> None:
    # Of ten others, nine play the tar of the liked one, and one of them its mode: that says more.
    others = [recording(f"r{k}", {"shour": 1.0}, {"tar": 1.0}) for k in range(8)]
    others += [recording("same", {"segah": 1.0}, {"tar": 1.0}), recording("ney", {"nava": 1.0}, {"ney": 1.0})]
    first = recommend([recording("liked", {"segah": 1.0}, {"tar": 1.0})], others, {})[0]
    assert first.recording.content_hash == "same"
    assert [(one.kind, one.label) for one in first.reasons] == [("mode", "segah"), ("instrument", "tar")]
    assert [one.strength for one in first.reasons] == pytest.approx([2.302585, 0.105361], abs=1e-5)  # -ln .1, -ln .9


def test_a_melody_that_few_have_is_the_first_reason() -> None:
    others = [recording(f"r{k}", {"segah": 1.0}) for k in range(10)]
    melody = {f"r{k}": 0.5 + 0.04 * k for k in range(10)}
    found = recommend([recording("liked", {"segah": 1.0})], others, melody)
    assert [one.recording.content_hash for one in found] == [f"r{k}" for k in range(9, 0, -1)]  # r0: as all others
    assert {tuple(reason.kind for reason in one.reasons) for one in found} == {("melody",)}


def test_to_be_first_of_very_many_means_no_more_than_of_a_hundred() -> None:
    others = [recording(f"r{k}", {"shour": 1.0}) for k in range(999)] + [recording("same", {"segah": 1.0})]
    first = recommend([recording("liked", {"segah": 1.0})], others, {})[0]
    assert first.score == pytest.approx(4.60517)
    assert LEAST_SHARE == 0.01


def test_a_probable_mode_counts_for_more_than_a_doubtful_one() -> None:
    others = [recording("sure", {"segah": 0.9}), recording("doubtful", {"segah": 0.4}), recording("other")]
    found = recommend([recording("liked", {"segah": 0.9})], others, {})
    assert [one.recording.content_hash for one in found] == ["sure", "doubtful"]
    assert found[0].reasons[0].likeness == pytest.approx(0.81)


def test_of_several_liked_ones_the_likest_counts() -> None:
    others = [recording("a", {"nava": 1.0}), recording("b", {"segah": 1.0}), recording("c", {"shour": 1.0})]
    found = recommend([recording("x", {"nava": 1.0}), recording("y", {"segah": 1.0})], others, {})
    assert {(one.recording.content_hash, one.reasons[0].label) for one in found} == {("a", "nava"), ("b", "segah")}


def test_the_same_artist_in_a_row_only_if_asked() -> None:
    others = [recording("1", {"segah": 1.0}, artist="a"), recording("2", {"segah": 0.9}, artist="a")]
    others += [recording("3", {"segah": 0.8}, artist="b"), recording("4", {"shour": 1.0}, artist="b")]
    liked = [recording("liked", {"segah": 1.0})]
    assert [one.recording.title for one in recommend(liked, others, {})] == ["1", "3", "2"]
    assert [one.recording.title for one in recommend(liked, others, {}, same_artist_in_a_row=True)] == ["1", "2", "3"]
    only = [one for one in others if "a" in one.artists]
    assert [one.recording.title for one in recommend(liked, [*only, others[3]], {})] == ["1"]


def test_melodies_of_recordings_are_compared_in_the_index(corpus: Path, tmp_path: Path) -> None:
    features = MelodyFeatures()
    paths = audio_files(corpus)
    with SimilarityIndex(features.space, tmp_path) as index:
        hashes = dict(zip((path.stem for path in paths), build_index(index, features, paths).hashes, strict=True))
        names = {content_hash: name for name, content_hash in hashes.items()}
        for mode in ("segah", "shour", "chahargah"):
            likeness = melody_likeness(index, [hashes[f"{mode} setar"]])
            assert names[max(likeness, key=likeness.__getitem__)] == f"{mode} ney"
            assert hashes[f"{mode} setar"] not in likeness
            assert all(0 <= one <= 1 for one in likeness.values())
        both = melody_likeness(index, [hashes["segah setar"], hashes["shour setar"]])
        assert {names[one] for one in sorted(both, key=both.__getitem__)[-2:]} == {"segah ney", "shour ney"}
        assert melody_likeness(index, ["not there"]) == {}


def test_the_traits_are_those_that_the_catalogue_holds(corpus: Path, tmp_path: Path) -> None:
    with Catalogue.open(tmp_path / "c.sqlite") as catalogue:
        for path in audio_files(corpus):
            with open_audio(path) as source:
                known, frames = source.recording, source.recording.frames
            catalogue.put_recording(known)
            mode, instrument = path.stem.split()
            said = [Statement("mode", 0, frames, mode, "machine", "modal", "1", 0.75)]
            said.append(Statement("instrument", 0, frames, instrument, "accepted", "somebody"))
            for one in said:
                catalogue.add_statements(known.content_hash, [one])
            who = Person(name_latin="Somebody") if instrument == "ney" else Person(unknown=1)
            credited = (Credit(who, "instrumentalist", instrument), Credit(Person(name_fa="حافظ"), "poet-avaz"))
            catalogue.set_credits(known.content_hash, credited)
        found = {one.file.stem: one for one in traits_of(catalogue)}
    assert len(found) == 6
    assert found["segah ney"].modes == {"segah": 0.75}
    assert found["segah ney"].instruments == {"ney": 1.0}
    assert found["segah ney"].artists == {"somebody"}
    assert found["shour setar"].artists == found["segah setar"].artists
    assert not found["shour setar"].artists & found["shour ney"].artists
    first = recommend([found["shour setar"]], list(found.values()), {}, same_artist_in_a_row=True)[0]
    assert first.recording.file.stem == "shour ney"
    assert (first.reasons[0].kind, first.reasons[0].label) == ("mode", "shour")
