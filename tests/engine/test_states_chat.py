"""Held until a time, handed over and opened again, from chat."""

from pathlib import Path
from typing import Any

import pytest

from bot.core import incident_commands as ic
from bot.core.cards import plain
from bot.core.incident_words import Status
from bot.engine.ports import Opened
from bot.views import tools
from tests.engine.front_kit import MINUTE, Room, room


async def form_of(one: Room, who: str, label: str) -> Opened:
    reply = await one.press(who, one.button(label))
    assert reply.form is not None, reply.text
    return reply.form


async def beside(one: Room, who: str, label: str) -> Opened:
    """The form behind a button of the card that "More" shows."""
    (card,) = (await one.press(who, one.button("More"))).cards
    token = next(x.token for x in card.buttons if x.label == label)
    reply = await one.press(who, token)
    assert reply.form is not None, reply.text
    return reply.form


async def done(one: Room, who: str, form: Opened, typed: dict[str, Any]) -> None:
    reply = await one.send(who, form, typed)
    assert reply.form is None, reply.faults
    await one.office.quiet()


async def status(one: Room, stream: str) -> Status:
    return (await one.office.desk.incident(stream)).status


async def test_practice_1_3_held_from_chat_it_returns_by_itself(tmp_path: Path) -> None:
    """practice 1.3: snooze with automatic return, on every channel."""
    async with room(tmp_path) as one:
        ana = await one.joins("ana", "agent")
        stream = await one.incident()
        await one.office.press(ic.TakeIncident(incident=stream), "ana")
        await one.office.quiet()
        form = await form_of(one, "ana", "Hold")
        hour = {"reason": "Waits for a part", "until": str(60 * MINUTE)}
        await done(one, "ana", form, hour)
        assert await status(one, stream) == "on_hold"
        assert any(", until " in plain(card) for card in one.hung())
        await one.office.desk.clock.advance(61 * MINUTE)
        await one.office.quiet()
        state = await one.office.desk.incident(stream)
        assert (state.status, state.owner) == ("in_progress", ana)
        assert "hold_over" in [alarm.cause for alarm in state.alarms]


async def test_any_colleague_who_is_on_is_handed_an_incident_from_chat(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        ben = await one.joins("ben", "agent")
        await one.joins("cleo", "supervisor")
        stream = await one.incident()
        await one.office.press(ic.TakeIncident(incident=stream), "ana")
        await one.office.quiet()
        form = await beside(one, "ana", "Hand over")
        whom = next(x for x in form.state.form.questions if x.key == "to")
        assert [form.say(x.label) for x in whom.choices] == [
            "Ben: carries nothing",
            "Cleo: carries nothing",
            "Somebody else",
            "Nobody yet: give it back to all",
        ]
        again = await one.send("ana", form, {"to": "other", "who": "Zoe"})
        assert "Nobody who is on has that name" in again.faults[""]
        assert again.form is not None
        assert again.form.state.answers["who"] == "Zoe", "what was typed is kept"
        await done(one, "ana", again.form, {"to": "other", "who": "@ben"})
        assert (await one.office.desk.incident(stream)).owner == ben


async def test_practice_1_3_given_back_from_chat_it_is_everybodys(tmp_path: Path) -> None:
    """practice 1.3: release, on every channel."""
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        ben = await one.joins("ben", "agent")
        stream = await one.incident()
        await one.office.press(ic.TakeIncident(incident=stream), "ana")
        await one.office.quiet()
        form = await beside(one, "ana", "Hand over")
        await done(one, "ana", form, {"to": "nobody", "reason": "My shift ends"})
        state = await one.office.desk.incident(stream)
        assert (state.status, state.owner) == ("open", None)
        assert state.acknowledged_at is None, "it waits to be seen"
        await one.office.press(ic.TakeIncident(incident=stream), "ben")
        assert (await one.office.desk.incident(stream)).owner == ben


async def test_practice_1_3_opened_again_from_chat_with_ten_characters(tmp_path: Path) -> None:
    """practice 1.3: reopen asks why, at least 10 characters; what was typed is kept."""
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        await one.office.press(ic.TakeIncident(incident=stream), "ana")
        resolve = ic.ResolveIncident(incident=stream, note="freed", call_off=(1,))
        await one.office.press(resolve, "ana")
        await one.office.quiet()
        form = await form_of(one, "ana", "Reopen")
        short = await one.send("ana", form, {"reason": "again"})
        assert "at least 10 characters" in short.faults["reason"]
        assert await status(one, stream) == "resolved"
        await done(one, "ana", form, {"reason": "It went dark again"})
        assert await status(one, stream) == "open"


async def test_what_one_card_has_no_room_for_is_pressed_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "MOST", 5)
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        (first,) = (await one.press("ana", one.button("More"))).cards
        labels = [button.label for button in first.buttons]
        assert "Escalate" in labels
        assert "Cancel the incident" in labels
        assert "ETHANE" not in labels
        further = next(x.token for x in first.buttons if x.label == "What else there is")
        (second,) = (await one.press("ana", further)).cards
        last = next(x.token for x in second.buttons if x.label == "ETHANE")
        reply = await one.press("ana", last)
        assert reply.form is not None, "what stands on the second card serves as well"
