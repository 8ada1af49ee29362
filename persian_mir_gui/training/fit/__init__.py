"""The pages of a fit: its options, and how it goes."""
