"""Commands on the data: asked of the running process, done here only when none is running."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.commands import sheet_calls
from bot.core import ids
from bot.core.errors import MusterError
from bot.core.person_words import ROLES, ErasePerson, Role
from bot.engine.control import Call, NobodyThere, ask
from bot.store.base import text
from bot.store.folder import file_in_the_way, not_a_folder
from bot.wiring import House

PATIENCE = 10
"""Seconds after which a process that does not answer is taken for stuck."""
Asked = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


class NoSuchPerson(MusterError):
    """Nobody is known under that name. Give a person's id, or the reference of a report."""


async def verify(data: Path) -> dict[str, Any]:
    """What `muster verify` found."""
    return await _either(data, "verify", {})


async def backup(data: Path, target: Path) -> dict[str, Any]:
    """Copy the database to the folder `target`, which must not exist yet."""
    return await _either(data, "backup", {"target": _whole(target)})


async def invite(data: Path, roles: list[str]) -> dict[str, Any]:
    """A one-time token for a new member of staff."""
    for role in roles:
        if role not in ROLES:
            raise MusterError(f"There is no role '{role}'. Roles are: {', '.join(ROLES)}.")
    return await _either(data, "invite", {"roles": roles})


async def erase(data: Path, who: str, reason: str) -> dict[str, Any]:
    """Erase a person, named by id or by the reference of a report."""
    return await _either(data, "erase", {"who": who, "reason": reason})


def calls(house: House, here: str = "") -> dict[str, Call]:
    """What the control socket of `house` answers; `here` is where its pages are."""
    return {
        **sheet_calls.calls(house),
        "alive": lambda given: _alive(),
        "channels": lambda given: _channels(house),
        "moved": lambda given: _moved(house),
        "verify": lambda given: _verify(house),
        "backup": lambda given: _backup(house, Path(str(given["target"]))),
        "invite": lambda given: _invite(house, here, [str(one) for one in given["roles"]]),
        "erase": lambda given: _erase(house, str(given["who"]), str(given["reason"])),
    }


@asynccontextmanager
async def whole_house(data: Path) -> AsyncIterator[Asked]:
    """Asks the running process, or with none the data, opened once; no worker is started, so
    nothing goes out and nothing comes due. Raises MusterError.
    """
    _is_there(data)
    if await _answers(data):
        yield lambda call, given: ask(data / "control.sock", call, **given)
        return
    house = House(data)
    try:
        await house.open()
        answers = calls(house)
        yield lambda call, given: answers[call](given)
    finally:
        await house.stop()


async def _answers(data: Path) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await ask(data / "control.sock", "alive")
    except NobodyThere:
        return False
    except TimeoutError:
        raise MusterError(
            "Muster runs on this data but does not answer. Stop it, then print again; or print "
            "from a copy of the folder."
        ) from None
    return True


async def _either(data: Path, call: str, given: dict[str, Any]) -> dict[str, Any]:
    _is_there(data)
    try:
        return await ask(data / "control.sock", call, **given)
    except NobodyThere:
        return await _alone(data, lambda house: calls(house)[call](given))


def _is_there(data: Path) -> None:
    if (blocking := file_in_the_way(data)) is not None:
        raise MusterError(not_a_folder(blocking))
    if not data.is_dir():
        raise MusterError(f"There is no data folder '{data}'. Name it with --data.")


def _new_folder(target: Path) -> None:
    if target.exists():
        raise MusterError(f"'{target}' exists already. Name a new folder.")
    target.mkdir(parents=True, mode=0o700)


def _whole(path: Path) -> str:
    return str(path.absolute())


async def _alone(data: Path, work: Callable[[House], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """Open the data, work, close. Nothing is served meanwhile."""
    house = House(data)
    try:
        await house.open()
        await house.start()
        return await work(house)
    finally:
        await house.stop()


async def _alive() -> dict[str, Any]:
    return {}


async def _channels(house: House) -> dict[str, Any]:
    """What is wrong with each channel that sends or hears, "" where all is well."""
    every = house.machine.parts.channels.values()
    found = {one.title: one.health() for one in every if not one.capabilities.pulled}
    return {title: "" if one.sound else one.detail or "it fails" for title, one in found.items()}


async def _moved(house: House) -> dict[str, Any]:
    """The places of the settings that are elsewhere now."""
    return {"places": house.moved_places()}


async def _verify(house: House) -> dict[str, Any]:
    report = await house.machine.verify()
    return {
        "events": report.events,
        "streams": report.streams,
        "checkpoints": report.checkpoints,
        "found": [str(one) for one in report.found],
        "sound": report.sound,
    }


async def _backup(house: House, target: Path) -> dict[str, Any]:
    _new_folder(target)
    await house.store.backup(str(target / "muster.db"))
    return {"target": str(target)}


async def _invite(house: House, here: str, roles: list[str]) -> dict[str, Any]:
    known: tuple[Role, ...] = tuple(role for role in ROLES if role in roles)
    return {"token": await house.machine.invite(known), "url": here}


async def _erase(house: House, who: str, reason: str) -> dict[str, Any]:
    await house.machine.dos.idle()
    person = await _as_whom(house, await _person(house, who))
    command = ErasePerson(person=person, reason=reason)
    answer = await house.engine.house(command, person, "cli", "erase")
    if answer.outcome != "done":
        raise NoSuchPerson
    return {"person": person, "streams": await house.machine.eraser.finish(person)}


async def _as_whom(house: House, person: str) -> str:
    """Who they go on as, if others' accounts were joined: erasing takes all of them."""
    known = await house.reader.person(person)
    return person if known is None or not known.joined_into else known.joined_into


async def _person(house: House, who: str) -> str:
    reference = ids.read_reference(who)
    if reference is not None:
        rows = await house.store.select("refs", {"reference": reference}, limit=1)
        if rows:
            stream = text(rows[0], "stream")
            found = await house.store.select("reports", {"report": stream}, limit=1)
            if found:
                return text(found[0], "person")
        raise NoSuchPerson
    try:
        known = ids.kind_of(who) == "person" and (await house.engine.live(who)).version > 0
    except ValueError:
        known = False
    if not known:
        raise NoSuchPerson
    return who
