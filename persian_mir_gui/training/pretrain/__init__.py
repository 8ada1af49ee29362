"""The page on which a model learns from recordings without labels."""
