"""The words: pure data and functions, no I/O, no clock, no randomness."""
