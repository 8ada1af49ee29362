"""What was computed, as pages: the model card, the report, the learning curve."""
