"""The catalogue in a window: what it holds, found, narrowed down, described and labelled, many at once."""
