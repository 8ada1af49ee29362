"""A recording that everything is known of, and any recording at all."""

from __future__ import annotations

from hypothesis import strategies as st

from persian_mir.catalogue.model import (
    CARRIER_TYPES,
    CERTAINTIES,
    KINDS,
    ROLES,
    VERSE_FORMS,
    Carrier,
    Collection,
    Credit,
    Described,
    Item,
    Person,
    Programme,
    Statement,
    Text,
)

RATE = 44_100
SINGER = Person("بانو نمونه", "Banu Nemune", ("B. Nemooneh",), "1300–1370")
UNKNOWN_TAR = Person(unknown=2)
WHEN, LATER = "2026-11-28T12:00:00+00:00", "2026-11-28T13:30:00+00:00"


def machine(task: str, start: int, stop: int, label: str, probability: float, number: str) -> Statement:
    status = "attributed" if task == "artist" else "machine"
    return Statement(task, start, stop, label, status, "modal", "1.0", probability, WHEN, id=number)


FULL = Described(
    path="/archive/گل‌ها/491ب.flac",
    content_hash="0123456789abcdef0123456789abcdef",
    rate=RATE,
    frames=60 * RATE,
    file_hash="fedcba9876543210fedcba9876543210",
    collection=Collection("Example", "An archive", ("گل‌های نمونه",), "A project", "CC0", "open", (("segah", 0.17),)),
    carrier=Carrier("tape", "Label", "C-12", "M-3", "A", "19 cm/s", "1998-05-01", "Operator", "Deck", "good"),
    programme=Programme(
        *("491ب", "برنامهٔ نمونه", "An example", "حدود 1340", "about 1961", "Tehran"),
        *(("segah", "dashti"), "Orchestra", "Leader", "fa"),
    ),
    credits=(Credit(SINGER, "singer-avaz"), Credit(UNKNOWN_TAR, "instrumentalist", "tar", certainty="heard")),
    items=(
        Item(0, 15 * RATE, "declamation", credits=(Credit(SINGER, "announcer"),), id="i1"),
        Item(
            *(15 * RATE + 7, 50 * RATE, "avaz", ("segah", "dashti"), ("zabol", "mokhalef"), "Some version", 219.53),
            *("C koron", "6/8", "=a note, & <more>", (Credit(SINGER, "poet-avaz", form="ghazal"),)),
            (Text(SINGER, "ghazal", "مصرع نخست", "بیت یک\nبیت دو", "https://example.org/1"),),
            id="i2",
        ),
    ),
    statements=(
        machine("mode", 0, 60 * RATE, "segah", 0.8612345, "s1"),
        machine("mode", 0, 30 * RATE, "segah", 0.9, "s2"),
        machine("mode", 30 * RATE, 60 * RATE, "shour", 0.6, "s3"),
        machine("artist", 0, 60 * RATE, "بانو نمونه", 0.55, "s4"),
        Statement("mode", 30 * RATE, 60 * RATE, "dashti", "corrected", "Sara", when=LATER, supersedes="s3", id="s5"),
        Statement("instrument", 0, 60 * RATE, "", "rejected", "Sara", when=LATER, id="s6"),
        Statement("instrument", 3, 60 * RATE, "violin", "corrected", "سارا", when=LATER, id="s7"),
    ),
    notes=("-first", "second\twith a tab"),
)
BARE = Described("other.wav", "f" * 32, 8000, 8000)

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
fractions = st.none() | st.floats(0, 1)
persons = st.builds(Person, texts, texts, st.lists(texts, max_size=2).map(tuple), texts, st.none() | st.integers(0, 9))
credit_lists = st.lists(
    st.builds(
        *(Credit, persons, st.sampled_from(ROLES), texts, st.sampled_from(("", *VERSE_FORMS))),
        st.sampled_from(CERTAINTIES),
    ),
    max_size=2,
).map(tuple)
tuples = st.lists(texts, max_size=2).map(tuple)
labels = st.sampled_from(("segah", "shour", "dashti", "abuata"))


@st.composite
def stretches(draw: st.DrawFn, frames: int) -> tuple[int, int]:
    start = draw(st.integers(0, frames - 1))
    return start, draw(st.integers(start + 1, frames))


@st.composite
def items(draw: st.DrawFn, frames: int) -> Item:
    start, stop = draw(stretches(frames))
    return Item(
        *(start, stop, draw(st.sampled_from(("", *KINDS))), draw(tuples), draw(tuples), draw(texts)),
        *(draw(st.none() | st.floats(20, 2000)), draw(texts), draw(texts), draw(texts), draw(credit_lists)),
        draw(st.lists(st.builds(Text, st.none() | persons, texts, texts, texts, texts), max_size=1).map(tuple)),
        draw(texts),
    )


@st.composite
def statements(draw: st.DrawFn, frames: int) -> Statement:
    start, stop = draw(stretches(frames))
    status = draw(st.sampled_from(("machine", "attributed", "accepted", "corrected", "rejected", "undone")))
    label = "" if status in ("rejected", "undone") else draw(labels)
    told = draw(st.sampled_from(("mode", "instrument", "artist"))), start, stop, label, status, draw(texts)
    when = draw(st.sampled_from((WHEN, LATER)))
    return Statement(*told, draw(texts), draw(fractions), when, draw(texts), draw(texts))


@st.composite
def recordings(draw: st.DrawFn) -> Described:
    rate, frames = draw(st.sampled_from((8000, 44_100, 48_000))), draw(st.integers(1, 10_000_000))
    return Described(
        *(draw(texts), draw(texts), rate, frames, draw(texts)),
        draw(st.none() | st.builds(Collection, texts, texts, tuples, texts, texts, texts)),
        draw(st.none() | st.builds(Carrier, st.sampled_from(("", *CARRIER_TYPES)), *[texts] * 9)),
        draw(st.builds(Programme, *[texts] * 6, tuples, texts, texts, texts)),
        draw(credit_lists),
        tuple(draw(st.lists(items(frames), max_size=3))),
        tuple(draw(st.lists(statements(frames), max_size=5))),
        draw(tuples),
    )
