"""Who listens to a pre-training, and may stop it."""

from __future__ import annotations

from persian_mir.progress import Cancelled, Progress
from trainer.pretrain.course import Course


class Listener(Progress):
    """Keeps the course, and stops at a step."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.course: list[Course] = []
        self._stop_after = stop_after

    def step(self, fraction: float, note: str = "") -> None:
        if len(self.course) >= self._stop_after:
            raise Cancelled

    def publish(self, value: object) -> None:
        if isinstance(value, Course):
            self.course.append(value)
