"""What people say of segments, and retraining with it."""
