"""The channel against a strict Slack: people, places, files, and answers to whoever pressed."""

import asyncio
import json
from contextlib import suppress

import pytest

from bot.adapters.slack import client
from bot.adapters.slack.adapter import SlackChannel
from bot.adapters.slack.client import SlackApi
from bot.engine.ports import (
    AnswerLost,
    Blocked,
    File,
    Misconfigured,
    Outage,
    Post,
    Unsendable,
)
from tests.adapters.slack.kit import ANA, AS_JSON, GONE, GUEST, NEWS, ROBOT, STRANGER, desk
from tests.slack.fake import SCOPES

# --- people, places, files -------------------------------------------------------------------


async def test_people_are_described_as_slack_knows_them() -> None:
    async with desk() as here:
        ana = await here.channel.profile(f"T1:{ANA}")
        assert ana.alone == ANA
        assert (ana.name, ana.language) == ("Ana", "ru-RU")
        assert (ana.outside, ana.gone, ana.person) == (False, False, True)
        assert (await here.channel.profile(GUEST)).outside
        assert (await here.channel.profile(f"T9:{STRANGER}")).outside
        assert (await here.channel.profile(GONE)).gone
        assert not (await here.channel.profile(ROBOT)).person
        with pytest.raises(Blocked):
            await here.channel.profile("T1:U999")


async def test_membership_is_what_slack_says_at_this_moment() -> None:
    async with desk() as here:
        here.slack.group("S1", users=[ANA, GONE])
        many = [f"U{number}" for number in range(1_000, 1_450)]
        for one in many:
            here.slack.user(one)
        here.slack.channel("C8", members=[*many, ANA])
        asked = [("C1", ANA), ("C1", GUEST), ("C1", GONE), ("S1", ANA), ("S1", GUEST), ("S1", GONE)]
        found = [await here.channel.membership(place, f"T1:{who}") for place, who in asked]
        assert found == ["member", "member", "none", "member", "none", "member"]
        # That one is a guest and another gone, their profile says: nobody is asked that twice.
        assert not [one for one in here.slack.calls if one.path == "users.info"]
        assert await here.channel.membership("C8", f"T1:{ANA}") == "member"
        assert await here.channel.membership("C8", f"T1:{GUEST}") == "none"


async def test_a_file_goes_out_with_its_words_and_comes_in_whole() -> None:
    async with desk() as here:
        photo = File("<!here> photo.png", "image/png", b"\x89PNG" + bytes(5_000))
        message = await here.channel.upload(ANA, photo, Post("file", "A photo of it."))
        assert await here.channel.find(ANA, "file") == message
        shared, words = here.slack.messages(ANA)
        (sent,) = here.slack.world.files.values()
        assert (sent.content, sent.shared) == (photo.content, True)
        assert sent.name == "‹!here› photo.png"
        assert (shared.body["files"][0]["id"], words.text) == (sent.id, "A photo of it.")
        back = await here.channel.fetch(sent.id)
        assert back.content == photo.content


async def test_a_file_belongs_beneath_a_message_too_and_none_is_lost_with_an_answer() -> None:
    async with desk() as here:
        card = await here.channel.send("C1", Post("card", "Card"))
        photo, post = File("a.png", "image/png", b"png"), Post("file", "It.", beneath=card)
        here.slack.fails("files.completeUploadExternal", lose=True)
        with pytest.raises(AnswerLost):
            await here.channel.upload("C1", photo, post)
        assert await here.channel.find("C1", "file") is None
        await here.channel.upload("C1", photo, post)
        beneath = here.slack.messages("C1", card.partition("/")[2])
        assert [("files" in one.body, one.text) for one in beneath] == [
            (True, ""),
            (True, ""),
            (False, "It."),
        ]
        here.slack.scopes = tuple(one for one in SCOPES if one != "files:write")
        with pytest.raises(Misconfigured, match="files:write"):
            await here.channel.upload("C1", photo, post)
        here.slack.scopes = SCOPES
        gone = Post("late", "Late.", beneath="C1/1690000000.000100")
        await here.channel.upload("C1", photo, gone)
        assert [one.text for one in here.slack.messages("C1")] == ["Card", "", "Late."]


