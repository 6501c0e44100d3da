"""Workflows decide: pure functions, siblings that meet through events, never by import."""
