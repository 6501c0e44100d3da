"""The channel to programs that are told what happens (webhooks)."""
