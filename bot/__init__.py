"""The incident desk of a contact centre, in chat."""

__version__ = "0.1.0"
