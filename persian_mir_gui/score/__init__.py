"""The score window: what is played as notes, and notes laid over what is played."""
