"""The page of runs: kept, compared, used."""
