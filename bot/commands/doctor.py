"""`muster doctor`: what would go wrong, before it does, and what to do about it."""

import asyncio
import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.oidc.provider import Provider
from bot.adapters.webhook.monitor import Monitor
from bot.chats import CHATS, chats_of, told_in
from bot.core.errors import MusterError
from bot.declared import ChatWords
from bot.engine.control import NobodyThere, ask
from bot.engine.hook_reach import Allowed, NotThere
from bot.engine.logins import NotReached
from bot.engine.ports import SendFault
from bot.engine.scanner import CannotTell, Scan
from bot.places import nowhere, oddities
from bot.settings import Settings, variable
from bot.store.folder import file_in_the_way, not_a_folder
from bot.wiring import (
    BUILT_IN,
    House,
    MailBy,
    SystemClock,
    beat_of,
    mail_of,
    provider_of,
    read_playbook,
    scan_of,
    where_of,
)

DISK_LEAST = 500 * 1024 * 1024
FIXED_SQLITE = (3, 51, 3)
NAMED_WITHIN = 5
"""Seconds until a name that nobody answers for counts as unknown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. `well` False means that Muster cannot work like that."""

    about: str
    well: bool
    words: str

    def __str__(self) -> str:
        return f"{'ok   ' if self.well else 'WRONG'} {self.about}: {self.words}"


async def examine(settings: Settings, wrong: Sequence[str] = ()) -> list[Line]:
    """Every line, in the order in which to mend them; `wrong` is left out of the settings."""
    lines = [Line("settings", False, one) for one in wrong]
    lines += [] if wrong else [Line("settings", True, "they can be used")]
    lines += [*_folder(settings.data), *_disk(settings.data), _sqlite(), _playbook(settings)]
    if (mail := mail_of(settings)) is not None:
        lines.append(await _mail(mail))
    if (provider := provider_of(settings)) is not None:
        lines.append(await _provider(provider))
    if (beat := beat_of(settings)) is not None:
        lines.append(await _monitor(beat))
    lines += _places(settings)
    for words in CHATS:
        lines += await chat_lines(words, settings)
    if settings.scan:
        lines.append(await _scan(scan_of(settings)))
    lines += [
        await _hook_host(one, settings) for one in sorted(Allowed.of(settings.webhooks).names)
    ]
    running = await _running(settings.data)
    lines.append(Line("process", True, "Muster is running" if running else "not running now"))
    lines += await _channels(settings.data) if running else []
    lines += await _moved(settings.data) if running else []
    if not running:
        lines.append(_port(settings))
        if (settings.data / "muster.db").exists():
            lines += await _data(settings)
    return lines


def _folder(data: Path) -> Iterator[Line]:
    if (blocking := file_in_the_way(data)) is not None:
        yield Line("data folder", False, not_a_folder(blocking))
        return
    if not data.exists():
        parent = data.absolute().parent
        well = os.access(parent, os.W_OK)
        yield Line("data folder", well, f"{data} will be made" if well else f"{parent} is closed")
        return
    well = os.access(data, os.R_OK | os.W_OK | os.X_OK)
    yield Line("data folder", well, str(data) if well else f"{data} cannot be written to")
    key = data / "master.key"
    if key.exists():
        loose = key.stat().st_mode & 0o077
        words = "only you can read it" if not loose else f"others can read it: chmod 600 {key}"
        yield Line("master key", not loose, words)


def _disk(data: Path) -> Iterator[Line]:
    place = data if data.exists() else data.absolute().parent
    if place.exists():
        free = shutil.disk_usage(place).free
        words = f"{free // (1024 * 1024):,} MB free"
        yield Line("disk", free >= DISK_LEAST, words if free >= DISK_LEAST else f"only {words}")


def _sqlite() -> Line:
    words = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < FIXED_SQLITE:
        words += " (two connections could damage a database; Muster opens exactly one)"
    return Line("SQLite", sqlite3.sqlite_version_info >= (3, 35), words)


def _playbook(settings: Settings) -> Line:
    def named() -> str:
        organisation = read_playbook(settings.playbook).organisation
        name = organisation.name.pick(organisation.default_language)
        return f"{settings.playbook or BUILT_IN.name} of {name!r}"

    return _tried("playbook", named)


def _places(settings: Settings) -> list[Line]:
    """What is odd about where the playbook's places are."""
    try:
        playbook = read_playbook(settings.playbook)
    except MusterError:
        return []  # That has a line of its own.
    where = where_of(settings)
    if not where.places and not where.groups:
        return []
    odd = House(settings.data, where=where, chats=chats_of(settings)).odd_places(playbook)
    well = nowhere(where.places, playbook) or "each is where the settings say"
    return [Line("places", False, one) for one in odd] or [Line("places", True, well)]


