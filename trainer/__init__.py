"""Teaches: datasets, splits, probe fitting, experiments. Knows no Qt."""
