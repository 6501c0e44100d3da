"""Pages over HTTP, without a network: the real app on the real machine."""
