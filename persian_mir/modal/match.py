"""Likeness of a stretch of sound to every gusheh, in every transposition at once.

Profiles are compared by circular correlation, surfaces by correlation along their diagonal (both pitches move
together), each as a product in the Fourier domain. Everything is of norm 1, so a correlation is a cosine.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import dastgah_of, label_ids
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import (
    BINS,
    OCTAVE_CENTS,
    SURFACE_BINS,
    Floats,
    fold,
    pairs,
    shaped_profile,
    shaped_surface,
    smoothing,
)
from persian_mir.modal.radif import Radif, load_radif
from persian_mir.modal.western import western_figures

Spectra = NDArray[np.complex64]


@dataclass(frozen=True, slots=True, eq=False)
class Templates:
    """Conjugate spectra of the gushehs: profiles [gushehs, 121]; surfaces [gushehs, intervals, 31], delays apart."""

    profiles: Spectra
    surfaces: Spectra


@cache
def templates(parameters: Parameters = DEFAULT) -> Templates:
    """The radif, ready to be matched."""
    radif = load_radif()
    return _templates(radif.profiles, radif.surfaces, parameters.radif_spread_cents)


@cache
def western_templates(parameters: Parameters = DEFAULT) -> Templates:
    """Melodies of Western scales, ready to be matched."""
    return _templates(*western_figures(), parameters.radif_spread_cents)


def _templates(profiles: Floats, surfaces: Floats, spread: float) -> Templates:
    by_profile = np.fft.rfft(shaped_profile(profiles, spread)).conj()
    by_surface = np.fft.rfft(along_diagonal(shaped_surface(surfaces, spread))).conj()
    return Templates(by_profile.astype(np.complex64), _stacked(by_surface).astype(np.complex64))


def along_diagonal(surfaces: Floats) -> Floats:
    """[..., now, then] as [..., interval, now]: transposing a melody then only turns the last axis."""
    now = np.arange(surfaces.shape[-1])
    return surfaces[..., now[None, :], (now[None, :] + now[:, None]) % len(now)]


def match(
    track: PitchTrack, weights: Floats, parameters: Parameters = DEFAULT, known: Templates | None = None
) -> Floats:
    """Likeness 0..1, float64 [gushehs, 240]: column k with the mode's shahed k * 5 cents above A, octave aside.

    `weights`: float64 [frames], how much each frame counts, 0 where nothing sounds. `known`: the radif by default.
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


def emphasis(counts: Floats, radif: Radif, parameters: Parameters) -> Floats:
    """How much each gusheh's own shahed would be dwelt on, 0..1, float64 [gushehs, 240] like the likeness.

    The shahed ("witness") is by definition the note a melody dwells on: the share of time it sounds, against that of
    the longest note, under a square root. `counts`: float64 [240], a folded profile.
    """
    smooth = smoothing(BINS, BINS, parameters.track_spread_cents) @ counts
    dwelt = np.sqrt(smooth / max(smooth.max(), 1e-12))
    shaheds = np.array([round(gusheh.shahed_cents * BINS / OCTAVE_CENTS) for gusheh in radif.gushehs])
    return np.asarray(dwelt[(shaheds[:, None] + np.arange(BINS)) % BINS])


@cache
def log_priors(parameters: Parameters) -> Floats:
    """Log prior of every gusheh, float64 [gushehs]: that of its mode, shared among daramads and all gushehs of it."""
    radif, share = load_radif(), parameters.daramad_share
    modes = label_ids("mode")
    dastgahs = Counter(dastgah_of(mode) for mode in modes)
    priors = np.zeros(len(radif.gushehs))
    opens = np.array([gusheh.daramad for gusheh in radif.gushehs])
    for k, mode in enumerate(modes):
        mine = radif.mode_index == k
        priors[mine] += (1 - share) / mine.sum()
        priors[mine & opens] += share / (mine & opens).sum()
        priors[mine] *= dastgahs[dastgah_of(mode)] ** -parameters.crowding
    return np.log(priors)


def mode_evidence(support: Floats, radif: Radif, parameters: Parameters) -> Floats:
    """Log evidence of each mode in each transposition, [modes, 240], up to a constant.

    A weighted log-mean-exp of the support of its gushehs, [gushehs, 240]. The mean, not the sum: a mode with many
    gushehs gets no more chances than one with few.
    """
    scaled = parameters.sharpness * support + log_priors(parameters)[:, None]
    return np.stack([log_sum_exp(scaled[radif.mode_index == k]) for k in range(len(label_ids("mode")))])


def log_sum_exp(values: Floats) -> Floats:
    """log of the sum of exp along the first axis, without overflow."""
    top = values.max(axis=0)
    return np.asarray(top + np.log(np.exp(values - top).sum(axis=0)))


def _stacked(surfaces: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Delays and intervals as one axis."""
    return surfaces.reshape(surfaces.shape[0], -1, surfaces.shape[-1])
