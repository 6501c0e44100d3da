"""The channel against a strict Telegram: what goes out, changes, goes, and fails how."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.telegram import limits
from bot.adapters.telegram.adapter import TelegramChannel
from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.payloads import parts
from bot.core.cards import Card, Section
from bot.engine.ports import (
    Act,
    AnswerLost,
    Blocked,
    Limit,
    MessageGone,
    Misconfigured,
    Outage,
    PlaceMoved,
    Post,
    RateLimited,
    SendFault,
    TopicGone,
    Unsendable,
)
from tests.adapters.slack.test_render import example
from tests.adapters.telegram.kit import ANA, BEN, FORUM, GONE, NEWS, SHY, TEAM, Desk, desk, post

LONG = "\n".join(f"line {number} of what somebody pasted" for number in range(300))


async def fault_of(here: Desk, address: str = TEAM, said: Post = NEWS) -> SendFault:
    with pytest.raises(SendFault) as caught:
        await here.channel.send(address, said)
    return caught.value


async def sent(here: Desk, address: str, said: Post) -> str:
    """Sent, the clock moving on as far as it must."""
    sending = asyncio.create_task(here.channel.send(address, said))
    return await moved(here, sending)


async def moved(here: Desk, sending: "asyncio.Task[str]") -> str:
    """What comes of it, the clock moving on whenever somebody waits for it."""
    while not sending.done():
        await asyncio.wait([sending], timeout=0.005)
        if (at := here.clock.next_due) is not None:
            await here.clock.advance(max(0, at - here.clock.now()))
    return sending.result()


# --- out -----------------------------------------------------------------------------------------


async def test_a_card_is_sent_without_previews_and_changed_in_place() -> None:
    async with desk() as here:
        first = example("incident, just taken", "en")
        message = await here.channel.send(TEAM, post("card", first))
        (stands,) = here.telegram.ours(TEAM)
        assert message == f"{TEAM}/{stands.id}" == stands.name
        (call,) = here.telegram.called("sendMessage")
        assert json.loads(call.args["link_preview_options"]) == {"is_disabled": True}
        assert "parse_mode" not in call.args
        assert len(stands.labels) == len(first.buttons)
        then = example("incident, people on the way", "en")
        assert await here.channel.edit(TEAM, message, post("card", then)) == message
        (stands,) = here.telegram.ours(TEAM)
        assert "2 of 2" in stands.text
        assert await here.channel.edit(TEAM, message, post("card", then)) == message
        assert here.telegram.alive(stands) == []
        await here.channel.delete(TEAM, message)
        await here.channel.delete(TEAM, message)
        assert here.telegram.ours(TEAM) == []
        assert here.channel.health().sound
        assert here.telegram.violations == []


async def test_what_belongs_to_a_message_hangs_beneath_it_as_long_as_it_is_there() -> None:
    async with desk() as here:
        card = await here.channel.send(TEAM, Post("card", "Card"))
        await here.channel.send(TEAM, Post("note", "Note", beneath=card))
        await here.channel.delete(TEAM, card)
        await here.channel.send(TEAM, Post("late", "Late", beneath=card))
        await here.channel.send(TEAM, Post("odd", "Odd", beneath="C1/1690000000.1"))
        assert [one.reply for one in here.telegram.ours(TEAM)] == [parts(card)[1][0], 0, 0]


async def test_a_repeat_says_so() -> None:
    async with desk() as here:
        await here.channel.send(ANA, replace(NEWS, repeat=True))
        assert here.texts(ANA) == [f"{NEWS.text}\n\nYou may have had this before."]
        assert await here.channel.find(ANA, NEWS.delivery) is None
        assert not here.channel.capabilities.finds


# --- long texts ----------------------------------------------------------------------------------


async def test_a_long_card_goes_out_in_parts_at_the_pace_of_the_chat_buttons_last() -> None:
    async with desk(pace=True) as here:
        card = example("task, people wanted", "en")
        long = Card(card.summary, (Section(LONG), *card.blocks))
        message = await sent(here, TEAM, post("card", long))
        stands = here.telegram.ours(TEAM)
        assert [bool(one.labels) for one in stands] == [False, False, True]
        first, second, last = (one.id for one in stands)
        assert message == f"{TEAM}/{last}/{first}/{second}"
        assert stands[2].at - stands[1].at >= limits.GROUP_GAP
        assert "".join("".join(one.text.split()) for one in stands).startswith(
            "".join(LONG.split())
        )
        assert here.telegram.called("sendMessage")[-1].status == 200
        assert all(one.ok for one in here.telegram.called("sendMessage"))

        shorter = asyncio.create_task(here.channel.edit(TEAM, message, post("card", card)))
        assert await moved(here, shorter) == f"{TEAM}/{last}"
        assert [one.id for one in here.telegram.ours(TEAM)] == [last]

        await here.clock.advance(limits.GROUP_GAP)
        again = asyncio.create_task(here.channel.edit(TEAM, f"{TEAM}/{last}", post("card", long)))
        grown = await moved(here, again)
        stands = here.telegram.ours(TEAM)
        assert [bool(one.labels) for one in stands] == [False, False, True]
        assert grown == f"{TEAM}/{stands[2].id}/{last}/{stands[1].id}"
        await here.channel.delete(TEAM, grown)
        assert here.telegram.ours(TEAM) == []


async def test_a_long_text_that_was_stopped_halfway_goes_on_where_it_stopped() -> None:
    async with desk() as here:
        here.telegram.fails("sendMessage", skip=1, retry_after=7)
        long = Post("long", LONG)
        sending = asyncio.create_task(here.channel.send(ANA, long))
        with pytest.raises(RateLimited):
            await moved(here, sending)
        here.clock.jump(7_000)
        message = await sent(here, ANA, long)
        texts = here.texts(ANA)
        assert len(texts) == len(set(texts)) == 3
        assert len(parts(message)[1]) == 3
        here.telegram.fails("sendMessage", skip=1, retry_after=7)
        sending = asyncio.create_task(here.channel.send(BEN, replace(long, delivery="other")))
        with pytest.raises(RateLimited):
            await moved(here, sending)
        here.clock.jump(7_000)
        await sent(here, BEN, Post("other", "Something else altogether."))
        assert here.texts(BEN) == ["Something else altogether."]


async def test_when_a_part_of_it_is_gone_all_of_it_is_sent_anew() -> None:
    async with desk() as here:
        message = await sent(here, ANA, Post("long", LONG))
        _, (_, first, _) = parts(message)
        await here.channel.delete(ANA, f"{ANA}/{first}")
        editing = asyncio.create_task(here.channel.edit(ANA, message, Post("long", LONG + "!")))
        with pytest.raises(MessageGone):
            await moved(here, editing)
        assert here.texts(ANA) == []


# --- faults --------------------------------------------------------------------------------------


async def test_each_refusal_is_told_apart() -> None:
    async with desk() as here:
        await here.telegram.blocks(int(BEN))
        assert isinstance(await fault_of(here, BEN), Blocked)
        assert isinstance(await fault_of(here, SHY), Blocked)
        assert isinstance(await fault_of(here, "404"), Blocked)
        gone = await fault_of(here, GONE)
        assert isinstance(gone, Misconfigured)
        assert not gone.whole
        assert isinstance(await fault_of(here, "C123"), Misconfigured)
        await here.telegram.removes_bot(int(ANA), int(TEAM))
        assert isinstance(await fault_of(here, TEAM), Misconfigured)
        with pytest.raises(MessageGone):
            await here.channel.edit(ANA, f"{ANA}/999", NEWS)
        with pytest.raises(MessageGone):
            await here.channel.edit(ANA, "nonsense", NEWS)
        assert here.channel.health().sound


async def test_a_group_that_became_a_supergroup_has_moved() -> None:
    async with desk() as here:
        here.telegram.group(-55, "Small", members=[int(ANA)], supergroup=False)
        message = await here.channel.send("-55", NEWS)
        new = await here.telegram.upgrades(-55)
        fault = await fault_of(here, "-55")
        assert isinstance(fault, PlaceMoved)
        assert fault.address == str(new.id)
        with pytest.raises(PlaceMoved):
            await here.channel.edit("-55", message, replace(NEWS, text="x"))


async def test_a_refused_token_is_the_trouble_of_the_whole_channel_until_it_is_taken_again() -> (
    None
):
    async with desk(token="11:wrong") as here:
        fault = await fault_of(here)
        assert isinstance(fault, Misconfigured)
        assert fault.whole
        assert not here.channel.health().sound
        assert "TELEGRAM_BOT_TOKEN" in here.channel.health().detail


async def test_the_time_to_wait_is_that_of_the_chat_and_of_all_when_two_people_are_refused() -> (
    None
):
    async with desk() as here:
        here.telegram.fails("sendMessage", times=None, retry_after=7)
        for address, whole in ((TEAM, False), (ANA, False), (ANA, False), (BEN, True)):
            fault = await fault_of(here, address)
            assert isinstance(fault, RateLimited)
            assert (fault.retry_after, fault.whole) == (7, whole)
        here.clock.jump(10_000)
        fault = await fault_of(here, ANA)
        assert isinstance(fault, RateLimited)
        assert not fault.whole


async def test_of_a_lost_answer_nobody_knows_and_of_a_dead_server_everybody() -> None:
    async with desk() as here:
        for name in ("lose", "garbage", "half", "drop"):
            here.telegram.fails("sendMessage", **{name: True})
            assert isinstance(await fault_of(here, ANA), AnswerLost), name
        assert here.texts(ANA) == [NEWS.text] * 3
        message = await here.channel.send(ANA, NEWS)
        troubles: tuple[dict[str, Any], ...] = (
            {"lose": True},
            {"garbage": True},
            {"status": 502},
            {"status": 500},
        )
        for how in troubles:
            here.telegram.fails("editMessageText", **how)
            with pytest.raises(Outage) as caught:
                await here.channel.edit(ANA, message, replace(NEWS, text=str(how)))
            assert not caught.value.sure
            assert not here.channel.health().sound
        here.telegram.fails("sendMessage", status=502, body="<html>Bad gateway</html>")
        assert isinstance(await fault_of(here, ANA), AnswerLost)
        await here.channel.send(ANA, NEWS)
        assert here.channel.health().sound
        for url in ("http://127.0.0.1:9", "ftp://x.example"):
            dead = TelegramChannel(TelegramApi(here.telegram.token, url), here.clock)
            fault = await fault_of(replace(here, channel=dead), ANA)
            assert isinstance(fault, Outage | Misconfigured)
            assert fault.whole
            await dead.close()
            assert isinstance(await fault_of(replace(here, channel=dead), ANA), Outage)


# --- topics --------------------------------------------------------------------------------------


async def test_a_forum_has_topics_that_close_and_open_again_and_elsewhere_there_are_none() -> None:
    async with desk() as here:
        assert await here.channel.open("topic", TEAM, "N-1") == ""
        assert await here.channel.open("topic", ANA, "N-1") == ""
        assert await here.channel.open("direct", ANA, "") == ANA
        with pytest.raises(Misconfigured):
            await here.channel.open("channel", TEAM, "x")
        topic = await here.channel.open("topic", FORUM, "N-7K4 Lift\nstuck " + "🙂" * 90)
        message = await here.channel.send(FORUM, Post("card", "Card", within=topic))
        (stands,) = here.telegram.ours(FORUM, topic)
        assert message == f"{FORUM}/{stands.id}"
        await here.channel.shut(FORUM, topic, shut=True)
        await here.channel.shut(FORUM, topic, shut=True)
        await here.channel.shut(FORUM, topic, shut=False)
        await here.channel.shut(FORUM, "", shut=True)
        await here.telegram.deletes_topic(int(ANA), int(FORUM), int(topic))
        await here.channel.shut(FORUM, topic, shut=True)
        assert isinstance(await fault_of(here, FORUM, Post("x", "x", within=topic)), TopicGone)
        await here.channel.send(FORUM, Post("general", "General", within="1"))
        assert here.telegram.violations == []


async def test_where_the_bot_may_make_no_topics_the_group_is_written_to_as_it_is() -> None:
    async with desk() as here:
        here.telegram.group(-1005, "Forum", members=[int(ANA)], forum=True, bot="member")
        assert await here.channel.open("topic", "-1005", "N-1") == ""
        theirs = await here.telegram.opens_topic(int(ANA), -1005, "Theirs")
        await here.channel.send("-1005", Post("x", "x", within=str(theirs.id)))
        await here.telegram.closes_topic(int(ANA), -1005, theirs.id)
        fault = await fault_of(here, "-1005", Post("y", "y", within=str(theirs.id)))
        assert isinstance(fault, TopicGone)
        here.telegram.fails("sendMessage", error="Bad Request: TOPIC_CLOSED")
        mine = await here.channel.open("topic", FORUM, "N-1")
        await here.channel.shut(FORUM, mine, shut=True)
        await here.channel.send(FORUM, Post("z", "z", within=mine))
        assert not here.telegram.topics(int(FORUM))[-1].closed


# --- ways in, pace -------------------------------------------------------------------------------


async def test_links_lead_to_the_bot_once_it_is_known_who_it_is() -> None:
    async with desk() as here:
        assert here.channel.way_in("p_x") is None
        assert here.channel.join_link("K7F2") == ""
        me = await here.api.get_me()
        assert me.username == here.telegram.username
        assert here.channel.way_in("p_" + "x" * 62) == here.telegram.link("p_" + "x" * 62)
        assert here.channel.join_link("K7F2-9") == here.telegram.link("j_K7F2-9")
        for odd in ("", "x" * 65, "a b", "a&b=c", "ж"):
            assert here.channel.way_in(odd) is None


def test_the_pace_is_that_of_the_chat_edits_counted() -> None:
    both: tuple[Act, ...] = ("send", "edit")
    assert limits.of_chat(ANA) == (
        Limit(f"telegram chat:{ANA}", 3, 3_300, both),
        Limit(f"telegram edits:{ANA}", 1, 1_100, ("edit",)),
    )
    assert limits.of_chat(TEAM) == (
        Limit(f"telegram chat:{TEAM}", 1, 3_100, both),
        Limit(f"telegram minute:{TEAM}", 20, 60_000, both),
    )
    assert [(one.most, one.per) for one in limits.CAPABILITIES.shared] == [(30, 1_000)]


async def test_the_channel_says_what_telegram_can_do() -> None:
    async with desk() as here:
        channel = here.channel
        assert channel.limits(TEAM) == limits.of_chat(TEAM)
        assert (channel.name, channel.title) == ("telegram", "Telegram")
        known = channel.capabilities
        assert (known.text_most, known.unit, known.toast_most) == (4_096, "utf16", 200)
        assert (known.sheets, known.finds, known.bounces, known.hears) == (False, False, True, True)
        assert (known.upload_most, known.download_most) == (50_000_000, 20_000_000)
        assert known.opens == ("topic",)


async def test_a_text_that_telegram_refuses_is_not_tried_again_and_again() -> None:
    async with desk() as here:
        for words in ("Bad Request: can't parse entities: x", "Bad Request: message is too long"):
            here.telegram.fails("sendMessage", error=words)
            fault = await fault_of(here)
            assert isinstance(fault, Unsendable)
            assert fault.final


async def test_a_message_that_grew_and_was_stopped_halfway_has_each_part_once() -> None:
    async with desk() as here:
        message = await here.channel.send(ANA, Post("card", "Short."))
        here.telegram.fails("sendMessage", skip=1, retry_after=7)
        editing = asyncio.create_task(here.channel.edit(ANA, message, Post("card", LONG)))
        with pytest.raises(RateLimited):
            await moved(here, editing)
        here.clock.jump(7_000)
        other = LONG.replace("line 299", "the end")
        editing = asyncio.create_task(here.channel.edit(ANA, message, Post("card", other)))
        grown = await moved(here, editing)
        texts = here.texts(ANA)
        assert len(texts) == len(set(texts)) == len(parts(grown)[1]) == 3
        here.telegram.fails("sendMessage", retry_after=7)
        longer = Post("card", f"{LONG}\n{LONG}")
        with pytest.raises(RateLimited):
            await moved(here, asyncio.create_task(here.channel.edit(ANA, grown, longer)))
        here.clock.jump(7_000)
        shrunk = asyncio.create_task(here.channel.edit(ANA, grown, Post("card", "Short again.")))
        await moved(here, shrunk)
        assert here.texts(ANA) == ["Short again."]


async def test_a_long_text_whose_group_moved_begins_anew_where_it_is_now() -> None:
    async with desk() as here:
        here.telegram.group(-55, "Small", members=[int(ANA)], supergroup=False)
        here.telegram.fails("sendMessage", skip=1, retry_after=7)
        with pytest.raises(RateLimited):
            await moved(here, asyncio.create_task(here.channel.send("-55", Post("x", LONG))))
        new = str((await here.telegram.upgrades(-55)).id)
        await sent(here, new, Post("x", LONG))
        assert len(here.telegram.ours(int(new))) == 3
