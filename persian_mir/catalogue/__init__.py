"""What is known of recordings beyond one run: the statements of people."""
