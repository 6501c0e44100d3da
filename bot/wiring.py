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
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from bot.adapters.email.adapter import CHANNEL as EMAIL
from bot.adapters.email.adapter import EmailChannel, server_of
from bot.adapters.oidc.provider import Provider
from bot.adapters.web.house import Limits
from bot.adapters.web.receive import CHANNEL as WEB
from bot.adapters.web.routes import routes as chat_doors
from bot.adapters.webhook.adapter import WebhookChannel
from bot.core.errors import MusterError
from bot.core.ids import Millis, SubjectId
from bot.core.playbook import Playbook
from bot.core.playbook_parse import PlaybookErrors, parse
from bot.core.registry import FOLDS
from bot.engine.files import Files
from bot.engine.front import Front
from bot.engine.handle import Engine
from bot.engine.hook_reach import Allowed
from bot.engine.hooks import CHANNEL as WEBHOOK
from bot.engine.hooks import Hooks, Mailing
from bot.engine.live import Feeds
from bot.engine.logins import Organisation
from bot.engine.machine import Machine
from bot.engine.mailbox import Mailbox, Pulled
from bot.engine.membership import Memberships
from bot.engine.parts import Parts
from bot.engine.pictures import Pictures
from bot.engine.ports import Channel, Clock
from bot.engine.proofs import Proofs
from bot.engine.reader import Reader
from bot.engine.scanner import Scan, Scanner, anything
from bot.engine.sessions import Sessions
from bot.engine.talk import Talk
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

if TYPE_CHECKING:
    from bot.adapters.slack.doctor import Found
    from bot.adapters.slack.house import Slack

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


@dataclass(frozen=True, slots=True)
class SlackBy:
    """How we are in Slack: the bot's token, and how it reaches us; what the channel itself says
    is in `language`.
    """

    bot: str
    app: str = ""
    secret: str = ""
    api: str = ""
    language: str = "en"

    def channel(self, clock: Clock, catalogues: Catalogues) -> "Slack":
        """The channel; only now is what it needs imported, which takes a second."""
        from bot.adapters.slack.house import Keys, Slack

        keys = Keys(self.bot, self.app, self.secret, self.api)
        return Slack(keys, clock, catalogues.speaker(self.language))

    async def look(self, public_url: str, where: Where) -> "list[Found]":
        """What Slack itself says of token, scopes, channels and user groups."""
        from bot.adapters.slack.doctor import looked
        from bot.adapters.slack.house import Keys

        keys = Keys(self.bot, self.app, self.secret, self.api)
        return await looked(keys, public_url, where.places, where.groups)


def slack_of(settings: Settings, language: str = "en") -> SlackBy | None:
    """As the settings say; None when Muster is not in Slack."""
    secrets = (
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
    )
    bot, app, secret = (one.get_secret_value() if one else "" for one in secrets)
    return SlackBy(bot, app, secret, settings.slack_api_url, language) if bot else None


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
        slack: SlackBy | None = None,
    ) -> None:
        self._organisation = organisation
        self.where = where
        self._slack_by = slack
        self.slack: Slack | None = None
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
        parts = Parts(
            BOOK,
            store,
            Codec(keys, chance),
            self.clock,
            chance,
            channels=self._channels(),
            places=self.where.places,
            public_url=self.public_url,
        )
        playbook = read_playbook(None)
        self.machine = Machine(parts, self.folder.witness, playbook, self.catalogues)
        self._show(parts)
        await self._hear()
        await self.machine.begin()
        self._opened.push_async_callback(self.machine.stop)

    def _channels(self) -> dict[str, Channel]:
        found: dict[str, Channel] = {WEB: Pulled(WEB), PAGE: Pulled(PAGE)}
        if self._mail is not None:
            found[EMAIL] = self._mail.channel(self.clock)
        if self._slack_by is not None:
            self.slack = self.slack or self._slack_by.channel(self.clock, Catalogues.load())
            found[self.slack.name] = self.slack
        found[WEBHOOK] = WebhookChannel(Allowed.of(self.webhooks), self._mailing, self.clock)
        return found

    async def _mailing(self, address: str) -> Mailing | None:
        return await self.hooks.mailing(address)

    def odd_places(self, playbook: Playbook) -> list[str]:
        """A sentence for each place that shows nothing to anybody by this playbook."""
        return list(oddities(self.where.places, playbook, self._channels()))

    def _show(self, parts: Parts) -> None:
        self.reader = Reader(self.engine)
        self.sessions = Sessions(
            parts.store, parts.codec, parts.clock, parts.chance, self.machine.hub
        )
        self.machine.sweep.also(self.sessions.sweep)
        self.members = Memberships(self.engine, self.where.groups, self.where.guests)
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

    async def _hear(self) -> None:
        """Let the channels that hear hand what they hear to the house."""
        if (slack := self.slack) is None:
            return
        self._opened.push_async_callback(slack.close)
        slack.hear(self._hears(), partial(self.members.missed, slack.name))
        self.doors = (*self.doors, *slack.routes)
        self.signed = slack.signed
        for worker in slack.workers:
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
