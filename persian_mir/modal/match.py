"""Likeness of a stretch of sound to every gusheh, in every transposition at once.

Profiles are compared by circular correlation, surfaces by correlation along their diagonal (both pitches move
together), each as a product in the Fourier domain. Everything is of norm 1, so a correlation is a cosine.

The register, a profile over two octaves, is told apart from these: it says what lies below the shahed, which Shour,
Nava and Segah have on the same notes, but a wrong octave of the pitch track spoils it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import label_ids
from persian_mir.modal.gusheh_sequences import Courses, load_courses
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import (
    BINS,
    REGISTER_OCTAVES,
    SURFACE_BINS,
    Floats,
    fold_octaves,
    pairs,
    shaped_profile,
    shaped_register,
    shaped_surface,
)
from persian_mir.modal.radif import Radif, load_radif
from persian_mir.modal.tuning import played_cents
from persian_mir.modal.western import western_figures

Spectra = NDArray[np.complex64]


@dataclass(frozen=True, slots=True, eq=False)
class Templates:
    """Conjugate spectra of what is known: profiles [known, 121]; surfaces [known, intervals, 31], delays apart;
    registers [known, 241], none where nothing is known of them.
    """

    profiles: Spectra
    surfaces: Spectra
    registers: Spectra | None = None


@cache
def templates(parameters: Parameters = DEFAULT) -> Templates:
    """The gushehs of the radif, ready to be matched."""
    radif = load_radif()
    return _tuned(radif, parameters.radif_spread_cents)


@cache
def course_templates(parameters: Parameters = DEFAULT) -> Templates:
    """Courses of several gushehs, ready to be matched."""
    return _tuned(load_courses(), parameters.radif_spread_cents)


@cache
def western_templates(parameters: Parameters = DEFAULT) -> Templates:
    """Melodies of Western scales, ready to be matched."""
    profiles, surfaces = western_figures()
    spread = parameters.radif_spread_cents
    return _templates(shaped_profile(profiles, spread), shaped_surface(surfaces, spread))


def _tuned(known: Radif | Courses, spread: float) -> Templates:
    """Each figure with the steps of the notation where its mode plays them."""
    by_mode = [played_cents(mode) for mode in label_ids("mode")]
    cents = [by_mode[mode] for mode in known.mode_index]
    return _templates(
        np.stack([shaped_profile(known.profiles[k], spread, steps) for k, steps in enumerate(cents)]),
        np.stack([shaped_surface(known.surfaces[k], spread, steps) for k, steps in enumerate(cents)]),
        np.stack([shaped_register(known.registers[k], spread, steps) for k, steps in enumerate(cents)]),
    )


def _templates(profiles: Floats, surfaces: Floats, registers: Floats | None = None) -> Templates:
    by_surface = _stacked(np.fft.rfft(along_diagonal(surfaces)).conj()).astype(np.complex64)
    return Templates(_spectra(profiles), by_surface, None if registers is None else _spectra(registers))


def _spectra(profiles: Floats) -> Spectra:
    return np.fft.rfft(profiles).conj().astype(np.complex64)


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
    by_profile = _by_profile(track, weights, known, spread)
    surfaces = shaped_surface(pairs(track, weights, radif.delays_s), spread)
    spectra = _stacked(np.fft.rfft(along_diagonal(surfaces)[None]))[0]
    product = np.einsum("if,gif->gf", spectra.astype(np.complex64), known.surfaces) / len(radif.delays_s)
    # The surfaces' 20-cent steps are interpolated to 5 cents by a longer inverse transform.
    by_surface = np.fft.irfft(product, BINS) * (BINS / SURFACE_BINS)
    share = parameters.profile_weight
    return np.asarray(share * by_profile + (1 - share) * by_surface)


def with_register(
    similarity: Floats, track: PitchTrack, weights: Floats, parameters: Parameters, known: Templates | None = None
) -> Floats:
    """What `match` found, the register in the place of a share of the profile."""
    known = templates(parameters) if known is None else known
    if known.registers is None:
        return similarity
    spread, bins = parameters.track_spread_cents, REGISTER_OCTAVES * BINS
    register = np.fft.rfft(shaped_register(fold_octaves(track, weights, REGISTER_OCTAVES), spread))
    both = np.fft.irfft(register * known.registers, bins).reshape(-1, REGISTER_OCTAVES, BINS)
    share = parameters.profile_weight * parameters.register_share
    return np.asarray(similarity + share * (both.max(axis=1) - _by_profile(track, weights, known, spread)))


def _by_profile(track: PitchTrack, weights: Floats, known: Templates, spread: float) -> Floats:
    profile = np.fft.rfft(shaped_profile(fold_octaves(track, weights), spread))
    return np.asarray(np.fft.irfft(profile * known.profiles, BINS))


def _stacked(surfaces: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Delays and intervals as one axis."""
    return surfaces.reshape(surfaces.shape[0], -1, surfaces.shape[-1])
