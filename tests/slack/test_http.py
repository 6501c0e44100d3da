"""Signed delivery over HTTP into the real Bolt: events, retries, and what Slack tells of places."""

import asyncio

import pytest

from tests.clock import VirtualClock
from tests.conftest import ExpectedErrors
from tests.slack.bolts import Echo, serving
from tests.slack.fake import FakeSlack


async def test_words_arrive_signed_and_escaped(slack: FakeSlack, echo: Echo) -> None:
    told = await slack.says("U1", "C1", "Fire & <smoke>", files=[("a.txt", b"abc", "text/plain")])
    assert told.ok
    (body,) = echo.heard
    event = body["event"]
    assert (body["team_id"], event["channel_type"], event["user"]) == ("T1", "channel", "U1")
    assert (event["text"], event["subtype"]) == ("Fire &amp; &lt;smoke&gt;", "file_share")
    assert event["files"][0]["size"] == 3
    await slack.says("U1", "C1", "more", thread=slack.messages("C1")[0])
    assert echo.heard[-1]["event"]["thread_ts"] == event["ts"]
    assert echo.heard[-1]["event_id"] != body["event_id"]
    await slack.says("U1", "U1", "for you alone")
    assert echo.heard[-1]["event"]["channel"] == "D1"
    await slack.says("U1", "C1", "<@U0MUSTER> hello", raw=True)
    assert echo.types()[-2:] == ["message", "app_mention"]


async def test_false_and_old_signatures_are_refused_by_bolt(slack: FakeSlack, echo: Echo) -> None:
    with slack.forging(secret="other"):
        false = await slack.command("U1", "C1", "/incident", "list")
    with slack.forging(age=600):
        old = await slack.command("U1", "C1", "/incident", "list")
    assert [false.status, old.status, echo.heard] == [401, 401, []]
    assert len(slack.troubles) == 2
    with slack.elsewhere("T9"):
        await slack.command("U1", "C1", "/incident", "list")
    assert echo.heard[0]["team_id"] == "T9"


async def test_an_event_that_fails_comes_again_at_once_after_a_minute_and_after_five(
    slack: FakeSlack, echo: Echo, clock: VirtualClock
) -> None:
    echo.fails(500)
    told = await slack.says("U1", "C1", "Fire")
    await slack.settled()
    await clock.advance(60_000)
    await slack.settled()
    await clock.advance(300_000)
    await slack.settled()
    start = told.attempts[0].at
    assert [one.at - start for one in told.attempts] == [0, 0, 60_000, 360_000]
    assert [one.get("x-slack-retry-num") for one in echo.headers] == [None, "1", "2", "3"]
    assert echo.headers[1]["x-slack-retry-reason"] == "http_error"
    assert len({one["event_id"] for one in echo.heard}) == 1
    assert not told.ok


async def test_an_app_may_ask_for_no_retry(slack: FakeSlack, echo: Echo) -> None:
    echo.fails(500, {"x-slack-no-retry": "1"})
    told = await slack.says("U1", "C1", "Fire")
    await slack.settled()
    assert len(told.attempts) == 1


async def test_no_answer_in_three_seconds_is_none(
    slack: FakeSlack, echo: Echo, clock: VirtualClock
) -> None:
    echo.gate = asyncio.Event()
    saying = asyncio.ensure_future(slack.says("U1", "C1", "Fire"))
    await slack.until(lambda: echo.heard)
    await clock.advance(2_999)
    assert not saying.done()
    await clock.advance(1)
    told = await saying
    assert told.attempts[0].ack.reason == "http_timeout"
    echo.gate.set()
    await slack.settled()
    assert (told.ok, len(echo.heard)) == (True, 2)


