"""The modal reading of what is open: pitch, mode, tonic."""
