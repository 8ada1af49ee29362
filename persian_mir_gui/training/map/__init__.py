"""The page of the map: which segments sound alike to a backbone."""
