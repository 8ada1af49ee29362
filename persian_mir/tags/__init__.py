"""Tags within files: planned as a table, written through a copy, undone from a journal. Only where the user asks."""
