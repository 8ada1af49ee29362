from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trainer.data.split import split_recordings

RECORDINGS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["", "p", "q", "r", "s"])), min_size=1, max_size=40
)


@given(RECORDINGS, st.integers(0, 5))
def test_every_class_stays_in_training_and_artists_stay_together(recordings, seed):
    labels, artists = zip(*recordings, strict=True)
    split = split_recordings(labels, artists, [""] * len(labels), seed)
    train = [i for i, part in enumerate(split.parts) if part == "train"]
    dev = [i for i, part in enumerate(split.parts) if part == "dev"]
    assert len(train) + len(dev) == len(labels)
    assert {labels[i] for i in train} == set(labels)
    if split.how == "artist":
        assert not {artists[i] for i in train} & {artists[i] for i in dev}
    assert split == split_recordings(labels, artists, [""] * len(labels), seed)


def test_a_fifth_of_each_class_is_held_out():
    split = split_recordings("a" * 20 + "b" * 10, [""] * 30, [""] * 30, 1)
    assert (split.parts[:20].count("dev"), split.parts[20:].count("dev"), split.how) == (4, 2, "recording")


def test_artists_who_play_one_class_alone_cannot_be_held_out():
    split = split_recordings("aaaabbbb", "ppppqqqq", [""] * 8, 1)
    assert split.how == "recording"
    assert split.parts.count("dev") == 2


def test_whole_artists_are_held_out_where_every_class_has_several():
    split = split_recordings("aaaabbbb", "ppqqrrss", [""] * 8, 1)
    assert split.how == "artist"
    assert split.parts.count("dev") == 4


def test_given_parts_stand():
    assert split_recordings("aabb", [""] * 4, ["", "dev", "train", "test"], 0).parts == (
        "train",
        "dev",
        "train",
        "test",
    )
    split = split_recordings("aaaaabbbbbb", [""] * 11, ["train"] * 10 + ["test"], 0)
    assert (split.parts[10], split.parts.count("dev"), split.how) == ("test", 2, "recording")
