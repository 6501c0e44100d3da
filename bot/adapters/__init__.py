"""Adapters: each knows one platform and nothing of incidents."""
