"""Slack over HTTP: in the house's own port, let in by its signature and by nothing else."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from httpx2 import AsyncClient, Response
from slack_sdk.signature import SignatureVerifier

from bot.adapters.slack.house import Keys, Slack
from bot.adapters.slack.receive import PATH
from bot.engine.ports import Reply
from bot.pages.app import build_app
from bot.untrusted import BODY_MOST
from tests.adapters.slack.ears import SAY, Spy
from tests.pages.kit import web

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOTHING: Mapping[str, str] = {}
HELLO = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "message", "channel": "C1", "user": "U1", "ts": "1.5", "text": "hello"},
}


@dataclass
class Reached:
    """The route, and what was heard through it."""

    client: AsyncClient
    spy: Spy
    slack: Slack

    async def post(
        self, body: bytes, secret: str = SECRET, age: int = 0, more: Mapping[str, str] = NOTHING
    ) -> Response:
        stamp = str(int(time.time()) - age)
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
        headers = {
            "content-type": "application/json",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": str(signature),
            **more,
        }
        return await self.client.post(PATH, content=body, headers=headers)


@asynccontextmanager
async def reached(folder: Path, secret: str = SECRET) -> AsyncIterator[Reached]:
    async with web(folder) as served:
        keys = Keys("xoxb-none-here", secret=secret, api="http://127.0.0.1:9/api/")
        slack, spy = Slack(keys, served.desk.clock, SAY), Spy()

        async def missed() -> None:
            """Nothing is, over HTTP."""

        slack.hear(spy, missed)
        served.house.doors = (*served.house.doors, *slack.routes)
        served.house.signed = slack.signed
        served.app = build_app(served.house)
        try:
            yield Reached(served.client(), spy, slack)
        finally:
            await slack.close()


async def test_what_slack_signed_is_taken_and_what_nobody_signed_is_not(tmp_path: Path) -> None:
    async with reached(tmp_path) as one:
        body = json.dumps(HELLO).encode()
        assert (await one.post(body)).status_code == 200
        assert len(one.spy.heard) == 1
        refused = [
            await one.post(body, secret="another"),
            await one.post(body, age=600),
            await one.post(body, age=-600),
            await one.post(body, more={"x-slack-signature": ""}),
            await one.post(body, more={"x-slack-request-timestamp": "now"}),
            await one.client.post(PATH, content=body),
        ]
        assert [answer.status_code for answer in refused] == [401] * 6
        assert len(one.spy.heard) == 1


async def test_slack_is_answered_under_any_name_and_from_no_page(tmp_path: Path) -> None:
    async with reached(tmp_path) as one:
        answer = await one.post(json.dumps(HELLO).encode(), more={"host": "tunnel.example"})
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_slack_may_ask_whether_we_are_there(tmp_path: Path) -> None:
    async with reached(tmp_path) as one:
        asked = {"type": "url_verification", "token": "x", "challenge": "3eZbrw1aBm2rZgRNFdxV"}
        answer = await one.post(json.dumps(asked).encode())
        assert answer.status_code == 200
        assert "3eZbrw1aBm2rZgRNFdxV" in answer.text


async def test_a_line_is_answered_in_the_answer(tmp_path: Path) -> None:
    async with reached(tmp_path) as one:
        one.spy.says = lambda heard: Reply(text="Nothing is open.")
        typed = {"command": "/incident", "text": "list", "user_id": "U1", "team_id": "T1"}
        body = urlencode({**typed, "channel_id": "C1", "trigger_id": "1.2.c"}).encode()
        form = {"content-type": "application/x-www-form-urlencoded"}
        answer = await one.post(body, more=form)
        assert answer.json()["text"] == "Nothing is open."


async def test_an_event_of_which_nothing_was_kept_is_wanted_again_until_the_last_try(
    tmp_path: Path,
) -> None:
    async with reached(tmp_path) as one:
        one.spy.says = lambda heard: Reply(again=True)
        body = json.dumps(HELLO).encode()
        retries = ["", "1", "2", "3", "oops"]
        got = [await one.post(body, more={"x-slack-retry-num": number}) for number in retries]
        assert [each.status_code for each in got] == [503, 503, 503, 200, 503]
        one.spy.says = lambda heard: Reply()
        assert (await one.post(body)).status_code == 200


async def test_what_cannot_be_read_is_nothing_and_too_much_is_not_read(tmp_path: Path) -> None:
    async with reached(tmp_path) as one:
        for body in (b"", b"[]", b"5", b"{", b"payload=%7B", b"payload=[]", b"{}"):
            assert (await one.post(body)).status_code in (200, 400), body
        signed = {"x-slack-signature": "v0=1", "x-slack-request-timestamp": str(int(time.time()))}
        answer = await one.client.post(PATH, content=b"\xff\xfe", headers=signed)
        assert answer.status_code == 400
        assert (await one.post(b"x" * (BODY_MOST + 1))).status_code == 413
        assert one.spy.heard == []


async def test_without_a_secret_there_is_no_such_way_in(tmp_path: Path) -> None:
    async with reached(tmp_path, secret="") as one:
        assert one.slack.routes == []
        assert (await one.post(json.dumps(HELLO).encode())).status_code in (403, 404, 405, 421)
        assert one.spy.heard == []
