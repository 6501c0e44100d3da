"""Everybody presses everything in every state: a sentence, a form or cards, and never more."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.core import incident_commands as ic
from bot.core.ids import StreamId
from bot.engine.ports import Reply
from tests.engine.front_kit import MINUTE, Room, room

Way = Callable[[Room, StreamId], Awaitable[None]]
WHO = ("nobody", "carol", "rob", "stan", "ana", "sue")


async def _open(one: Room, stream: StreamId) -> None:
    pass


async def _taken(one: Room, stream: StreamId) -> None:
    await one.office.press(ic.TakeIncident(incident=stream), "ana")


async def _held(one: Room, stream: StreamId) -> None:
    await _taken(one, stream)
    await one.office.press(ic.HoldIncident(incident=stream, reason="a part"), "ana")


async def _resolved(one: Room, stream: StreamId) -> None:
    await _taken(one, stream)
    command = ic.ResolveIncident(incident=stream, note="freed", call_off=(1,))
    await one.office.press(command, "ana")


async def _closed(one: Room, stream: StreamId) -> None:
    await _resolved(one, stream)
    await one.office.press(ic.CloseIncident(incident=stream), "ana")


async def _cancelled(one: Room, stream: StreamId) -> None:
    await one.office.press(ic.CancelIncident(incident=stream, reason="a drill"), "ana")


async def _restricted(one: Room, stream: StreamId) -> None:
    command = ic.RestrictIncident(incident=stream, visibility="restricted", reason="asked for")
    await one.office.press(command, "sue")


STATES: dict[str, Way] = {
    "open": _open,
    "taken": _taken,
    "held": _held,
    "resolved": _resolved,
    "closed": _closed,
    "cancelled": _cancelled,
    "restricted": _restricted,
}


async def _asked(one: Room) -> StreamId:
    """An incident with a task, as its cards stand while nobody has it."""
    await one.joins("ana", "agent")
    await one.joins("sue", "supervisor")
    await one.joins("rob", "resource")
    await one.joins("stan", "stakeholder")
    stream = await one.incident()
    ask = ic.AskForResource(incident=stream, what="Bring a ladder", skill="first_aid")
    await one.office.press(ask, "ana")
    await one.office.advance(MINUTE)
    return stream


@pytest.mark.parametrize("state", list(STATES))
async def test_every_press_of_everybody_is_answered_and_none_does_what_is_not_theirs(
    tmp_path: Path, state: str
) -> None:
    async with room(tmp_path) as one:
        stream = await _asked(one)
        old = [(place, x) for place in ("team", "crew") for y in one.hung(place) for x in y.buttons]
        await STATES[state](one, stream)
        await one.office.advance(MINUTE)
        new = [(place, x) for place in ("team", "crew") for y in one.hung(place) for x in y.buttons]
        tokens = {x.token: (place, x.label) for place, x in (*old, *new) if not x.link}
        assert len(tokens) > 9
        for who in WHO:
            before = await one.office.desk.incident(stream)
            for token, (place, label) in tokens.items():
                reply = await one.press(who, token, place=place)
                _told(reply, who, label)
                await one.office.clock.advance(500)
            after = await one.office.desk.incident(stream)
            if who in ("nobody", "carol", "stan"):
                assert after == before, who


def _told(reply: Reply, who: str, label: str) -> None:
    assert reply.text or reply.form or reply.cards, (who, label)
    assert "{" not in reply.text, reply.text
    assert "That did not work" not in reply.text, (who, label)
    if who in ("nobody", "carol", "stan"):
        assert reply.form is None, (who, label)
        assert "Ana" not in reply.text
