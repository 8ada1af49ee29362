"""Whether there is a mode to be heard at all: not in silence, speech, drums, or a Western melody."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.labels import label_ids
from persian_mir.modal.degrees import find_degrees, scale_degrees
from persian_mir.modal.match import match, western_templates
from persian_mir.modal.parameters import Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import Floats, cents_of, even_number, fold_octaves
from persian_mir.modal.radif import load_radif
from persian_mir.modal.speech import may_be_speech
from persian_mir.modal.western import equal_steps_error, equal_temperament_score

HEPTATONIC_DEGREES = 5  # fewer lie on seven equal steps by chance
HELD_S = 0.256
HELD_CENTS = 100.0  # vibrato included


def why_unheard(track: PitchTrack, weights: Floats, sounds: Floats, parameters: Parameters) -> str:
    """A sentence that says why no mode is heard in this pitch, or nothing. Needs no comparison with the radif.

    `sounds`: the weights where a pitch sounds at all, speech included.
    """
    if float(weights.sum()) * track.hop_s < parameters.least_voiced_s:
        spoken = float(sounds.sum()) * track.hop_s >= parameters.least_voiced_s
        return _spoken() if spoken else _("No mode heard: too little pitch sounds.")
    if len(find_degrees(fold_octaves(track, weights) / weights.sum())) < parameters.least_degrees:
        return _("No mode heard: too few notes to tell modes apart.")
    return ""


def why_spoken(track: PitchTrack, weights: Floats, similarity: Floats, parameters: Parameters) -> str:
    """The same for pitch without held notes that is not even like a gusheh; beside loud drums few notes look held."""
    held, nearest = stable_note_ratio(track, weights), float(similarity.max())
    if held >= parameters.least_held or nearest >= parameters.least_likeness:
        return ""
    return _spoken()


def _spoken() -> str:
    return _("No mode heard: hardly a note is held, as in speech or drumming.")


def why_doubted(track: PitchTrack, weights: Floats, similarity: Floats, parameters: Parameters) -> str:
    """A sentence that says why what was heard may be no Dastgah, although it is most like one, or nothing.

    That it is like no gusheh is said only of so much that one would have to be like it. The broader the notes, the
    less like it gushehs can be.
    """
    if may_be_speech(track, weights):
        return _("It may be speech: hardly a note comes back, and it breaks off all the time.")
    if float(weights.sum()) * track.hop_s < parameters.foreign_s:
        return ""
    profile = fold_octaves(track, weights)
    degrees = find_degrees(profile / profile.sum())
    shares = np.array([degree.weight for degree in degrees])
    if even_number(shares) < parameters.least_notes:
        return _("Nearly all of it lies on two notes: too few to tell modes apart.")
    narrow = np.log(even_number(profile)) < parameters.broad
    unlike = float(similarity.max()) < (parameters.foreign if narrow else parameters.foreign_broad)
    cents = np.array([degree.cents for degree in degrees])
    even = len(degrees) >= HEPTATONIC_DEGREES and equal_steps_error(cents, shares, 7) < parameters.heptatonic_cents
    if unlike or even:
        return _("The notes are unlike those of all gushehs: it may be music of another tradition.")
    return ""


def western_trust(track: PitchTrack, weights: Floats, similarity: Floats, parameters: Parameters) -> float:
    """How far a reading can be trusted as far as Western melodies go: 1, or less on twelve equal semitones.

    0 where a Western melody is nearer than any gusheh, `Parameters.doubted` where the nearest gusheh leads by
    little. Mahour and Rast-Panjgah lie there of themselves; the others have a neutral interval, and must be clearer.
    """
    voiced_s = float(weights.sum()) * track.hop_s
    if voiced_s < parameters.western_s or equal_temperament_score(fold_octaves(track, weights)) < parameters.tempered:
        return 1.0
    western = float(match(track, weights, parameters, western_templates(parameters)).max())
    nearest = similarity.max(axis=1).argmax()
    plain = _without_neutral(parameters.tempered)[nearest]
    lead = float(similarity[nearest].max()) - western
    if lead < 0:
        return 0.0
    return 1.0 if lead >= (parameters.western_lead if plain else parameters.neutral_lead) else parameters.doubted


@cache
def _without_neutral(least: float) -> NDArray[np.bool_]:
    """Which gushehs are of a mode whose own scale is tempered: bool [gushehs]."""
    plain = [equal_temperament_score(_scale(mode)) >= least for mode in label_ids("mode")]
    return np.array(plain)[load_radif().mode_index]


def _scale(mode: str) -> Floats:
    """The degrees of a mode's opening, all alike, as a profile [1200] of cents."""
    profile = np.zeros(1200)
    profile[[round(degree.farhat_cents) % 1200 for degree in scale_degrees(mode)]] = 1.0
    return profile


def stable_note_ratio(track: PitchTrack, weights: Floats) -> float:
    """Share of the sounding frames that begin a quarter of a second within a semitone."""
    frames = max(2, round(HELD_S / track.hop_s))
    if len(track.hz) < frames or not weights.any():
        return 0.0
    cents, sounds = cents_of(track.hz), np.asarray(weights > 0)
    spans = _reach(cents, frames, np.maximum) + _reach(-cents, frames, np.maximum)
    held = (spans < HELD_CENTS) & (_reach((~sounds).astype(np.float64), frames, np.maximum) == 0)
    return float(held.sum() / sounds.sum())


def _reach(values: Floats, width: int, best: np.ufunc) -> NDArray[np.float64]:
    """The best of each `width` neighbours, by doubling: float64 [len - width + 1]."""
    done = 1
    while done < width:
        step = min(done, width - done)
        values = best(values[:-step], values[step:])
        done += step
    return np.asarray(values)
