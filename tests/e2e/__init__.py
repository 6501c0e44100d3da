"""A real browser against the real process."""
