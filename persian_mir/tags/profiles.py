"""Profiles: which field of the tags gets what, as templates such as `{dastgah_fa} · {title}`."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, quoted
from persian_mir.labels import TASKS, vocabulary
from persian_mir.tags.fields import FIELDS

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


def templates(profile: str, settings: Sequence[str] = ()) -> Templates:
    """Return those of `profile` (empty: none), changed by `settings` such as `title={dastgah_fa} · {title}`.

    Raises PersianMirError for a profile, field or name in braces that is not known.
    """
    if profile and profile not in PROFILES:
        raise PersianMirError(
            _("There is no profile {name}.").format(name=quoted(profile)),
            cure=_("Known are: {names}.").format(names=", ".join(PROFILES)),
        )
    chosen = dict(PROFILES.get(profile, {}))
    for setting in settings:
        field, equals, template = setting.partition("=")
        if not equals or field not in FIELDS:
            raise PersianMirError(
                _("{text} sets no field of the tags.").format(text=quoted(setting)),
                cure=_("Write FIELD=TEMPLATE; fields are: {names}.").format(names=", ".join(FIELDS)),
            )
        pieces(template)
        chosen[field] = template
    return chosen


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
