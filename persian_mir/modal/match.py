"""Likeness of a stretch of sound to every gusheh, in every transposition at once.

Profiles are compared by circular correlation, surfaces by correlation along their diagonal (both pitches move
together), each as a product in the Fourier domain. Everything is of norm 1, so a correlation is a cosine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import label_ids
from persian_mir.modal.gusheh_sequences import load_courses
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import (
    BINS,
    SURFACE_BINS,
    Floats,
    fold,
    pairs,
    shaped_profile,
    shaped_surface,
)
from persian_mir.modal.radif import load_radif
from persian_mir.modal.tuning import played_cents
from persian_mir.modal.western import western_figures

Spectra = NDArray[np.complex64]


@dataclass(frozen=True, slots=True, eq=False)
class Templates:
    """Conjugate spectra of what is known: profiles [known, 121]; surfaces [known, intervals, 31], delays apart."""

    profiles: Spectra
    surfaces: Spectra


@cache
def templates(parameters: Parameters = DEFAULT) -> Templates:
    """The gushehs of the radif, ready to be matched."""
    radif = load_radif()
    return _tuned(radif.profiles, radif.surfaces, radif.mode_index, parameters.radif_spread_cents)


@cache
def course_templates(parameters: Parameters = DEFAULT) -> Templates:
    """Courses of several gushehs, ready to be matched."""
    courses = load_courses()
    return _tuned(courses.profiles, courses.surfaces, courses.mode_index, parameters.radif_spread_cents)


@cache
def western_templates(parameters: Parameters = DEFAULT) -> Templates:
    """Melodies of Western scales, ready to be matched."""
    profiles, surfaces = western_figures()
    spread = parameters.radif_spread_cents
    return _templates(shaped_profile(profiles, spread), shaped_surface(surfaces, spread))


def _tuned(profiles: Floats, surfaces: Floats, mode_index: NDArray[np.int64], spread: float) -> Templates:
    """Each figure with the steps of the notation where its mode plays them."""
    cents = [played_cents(mode) for mode in label_ids("mode")]
    figures = [(profiles[k], surfaces[k], cents[mode]) for k, mode in enumerate(mode_index)]
    return _templates(
        np.stack([shaped_profile(profile, spread, steps) for profile, _surface, steps in figures]),
        np.stack([shaped_surface(surface, spread, steps) for _profile, surface, steps in figures]),
    )


def _templates(profiles: Floats, surfaces: Floats) -> Templates:
    by_profile = np.fft.rfft(profiles).conj()
    by_surface = np.fft.rfft(along_diagonal(surfaces)).conj()
    return Templates(by_profile.astype(np.complex64), _stacked(by_surface).astype(np.complex64))


def along_diagonal(surfaces: Floats) -> Floats:
    """[..., now, then] as [..., interval, now]: transposing a melody then only turns the last axis."""
    now = np.arange(surfaces.shape[-1])
    return surfaces[..., now[None, :], (now[None, :] + now[:, None]) % len(now)]


def match(
    track: PitchTrack, weights: Floats, parameters: Parameters = DEFAULT, known: Templates | None = None
) -> Floats:
    """Likeness 0..1, float64 [known, 240]: column k with the mode's shahed k * 5 cents above A, octave aside.

    `weights`: float64 [frames], how much each frame counts, 0 where nothing sounds. `known`: the gushehs by default.
    """
    known = templates(parameters) if known is None else known
    radif, spread = load_radif(), parameters.track_spread_cents
    profile = np.fft.rfft(shaped_profile(fold(track, weights), spread))
    by_profile = np.fft.irfft(profile * known.profiles, BINS)
    surfaces = shaped_surface(pairs(track, weights, radif.delays_s), spread)
    spectra = _stacked(np.fft.rfft(along_diagonal(surfaces)[None]))[0]
    product = np.einsum("if,gif->gf", spectra.astype(np.complex64), known.surfaces) / len(radif.delays_s)
    # The surfaces' 20-cent steps are interpolated to 5 cents by a longer inverse transform.
    by_surface = np.fft.irfft(product, BINS) * (BINS / SURFACE_BINS)
    share = parameters.profile_weight
    return np.asarray(share * by_profile + (1 - share) * by_surface)


def _stacked(surfaces: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Delays and intervals as one axis."""
    return surfaces.reshape(surfaces.shape[0], -1, surfaces.shape[-1])
