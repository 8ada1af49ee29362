from __future__ import annotations

import pytest

from persian_mir.labels import LABEL_ID, dastgah_of, describe, label_ids, ordered, vocabulary


def test_the_ids_that_others_rely_on() -> None:
    assert label_ids("dastgah") == ("shour", "mahour", "nava", "homayoun", "segah", "chahargah", "rast-panjgah")
    assert set(label_ids("mode")) - set(label_ids("dastgah")) == {
        "abuata", "bayat-e-tork", "afshari", "dashti", "bayat-e-kord", "bayat-e-esfahan",
    }  # fmt: skip
    assert set(label_ids("instrument")) == {"santoor", "ney", "setar", "tar", "kamancheh"}
    assert label_ids("artist") == ()


def test_every_label_is_named_in_both_scripts_and_every_mode_has_its_dastgah() -> None:
    for task in ("dastgah", "mode", "instrument"):
        for label in vocabulary(task):
            assert LABEL_ID.fullmatch(label.id)
            assert label.name
            assert any("؀" <= letter <= "ۿ" for letter in label.persian)
    assert {dastgah_of(mode) for mode in label_ids("mode")} == set(label_ids("dastgah"))
    assert dastgah_of("abuata") == "shour"
    assert dastgah_of("bayat-e-esfahan") == "homayoun"


def test_names_with_a_zero_width_non_joiner_are_written_with_it() -> None:
    for task, label_id in (("dastgah", "segah"), ("dastgah", "rast-panjgah"), ("instrument", "setar")):
        assert "‌" in describe(task, label_id).persian


def test_names_are_spoken_in_the_users_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert describe("dastgah", "segah").spoken == "Segah"
    monkeypatch.setenv("LANGUAGE", "fa")
    assert describe("dastgah", "segah").spoken == "سه‌گاه"
    assert describe("artist", "25").spoken == "25"


def test_an_artist_is_shown_by_its_id() -> None:
    assert describe("artist", "25").name == "25"


def test_labels_stand_in_the_order_of_the_vocabulary_then_of_the_alphabet() -> None:
    assert ordered("instrument", ["tar", "violin", "ney", "tar", "oud"]) == ("ney", "tar", "oud", "violin")
    assert ordered("artist", {"b", "a"}) == ("a", "b")
    assert ordered("artist", {"10", "2", "1", "a2", "a10"}) == ("1", "2", "10", "a2", "a10")
    assert ordered("artist", {"وفا", "گلپا", "پایور", "کلهر", "Zand", "ali"}) == (
        "ali",
        "Zand",
        "پایور",
        "کلهر",
        "گلپا",
        "وفا",
    )
    assert ordered("dastgah", ()) == ()
