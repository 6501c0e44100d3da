"""The channel `slack`."""
