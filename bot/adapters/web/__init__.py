"""The web chat as a channel: what is pressed comes in, letters and the form are fetched."""
