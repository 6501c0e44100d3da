"""What the web chat needs of the house; wiring hands it in."""

from dataclasses import dataclass
from typing import Protocol

from bot.engine.files import Files
from bot.engine.handle import Engine
from bot.engine.limits import Rate
from bot.engine.live import Feeds
from bot.engine.mailbox import Mailbox
from bot.engine.reader import Reader
from bot.texts import Catalogues

VISITOR = Rate(burst=60, per_minute=100)
READER = Rate(burst=240, per_minute=240)
ADDRESS = Rate(burst=3000, per_minute=3000)
PAGES = Rate(burst=600, per_minute=1200)
TAKEN = Rate(burst=5, per_minute=5)
BACK = Rate(burst=10, per_minute=5)
MAILBOX = Rate(burst=10, per_minute=1 / 60)
TYPING = Rate(burst=10, per_minute=30)
FILES = Rate(burst=20, per_minute=10)
FILES_OF_ADDRESS = Rate(burst=60, per_minute=20)
LOOKS = Rate(burst=120, per_minute=120)
FRESH = Rate(burst=100, per_minute=10)


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast strangers may go on: what one visitor does and reads, all that one address does
    and reads in chats, other pages that it opens, new visitors of one address, texts and links
    that one visitor takes away, links that one address tries, reports for which one mailbox is
    left (each writes to it, and whoever leaves it may not own it), how often one visitor is said
    to type, files that one visitor and one address sends, and that one visitor looks at.

    `streams` bounds the open streams of one address. A whole office may share an address.
    """

    visitor: Rate = VISITOR
    reader: Rate = READER
    address: Rate = ADDRESS
    pages: Rate = PAGES
    fresh: Rate = FRESH
    taken: Rate = TAKEN
    back: Rate = BACK
    mailbox: Rate = MAILBOX
    typing: Rate = TYPING
    files: Rate = FILES
    files_of_address: Rate = FILES_OF_ADDRESS
    looks: Rate = LOOKS
    streams: int = 300


class ChatHouse(Protocol):
    """Everything behind the chat."""

    @property
    def engine(self) -> Engine:
        """The one door."""

    @property
    def reader(self) -> Reader:
        """All queries."""

    @property
    def feeds(self) -> Feeds:
        """Open pages."""

    @property
    def mailbox(self) -> Mailbox:
        """Letters."""

    @property
    def files(self) -> Files:
        """Bytes of files."""

    @property
    def mail(self) -> str:
        """The channel that can mail people where they left an address, "" without one."""

    @property
    def public_url(self) -> str:
        """Where people reach Muster (scheme and host), "" when it is wherever they asked."""

    @property
    def catalogues(self) -> Catalogues:
        """Words in every language."""

    @property
    def limits(self) -> Limits:
        """How fast strangers may go on."""
