"""The page of experiments: the paper’s tables, run here."""
