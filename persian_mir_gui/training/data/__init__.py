"""The data page: what is learnt from, and what the check says of it."""
