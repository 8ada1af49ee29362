"""Widgets. They hold no truth: they show what the services say and call them back."""
