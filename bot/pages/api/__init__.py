"""What other systems ask over HTTP: the API under `/api/v1`, and the page of its keys."""
