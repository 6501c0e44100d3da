"""Safeguards broken one at a time; the test that each mutant names must notice."""
