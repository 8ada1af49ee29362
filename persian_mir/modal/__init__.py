"""The modal reading: pitch track, profile, shahed and mode by matching the radif's gushehs. Needs no training."""
