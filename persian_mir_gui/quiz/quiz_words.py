"""What the quiz says: questions, why an answer is right, when a card comes back, how a sitting went."""

from __future__ import annotations

from datetime import date

from persian_mir.i18n import _
from persian_mir.quiz.cards import Card, Deck, is_near
from persian_mir.quiz.lessons import LessonNote, difference, lesson_notes
from persian_mir.quiz.session import QuizAnswer, Session
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import signed


def deck_name(deck: Deck) -> str:
    """What a deck is called."""
    return {"dastgah": _("Dastgahs"), "mode": _("Modes, avaz included"), "gusheh": _("Gushehs")}[deck]


def question(card: Card) -> str:
    """What is asked."""
    if card.deck == "gusheh":
        return _("Which gusheh of {mode} is it?").format(mode=formatting.label_name("mode", card.mode))
    return _("Which Dastgah is it?") if card.deck == "dastgah" else _("Which mode is it?")


def place_line(session: Session, answered: QuizAnswer | None) -> str:
    """Where in the sitting one is: the number of its questions stays, those that come again are told beside it."""
    before = session.answers if answered is None else session.answers[:-1]
    card = session.card if answered is None else answered.card
    if any(one.card == card for one in before):
        return formatting.digits(_("Asked again · still to come: {count}").format(count=session.again))
    number = session.asked + (answered is None)
    place = _("Question {number} of {all}").format(number=number, all=session.size)
    if session.again:
        place += " · " + _("to be asked again: {count}").format(count=session.again)
    return formatting.digits(place)


def notes_line(card: Card, spoken: bool = False) -> str:
    """The notes of the mode, low to high; `spoken` with their signs in words."""
    notes = lesson_notes(card)
    names = [note.name.text if spoken else signed(note.name) for note in notes]
    return _("Notes: {notes}").format(notes=" · ".join(names))


def roles_line(card: Card, spoken: bool = False) -> str:
    """Which of them is the shahed, and where it comes to rest."""

    def said(note: LessonNote) -> str:
        return note.name.text if spoken else signed(note.name)

    notes = lesson_notes(card)
    shahed = next(note for note in notes if note.shahed)
    ist = next((note for note in notes if note.ist), shahed)
    if card.deck == "gusheh":
        return _("It dwells longest on {longest} and ends on {last}").format(longest=said(shahed), last=said(ist))
    if ist is shahed:
        return _("Shahed and ist: {note}").format(note=said(shahed))
    return _("Shahed: {shahed} · ist: {ist}").format(shahed=said(shahed), ist=said(ist))


def listen_for(answered: QuizAnswer, offered: tuple[Card, ...]) -> str:
    """What tells the card from what was chosen; after a right answer, from the nearest of the others.

    Empty where nothing that is heard does.
    """
    card = answered.card
    other = answered.chosen
    if answered.right:
        other = next((one for one in offered if one != card and is_near(card, one)), offered[0])
    if other == card:
        return ""
    told = difference(card, other)
    if told is None:
        return ""
    text = _("Listen for {note}: it has {here} of the time here; in {other}, from the same shahed, {there}.")
    here, there = formatting.percent(told.here), formatting.percent(told.there)
    return text.format(note=told.name.text, other=formatting.isolated(other.spoken), here=here, there=there)


def verdict_line(answered: QuizAnswer) -> str:
    """Right or wrong, and what it was."""
    name = formatting.isolated(answered.card.spoken)
    if answered.right:
        return _("Right: {name}").format(name=name)
    return _("It was {name}, not {other}").format(name=name, other=formatting.isolated(answered.chosen.spoken))


def again_line(answered: QuizAnswer, today: date) -> str:
    """When the card is asked again."""
    days = (answered.memory.due - today).days if answered.memory.due else 0
    if answered.grade < 4:
        return _("It is asked again at the end of this sitting, and tomorrow or later.")
    if days <= 1:
        return _("It is asked again tomorrow.")
    return _("It is asked again in {number} days.").format(number=formatting.digits(str(days)))


def summary(answers: list[QuizAnswer]) -> str:
    """How many were known at once."""
    first: dict[str, QuizAnswer] = {}
    for one in answers:
        first.setdefault(one.card.id, one)
    right = sum(one.right for one in first.values())
    numbers = formatting.digits(str(right)), formatting.digits(str(len(first)))
    return _("{right} of {count} right at once").format(right=numbers[0], count=numbers[1])


def to_practise(answers: list[QuizAnswer]) -> str:
    """The cards that were missed, each on one line with all that it was taken for."""
    taken: dict[str, dict[str, None]] = {}
    for one in answers:
        if not one.right:
            taken.setdefault(one.card.spoken, {})[one.chosen.spoken] = None
    lines = [
        _("{name}, taken for {other}").format(
            name=formatting.isolated(name), other=_(", ").join(map(formatting.isolated, others))
        )
        for name, others in taken.items()
    ]
    return "\n".join(lines)
