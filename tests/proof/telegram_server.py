"""`muster` with Telegram as `proof.http.server` runs it, in no pace of its own."""

from unittest.mock import patch

from bot.adapters.telegram.house import Telegram
from bot.texts import Catalogues
from tests.proof.http import server

CATALOGUES = Catalogues.load()
"""Read before any process is forked off: each would spend a third of a second on it."""


def run() -> None:
    """`muster`, with points at which it kills itself."""
    with patch.object(Telegram, "limits", lambda self, address: ()):
        server.run()
