"""The pages of `docs/` that are made from the code, and what proves all the others."""
