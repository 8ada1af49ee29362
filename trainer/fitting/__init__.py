"""From arrays to a probe: configuration, loop, stacked fits, calibration, checkpoints."""
