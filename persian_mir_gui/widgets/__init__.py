"""Theme, icons, small widgets, and how numbers, times and names are written."""
