"""The quiz by ear: Dastgahs, modes and gushehs, asked again when they are about to be forgotten."""
