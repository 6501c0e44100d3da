"""The whole line: the real house and its people in Slack, against the strict fake."""
