"""Listening to a microphone or line, takes, the live window."""
