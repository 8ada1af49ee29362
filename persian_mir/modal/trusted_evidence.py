"""The evidence of a stretch as far as it can be trusted: none of silence, speech or drums, less of foreign music."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from persian_mir.i18n import _
from persian_mir.modal.evidence import Evidence, log_evidence
from persian_mir.modal.match import match, with_register
from persian_mir.modal.mode_presence import western_trust, why_doubted, why_spoken, why_unheard
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import Floats
from persian_mir.modal.speech import without_speech


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """The evidence of a stretch in which a mode is heard, and how far it can be trusted, 0 to 1; below 1 a `reason`."""

    evidence: Evidence
    trust: float
    reason: str = ""


def sounding(track: PitchTrack, parameters: Parameters = DEFAULT) -> Floats:
    """float64 [frames]: 1 where a pitch sounds, else 0."""
    return np.where((track.confidence >= parameters.voiced) & (track.hz > 0), 1.0, 0.0)


def played(track: PitchTrack, parameters: Parameters = DEFAULT) -> Floats:
    """The same, but 0 where somebody speaks: an announcement before the music changes nothing of its reading."""
    return without_speech(track, sounding(track, parameters))


def evidence_of(track: PitchTrack, weights: Floats, parameters: Parameters) -> Heard | str:
    """The evidence of the whole `track`, or a sentence that says why no mode is heard in it."""
    if reason := why_unheard(track, weights, sounding(track, parameters), parameters):
        return reason
    similarity = match(track, weights, parameters)
    if reason := why_spoken(track, weights, similarity, parameters):
        return reason
    trust = western_trust(track, weights, similarity, parameters)
    if not trust:
        return _("No mode heard: the notes are those of a Western scale of equal semitones.")
    reason = "" if trust == 1 else _("The notes are nearly those of a Western scale of equal semitones.")
    reason = reason or why_doubted(track, weights, similarity, parameters)
    registered = with_register(similarity, track, weights, parameters)
    evidence = log_evidence(track, weights, registered, parameters)
    return Heard(evidence, parameters.doubted if reason else 1.0, reason)
