"""What is drawn along an axis, and how it becomes a picture."""
