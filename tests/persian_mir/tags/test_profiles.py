"""Templates: what they take, what they give, and that writing twice is writing once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.app_paths import config_dir
from persian_mir.errors import PersianMirError
from persian_mir.labels import vocabulary
from persian_mir.tags.profiles import (
    DEFAULT,
    PROFILES,
    bare_title,
    filled,
    forget_profile,
    in_language,
    keep_profile,
    needs_labels,
    own_profiles,
    pieces,
    templates,
)
from persian_mir.tags.values import Holding, Known, words

TEMPLATE = "{dastgah_fa} · {title}"


def test_what_is_not_known_is_not_written() -> None:
    assert filled(TEMPLATE, {"dastgah_fa": "شور", "title": "Take 1"}) == "شور · Take 1"
    assert filled(TEMPLATE, {"title": "Take 1"}) is None
    assert filled("", {}) == ""


@pytest.mark.parametrize(
    "template", ["{title.__class__}", "{0}", "{title!r}", "{title:>9}", "{", "{nobody}", "{title[0]}"]
)
def test_a_template_reaches_nothing_but_its_names(template: str) -> None:
    with pytest.raises(PersianMirError, match="no template"):
        templates("", [f"title={template}"])


@pytest.mark.parametrize(
    ("setting", "told"), [("title", "sets no field"), ("nofield=x", "nofield” is no field"), ("=x", "is no field")]
)
def test_a_setting_names_a_field(setting: str, told: str) -> None:
    with pytest.raises(PersianMirError, match=told):
        templates("", [setting])


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(PersianMirError, match="fields-fa"):
        templates("mine")


def test_every_profile_is_made_of_templates() -> None:
    for profile in PROFILES.values():
        assert all(pieces(template) for template in profile.values())
    assert needs_labels(PROFILES["fields"])
    assert not needs_labels(templates("", ["title={title}", "album=Radio", "comment={name}"]))


@given(st.text(min_size=1), st.sampled_from(vocabulary("dastgah")), st.sampled_from(vocabulary("dastgah")))
def test_a_label_that_changes_takes_the_old_ones_place(title: str, first: object, second: object) -> None:
    title = " ".join(title.split())
    if not title or bare_title(title, TEMPLATE) != title:
        return
    once = filled(TEMPLATE, {"dastgah_fa": first.persian, "title": title})
    assert once is not None
    again = filled(TEMPLATE, {"dastgah_fa": second.persian, "title": bare_title(once, TEMPLATE)})
    assert again == f"{second.persian} · {title}"[:1000]


def test_titles_that_other_templates_made_stay() -> None:
    assert bare_title("شور · Take", "{title}") == "شور · Take"
    assert bare_title("Take · شور", TEMPLATE) == "Take · شور"
    assert bare_title("شور · سه‌گاه · Take", TEMPLATE) == "Take"


def test_a_predicted_artist_is_attributed_until_a_person_accepts(known: Holding) -> None:
    told = words(known)
    assert told["artist"] == "نوازندهٔ ناشناس (attributed)"
    assert told["dastgah"] == "Shour"
    assert told["dastgah_fa"] == "شور"
    assert told["provenance"].startswith("dastgah: shour (machine, modal 0.86); instrument: tar (accepted, Sara)")
    accepted = words({"artist": [Known("Shahnaz", "accepted", "Sara")]})
    assert accepted["artist"] == "Shahnaz"
    assert words({"dastgah": [Known("", "rejected", "Sara")]}) == {}


def test_several_modes_are_all_written() -> None:
    told = words({"mode": [Known("segah", "accepted", "Sara"), Known("dashti", "machine", "", 0.5)]})
    assert told["mode"] == "Segah, Dashti"
    assert told["mode_fa"] == "سه‌گاه، دشتی"
    assert told["provenance"] == "mode: segah (accepted, Sara); mode: dashti (machine, 0.50)"


def test_own_profiles_are_kept_used_and_forgotten() -> None:
    chosen = {"title": "{dastgah} · {instrument}", "album": ""}
    keep_profile("شب", chosen)
    assert own_profiles() == {"شب": chosen}
    assert templates("شب", ["album=Radio"]) == {**chosen, "album": "Radio"}
    forget_profile("شب")
    assert own_profiles() == {}
    with pytest.raises(PersianMirError, match="no profile"):
        templates("شب")


@pytest.mark.parametrize("name", ["fields", "none", "", "<b>", "=x"])
def test_the_programs_own_names_and_no_names_are_refused(name: str) -> None:
    with pytest.raises(PersianMirError, match="cannot be the name"):
        keep_profile(name, {"title": "{title}"})
    assert own_profiles() == {}


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ('{"mine": {"nofield": "x"}}', "no field"),
        ('{"mine": {"title": "{nobody}"}}', "no template"),
        ('{"mine": []}', "makes no sense"),
        ("{", "no JSON"),
    ],
)
def test_a_spoilt_file_of_profiles_is_told_and_the_programs_own_go_on(spoilt: str, told: str) -> None:
    path = config_dir() / "tag-profiles.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(spoilt)
    with pytest.raises(PersianMirError, match=told):
        templates("mine")
    assert templates("players") == PROFILES["players"]


def test_a_window_begins_in_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_language() == DEFAULT
    monkeypatch.setenv("LANGUAGE", "fa")
    assert in_language() == "fields-fa"
