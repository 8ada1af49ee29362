"""The trainer's command line, one file a command: `add` its arguments, `run` it."""
