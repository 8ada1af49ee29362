"""Modal reading: pitch against the radif."""
