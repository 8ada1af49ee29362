"""Whether a probe says the same in `fast` as in `exact`, measured on the user's own recordings, on this machine.

What was found is kept beside the models, a record a probe, and decides what `auto` means for it.
"""

from __future__ import annotations

import json
import logging
import platform
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from persian_mir import checked_json
from persian_mir.checked_json import RecordError, mapping, number, read_json, record, text
from persian_mir.i18n import _
from persian_mir.models.store import models_dir
from persian_mir.prediction import Prediction
from persian_mir.whole_file import write_whole

SAME_SEGMENTS = 0.99  # share of the segments that must have the same label
MOST_APART = 0.1  # by which no probability of a segment may differ
LEAST_SEGMENTS = 50  # below which nothing is concluded

_RULE = mapping(
    record(
        machine=text(256),
        precision=text(64),
        engine=text(64),
        device=text(64),
        date=text(64),
        recordings=checked_json.whole(),
        same_recordings=checked_json.whole(),
        segments=checked_json.whole(),
        same_segments=checked_json.whole(),
        largest_difference=number(0, 1),
    )
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many verdicts and labels of segments are the same, and how far apart the furthest probability is.

    `machine`, `precision`, `engine` and `device` say what was compared with exact.
    """

    machine: str
    precision: str
    engine: str
    device: str
    date: str
    recordings: int = 0
    same_recordings: int = 0
    segments: int = 0
    same_segments: int = 0
    largest_difference: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether `fast` may take the place of `exact`."""
        return (
            self.segments >= LEAST_SEGMENTS
            and self.same_segments >= SAME_SEGMENTS * self.segments
            and self.same_recordings == self.recordings
            and self.largest_difference <= MOST_APART
        )

    def with_recording(self, exact: Prediction, fast: Prediction) -> Agreement:
        """This and one recording more."""
        same = exact.probabilities.argmax(axis=1) == fast.probabilities.argmax(axis=1)
        apart = float(np.abs(exact.probabilities - fast.probabilities).max(initial=0.0))
        return replace(
            self,
            recordings=self.recordings + 1,
            same_recordings=self.same_recordings + (exact.verdict().label == fast.verdict().label),
            segments=self.segments + len(same),
            same_segments=self.same_segments + int(same.sum()),
            largest_difference=max(self.largest_difference, apart),
        )


def begin(precision: str, engine: str, device: str) -> Agreement:
    """One of no recordings yet, of this machine and now."""
    return Agreement(_machine(), precision, engine, device, datetime.now(UTC).isoformat(timespec="seconds"))


def agreement_here(probe_hash: str) -> Agreement | None:
    """What was found for a probe on this machine. What cannot be read is as if it was never measured."""
    try:
        found = _kept().get(probe_hash)
    except (OSError, RecordError) as error:
        _log.info("%s", error)
        return None
    return found if found is not None and found.machine == _machine() else None


def keep_agreement(probe_hash: str, found: Agreement) -> None:
    """Keep it in the place of what was found before. Raises PersianMirError where the disk refuses."""
    try:
        kept = _kept()
    except (OSError, RecordError) as error:
        _log.warning("what was measured before cannot be read and is replaced: %s", error)
        kept = {}
    told = {name: asdict(one) for name, one in {**kept, probe_hash: found}.items()}
    write_whole(_path(), json.dumps(told, indent=1))


def in_words(found: Agreement) -> str:
    """What was compared, and how far apart it was."""
    text = _(
        "{engine} in {precision} beside exact: the same label in {same} of {segments} segments, the same verdict on "
        "{verdicts} of {recordings} recordings, probabilities apart by at most {apart:.1%}."
    )
    return text.format(
        engine=found.engine,
        precision=found.precision.split()[0],
        same=found.same_segments,
        segments=found.segments,
        verdicts=found.same_recordings,
        recordings=found.recordings,
        apart=found.largest_difference,
    )


def conclusion(found: Agreement) -> str:
    """A sentence: what `auto` means for the probe from now on, and by what bound."""
    if found.holds:
        return _("They agree: from now on this probe computes fast on this machine.")
    if found.segments < LEAST_SEGMENTS:
        text = _("That is too little to tell: at least {count} segments are wanted. It goes on computing exactly.")
        return text.format(count=LEAST_SEGMENTS)
    text = _(
        "They do not agree well enough: {share:.0%} of the segments must have the same label, every recording the same "
        "verdict, and no probability may differ by more than {most:.0%}. This probe goes on computing exactly."
    )
    return text.format(share=SAME_SEGMENTS, most=MOST_APART)


def _kept() -> dict[str, Agreement]:
    try:
        told = read_json(_path(), _RULE)
        return {name: Agreement(*(one[field.name] for field in fields(Agreement))) for name, one in told.items()}
    except FileNotFoundError:
        return {}


def _path() -> Path:
    return models_dir() / "agreement.json"


def _machine() -> str:
    return platform.node()
