"""Playing: player, engine, sound card, tempo, tones, excerpts, transport."""
