"""Computes from the radif what the modal reading and the synthesiser know of the modes."""
