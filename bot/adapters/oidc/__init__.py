"""The organisation's own sign-in (OpenID Connect)."""
