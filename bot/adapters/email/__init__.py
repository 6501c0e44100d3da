"""E-mail, send only: what people are told where they left an address."""
