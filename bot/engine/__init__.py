"""The engine makes it happen: one door in, one outbox out, timers, reads."""
