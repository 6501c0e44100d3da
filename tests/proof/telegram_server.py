"""`muster` with Telegram as `proof.http.server` runs it, in no pace of its own."""

from unittest.mock import patch

from bot.adapters.telegram.house import Telegram
from tests.proof.http import server


def run() -> None:
    """`muster`, with points at which it kills itself."""
    with patch.object(Telegram, "limits", lambda self, address: ()):
        server.run()