async def test_nobody_waits_for_ever_for_an_answer() -> None:
    async with desk() as here:
        never = asyncio.Event()
        channel = SlackChannel(SlackApi(here.slack.bot_token, here.slack.api_url, patience=0.05))
        here.slack.fails("*", times=2, until=never)
        with pytest.raises(AnswerLost):
            await channel.send("C1", NEWS)
        with pytest.raises(Outage) as caught:
            await channel.profile(ANA)
        assert caught.value.sure is False
        never.set()
        await channel.close()


async def test_a_file_that_may_not_be_read_or_is_too_large_is_refused() -> None:
    async with desk() as here:
        await here.slack.says(ANA, "C1", "look", files=[("a.txt", b"words", "text/plain")])
        (file,) = here.slack.world.files.values()
        assert await here.channel.fetch(file.id) == File("a.txt", "text/plain", b"words")
        here.slack.fails("file", status=302, headers={"Location": "http://127.0.0.1:9/"})
        with pytest.raises(Misconfigured, match="files:read"):
            await here.channel.fetch(file.id)
        file.content = bytes(here.channel.capabilities.download_most + 1)
        with pytest.raises(Unsendable, match="larger"):
            await here.channel.fetch(file.id)
        with pytest.raises(Unsendable):
            await here.channel.fetch("F999")
        here.slack.scopes = tuple(one for one in SCOPES if one != "files:read")
        with pytest.raises(Misconfigured, match="files:read"):
            await here.channel.fetch(file.id)


async def test_the_token_goes_to_no_address_but_slack_s_own() -> None:
    async with desk() as here:
        for url in ("http://127.0.0.1:9/x", "https://evil.example/x", "https://slack.com.evil.io/"):
            answer = {"ok": True, "file": {"id": "F1", "name": "x", "url_private": url}}
            said = json.dumps(answer)
            here.slack.fails("files.info", status=200, headers=AS_JSON, body=said)
            with pytest.raises(Unsendable, match="not its own"):
                await here.channel.fetch("F1")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_nothing_follows_an_answer_to_another_address(status: int) -> None:
    """The words would go along, and whoever is there would be believed."""
    async with desk() as here:
        there = {"Location": f"{here.slack.api_url}team.info"}
        here.slack.fails("*", times=None, status=status, headers=there)
        for calling in (here.channel.send("C1", NEWS), here.channel.profile(ANA)):
            with pytest.raises(Misconfigured, match="another address"):
                await calling
        assert here.slack.called("team.info") == []


async def test_an_answer_without_an_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_MOST", 1_000)
    async with desk() as here:
        for method in ("users.info", "chat.postMessage"):
            here.slack.fails(method, status=200, headers=AS_JSON, body=" " * 2_000 + '{"ok": true}')
        with pytest.raises(Outage):
            await here.channel.profile(ANA)
        with pytest.raises(AnswerLost):
            await here.channel.send("C1", NEWS)


@pytest.mark.parametrize(
    "said",
    [
        "{}",
        '{"members": "U1", "users": {"U1": 1}, "channel": 5, "ts": 5, "user": [], "team_id": 7}',
        '{"members": [null], "user": {"id": "U9", "team_id": "T1"}, "channel": {"id": "../x"}}',
    ],
)
async def test_by_an_answer_that_says_nothing_nobody_has_rights_and_nothing_was_sent(
    said: str,
) -> None:
    async with desk() as here:
        body = json.dumps({**json.loads(said), "ok": True})
        here.slack.fails("*", times=None, status=200, headers=AS_JSON, body=body)
        with pytest.raises(AnswerLost):
            await here.channel.send("C1", NEWS)
        for asking in (here.channel.profile(ANA), here.channel.open("direct", ANA, "")):
            with pytest.raises(Outage):
                await asking
        for place in ("C1", "S1"):
            with suppress(Outage):
                assert await here.channel.membership(place, ANA) == "none"


@pytest.mark.parametrize("key", ["is_restricted", "is_bot", "deleted", "is_stranger"])
async def test_what_cannot_be_read_of_somebody_counts_against_them(key: str) -> None:
    async with desk() as here:
        user = {"id": ANA, "team_id": "T1", key: "yes"}
        body = json.dumps({"ok": True, "user": user, "team_id": "T1"})
        here.slack.fails("*", times=None, status=200, headers=AS_JSON, body=body)
        found = await here.channel.profile(ANA)
        assert found.outside or found.gone or not found.person
