"""How good a probe is: metrics, splits by artist, learning curve, label issues."""
