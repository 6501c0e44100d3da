"""The fake's Web API, asked by the real SDK."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.asked import refused, word
from tests.slack.fake import FakeSlack

Json = dict[str, Any]
SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "*P1*"}}


def made(slack: FakeSlack, session: aiohttp.ClientSession, token: str = "") -> AsyncWebClient:
    key = token or slack.bot_token
    return AsyncWebClient(key, base_url=slack.api_url, session=session, retry_handlers=[])


async def post(client: AsyncWebClient, **args: Any) -> Json:
    told = await client.chat_postMessage(channel="C1", text="P1", **args)
    assert isinstance(told.data, dict)
    return told.data


# --- who may ---


@pytest.mark.parametrize(
    ("state", "expected"),
    [("token_revoked", "token_revoked"), ("account_inactive", "account_inactive")],
)
async def test_a_key_that_was_taken_away_is_refused(
    slack: FakeSlack, client: AsyncWebClient, state: str, expected: str
) -> None:
    slack._keys(state)
    assert await word(client, "auth.test") == expected
    slack.restores()
    assert (await client.auth_test())["user_id"] == "U0MUSTER"


async def test_a_key_is_needed_and_must_be_a_right_one(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        assert await word(made(slack, session, "xoxb-other"), "auth.test") == "invalid_auth"
        app = made(slack, session, slack.app_token)
        assert await word(app, "chat.postMessage") == "not_allowed_token_type"
        assert (await app.auth_test())["app_id"] == "A0MUSTER"
        async with session.post(f"{slack.api_url}auth.test?token={slack.bot_token}") as told:
            assert (await told.json())["error"] == "not_authed"
        async with session.post(
            f"{slack.api_url}auth.test", data={"token": slack.bot_token}
        ) as told:
            assert (await told.json())["ok"]


async def test_a_missing_scope_is_named_beside_those_that_are_there(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.scopes = ("commands", "channels:read")
    answer = await refused(client, "chat.postMessage", channel="C1", text="a")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    assert answer["provided"] == "commands,channels:read"
    slack.channel("G1", "secret", kind="private")
    assert (await refused(client, "conversations.info", channel="G1"))["needed"] == "groups:read"
    told = await client.auth_test()
    assert told.headers["X-OAuth-Scopes"] == "commands,channels:read"


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    assert await word(client, "chat.shout") == "unknown_method"


# --- messages ---


async def test_a_message_is_posted_changed_and_deleted(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    told = await post(client, blocks=[SECTION], metadata={"event_type": "m", "event_payload": {}})
    (message,) = slack.messages("C1")
    assert message.id == f"C1/{told['ts']}"
    assert message.blocks[0]["block_id"]
    await client.chat_update(channel="C1", ts=told["ts"], text="P2")
    assert (message.text, message.blocks, message.edits) == ("P2", [], 1)
    assert message.metadata is not None
    await client.chat_delete(channel="C1", ts=told["ts"])
    assert slack.messages("C1") == []
    assert await word(client, "chat.update", channel="C1", ts=told["ts"], text="a") == (
        "message_not_found"
    )


async def test_a_thread_outlives_its_first_message(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    ts = (await post(client))["ts"]
    await post(client, thread_ts=ts)
    await client.chat_delete(channel="C1", ts=ts)
    first, second = (await client.conversations_replies(channel="C1", ts=ts))["messages"]
    assert (first["subtype"], second["thread_ts"]) == ("tombstone", ts)
    assert await word(client, "chat.update", channel="C1", ts=ts, text="a") == "cant_update_message"
    assert await word(client, "chat.postMessage", channel="C1", text="a", thread_ts="1.0") == (
        "thread_not_found"
    )


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"channel": "C9", "text": "a"}, "channel_not_found"),
        ({"channel": "C1"}, "no_text"),
        ({"channel": "C1", "text": "a" * 40_001}, "msg_too_long"),
        ({"channel": "C1", "text": "a", "blocks": [{"type": "poster"}]}, "invalid_blocks"),
        ({"channel": "C1", "text": "a", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": "C1", "text": "a", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ({"channel": "U9", "text": "a"}, "channel_not_found"),
        ({"channel": "U0MUSTER", "text": "a"}, "cannot_dm_bot"),
        ({"channel": "COUT", "text": "a"}, "not_in_channel"),
        ({"channel": "CSECRET", "text": "a"}, "channel_not_found"),
        ({"channel": "COLD", "text": "a"}, "is_archived"),
        ({"text": "a"}, "invalid_arguments"),
    ],
)
async def test_what_cannot_be_posted_is_refused(
    slack: FakeSlack, client: AsyncWebClient, args: Json, expected: str
) -> None:
    slack.channel("COUT", bot=False)
    slack.channel("CSECRET", kind="private", bot=False)
    slack.channel("COLD").archived = True
    assert await word(client, "chat.postMessage", **args) == expected


async def test_another_s_message_is_not_ours_to_change(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    await slack.says("U1", "C1", "Hello & <welcome>")
    (message,) = slack.messages("C1")
    assert message.text == "Hello &amp; &lt;welcome&gt;"
    place = {"channel": "C1", "ts": message.ts}
    assert await word(client, "chat.update", **place, text="a") == "cant_update_message"
    assert await word(client, "chat.delete", **place) == "cant_delete_message"


async def test_metadata_is_read_back_only_when_it_is_asked_for(client: AsyncWebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "d1"}}
    ts = (await post(client, metadata=metadata))["ts"]
    await post(client, thread_ts=ts)
    (seen,) = (await client.conversations_history(channel="C1"))["messages"]
    assert "metadata" not in seen
    answer = await client.conversations_history(channel="C1", include_all_metadata=True)
    assert answer["messages"][0]["metadata"] == metadata
    assert answer["messages"][0]["reply_count"] == 1
    later = await client.conversations_history(channel="C1", oldest=ts)
    assert later["messages"] == []
    assert (
        len(
            (await client.conversations_history(channel="C1", oldest=ts, inclusive=True))[
                "messages"
            ]
        )
        == 1
    )


async def test_an_ephemeral_is_seen_by_one_and_never_again(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    told = await client.chat_postEphemeral(channel="C1", user="U1", text="Too late")
    assert [one.text for one in slack.ephemerals("U1")] == ["Too late"]
    ts = told["message_ts"]
    assert await word(client, "chat.update", channel="C1", ts=ts, text="a") == "message_not_found"
    assert (await client.conversations_history(channel="C1"))["messages"] == []
    slack.user("U2")
    assert await word(client, "chat.postEphemeral", channel="C1", user="U2", text="a") == (
        "user_not_in_channel"
    )


async def test_a_person_is_written_to_by_their_own_id(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    told = await client.chat_postMessage(channel="U1", text="Your task")
    assert told["channel"] == (await client.conversations_open(users="U1"))["channel"]["id"] == "D1"
    assert [one.text for one in slack.messages("U1")] == ["Your task"]
    await slack.changes("U1", deleted=True)
    assert await word(client, "conversations.open", users="U1") == "user_disabled"
    assert await word(client, "chat.postMessage", channel="U1", text="a") == "channel_not_found"


async def test_what_would_come_alive_is_seen(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = "<!channel> <@U1> <#C1> <https://x.example|x> @here ana@x.example"
    quiet = "&lt;!channel&gt; <!date^1^{date}|now> 10:30"
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "see www.x.example @here"}}
    plain = {"type": "section", "text": {"type": "plain_text", "text": "<!here> http://x.example"}}
    await post(client, blocks=[section])
    await post(client, blocks=[plain], unfurl_links=False, unfurl_media=False)
    await client.chat_postMessage(channel="C1", text=said, parse="full")
    await client.chat_postMessage(channel="C1", text=quiet)
    blocks, dead, loud, silent = (slack.alive(one) for one in slack.messages("C1"))
    assert (blocks.broadcasts, blocks.links) == (("@here",), ("www.x.example",))
    assert not dead
    assert loud.mentions == ("@U1", "#C1")
    assert (loud.broadcasts, loud.unfurls) == (
        ("!channel", "@here"),
        ("https://x.example",),
    )
    assert loud.links == ("https://x.example", "ana@x.example")
    assert not silent


# --- who and where ---


async def test_lists_come_in_pages(slack: FakeSlack, client: AsyncWebClient) -> None:
    for at in range(5):
        slack.channel(f"C{at}X", members=["U1"])
    slack.channel("CSECRET", kind="private", bot=False)
    first = await client.conversations_list(limit=4)
    rest = await client.conversations_list(cursor=first["response_metadata"]["next_cursor"])
    assert [one["id"] for one in [*first["channels"], *rest["channels"]]] == [
        "C1",
        "C0X",
        "C1X",
        "C2X",
        "C3X",
        "C4X",
    ]
    assert rest["response_metadata"]["next_cursor"] == ""
    assert await word(client, "conversations.list", cursor="nonsense") == "invalid_cursor"
    own = await client.users_conversations(types="public_channel")
    assert len(own["channels"]) == 6


async def test_the_bot_joins_what_is_public(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.channel("COUT", bot=False, members=["U1"])
    assert not (await client.conversations_info(channel="COUT"))["channel"]["is_member"]
    await client.conversations_join(channel="COUT")
    assert (await client.conversations_members(channel="COUT"))["members"] == ["U1", "U0MUSTER"]
    assert await word(client, "conversations.history", channel="C9") == "channel_not_found"


async def test_the_bot_makes_a_channel(slack: FakeSlack, client: AsyncWebClient) -> None:
    made = (await client.conversations_create(name="inc-1"))["channel"]
    assert "U0MUSTER" in slack.world.channels[made["id"]].members
    assert await word(client, "conversations.create", name="inc-1") == "name_taken"
    assert await word(client, "conversations.create", name="Inc 2") == "invalid_name_specials"
    made = (await client.conversations_create(name="inc-2", is_private=True))["channel"]["id"]
    await client.conversations_invite(channel=made, users="U1")
    again = {"channel": made, "users": "U1"}
    assert await word(client, "conversations.invite", **again) == "already_in_channel"
    itself = {"channel": made, "users": "U0MUSTER"}
    assert await word(client, "conversations.invite", **itself) == "cant_invite_self"
    nobody = {"channel": made, "users": "UNOBODY"}
    assert await word(client, "conversations.invite", **nobody) == "user_not_found"
    slack.scopes = tuple(one for one in slack.scopes if one != "groups:write")
    secret = await refused(client, "conversations.create", name="inc-3", is_private=True)
    assert secret["needed"] == "groups:write"


async def test_what_is_read_takes_no_json(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.api_call("users.info", json={"user": "U1"})


async def test_people_and_groups_are_described(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.user("U2", "Gus", guest="single")
    slack.user("U3", "Eva", team="T9")
    slack.group("S1", "crew", users=["U1"])
    guest = (await client.users_info(user="U2"))["user"]
    assert (guest["is_restricted"], guest["is_ultra_restricted"]) == (True, True)
    assert (await client.users_info(user="U3"))["user"]["team_id"] == "T9"
    assert (await client.users_lookupByEmail(email="ANA@x.example"))["user"]["id"] == "U1"
    assert await word(client, "users.info", user="U9") == "user_not_found"
    assert await word(client, "users.lookupByEmail", email="b@x.example") == "users_not_found"
    assert len((await client.users_list())["members"]) == 4
    assert (await client.usergroups_list())["usergroups"][0]["handle"] == "crew"
    assert (await client.usergroups_users_list(usergroup="S1"))["users"] == ["U1"]
    await slack.disables_group("S1")
    assert await word(client, "usergroups.users.list", usergroup="S1") == "no_such_subteam"
