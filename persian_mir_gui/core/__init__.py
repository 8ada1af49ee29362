"""What every room stands on: jobs, settings, messages, the time axis, the language. No widgets."""
