"""The proofs: short forms run with the suite, the whole figures by `./dev prove`."""