async def test_events_come_late_twice_and_out_of_order(slack: FakeSlack, echo: Echo) -> None:
    slack.holds()
    first = await slack.says("U1", "C1", "one")
    await slack.says("U1", "C1", "two")
    assert echo.heard == []
    await slack.deliveries.release([1, 0])
    await slack.deliveries.again(first)
    assert [one["event"]["text"] for one in echo.heard] == ["two", "one", "one"]


async def test_an_app_hears_what_it_asked_for_where_its_bot_is(
    slack: FakeSlack, echo: Echo
) -> None:
    slack.channel("COUT", members=["U1"], bot=False)
    await slack.says("U1", "COUT", "not for you")
    slack.subscribed = frozenset({"message.im"})
    await slack.says("U1", "C1", "nor this")
    assert echo.heard == []
    await slack.says("U1", "U1", "but this")
    assert echo.types() == ["message"]


@pytest.mark.parametrize("own", [False, True])
async def test_bolt_keeps_even_the_end_of_our_own_messages_from_us(
    slack: FakeSlack, own: bool
) -> None:
    """Unless it is told not to: a card that somebody deleted would never be posted anew."""
    echo = Echo(slack, own=own)
    async with serving(slack, echo):
        slack.echoes = True
        for _ in range(2):
            await echo.client.chat_postMessage(channel="C1", text="N-1")
        first, second = slack.messages("C1")
        await echo.client.chat_update(channel="C1", ts=first.ts, text="N-2")
        await echo.client.chat_delete(channel="C1", ts=first.ts)
        await slack.settled()
        await slack.deletes(second)
        told = [one["event"].get("subtype", "") for one in echo.heard]
        assert sorted(told) == sorted(OWN if own else [])


OWN = ["", "", "message_changed", "message_deleted", "message_deleted"]


async def test_over_so_many_events_an_hour_an_app_hears_only_that(
    slack: FakeSlack, echo: Echo
) -> None:
    slack.deliveries.most = 1
    await slack.says("U1", "C1", "one")
    await slack.says("U1", "C1", "two")
    assert echo.types() == ["message", "app_rate_limited"]


async def test_what_happens_to_places_and_people_is_told(slack: FakeSlack, echo: Echo) -> None:
    slack.group("S1", "crew")
    await slack.joins("U2", "C1")
    await slack.leaves("U2", "C1")
    await slack.changes("U2", guest="multi")
    await slack.regroups("S1", add=["U2"])
    await slack.says("U1", "C1", "hello")
    (message,) = slack.messages("C1")
    await slack.edits("U1", message, "hallo")
    await slack.deletes(message)
    await slack.opens_home("U1")
    await slack.archives("C1")
    await slack.archives("C1", back=True)
    await slack.renames("C1", "first-line")
    await slack.removes("C1")
    slack.channel("G1", kind="private")
    await slack.leaves("U0MUSTER", "G1")
    await slack.disables_group("S1")
    await slack.revokes()
    assert echo.types() == [
        "member_joined_channel",
        "member_left_channel",
        "user_change",
        "subteam_members_changed",
        "message",
        "message",
        "message",
        "app_home_opened",
        "channel_archive",
        "channel_unarchive",
        "channel_rename",
        "channel_deleted",
        "group_left",
        "subteam_updated",
        "tokens_revoked",
    ]
    assert [one["event"].get("subtype") for one in echo.heard[5:7]] == [
        "message_changed",
        "message_deleted",
    ]


async def test_bolt_gives_the_challenge_back(slack: FakeSlack, echo: Echo) -> None:
    told = await slack.verifies()
    assert (told.status, told.answer.get("challenge") or told.answer) == (200, "c-1")


async def test_an_app_that_is_not_there_hears_later(
    slack: FakeSlack, expected_errors: ExpectedErrors
) -> None:
    slack.app_url = "http://127.0.0.1:9/slack/events"
    told = await slack.says("U1", "C1", "Fire")
    await slack.settled()
    assert [one.ack.reason for one in told.attempts] == ["connection_failed"] * 2
    assert expected_errors.messages() == []
