"""The only place where concrete things meet: folder, keys, store, workflows, engine, workers."""

import asyncio
import os
import shlex
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from email.utils import parseaddr
from functools import partial
from pathlib import Path

from starlette.routing import BaseRoute

from bot.adapters.email.adapter import CHANNEL as EMAIL
from bot.adapters.email.adapter import EmailChannel, server_of
from bot.adapters.oidc.provider import Provider
from bot.adapters.web.going_on import COME
from bot.adapters.web.house import Limits
from bot.adapters.web.receive import CHANNEL as WEB
from bot.adapters.web.routes import routes as chat_doors
from bot.adapters.webhook.adapter import WebhookChannel
from bot.adapters.webhook.monitor import Monitor
from bot.chats import Chat, odd_addresses
from bot.core.errors import MusterError
from bot.core.ids import Millis, SubjectId
from bot.core.playbook import Playbook
from bot.core.playbook_parse import PlaybookErrors, parse
from bot.core.registry import FOLDS
from bot.declared import ChatAdapter
from bot.engine.files import Files
from bot.engine.front import Front
from bot.engine.handle import Engine
from bot.engine.heartbeat import Heartbeat
from bot.engine.hook_reach import Allowed
from bot.engine.hooks import CHANNEL as WEBHOOK
from bot.engine.hooks import Hooks, Mailing
from bot.engine.live import Feeds
from bot.engine.logins import Organisation
from bot.engine.machine import Machine
from bot.engine.mailbox import Mailbox, Pulled
from bot.engine.marks import Marks
from bot.engine.membership import Memberships
from bot.engine.moves import Moves
from bot.engine.paging import DESK
from bot.engine.parts import Parts
from bot.engine.pictures import Pictures
from bot.engine.ports import Channel, Clock
from bot.engine.proofs import Proofs
from bot.engine.reader import Reader
from bot.engine.scanner import Scan, Scanner, anything
from bot.engine.sessions import Sessions
from bot.engine.talk import Talk
from bot.engine.watchdog import Watchdog
from bot.engine.work import Book
from bot.pages.hearing import CHANNEL as PAGE
from bot.places import Where, located, oddities
from bot.settings import Settings
from bot.store.base import Store, text
from bot.store.codec import Codec
from bot.store.folder import DataFolder
from bot.store.sqlite.store import SqliteStore
from bot.texts import Catalogues
from bot.workflows.table import LISTS, REACTORS, RULES

EVERY_ROW = 1_000_000
NOWHERE = Where()
BUILT_IN = Path(__file__).parent / "playbooks" / "default.toml"
BOOK = Book(rules=RULES, reactors=REACTORS, folds=FOLDS, lists=LISTS)


class PlaybookWrong(MusterError):
    """The playbook cannot be used."""


class Entropy:
    """The system's randomness, fetched in larger pieces, since each fetch costs a system call."""

    PIECE = 8192

    def __init__(self) -> None:
        self._piece = b""
        self._used = 0

    def __call__(self, count: int) -> bytes:
        """`count` random bytes, each given out once."""
        if count > self.PIECE:
            return os.urandom(count)
        if self._used + count > len(self._piece):
            self._piece, self._used = os.urandom(self.PIECE), 0
        taken = self._piece[self._used : self._used + count]
        self._used += count
        return taken


