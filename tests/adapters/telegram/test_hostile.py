"""What a tampered app, a flood, or a Telegram that talks nonsense can do to us: next to nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from telegram.error import BadRequest

from bot.adapters.telegram.adapter import TelegramChannel
from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.ears import ALONE_MOST, RAISED_MOST, Ears
from bot.adapters.telegram.faults import fault_of
from bot.adapters.telegram.inward import Inward
from bot.adapters.telegram.receive import album_of
from bot.adapters.telegram.text import dead
from bot.adapters.telegram.webhook import wrong_with
from bot.core.commands import Place
from bot.core.ids import Millis
from bot.engine.heard import Pressed, Wrote
from bot.engine.ports import File, Post, Reply, SendFault
from bot.untrusted import Payload
from tests.adapters.telegram.ears import (
    ANA,
    BO,
    FORUM,
    TEAM,
    AtOnce,
    Connected,
    connected,
    token,
)
from tests.adapters.telegram.test_polling import polling
from tests.adapters.telegram.test_receive import ALONE, GROUP, hear, message, one
from tests.adapters.telegram.test_replies import hung
from tests.clock import VirtualClock
from tests.conftest import ExpectedErrors
from tests.telegram.fake import FakeTelegram
from tests.telegram.faults import Fault
from tests.telegram.texts import detected

Json = dict[str, Any]
BASIC: Json = {"id": -77, "type": "group"}
THERE = -1009
OK = Reply()


# --- updates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        message(ALONE, migrate_to_chat_id=THERE),
        message(GROUP, migrate_to_chat_id=THERE),  # Only a basic group is upgraded.
        message(BASIC, migrate_to_chat_id=11),
        message(BASIC, migrate_to_chat_id=BASIC["id"]),
        message(ALONE, migrate_from_chat_id=-77),
        message(BASIC, migrate_from_chat_id=-78),
        message(GROUP, migrate_from_chat_id=11),
        message(GROUP, migrate_from_chat_id=GROUP["id"]),
    ],
)
def test_a_place_moves_only_as_telegram_moves_places(body: Json) -> None:
    assert hear(body) == ()


@pytest.mark.parametrize(
    "chat", [{"id": -5, "type": "private"}, {"id": 12, "type": "private"}, {"id": 7}]
)
def test_alone_with_us_is_who_writes_and_nobody_else(chat: Json) -> None:
    assert hear(message(chat, text="hello")) == ()
    assert hear(message(chat, text="hello"), "edited_message") == ()
    assert hear(message({"id": 5, "type": "group"}, text="/list")) == ()


def test_a_message_on_which_the_button_does_not_stand_is_not_told() -> None:
    """A tampered app presses what it likes on whatever message of ours it sees."""
    keys = {"inline_keyboard": [[{"text": "Take", "callback_data": "m-right"}]]}
    for data, told in (("m-right", "-1001/7"), ("m-other", ""), ("cm-right", "")):
        card = message(GROUP, reply_markup=keys)
        query = {"id": "q", "from": message()["from"], "message": card, "data": data}
        assert one(query, "callback_query").message == told
    bare = {"id": "q", "from": message()["from"], "message": message(GROUP), "data": "m-right"}
    assert one(bare, "callback_query").message == ""
    old = {**bare, "message": {"chat": GROUP, "message_id": 7, "date": 0}}
    assert one(old, "callback_query").message == "-1001/7"


def test_pieces_of_two_people_are_never_one_album() -> None:
    def piece(by: int, thread: int = 0) -> Json:
        more: Json = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        body = message(GROUP, {"id": by}, media_group_id="g", photo=[{"file_id": "p"}], **more)
        return {"update_id": 1, "message": body}

    assert album_of(piece(11)) == album_of(piece(11))
    assert len({album_of(x) for x in (piece(11), piece(12), piece(11, 3), piece(11, 4))}) == 4


async def test_the_same_number_twice_at_once_is_taken_once_and_stops_nothing() -> None:
    async with connected() as line:
        hearing = polling(line)
        bodies = [message(ALONE | {"id": ANA}, text=said) for said in ("one", "two")]
        updates: list[Payload] = [{"update_id": 70, "message": body} for body in bodies]
        assert hearing._hand_on(updates) == 1
        await line.spy.until(lambda: line.spy.heard)
        await line.rest()
        await line.fake.says(ANA, ANA, "three")
        await line.passing(lambda: len(line.spy.heard) == 2)
        assert [x.words for x in line.spy.heard if isinstance(x, Wrote)] == ["one", "three"]


def tries(line: Connected) -> int:
    """How often the words that never go well were heard."""
    return sum(isinstance(x, Wrote) and x.words == "poison" for x in line.spy.heard)


async def test_what_our_own_code_fails_at_is_given_up_and_told_so(
    expected_errors: ExpectedErrors,
) -> None:
    async with connected() as line:
        line.spy.says = _bad(Reply(text="Not now", again=True, broken=True))
        await line.fake.says(ANA, ANA, "poison")
        await line.fake.says(ANA, ANA, "after it")
        await line.passing(lambda: len(line.spy.heard) == RAISED_MOST + 1)
        await line.rest()
        assert tries(line) == RAISED_MOST
        assert [x.text for x in line.fake.ours(ANA)] == [
            "That did not work just now. Please try again in a minute."
        ]
        expected_errors.claim("left alone")


async def test_what_alone_is_not_kept_holds_up_others_for_minutes_and_not_for_ever(
    expected_errors: ExpectedErrors,
) -> None:
    async with connected() as line:
        line.spy.says = _bad(Reply(text="Not now", again=True))
        await line.fake.says(ANA, ANA, "poison")
        await line.spy.until(lambda: tries(line))
        for number in range(ALONE_MOST):
            assert line.fake.updates.waiting
            await line.fake.says(BO, TEAM, f"word {number}")
            await line.passing(partial(_said, line, f"word {number}"))
            await line.passing(partial(_more, line, tries(line)), 20_000)
        await line.passing(lambda: not line.fake.updates.waiting, 20_000)
        expected_errors.claim("left alone")


def _said(line: Connected, words: str) -> bool:
    return any(isinstance(one, Wrote) and one.words == words for one in line.spy.heard)


def _more(line: Connected, before: int) -> bool:
    return tries(line) > before


def _bad(bad: Reply) -> Callable[[object], Reply]:
    """Says so of the words that never go well, and yes to all others."""
    return lambda one: bad if isinstance(one, Wrote) and one.words == "poison" else OK


async def test_while_nothing_is_kept_of_anybody_nothing_is_given_up() -> None:
    async with connected() as line:
        line.spy.says = lambda one: Reply(text="Not now", again=True)
        await line.fake.says(ANA, ANA, "poison")
        await line.fake.says(BO, TEAM, "word")
        await line.passing(lambda: tries(line) > 2 * ALONE_MOST, 60_000)
        assert len(line.fake.updates.waiting) == 2
        line.spy.says = lambda one: OK
        await line.passing(lambda: not line.fake.updates.waiting, 60_000)


# --- floods ------------------------------------------------------------------------------------


async def test_who_asks_again_and_again_what_a_group_is_called_is_left_alone() -> None:
    async with connected() as line:
        for _ in range(20):
            await line.fake.says(BO, TEAM, "/id")
        await line.rest()
        assert 1 <= len(line.fake.ours(TEAM)) <= 3


@dataclass
class Slow(AtOnce):
    """Only one message may go out in 25 seconds."""

    free: Millis = 0

    async def say(self, place: Place, post: Post, by: Millis) -> str | None:
        at = max(self.free, self.clock.now())
        if at > by:
            return None
        self.free = at + 25_000
        while self.clock.now() < at:
            await self.clock.wait_until(at)
        return await self.channel.send(place.address, post)


def ears_of(line: Connected) -> Ears:
    assert line.telegram.ears is not None
    return line.telegram.ears


async def flooded(line: Connected) -> None:
    """Bo has asked six times in a group for what is told slowly."""
    ears_of(line)._replies._asides = Slow(line.telegram, line.clock)
    line.spy.says = lambda one: Reply(text="Done" if isinstance(one, Pressed) else "Well")
    for _ in range(6):
        await line.fake.says(BO, TEAM, "/help")
    await line.spy.until(lambda: len(line.spy.heard) == 6)


async def test_a_press_is_answered_at_once_while_others_wait_for_words() -> None:
    async with connected() as line:
        card = await hung(line)
        await flooded(line)
        assert (await line.fake.taps(ANA, card, "Take it")).toast == "Done"
        assert ears_of(line)._work
        await line.passing(lambda: not ears_of(line)._work, 5_000)


async def test_what_would_be_said_too_late_is_not_said() -> None:
    async with connected() as line:
        await flooded(line)
        await line.passing(lambda: not ears_of(line)._work, 5_000)
        assert len(line.fake.ours(TEAM)) == 3


# --- a Telegram that talks nonsense --------------------------------------------------------------

USER: Json = {"id": ANA, "is_bot": False, "first_name": "A"}
SENT: Json = {"message_id": 5, "date": 1_767_607_200, "chat": {"id": ANA, "type": "private"}}
HOOK: Json = {"url": "x", "has_custom_certificate": False, "pending_update_count": 1}
FILE: Json = {"file_id": "a", "file_unique_id": "b"}
ODD: tuple[object, ...] = (
    True,
    None,
    7,
    [],
    {},
    *({**SENT, "message_id": odd} for odd in ("x", {"a": 1}, -5, True)),
    *({**SENT, "date": odd} for odd in (10**17, 10**30, "x")),
    {"status": "kicked", "user": USER, "until_date": 10**17},
    {**HOOK, "last_error_date": 10**17},
    {**HOOK, "last_error_date": 1_767_607_200, "last_error_message": 7},
    *({**FILE, "file_path": odd} for odd in ("//evil/x", "http://evil/x", "\ud800", 7, "a/../x")),
    {**FILE, "file_path": "a/b", "file_size": "x"},
    {"id": "x", "is_bot": True, "first_name": "x", "username": 7},
    {"message_thread_id": "x", "name": "a", "icon_color": 1},
)


async def test_whatever_telegram_answers_is_a_fault_that_the_house_knows() -> None:
    clock = VirtualClock()
    async with FakeTelegram(clock, pace=False) as fake:
        api = TelegramApi(fake.token, fake.api_url, patience=5)
        channel, inward = TelegramChannel(api, clock), Inward(api)
        picture, post, address = File("a.jpg", "image/jpeg", b"x"), Post("d", "x"), str(ANA)
        for odd in ODD:
            fake.server.faults[:] = [Fault("*", times=None, body=json.dumps(_result(odd)))]
            with pytest.raises(SendFault):
                await channel.send(address, post)
            with pytest.raises(SendFault):
                await channel.upload(address, picture, post)
            with pytest.raises(SendFault):
                await inward.me()
            for asking in (
                channel.membership(str(TEAM), address),
                channel.fetch("f"),
                channel.open("topic", str(FORUM), "t"),
                _looked(inward),
            ):
                try:
                    await asking
                except SendFault:
                    continue
        await api.close()


def _result(odd: object) -> Json:
    return {"ok": True, "result": odd}


async def _looked(inward: Inward) -> str:
    return wrong_with(await inward.hooked(), 1_767_607_200_000)


def test_a_refusal_that_repeats_our_address_tells_nobody_a_part_of_the_token() -> None:
    error = BadRequest("Bad Request: no such path /bot123:AAsecretBBword/sendMessage here")
    said = str(fault_of(error))
    assert "no such path" in said
    assert "secret" not in said.lower()


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["www.1", "(www.％x", "WWW.é", "see www./y", token()])
def test_an_address_that_begins_like_one_is_dead(words: str) -> None:
    assert detected(dead(words), []) == []
