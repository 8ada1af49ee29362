"""When a card is asked again: the algorithm SM-2 of P. A. Wozniak.

"Optimization of learning", 1990, chapter 3.2; https://super-memory.com/english/ol/sm2.htm. Grades 0 to 5: below 3 the
card was forgotten and begins anew, its ease unchanged; what got less than 4 is asked again in the same session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

FIRST_DAYS, SECOND_DAYS = 1, 6
LEAST_EASE, FIRST_EASE = 1.3, 2.5
FORGOTTEN, AGAIN, BEST = 3, 4, 5  # grades: below the first forgotten, below the second asked again today
LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a card: right answers in a row, ease, days to the next time and when that is; all answers."""

    repetitions: int = 0
    ease: float = FIRST_EASE
    days: int = 0
    due: date | None = None  # None: never asked
    answers: int = 0
    right: int = 0

    def is_due(self, today: date) -> bool:
        """Whether it was asked before and is to be asked again."""
        return self.due is not None and self.due <= today


def reviewed(memory: Memory, grade: int, today: date) -> Memory:
    """The memory after an answer of `grade` 0 to 5."""
    if not 0 <= grade <= BEST:
        raise ValueError(f"a grade of {grade}")
    counted = replace(memory, answers=memory.answers + 1, right=memory.right + (grade >= FORGOTTEN))
    if grade < FORGOTTEN:
        return replace(counted, repetitions=0, days=FIRST_DAYS, due=today + timedelta(days=FIRST_DAYS))
    days = {0: FIRST_DAYS, 1: SECOND_DAYS}.get(memory.repetitions, round(memory.days * memory.ease))
    days = min(days, LONGEST_DAYS)
    missed = BEST - grade
    ease = max(LEAST_EASE, memory.ease + 0.1 - missed * (0.08 + missed * 0.02))
    due = today + timedelta(days=days)
    return replace(counted, repetitions=memory.repetitions + 1, ease=ease, days=days, due=due)
