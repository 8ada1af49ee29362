"""What a catalogue holds, as values: what an archive of Persian music writes down of its recordings.

Every field may be left out: None or empty means that nobody looked, `UNKNOWN` that somebody did and could not tell.
Times are samples of the recording. A term is the id of the vocabulary where that has it (`resources/vocabulary.json`).
The fields and terms are those of a radio archive of 1,440 programmes; PBCore, MARC and Dublin Core name most of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

UNKNOWN = "unknown"

KINDS = (
    *("declamation", "avaz", "tarane", "zarbi", "pish-daramad", "chahar-mezrab", "reng"),
    *("solo", "saz-o-avaz", "orchestra", "speech"),
)
ROLES = (
    *("instrumentalist", "singer-avaz", "singer-tarane", "announcer", "poet-text", "poet-avaz"),
    *("composer", "songwriter", "arranger", "after", "orchestra", "leader"),
)
VERSE_FORMS = (
    *("ghazal", "robai", "dobeiti", "qaside", "masnavi", "tarji-band", "tarkib-band"),
    *("saqi-name", "mosammat", "qete", "mostazad", "mokhammas"),
)
CARRIER_TYPES = ("tape", "shellac", "lp", "cassette", "file")

Certainty = Literal["documented", "attributed", "heard", "machine"]
CERTAINTIES: tuple[Certainty, ...] = ("documented", "attributed", "heard", "machine")
Status = Literal["machine", "attributed", "accepted", "corrected", "rejected", "undone"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or one of the unknown: those of different numbers are different people."""

    name_fa: str = ""
    name_latin: str = ""
    other_names: tuple[str, ...] = ()
    dates: str = ""
    unknown: int | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """What a person did: an instrumentalist has an instrument, a poet a form of verse."""

    person: Person
    role: str
    instrument: str = ""
    form: str = ""
    certainty: Certainty = "documented"


@dataclass(frozen=True, slots=True)
class Text:
    """What is sung or said. `first_line` is the matla."""

    poet: Person | None = None
    form: str = ""
    first_line: str = ""
    verses: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of a recording that is one thing: samples `start` up to `stop`. `gushehs` stand as they are played."""

    start: int
    stop: int
    kind: str = ""
    modes: tuple[str, ...] = ()
    gushehs: tuple[str, ...] = ()
    version: str = ""
    shahed_hz: float | None = None
    tuning: str = ""
    metre: str = ""
    note: str = ""
    credits: tuple[Credit, ...] = ()
    texts: tuple[Text, ...] = ()
    id: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise ValueError(f"no stretch: {self.start} to {self.stop}")


@dataclass(frozen=True, slots=True)
class Collection:
    """Whose recordings they are, and who may hear them. `mode_priors` act on the readings within it, and are named."""

    name: str
    holder: str = ""
    series: tuple[str, ...] = ()
    source: str = ""
    rights: str = ""
    access: str = ""
    mode_priors: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Carrier:
    """The thing that the sound was taken from."""

    type: str = ""
    label: str = ""
    catalogue_number: str = ""
    matrix_number: str = ""
    side: str = ""
    speed: str = ""
    transfer_date: str = ""
    transfer_operator: str = ""
    transfer_equipment: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """A broadcast or a track: what a whole recording is. Dates as they are known, with their "about"."""

    number: str = ""
    title_fa: str = ""
    title_latin: str = ""
    date_jalali: str = ""
    date_gregorian: str = ""
    place: str = ""
    modes: tuple[str, ...] = ()  # the principal one first
    orchestra: str = ""
    leader: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody, or a model, said of samples `start` up to `stop`: that they carry `label` of `task`.

    Statements are added and never changed; a later one about the same may name the one that it `supersedes`.
    """

    task: str
    start: int
    stop: int
    label: str  # empty: nothing was heard, or the machine's was rejected and no other given
    status: Status
    who: str  # a person's name, or a predictor's id
    version: str = ""
    probability: float | None = None
    when: str = ""  # UTC, ISO 8601
    supersedes: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """A recording with all that is known of it: what the formats of exchange write and read.

    `content_hash` names the sound, `file_hash` the bytes of the file where they were counted (fixity).
    """

    path: str
    content_hash: str
    rate: int
    frames: int
    file_hash: str = ""
    collection: Collection | None = None
    carrier: Carrier | None = None
    programme: Programme = field(default_factory=Programme)
    credits: tuple[Credit, ...] = ()
    items: tuple[Item, ...] = ()
    statements: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()
