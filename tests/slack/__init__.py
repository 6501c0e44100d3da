"""A strict fake Slack: it refuses what Slack refuses, and the real Bolt and SDK talk to it."""
