"""Faults in front of the fake, met by the real SDK."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.web.async_client import AsyncWebClient

from tests.clock import VirtualClock
from tests.slack.fake import FakeSlack

AT_ONCE = FixedValueRetryIntervalCalculator(fixed_internal=0)


async def test_an_answer_of_our_own_stands_in_for_the_method(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.fails("chat.postMessage", status=503, body="busy", headers={"Retry-After": "7"})
    slack.fails("chat.postMessage", error="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.chat_postMessage(channel="C1", text="a")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="a")
    assert caught.value.response.status_code == 503
    assert caught.value.response.headers["Retry-After"] == "7"
    assert slack.messages("C1") == []
    await client.chat_postMessage(channel="C1", text="a")
    assert [one.fate for one in slack.called("chat.postMessage")] == ["refused", "refused", ""]


async def test_a_request_may_be_dropped_before_anything_is_done(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.fails("*", drop=True)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C1", text="a")
    assert slack.messages("C1") == []
    assert [one.fate for one in slack.calls] == ["dropped"]


async def test_an_answer_may_be_lost_after_all_is_done(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.fails("chat.postMessage", lose=True)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C1", text="a")
    assert [one.text for one in slack.messages("C1")] == ["a"]
    (call,) = slack.calls
    assert (call.ok, call.fate) == (True, "lost")


async def test_the_sdk_posts_twice_when_its_own_retries_are_on(slack: FakeSlack) -> None:
    """Why they are off in Muster: what was posted already is posted again."""
    slack.fails("chat.postMessage", lose=True)
    async with aiohttp.ClientSession() as session:
        eager = AsyncWebClient(
            slack.bot_token,
            base_url=slack.api_url,
            session=session,
            retry_handlers=[AsyncConnectionErrorRetryHandler(interval_calculator=AT_ONCE)],
        )
        await eager.chat_postMessage(channel="C1", text="a")
    assert len(slack.messages("C1")) == 2


async def test_an_answer_may_be_garbage(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fails("chat.postMessage", garbage=True)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C1", text="a")
    assert len(slack.messages("C1")) == 1


async def test_a_request_waits_on_the_clock_or_for_a_word(
    slack: FakeSlack, client: AsyncWebClient, clock: VirtualClock
) -> None:
    word = asyncio.Event()
    fault = slack.fails("chat.postMessage", delay=2_000, until=word)
    posting = asyncio.ensure_future(client.chat_postMessage(channel="C1", text="a"))
    await slack.until(lambda: fault.waiting)
    await clock.advance(2_000)
    assert slack.messages("C1") == []
    word.set()
    await posting
    assert len(slack.messages("C1")) == 1


async def test_a_fault_befalls_what_it_is_meant_for(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.channel("C2")
    there = slack.fails("chat.postMessage", None, error="a", where=lambda a: a["channel"] == "C2")
    second = slack.fails("auth.test", skip=1, error="b")
    await client.chat_postMessage(channel="C1", text="a")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C2", text="a")
    await client.auth_test()
    with pytest.raises(SlackApiError):
        await client.auth_test()
    assert (there.hits, second.hits) == (1, 1)
    slack.recovers()
    await client.chat_postMessage(channel="C2", text="a")
