"""From a recording to a score with quarter tones, and from a score back to the recording."""
