"""A quiz by ear of Dastgahs, modes and gushehs, with spaced repetition."""
