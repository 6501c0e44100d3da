"""The HTTP server, embedded in the house's own loop, with an end that is designed.

Told to stop, it first lets go of the open streams, since a stream that is not told would hold
the end up; then it finishes what is being answered, for a few seconds at the most.
"""

import asyncio
import resource
import signal
import socket
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.core.errors import MusterError

GRACE_SECONDS = 3
HANG_UP_SECONDS = 2
KEEP_ALIVE_SECONDS = 15
HEADERS_MOST = 32 * 1024
BACKLOG = 2048
HEAD_SECONDS = 15
"""From the first sign of somebody until they have said what they want."""
WAITING_MOST = 1000
"""Connections that have not said yet what they want; the oldest makes room for one more."""


class PortTaken(MusterError):
    """The address cannot be listened on."""


class Connection(H11Protocol):
    """Lets go of whoever says nothing, or stops in the middle of the head of a request.

    Whoever holds thousands of such connections would else take every place, also of the staff.
    """

    line: OrderedDict["Connection", asyncio.TimerHandle]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """They say something; once it is a request, its own bounds count."""
        super().data_received(data)
        if self.conn.our_state in (h11.SEND_RESPONSE, h11.SEND_BODY):
            self.served()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self.served()
        super().connection_lost(exc)

    @property
    def is_idle(self) -> bool:
        """Nothing is being answered here, or the answer is not taken."""
        answered = getattr(self.cycle, "response_complete", True)  # there may be none yet
        return answered or self.transport.get_write_buffer_size() > 0

    def _wait(self) -> None:
        if self in self.line or self.transport.is_closing():
            return
        self.line[self] = self.loop.call_later(HEAD_SECONDS, self.transport.abort)
        if len(self.line) > WAITING_MOST:
            oldest = next(iter(self.line))
            oldest.served()
            oldest.transport.abort()

    def served(self) -> None:
        """It waits no more."""
        if timer := self.line.pop(self, None):
            timer.cancel()


def _connections() -> type[Connection]:
    """Connections of one server, which wait in one line."""
    return type("Connections", (Connection,), {"line": OrderedDict()})


class Server(uvicorn.Server):
    """Ends on SIGTERM and SIGINT, or by `end`; `closing` is called at the first of them.

    `proxies`: addresses in front of us that say truly for whom they ask; nobody else is believed.
    """

    def __init__(
        self, app: ASGIApp, closing: Callable[[], None], proxies: Sequence[str] = ()
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_connections(),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(proxies),
                forwarded_allow_ips=list(proxies),
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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is being answered; whoever is asked nothing more holds nobody up."""
        late = asyncio.get_running_loop().call_later(HANG_UP_SECONDS, self._hang_up)
        try:
            await super().shutdown(sockets)
        finally:
            late.cancel()

    def _hang_up(self) -> None:
        """Let go of those who came while we were closing, and of who does not take their answer."""
        for one in list(self.server_state.connections):
            if isinstance(one, Connection) and one.is_idle:
                one.transport.abort()

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


def take_all_places() -> None:
    """As many open connections and files as the system allows, not as few as it begins with."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def port_of(listener: socket.socket) -> int:
    """The port that a socket listens on."""
    port: int = listener.getsockname()[1]
    return port
