"""The trainer’s window: data, fit, runs, confusion, map, experiments."""
