"""The channel `telegram`."""
