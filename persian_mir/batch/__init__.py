"""Folders labelled overnight: a queue in the catalogue, stages that overlap, and a report in the morning."""
