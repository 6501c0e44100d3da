"""A demonstration: a made-up shift, played by made-up people through the one door."""
