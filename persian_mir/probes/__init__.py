"""Probes: small trained heads on a frozen backbone, one file each."""

from persian_mir.probes.file import load_probe, save_probe
from persian_mir.probes.predictor import ProbePredictor, load_predictor
from persian_mir.probes.probe import Head, Probe, probabilities

__all__ = ["Head", "Probe", "ProbePredictor", "load_predictor", "load_probe", "probabilities", "save_probe"]
