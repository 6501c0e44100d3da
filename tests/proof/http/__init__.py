"""Proofs against the real process over HTTP: killed, restarted, crowded, lied to."""
