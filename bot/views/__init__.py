"""Views: what incidents, tasks and reports look like in a chat, once for all channels."""
