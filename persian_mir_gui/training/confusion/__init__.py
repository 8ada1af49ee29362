"""The page of confusion: what was taken for what, and how it sounds."""
