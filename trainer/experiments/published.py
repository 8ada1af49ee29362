"""Figures that others printed about Nava, with where they are from and what they can be compared with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """A printed accuracy in per cent, a segment or a recording. `split`: how it kept its recordings apart."""

    study: str
    task: str
    what: str
    unit: str
    low: float
    high: float
    split: str


PAPER = "MERT probes on Nava (the paper this program follows)"
LEAKY = "official lists; artists are in both parts, so artist leaks the label"
OFFICIAL = "official lists"
RANDOM = "random segments, 90/5/5"

STUDIES = (
    Published(PAPER, "instrument", "5 s", "segment", 97.5, 97.5, LEAKY),
    Published(PAPER, "instrument", "four hidden layers", "segment", 98.9, 98.9, LEAKY),
    Published(PAPER, "artist", "5 s", "segment", 63.8, 63.8, LEAKY),
    Published(PAPER, "artist", "best printed", "segment", 72.4, 72.4, LEAKY),
    Published(PAPER, "dastgah", "5 s", "segment", 19.5, 19.5, LEAKY),
    Published(PAPER, "dastgah", "best printed", "segment", 21.5, 21.5, LEAKY),
    Published("The same authors, later", "instrument", "best", "segment", 99.64, 99.64, LEAKY),
    Published("The same authors, later", "artist", "best", "segment", 79.25, 79.25, LEAKY),
    Published("The same authors, later", "dastgah", "best", "segment", 24.70, 24.70, LEAKY),
    Published("Contrastive CNN", "dastgah", "5 s", "segment", 27.6, 27.6, OFFICIAL),
    Published("Contrastive CNN", "dastgah", "30 s", "segment", 34.8, 34.8, OFFICIAL),
    Published("Untrained pitch templates", "dastgah", "whole", "recording", 63.0, 64.0, "untrained: nothing can leak"),
    Published("Untrained pitch templates", "dastgah", "over 3 min", "recording", 88.0, 88.0, "untrained"),
    Published("BiLGNet", "dastgah", "20 s", "segment", 92.0, 92.0, RANDOM),
)

# Experiment, task and cell to per cent. Cells that are not known to have been printed are left out.
PRINTED = {
    ("table2", "instrument", "5 s"): 97.5,
    ("table2", "artist", "5 s"): 63.8,
    ("table2", "dastgah", "5 s"): 19.5,
    ("table4", "instrument", "4 hidden"): 98.9,
}
