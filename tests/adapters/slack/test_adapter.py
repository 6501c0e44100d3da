"""The channel against a strict Slack: what goes out, is found again, changes, and fails how."""

import json
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.adapters.slack.adapter import SlackChannel
from bot.adapters.slack.client import SlackApi
from bot.core.cards import plain
from bot.engine.ports import (
    AnswerLost,
    Blocked,
    MessageGone,
    Misconfigured,
    Outage,
    Post,
    RateLimited,
    SendFault,
    Unsendable,
)
from tests.adapters.slack.kit import ANA, GONE, NEWS, ROBOT, Desk, desk
from tests.adapters.slack.test_render import example
from tests.slack.fake import SCOPES


async def fault_of(desk: Desk, address: str = "C1", post: Post = NEWS) -> SendFault:
    with pytest.raises(SendFault) as caught:
        await desk.channel.send(address, post)
    return caught.value


# --- out -----------------------------------------------------------------------------------------


async def test_a_card_is_posted_quietly_and_changed_in_place() -> None:
    async with desk() as here:
        first = example("incident, just taken", "en")
        message = await here.channel.send("C1", Post("card", plain(first), first))
        (posted,) = here.slack.messages("C1")
        assert message == f"C1/{posted.ts}"
        assert posted.asked == {
            "unfurl_links": False,
            "unfurl_media": False,
            "mrkdwn": False,
            "parse": "none",
            "link_names": False,
        }
        before = {one["block_id"] for one in posted.blocks}
        then = example("incident, people on the way", "en")
        assert await here.channel.edit("C1", message, Post("card", plain(then), then)) == message
        (changed,) = here.slack.messages("C1")
        assert "2 of 2" in json.dumps(changed.blocks, ensure_ascii=False)
        assert before.isdisjoint(one["block_id"] for one in changed.blocks)
        assert not here.slack.alive(changed)
        await here.channel.delete("C1", message)
        await here.channel.delete("C1", message)
        assert here.slack.messages("C1") == []
        assert here.channel.health().sound


async def test_a_person_is_written_to_by_their_own_id_and_nobody_else_is() -> None:
    async with desk() as here:
        message = await here.channel.send(ANA, NEWS)
        (posted,) = here.slack.messages(ANA)
        assert message == f"{posted.channel}/{posted.ts}"
        assert message.startswith("D")
        assert await here.channel.find(ANA, NEWS.delivery) == message
        assert here.slack.called("conversations.open") == []
        await here.channel.edit(ANA, message, replace(NEWS, text="They are there."))
        assert here.texts(ANA) == ["They are there."]
        assert await here.channel.open("direct", f"T1:{ANA}", "") == ANA
        assert await here.channel.open("topic", "C1", "P1") == ""
        assert here.channel.join_link("K7F2") == ""


async def test_what_belongs_to_a_message_stands_beneath_it_as_long_as_it_is_there() -> None:
    async with desk() as here:
        card = await here.channel.send("C1", Post("card", "Card"))
        note = await here.channel.send("C1", Post("note", "Note", beneath=card))
        assert [one.text for one in here.slack.messages("C1", card.partition("/")[2])] == ["Note"]
        assert await here.channel.find("C1", "note") == note
        alone = Post("late", "Late", beneath="C1/1690000000.000100")
        await here.channel.send("C1", alone)
        assert here.texts("C1") == ["Card", "Late"]


async def test_a_lost_answer_is_found_again_and_nothing_is_posted_twice() -> None:
    async with desk() as here:
        for number in range(150):
            await here.channel.send("C1", Post(f"other {number}", "Other"))
        here.slack.fails("chat.postMessage", lose=True)
        assert isinstance(await fault_of(here), AnswerLost)
        posted = here.slack.messages("C1")[-1]
        for number in range(120):
            await here.channel.send("C1", Post(f"later {number}", "Later"))
        calls = len(here.slack.calls)
        assert await here.channel.find("C1", NEWS.delivery) == f"C1/{posted.ts}"
        assert await here.channel.find("C1", "never sent") is None
        assert len(here.slack.calls) - calls <= 6
        assert posted.metadata is not None
        assert NEWS.delivery not in json.dumps(posted.metadata)


async def test_a_lost_answer_beneath_a_message_is_found_there_also_after_a_restart() -> None:
    async with desk() as here:
        card = await here.channel.send("C1", Post("card", "Card"))
        here.slack.fails("chat.postMessage", lose=True)
        note = Post("note", "Note", beneath=card)
        assert isinstance(await fault_of(here, post=note), AnswerLost)
        found = await here.channel.find("C1", "note")
        (beneath,) = here.slack.messages("C1", card.partition("/")[2])
        assert found == f"C1/{beneath.ts}"
        anew = SlackChannel(SlackApi(here.slack.bot_token, here.slack.api_url))
        assert await anew.find("C1", "note") == found
        await anew.close()


async def test_a_lost_answer_beneath_a_message_that_is_gone_is_looked_for_elsewhere() -> None:
    async with desk() as here:
        card = await here.channel.send("C1", Post("card", "Card"))
        note = Post("note", "Note", beneath=card)
        here.slack.fails("chat.postMessage", drop=True)
        assert isinstance(await fault_of(here, post=note), AnswerLost)
        await here.channel.delete("C1", card)
        assert await here.channel.find("C1", "note") is None
        await here.channel.send("C1", note)
        assert here.texts("C1") == ["Note"]


async def test_what_finds_no_room_is_told_to_the_operator_in_one_line() -> None:
    async with desk() as here:
        with capture_logs() as lines:
            await here.channel.send("C1", Post("long", "word " * 3_000))
            await here.channel.send("C1", NEWS)
        (line,) = lines
        assert [one.split(":")[0].split(" x ")[1] for one in line["lost"]] == [
            "words",
            "notification",
        ]
        assert "word word" not in str(line)