class SystemClock:
    """The computer's own clock."""

    def now(self) -> Millis:
        """Milliseconds since the epoch, UTC."""
        return time.time_ns() // 1_000_000

    def ticks(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    async def wait_until(self, at: Millis) -> None:
        """Return at `at`, or after a minute: the wall clock may have been set meanwhile."""
        await asyncio.sleep(max(0.0, min((at - self.now()) / 1000, 60.0)))


def playbook_words(path: Path | None) -> str:
    """The text of the playbook file. Raises PlaybookWrong."""
    file = path or BUILT_IN
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        why = getattr(trouble, "strerror", None) or trouble
        raise PlaybookWrong(f"The playbook '{file}' cannot be read ({why}).") from trouble


def read_playbook(path: Path | None, words: str = "") -> Playbook:
    """The playbook in a file (None: the built-in one), or what `words` say in its stead.

    Raises PlaybookWrong naming every error.
    """
    read = parse(words or playbook_words(path), (path or BUILT_IN).name)
    if isinstance(read, PlaybookErrors):
        raise PlaybookWrong(str(read))
    return read


@dataclass(frozen=True, slots=True)
class MailBy:
    """How mail goes out: the server's address with its password, and whom it is from."""

    url: str
    sender: str

    def channel(self, clock: Clock) -> EmailChannel:
        """The channel that sends it. Raises ValueError for an address that is none."""
        name, address = parseaddr(self.sender)
        return EmailChannel(server_of(self.url), address, name, clock)


def mail_of(settings: Settings) -> MailBy | None:
    """As the settings say; None without a mail server."""
    smtp = settings.smtp
    return None if smtp is None else MailBy(smtp.get_secret_value(), settings.mail_from)


def beat_of(settings: Settings) -> Monitor | None:
    """As the settings say; None without a monitor."""
    url, every = settings.heartbeat_url, settings.heartbeat_every * 1_000
    return None if url is None else Monitor(url.get_secret_value(), every, settings.webhooks)


def provider_of(settings: Settings) -> Provider | None:
    """As the settings say; None when staff sign in here alone."""
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_secret.get_secret_value() if settings.oidc_secret else ""
    return Provider(settings.oidc_issuer, settings.oidc_client, secret, SystemClock())


def scan_of(settings: Settings) -> Scan:
    """As the settings say; without a program nothing is scanned."""
    return Scanner(shlex.split(settings.scan)) if settings.scan else anything


def where_of(settings: Settings) -> Where:
    """As the settings say."""
    return Where(located(settings.places), located(settings.groups), settings.guests)


async def _used(store: Store, subjects: Sequence[SubjectId]) -> set[SubjectId]:
    """Which of these subjects have values anywhere, or belong to a known identity."""
    wanted = {"subject": list(subjects)}
    rows = [
        *await store.select("subjects", wanted, limit=EVERY_ROW),
        *await store.select("identities", wanted, limit=EVERY_ROW),
    ]
    return {text(row, "subject") for row in rows}


class House:
    """Everything that lives in one process on one data folder.

    `open` makes the data ready (raises StoreRefused with what to do) and lets the house's own
    commands in, `start` the workers, `stop` drains and closes; it may be called at any time.
    """

    machine: Machine
    reader: Reader
    sessions: Sessions
    proofs: Proofs
    feeds: Feeds
    hooks: Hooks
    catalogues: Catalogues
    mailbox: Mailbox
    files: Files
    members: Memberships
    watchdog: Watchdog
    heartbeat: Heartbeat | None = None
    beat: Monitor | None = None
    limits = Limits()
    demo = False
    doors: Sequence[BaseRoute] = ()
    signed: Sequence[str] = ()
    clock: Clock = SystemClock()

    def __init__(
        self,
        data: Path,
        public_url: str = "",
        embed: Sequence[str] = (),
        mail: MailBy | None = None,
        scan: Scan = anything,
        webhooks: Sequence[str] = (),
        organisation: Organisation | None = None,
        *,
        where: Where = NOWHERE,
        chats: Sequence[Chat] = (),
    ) -> None:
        self._organisation = organisation
        self.where = where
        self._chats = chats
        self.chats: dict[str, ChatAdapter] = {}
        self.public_url = public_url
        self.webhooks = webhooks
        self._scan = scan
        self._mail = mail
        self.embed = embed
        self.folder = DataFolder(data)
        self.is_ready = False
        self._opened = AsyncExitStack()

    @property
    def mail(self) -> str:
        """The channel that can mail people where they left an address, "" without one."""
        return EMAIL if self._mail else ""

    @property
    def engine(self) -> Engine:
        """The one door."""
        return self.machine.engine

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self.machine.parts.store

    @property
    def workers_alive(self) -> bool:
        """Every worker of the house is turning."""
        return self.machine.alive

    async def open(self) -> None:
        """Lock the folder, open keys and store, build the engine and let it take commands."""
        self.folder.open()
        self._opened.callback(self.folder.close)
        chance = Entropy()
        keys = await self.folder.open_keys(chance)
        self._opened.push_async_callback(keys.close)
        self.catalogues = Catalogues.load()
        store = SqliteStore(self.folder.database)
        await store.open()
        self._opened.push_async_callback(store.close)
        await keys.sweep(partial(_used, store))
        codec, moves = Codec(keys, chance), Moves()
        await moves.load(store, codec)
        parts = Parts(
            BOOK,
            store,
            codec,
            self.clock,
            chance,
            channels=self._channels(),
            places=moves.homes(self.where.places),
            public_url=self.public_url,
            moves=moves,
        )
        playbook = read_playbook(None)
        self.machine = Machine(parts, self.folder.witness, playbook, self.catalogues)
        self._show(parts)
        await self._hear()
        await self.machine.begin()
        self._opened.push_async_callback(self.machine.stop)

    def _channels(self) -> dict[str, Channel]:
        base = self.public_url.rstrip("/")
        chat = Pulled(WEB, f"{base}{COME}" if base else "")
        found: dict[str, Channel] = {WEB: chat, PAGE: Pulled(PAGE), DESK: Pulled(DESK)}
        if self._mail is not None:
            found[EMAIL] = self._mail.channel(self.clock)
        for one in self._chats:
            if one.words.name not in self.chats:
                self.chats[one.words.name] = one.adapter(self.clock, Catalogues.load())
        found.update(self.chats)
        found[WEBHOOK] = WebhookChannel(Allowed.of(self.webhooks), self._mailing, self.clock)
        return found

    async def _mailing(self, address: str) -> Mailing | None:
        return await self.hooks.mailing(address)

    def odd_places(self, playbook: Playbook) -> list[str]:
        """A sentence for each place that shows nothing to anybody by this playbook, and for each
        address that is none.
        """
        odd = oddities(self.where.places, playbook, self._channels())
        return [*odd, *odd_addresses(self.where)]

    def moved_places(self) -> list[str]:
        """A sentence for each place and group of the settings that its platform has moved since;
        it must be open.
        """
        moves = self.machine.parts.moves
        return [
            f"{key}={at.channel}:{at.address} is now {key}={at.channel}:{address}; it is found all "
            "the same, but change the setting"
            for named in (self.where.places, self.where.groups)
            for key, at, address in moves.named(named)
        ]

    def _show(self, parts: Parts) -> None:
        self.reader = Reader(self.engine)
        self.sessions = Sessions(
            parts.store, parts.codec, parts.clock, parts.chance, self.machine.hub
        )
        self.machine.sweep.also(self.sessions.sweep)
        groups = parts.moves.homes(self.where.groups)
        self.members = Memberships(self.engine, groups, self.where.guests)
        self.machine.sweep.also(self.members.sweep)
        self._opened.push_async_callback(self.members.stop)
        self.proofs = Proofs(self.engine, self.sessions, self._organisation)
        self.feeds = Feeds(self.engine)
        self.mailbox = Mailbox(parts.store, parts.codec)
        self.files = Files(parts, Pictures(), self._scan)
        self.machine.sweep.also(self.files.sweep)
        self.doors = chat_doors(self)
        self.machine.add(self.feeds)
        self.hooks = Hooks(self.engine, self.machine.deliveries.wake)
        self.machine.add(self.hooks)
        self.machine.fallback.polls = True
        self.watchdog = Watchdog(self.machine)
        self.machine.add(self.watchdog)
        if self.beat is not None:
            self.heartbeat = Heartbeat(self.beat, self.watchdog, self.clock, self.machine.hub)
            self.machine.add(self.heartbeat)

    async def _hear(self) -> None:
        """Let the channels that hear hand what they hear to the house."""
        if not self.chats:
            return
        hears, asides = self._hears(), self.machine.deliveries.asides
        marks = Marks(self.engine.store)
        for name, chat in self.chats.items():
            self._opened.push_async_callback(chat.close)
            chat.hear(hears, partial(self.members.missed, name), asides, marks)
            self.doors = (*self.doors, *chat.routes)
            self.signed = (*self.signed, *chat.signed)
            for worker in chat.workers:
                self.machine.add(worker)

    def _hears(self) -> Front:
        """Whoever takes what channels hear."""
        talk = Talk(self.machine, self.reader, self.catalogues, self.files)
        self.machine.add(talk.arrivals)
        front = Front(self.machine, self.reader, self.catalogues, self.members, talk)
        talk.join, talk.line, talk.own = front.join, front.line, front.cards.own
        return front

    async def start(self) -> None:
        """Begin to work."""
        await self.machine.start()
        self.is_ready = True

    async def stop(self) -> None:
        """Finish what is in, let go of everything."""
        self.is_ready = False
        await self._opened.aclose()
