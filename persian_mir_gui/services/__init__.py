"""QtCore objects with signals that own the state of the session. They know no widget."""
