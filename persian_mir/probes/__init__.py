"""Probes: a small head on a frozen backbone, in one checked file."""
