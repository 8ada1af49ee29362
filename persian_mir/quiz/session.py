"""One sitting: the cards that are due, then new ones; what was not known well comes again at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from persian_mir.quiz.cards import Card, Deck, cards, is_near
from persian_mir.quiz.scheduler import AGAIN, Memory, reviewed

SESSION = 10  # cards


@dataclass(frozen=True, slots=True)
class QuizAnswer:
    """An answer as it was given: the card, what was chosen, its grade, and the memory that follows."""

    card: Card
    chosen: Card
    grade: int
    memory: Memory

    @property
    def right(self) -> bool:
        """Whether it was the card."""
        return self.chosen == self.card


def due_cards(deck: Deck, memories: Mapping[str, Memory], today: date) -> tuple[Card, ...]:
    """The cards to be asked again, the longest overdue first."""
    due = [card for card in cards(deck) if memories.get(card.id, Memory()).is_due(today)]
    return tuple(sorted(due, key=lambda card: memories[card.id].due or today))


def grade_of(card: Card, chosen: Card, replays: int) -> int:
    """5 for a right answer at the first hearing, less for more of them; 2 for a near miss, 1 for a far one."""
    if chosen == card:
        return max(3, 5 - replays)
    return 2 if is_near(card, chosen) else 1


@dataclass(slots=True)
class Session:
    """The cards of a sitting, one after the other. `today` and `rng` come from outside, so that it can be repeated."""

    deck: Deck
    memories: dict[str, Memory]
    today: date
    rng: np.random.Generator
    waiting: list[Card] = field(default_factory=list)
    answers: list[QuizAnswer] = field(default_factory=list)

    def begin(self, count: int = SESSION) -> None:
        """Take what is due, shuffled, and fill up with new cards."""
        due = list(due_cards(self.deck, self.memories, self.today))[:count]
        new = [card for card in cards(self.deck) if card.id not in self.memories]
        chosen = due + [new[int(k)] for k in self.rng.permutation(len(new))[: count - len(due)]]
        self.waiting = [chosen[int(k)] for k in self.rng.permutation(len(chosen))]
        self.answers.clear()

    @property
    def card(self) -> Card | None:
        """What is asked now; None at the end."""
        return self.waiting[0] if self.waiting else None

    @property
    def asked(self) -> int:
        """How many of its cards were asked, each counted once."""
        return len({one.card.id for one in self.answers})

    @property
    def size(self) -> int:
        """How many different cards it has; those that come again add nothing."""
        return len({one.card.id for one in self.answers} | {card.id for card in self.waiting})

    @property
    def again(self) -> int:
        """How many of those that were asked come again."""
        return len({one.card.id for one in self.answers} & {card.id for card in self.waiting})

    def answer(self, chosen: Card, replays: int = 0) -> QuizAnswer:
        """Take an answer to the card that is asked; its memory changes with the first of the sitting alone."""
        card = self.waiting.pop(0)
        grade = grade_of(card, chosen, replays)
        before = self.memories.get(card.id, Memory())
        first = all(one.card != card for one in self.answers)
        memory = reviewed(before, grade, self.today) if first else before
        self.memories[card.id] = memory
        if grade < AGAIN:
            self.waiting.append(card)
        self.answers.append(QuizAnswer(card, chosen, grade, memory))
        return self.answers[-1]
