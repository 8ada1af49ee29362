"""Predictors, the queue that labels, the device."""