async def chat_lines(words: ChatWords, settings: Settings) -> list[Line]:
    """What there is to say of a channel; nothing when it is not set up."""
    told = told_in(settings)
    if words.is_half(told):
        half = f"{words.title} stays off: set {variable(words.needs)}, too"
        return [Line(f"{words.name} token", False, half)]
    if not words.is_set(told):
        return []
    found = await words.look(told, where_of(settings))
    return [Line(one.about, one.well, one.words) for one in found]


async def chat_alone(words: ChatWords, settings: Settings) -> list[Line]:
    """The same, and which places of the settings the playbook does not know."""
    found = await chat_lines(words, settings)
    try:
        playbook = read_playbook(settings.playbook)
    except MusterError:
        return found  # `muster doctor` says so.
    where = where_of(settings).places
    every = {one.channel for key in where for one in where[key]}
    unknown = [Line("places", False, one) for one in oddities(where, playbook, every)]
    return [*found, *unknown] if found else []


def _tried(about: str, work: Callable[[], str]) -> Line:
    try:
        return Line(about, True, work())
    except (MusterError, OSError) as trouble:
        return Line(about, False, str(trouble))


async def _mail(mail: MailBy) -> Line:
    try:
        await mail.channel(SystemClock()).look()
    except SendFault as fault:
        return Line("mail", False, f"{fault}; look at the setting smtp")
    return Line("mail", True, f"the mail server lets us in as {mail.sender}")


async def _monitor(monitor: Monitor) -> Line:
    try:
        await monitor()
    except SendFault as fault:
        return Line("heartbeat", False, f"{fault} Look at the setting heartbeat_url")
    words = f"{monitor.host} takes our pings, one each {monitor.every // 1000} seconds"
    return Line("heartbeat", True, words)


async def _provider(provider: Provider) -> Line:
    try:
        await provider.look()
    except NotReached as trouble:
        return Line("organisation", False, f"{trouble} Look at the setting oidc_issuer")
    return Line("organisation", True, f"{provider.issuer} signs the staff in")


async def _scan(scan: Scan) -> Line:
    try:
        well = await scan(b"Nothing harmful is in this line.")
    except CannotTell as trouble:
        return Line("scanner", False, f"{trouble}; look at the setting scan")
    return Line("scanner", well, "it looks at files" if well else "it takes anything for harmful")


async def _hook_host(host: str, settings: Settings) -> Line:
    """Whether messages for programs on that host would find it, and may go there."""
    about = f"webhooks on {host}"
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(NAMED_WITHIN):
            found = await loop.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
        address = Allowed.of(settings.webhooks).address([str(one[4][0]) for one in found])
    except NotThere as why:
        return Line(about, False, f"{why}; look at the setting webhooks")
    except (OSError, UnicodeError):
        words = "this name has no address, so nothing can be told there; look at the setting "
        return Line(about, False, words + "webhooks")
    return Line(about, True, f"it is at {address}")


def _port(settings: Settings) -> Line:
    def free() -> str:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
        return f"{settings.host}:{settings.port} is free"

    try:
        return Line("port", True, free())
    except OSError as trouble:
        words = f"{settings.host}:{settings.port} cannot be used ({trouble.strerror}); choose "
        return Line("port", False, words + "another with --port")


async def _running(data: Path) -> bool:
    try:
        await asyncio.wait_for(ask(data / "control.sock", "alive"), 5)
    except (NobodyThere, TimeoutError, OSError):
        return False
    return True


async def _channels(data: Path) -> list[Line]:
    """The channels of the process that runs, as it finds them itself."""
    try:
        told = await asyncio.wait_for(ask(data / "control.sock", "channels"), 5)
    except (MusterError, TimeoutError, OSError):
        return []  # It ended meanwhile.
    return [
        Line(f"channel {title}", not wrong, str(wrong or "it works"))
        for title, wrong in told.items()
    ]


async def _moved(data: Path) -> list[Line]:
    """Places that the process that runs found elsewhere than the settings say."""
    try:
        told = await asyncio.wait_for(ask(data / "control.sock", "moved"), 5)
    except (MusterError, TimeoutError, OSError):
        return []  # It ended meanwhile.
    return [Line("places", False, str(one)) for one in told["places"]]


async def _data(settings: Settings) -> list[Line]:
    house = House(settings.data, where=where_of(settings))
    try:
        await house.open()
        moved = [Line("places", False, one) for one in house.moved_places()]
        return [Line("database", True, f"{await house.store.head():,} events"), *moved]
    except MusterError as trouble:
        return [Line("database", False, str(trouble))]
    finally:
        await house.stop()
