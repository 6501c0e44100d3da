"""Modals, Home tabs and files, asked by the real SDK."""

from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from tests.clock import VirtualClock
from tests.slack.asked import word
from tests.slack.fake import FakeSlack

Json = dict[str, Any]
SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "*P1*"}}
MODAL: Json = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Report"},
    "blocks": [SECTION],
}


# --- views ---


async def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: FakeSlack, client: AsyncWebClient, clock: VirtualClock
) -> None:
    used, old = slack.world.trigger("U1"), slack.world.trigger("U1")
    await client.views_open(trigger_id=used, view=MODAL)
    assert await word(client, "views.open", trigger_id=used, view=MODAL) == "exchanged_trigger_id"
    clock.jump(3_001)
    assert await word(client, "views.open", trigger_id=old, view=MODAL) == "expired_trigger_id"
    assert await word(client, "views.open", trigger_id="1.2", view=MODAL) == "invalid_trigger_id"


async def test_a_modal_that_changed_meanwhile_is_not_overwritten(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    told = await client.views_open(trigger_id=slack.world.trigger("U1"), view=MODAL)
    name, first = told["view"]["id"], told["view"]["hash"]
    await client.views_update(view_id=name, hash=first, view=MODAL)
    late = {"view_id": name, "hash": first, "view": MODAL}
    assert await word(client, "views.update", **late) == "hash_conflict"
    await slack.closes("U1")
    assert await word(client, "views.update", view_id=name, view=MODAL) == "not_found"


async def test_three_modals_lie_on_each_other_and_no_more(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    await client.views_open(trigger_id=slack.world.trigger("U1"), view=MODAL)
    for _ in range(2):
        below = slack.modal("U1").id
        await client.views_push(trigger_id=slack.world.trigger("U1", below), view=MODAL)
    top = slack.world.trigger("U1", slack.modal("U1").id)
    assert await word(client, "views.push", trigger_id=top, view=MODAL) == "push_limit_reached"
    assert slack.modal("U1").root == slack.world.stacks["U1"][0].id


async def test_an_external_id_is_there_once(slack: FakeSlack, client: AsyncWebClient) -> None:
    view = {**MODAL, "external_id": "one"}
    await client.views_open(trigger_id=slack.world.trigger("U1"), view=view)
    slack.user("U2")
    again = {"trigger_id": slack.world.trigger("U2"), "view": view}
    assert await word(client, "views.open", **again) == "duplicate_external_id"
    await client.views_update(external_id="one", view=view)


async def test_a_broken_view_is_refused(slack: FakeSlack, client: AsyncWebClient) -> None:
    trigger = slack.world.trigger("U1")
    broken = {**MODAL, "title": {"type": "plain_text", "text": "a" * 25}}
    assert await word(client, "views.open", trigger_id=trigger, view=broken) == "invalid_arguments"
    home = {"type": "home", "blocks": [SECTION]}
    assert await word(client, "views.publish", user_id="U1", view=MODAL) == "invalid_arguments"
    first = (await client.views_publish(user_id="U1", view=home))["view"]["hash"]
    await client.views_publish(user_id="U1", view=home, hash=first)
    late = {"user_id": "U1", "view": home, "hash": first}
    assert await word(client, "views.publish", **late) == "hash_conflict"
    assert slack.home("U1") is not None


# --- files ---


async def test_a_file_goes_up_and_comes_down(slack: FakeSlack, client: AsyncWebClient) -> None:
    await client.files_upload_v2(
        channel="C1", content=b"map", filename="map.txt", initial_comment="The map"
    )
    (message,) = slack.messages("C1")
    (file,) = message.body["files"]
    assert (message.text, file["name"], file["size"]) == ("The map", "map.txt", 3)
    url = file["url_private_download"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as told:
            assert (told.status, told.content_type) == (200, "text/html")
        headers = {"Authorization": f"Bearer {slack.bot_token}"}
        async with session.get(url, headers=headers) as told:
            assert await told.read() == b"map"
    assert (await client.files_info(file=file["id"]))["file"]["name"] == "map.txt"


async def test_reads_by_get_and_arguments_in_the_address_are_taken(slack: FakeSlack) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.get(f"{slack.api_url}users.info?user=U1") as told:
            assert (await told.json())["user"]["real_name"] == "Ana Ruiz"
        address = f"{slack.api_url}chat.postMessage?channel=C1&text=a"
        async with session.post(address) as told:
            assert (await told.json())["ok"]
    assert [one.text for one in slack.messages("C1")] == ["a"]
