"""A strict fake Telegram, and what it proves."""
