"""What is open: session, opening, the list."""
