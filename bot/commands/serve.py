"""`muster run`: open the data, start the house, serve the pages, end when told to."""

import gc
import sys
from functools import partial

import structlog

from bot.chats import chats_of
from bot.commands.data import calls
from bot.commands.demo import Demonstration, ready, words_of
from bot.commands.journal import follow
from bot.commands.logs import configure
from bot.core.person_words import ROLES
from bot.demo.folder import refuse_demonstration
from bot.engine.control import Control
from bot.pages.app import build_app
from bot.pages.server import Server, listen, port_of, take_all_places
from bot.places import nowhere
from bot.settings import Settings
from bot.wiring import (
    House,
    beat_of,
    mail_of,
    playbook_words,
    provider_of,
    read_playbook,
    scan_of,
    where_of,
)

log = structlog.get_logger(__name__)


async def serve(settings: Settings, demo: bool = False) -> None:
    """Run until SIGTERM or SIGINT. Raises MusterError for what stops the start.

    `demo`: as a demonstration, on a folder of its own.
    """
    if demo:
        settings = ready(settings)
    else:
        refuse_demonstration(settings.data)
    configure(settings.log, settings.log_level)
    take_all_places()
    words = words_of() if demo else playbook_words(settings.playbook)
    playbook = read_playbook(settings.playbook, words)
    listener = listen(settings.host, settings.port)
    here = settings.url_at(port_of(listener))
    mail, scan = mail_of(settings), scan_of(settings)
    house = House(
        settings.data,
        settings.public_url,
        settings.embed,
        mail,
        scan,
        settings.webhooks,
        provider_of(settings),
        where=where_of(settings),
        chats=chats_of(settings, playbook.organisation.default_language),
    )
    house.beat = beat_of(settings)
    for one in house.odd_places(playbook):
        log.warning("a place shows nothing", reason=one)
    if missing := nowhere(house.where.places, playbook):
        log.info("places", reason=missing)
    shown: Demonstration | None = None
    try:
        await house.open()
        for one in house.moved_places():
            log.warning("a place has moved", reason=one)
        await house.machine.adopt(playbook, words)
        shown = _shown(house, here) if demo else None
        control = Control(house.folder.control, calls(house, here))
        await control.start()
        server = Server(build_app(house), partial(_ending, house), settings.proxies)
        follow(house.engine)
        await house.start()
        keep_what_lasts()
        await (shown.greet() if shown else _greet(house, here))
        await server.serve(sockets=[listener])
        await control.stop()
    finally:
        listener.close()
        if shown:
            await shown.stop()
        await house.stop()
    log.info("stopped")


def _shown(house: House, here: str) -> Demonstration:
    """The demonstration on this house, its ways in served beside the pages."""
    shown = Demonstration(house, here)
    house.demo = True
    house.doors = (*house.doors, *shown.routes())
    return shown


def _ending(house: House) -> None:
    log.info("stopping: what is in is being finished")
    house.feeds.close()


def keep_what_lasts() -> None:
    """What stands after the start stays: the collector need not walk through it for ever.

    Its defaults suit scripts; a process that holds thousands of streams would spend a tenth of
    its time on looking at them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 100)


async def _greet(house: House, here: str) -> None:
    lines = [
        "",
        "Muster is running. Open in a browser:",
        f"  {here}/chat      what customers see",
        f"  {here}/desk      where agents work",
        f"  {here}/tasks     where resources claim tasks",
        f"  {here}/status    what the public sees",
    ]
    if await house.machine.nobody_yet():
        token = await house.machine.invite(ROLES)
        lines += ["", "Nobody has joined yet. This link makes the first account, once:"]
        lines += [f"  {here}/join/{token}"]
    lines += ["", "Stop with Ctrl-C.", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
