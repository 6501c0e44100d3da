"""Pages: the desk, the task board, the status page, the way in. One ASGI app."""
