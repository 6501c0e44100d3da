"""The HTTP server, embedded in the house's own loop, with an end that is designed.

Told to stop, it first lets go of the open streams, since a stream that is not told would hold
the end up; then it finishes what is being answered, for a few seconds at the most.
"""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from bot.core.errors import MusterError

GRACE_SECONDS = 3
KEEP_ALIVE_SECONDS = 15
HEADERS_MOST = 32 * 1024
BACKLOG = 2048


class PortTaken(MusterError):
    """The address cannot be listened on."""


class Server(uvicorn.Server):
    """Ends on SIGTERM and SIGINT, or by `end`; `closing` is called at the first of them."""

    def __init__(self, app: ASGIApp, closing: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
                h11_max_incomplete_event_size=HEADERS_MOST,
            )
        )
        self._closing = closing

    def end(self) -> None:
        """Let go of the streams and stop; a second call changes nothing."""
        if not self.should_exit:
            self.should_exit = True
            self._closing()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal: the same as `end`."""
        self.end()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listen for signals on the loop, and do not raise them again: the house ends itself."""
        loop = asyncio.get_running_loop()
        caught = (signal.SIGTERM, signal.SIGINT)
        for one in caught:
            loop.add_signal_handler(one, self.end)
        try:
            yield
        finally:
            for one in caught:
                loop.remove_signal_handler(one)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises PortTaken with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only where the protocol is named does asyncio switch off Nagle's algorithm, which with a
    # browser's delayed acknowledgement would hold every answer back for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as trouble:
        listener.close()
        raise PortTaken(
            f"Muster cannot listen on {host}:{port} ({trouble.strerror}). "
            "Stop what is using it, or choose another with --port."
        ) from trouble
    listener.setblocking(False)
    return listener


def port_of(listener: socket.socket) -> int:
    """The port that a socket listens on."""
    port: int = listener.getsockname()[1]
    return port
