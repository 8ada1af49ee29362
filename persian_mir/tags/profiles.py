"""Profiles: which field of the tags gets what, as templates such as `{dastgah_fa} · {title}`; those of the user too."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from persian_mir.app_paths import config_dir
from persian_mir.checked_json import mapping, read_json, text
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, language, quoted
from persian_mir.labels import TASKS, vocabulary
from persian_mir.names import is_name
from persian_mir.tags.fields import FIELDS
from persian_mir.whole_file import write_whole

Templates = Mapping[str, str]  # by field
Piece = tuple[str, str | None]  # what stands before, and the name in braces

LONGEST = 1000  # signs of a value
_SUFFIXES = ("", "_fa", "_id")
NAMES = ("title", "name", "provenance", "artist", *(f"{task}{s}" for task in TASKS[:3] for s in _SUFFIXES))
PROFILES: Mapping[str, Templates] = MappingProxyType(
    {
        # Fields of their own: nothing that the user wrote is touched.
        "fields": {
            **{task: f"{{{task}}}" for task in ("dastgah", "mode", "instrument")},
            **{"performer": "{artist}", "source": "{provenance}"},
        },
        "fields-fa": {
            **{task: f"{{{task}_fa}}" for task in ("dastgah", "mode", "instrument")},
            **{"performer": "{artist}", "source": "{provenance}"},
        },
        # What every player shows. A comment may be anything that somebody wrote: it is left alone.
        "players": {"title": "{dastgah} · {title}", "genre": "{mode}", "source": "{provenance}"},
        "players-fa": {"title": "{dastgah_fa} · {title}", "genre": "{mode_fa}", "source": "{provenance}"},
    }
)
DEFAULT = "fields"
_RULE = mapping(mapping(text(LONGEST), 64), 1000)


def in_language() -> str:
    """Return the profile that a window begins with: the Persian one for who reads Persian."""
    return f"{DEFAULT}-fa" if language() == "fa" else DEFAULT


def own_profiles() -> dict[str, Templates]:
    """Return those that the user kept, by name. Raises PersianMirError where their file was spoilt."""
    try:
        told = read_json(_path(), _RULE)
    except FileNotFoundError:
        return {}
    return {name: checked(chosen) for name, chosen in told.items() if name not in PROFILES}


def keep_profile(name: str, chosen: Templates) -> None:
    """Keep templates under a name, in the place of what had it. Raises PersianMirError."""
    if not is_name(name) or name in (*PROFILES, "none"):
        what = _("{text} cannot be the name of a profile of your own.").format(text=quoted(name))
        raise PersianMirError(what, cure=_("Choose letters and digits, and no name of the program's own profiles."))
    _write(own_profiles() | {name: dict(checked(chosen))})


def forget_profile(name: str) -> None:
    """Forget one of the user's own. Raises PersianMirError where there is none of that name."""
    kept = own_profiles()
    if name not in kept:
        raise _unknown(name, kept)
    _write({one: chosen for one, chosen in kept.items() if one != name})


def checked(chosen: Mapping[str, str]) -> Templates:
    """Return `chosen`, in which every field and every name in braces is known. Raises PersianMirError."""
    for field, template in chosen.items():
        if field not in FIELDS:
            raise PersianMirError(
                _("{text} is no field of the tags.").format(text=quoted(field)),
                cure=_("Fields are: {names}.").format(names=", ".join(FIELDS)),
            )
        pieces(template)
    return chosen


def templates(profile: str, settings: Sequence[str] = ()) -> Templates:
    """Return those of `profile` (empty: none), changed by `settings` such as `title={dastgah_fa} · {title}`.

    Raises PersianMirError for a profile, field or name in braces that is not known.
    """
    known = {**PROFILES, **(own_profiles() if profile not in PROFILES else {}), "": {}}
    if profile not in known:
        raise _unknown(profile, [one for one in known if one])
    told = dict(known[profile])
    for setting in settings:
        field, equals, template = setting.partition("=")
        if not equals:
            what = _("{text} sets no field of the tags.").format(text=quoted(setting))
            raise PersianMirError(what, cure=_("Write FIELD=TEMPLATE, as title='{dastgah} · {title}'."))
        told[field] = template
    return checked(told)


def _unknown(profile: str, known: Iterable[str]) -> PersianMirError:
    what = _("There is no profile {name}.").format(name=quoted(profile))
    return PersianMirError(what, cure=_("Known are: {names}.").format(names=", ".join(known) or "–"))


def _path() -> Path:
    return config_dir() / "tag-profiles.json"


def _write(kept: Mapping[str, Templates]) -> None:
    write_whole(_path(), json.dumps(kept, ensure_ascii=False, indent=1, default=dict))


def pieces(template: str) -> list[Piece]:
    """Take a template apart. Raises PersianMirError where it is none."""
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError:
        parsed = [("", "", "", None)]
    for _before, name, spec, conversion in parsed:
        if name is not None and (name not in NAMES or spec or conversion):
            raise PersianMirError(
                _("{text} is no template.").format(text=quoted(template)),
                cure=_("In braces may stand: {names}.").format(names=", ".join(NAMES)),
            )
    return [(before, name) for before, name, _spec, _conversion in parsed]


def needs_labels(chosen: Templates) -> bool:
    """Whether a template asks for more than the tags and the name of the file tell."""
    used = {name for template in chosen.values() for _before, name in pieces(template)}
    return bool(used - {None, "title", "name"})


def filled(template: str, values: Mapping[str, str]) -> str | None:
    """Return the value of a template; None where it asks for something that is not known, so nothing is written."""
    text = ""
    for before, name in pieces(template):
        text += before
        if name is not None:
            if not values.get(name):
                return None
            text += values[name]
    return " ".join(text.split())[:LONGEST]


def bare_title(title: str, template: str) -> str:
    """Return the title without what an earlier writing by the same template put around it, if any."""
    taken = pieces(template)
    if [name for _before, name in taken].count("title") != 1 or template.strip() == "{title}":
        return title
    pattern = re.compile("".join(_patterns(taken)), re.DOTALL)
    while (found := pattern.fullmatch(title)) and found["title"] != title:
        title = found["title"]
    return title


def _patterns(taken: Sequence[Piece]) -> Iterator[str]:
    for before, name in taken:
        yield re.escape(before)
        if name == "title":
            yield "(?P<title>.+)"
        elif name is not None:
            task = name.removesuffix("_fa").removesuffix("_id")
            words = {word for one in vocabulary(task) for word in (one.name, one.persian, one.id) if word}
            yield f"(?:{'|'.join(map(re.escape, sorted(words)))})" if words else ".+?"
