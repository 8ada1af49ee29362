"""What other programs read: pitch tracks as CSV, scales as Scala and tuning tables."""