async def test_where_nothing_may_be_read_a_second_try_says_that_it_may_be_one() -> None:
    async with desk() as here:
        here.slack.scopes = tuple(one for one in SCOPES if "history" not in one)
        here.slack.fails("chat.postMessage", drop=True)
        assert isinstance(await fault_of(here), AnswerLost)
        assert await here.channel.find("C1", NEWS.delivery) is None
        await here.channel.send("C1", NEWS)
        await here.channel.send("C1", replace(NEWS, delivery="next"))
        first, second = (json.dumps(one.blocks) for one in here.slack.messages("C1"))
        assert "You may have had this before." in first
        assert "You may have had this before." not in second


# --- what can go wrong -----------------------------------------------------------------------


async def test_every_refusal_is_told_in_a_sentence_that_says_what_to_do() -> None:
    async with desk() as here:
        for address, kind, words in (
            ("C2", Misconfigured, "/invite"),
            ("C3", Misconfigured, "Unarchive"),
            ("C9", Misconfigured, "no such channel"),
            (GONE, Blocked, ""),
            ("U9", Blocked, ""),
            (ROBOT, Blocked, ""),
        ):
            fault = await fault_of(here, address)
            assert type(fault) is kind, address
            assert words in str(fault)
            assert address not in str(fault)
            assert here.channel.health().sound
        here.slack.scopes = ("commands",)
        fault = await fault_of(here)
        assert isinstance(fault, Misconfigured)
        assert fault.whole
        assert "chat:write" in str(fault)
        assert here.channel.health().detail == str(fault)
        here.slack.scopes = SCOPES
        await here.channel.send("C1", NEWS)
        assert here.channel.health().sound


@pytest.mark.parametrize("state", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_token_that_ended_stops_the_whole_channel_until_it_is_set_anew(state: str) -> None:
    async with desk() as here:
        here.slack.fails("chat.postMessage", error=state)
        fault = await fault_of(here)
        assert isinstance(fault, Misconfigured)
        assert fault.whole
        assert "SLACK_BOT_TOKEN" in str(fault)


@pytest.mark.parametrize(
    ("how", "kind", "sure"),
    [
        ({"status": 429, "headers": {"Retry-After": "17"}}, RateLimited, None),
        ({"status": 429}, RateLimited, None),
        (
            {"status": 429, "headers": {"Retry-After": "soon"}, "body": "slow down"},
            RateLimited,
            None,
        ),
        ({"error": "ratelimited", "headers": {"Retry-After": "5"}}, RateLimited, None),
        ({"status": 500, "body": "oops"}, Outage, False),
        ({"status": 503, "body": "<html>"}, Outage, False),
        ({"error": "fatal_error"}, Outage, False),
        ({"error": "internal_error"}, Outage, False),
        ({"error": "request_timeout"}, Outage, False),
        ({"drop": True}, AnswerLost, None),
        ({"lose": True}, AnswerLost, None),
        ({"garbage": True}, AnswerLost, None),
        ({"status": 200, "body": "null"}, AnswerLost, None),
        ({"error": "msg_too_long"}, Unsendable, None),
        ({"error": "invalid_blocks"}, Unsendable, None),
        ({"error": "restricted_action"}, Misconfigured, None),
        ({"error": "team_access_not_granted"}, Misconfigured, None),
        ({"error": "something_new"}, Unsendable, None),
    ],
)
async def test_every_way_of_failing_has_its_fault(
    how: dict[str, Any], kind: type[SendFault], sure: bool | None
) -> None:
    async with desk() as here:
        here.slack.fails("chat.postMessage", **how)
        fault = await fault_of(here)
        assert type(fault) is kind
        if isinstance(fault, Outage):
            assert fault.sure is sure
        if isinstance(fault, RateLimited):
            headers = how.get("headers")
            assert fault.retry_after == (
                headers["Retry-After"] if isinstance(headers, dict) else None
            )
            assert fault.whole is False
        assert len(here.slack.calls) == 1, "nobody but delivery tries again"
        await here.channel.send("C1", NEWS)


async def test_where_nobody_answers_it_certainly_was_not_sent() -> None:
    channel = SlackChannel(SlackApi("xoxb-1", "http://127.0.0.1:9/api/"))
    with pytest.raises(Outage) as caught:
        await channel.send("C1", NEWS)
    assert (caught.value.sure, caught.value.whole) == (True, True)
    assert not channel.health().sound
    await channel.close()


async def test_a_real_pause_of_one_channel_is_told_with_its_time() -> None:
    async with desk(pace=True) as here:
        for number in range(3):
            await here.channel.send("C1", Post(f"{number}", "x"))
        fault = await fault_of(here)
        assert isinstance(fault, RateLimited)
        assert fault.retry_after == "1"
        await here.channel.send(ANA, NEWS)
        assert here.slack.violations == []


async def test_an_edit_of_what_is_gone_or_not_ours_says_so() -> None:
    async with desk() as here:
        await here.slack.says(ANA, "C1", "mine")
        (theirs,) = here.slack.messages("C1")
        for message in (f"C1/{theirs.ts}", "C1/1690000000.000100"):
            with pytest.raises(MessageGone):
                await here.channel.edit("C1", message, NEWS)
        for error in ("edit_window_closed", "cant_update_message"):
            here.slack.fails("chat.update", error=error)
            with pytest.raises(MessageGone):
                await here.channel.edit("C1", f"C1/{theirs.ts}", NEWS)
        here.slack.fails("chat.update", lose=True)
        message = await here.channel.send("C1", NEWS)
        with pytest.raises(Outage):
            await here.channel.edit("C1", message, NEWS)
        await here.channel.edit("C1", message, NEWS)
