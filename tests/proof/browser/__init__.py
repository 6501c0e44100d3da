"""The whole line with four people in a real browser, disturbed at every step."""
