"""What the pages need of the house; wiring hands it in."""

from collections.abc import Sequence
from typing import Protocol

from starlette.routing import BaseRoute

from bot.engine.files import Files
from bot.engine.handle import Engine
from bot.engine.heartbeat import Heartbeat
from bot.engine.limits import Rate
from bot.engine.live import Feeds
from bot.engine.mailbox import Mailbox
from bot.engine.proofs import Proofs
from bot.engine.reader import Reader
from bot.engine.sessions import Sessions
from bot.engine.watchdog import Watchdog
from bot.texts import Catalogues


class Bounds(Protocol):
    """What strangers of one address may ask for."""

    @property
    def address(self) -> Rate:
        """By their chats."""

    @property
    def pages(self) -> Rate:
        """Everything else."""

    @property
    def streams(self) -> int:
        """Streams of one kind that are open at once."""


class House(Protocol):
    """Everything behind the pages."""

    @property
    def engine(self) -> Engine:
        """The one door."""

    @property
    def reader(self) -> Reader:
        """All queries."""

    @property
    def sessions(self) -> Sessions:
        """Sign-ins of staff."""

    @property
    def proofs(self) -> Proofs:
        """How somebody shows that it is still them."""

    @property
    def feeds(self) -> Feeds:
        """Open pages."""

    @property
    def mailbox(self) -> Mailbox:
        """What lies there for who fetches it."""

    @property
    def files(self) -> Files:
        """Bytes of files."""

    @property
    def catalogues(self) -> Catalogues:
        """Words in every language."""

    @property
    def public_url(self) -> str:
        """Where people reach Muster (scheme and host), "" when it is wherever they asked."""

    @property
    def mail(self) -> str:
        """The channel that can mail people where they left an address, "" without one."""

    @property
    def embed(self) -> Sequence[str]:
        """Origins of the sites that may show the chat inside their own pages."""

    @property
    def webhooks(self) -> Sequence[str]:
        """Hosts and addresses that may be told by webhook."""

    @property
    def demo(self) -> bool:
        """Whether all of it is made up."""

    @property
    def doors(self) -> Sequence[BaseRoute]:
        """What adapters serve over HTTP."""

    @property
    def signed(self) -> Sequence[str]:
        """Paths of `doors` that prove themselves by a signature of the platform that calls."""

    @property
    def limits(self) -> Bounds:
        """How fast strangers may go on."""

    @property
    def is_ready(self) -> bool:
        """Takes commands: started, and not stopping."""

    @property
    def workers_alive(self) -> bool:
        """Every loop of the house is turning."""

    @property
    def watchdog(self) -> Watchdog:
        """What was due and has not happened."""

    @property
    def heartbeat(self) -> Heartbeat | None:
        """What tells a monitor outside that all is well."""
