"""What people do with cards and forms, through the real Bolt."""

import json
from typing import Any

import pytest
from slack_bolt import BoltResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.clock import VirtualClock
from tests.slack.bolts import Echo
from tests.slack.fake import FakeSlack
from tests.slack.filling import Refused
from tests.slack.shapes import CARD, FORM, asks

Json = dict[str, Any]


# --- presses ---


async def card(slack: FakeSlack, echo: Echo, channel: str = "C1") -> None:
    await echo.client.chat_postMessage(channel=channel, text="N-1", blocks=CARD)


async def test_only_a_button_that_is_there_can_be_pressed(slack: FakeSlack, echo: Echo) -> None:
    await card(slack, echo)
    (message,) = slack.messages("C1")
    assert slack.labels(message) == ["Take", "Resolve", "Hold", "Merge"]
    assert slack.reads(message).splitlines()[:2] == ["*N-1*", "Take"]
    await slack.presses("U1", message, "Take")
    (body,) = echo.heard
    (action,) = body["actions"]
    assert (action["action_id"], action["value"], action["type"]) == ("t1", "tok1", "button")
    assert body["container"]["message_ts"] == message.ts
    assert (body["user"]["id"], body["channel"]["id"], body["team"]["id"]) == ("U1", "C1", "T1")
    assert await slack.presses("U1", message, "Resolve", confirm=False) is None
    await slack.presses("U1", message, "Merge")
    assert echo.heard[-1]["actions"][0]["selected_option"]["value"] == "tok4"
    with pytest.raises(Refused, match="nothing to press"):
        await slack.presses("U1", message, "Close")
    with pytest.raises(Refused, match="not in C1"):
        await slack.presses("U2", message, "Take")
    seen = slack.as_seen(message)
    await echo.client.chat_update(channel="C1", ts=message.ts, text="N-1")
    with pytest.raises(Refused):
        await slack.presses("U1", message, "Take")
    assert await slack.presses("U1", seen, "Take")


async def test_a_press_is_answered_five_times_in_half_an_hour(
    slack: FakeSlack, echo: Echo, clock: VirtualClock
) -> None:
    await card(slack, echo)
    (message,) = slack.messages("C1")
    for _ in range(2):
        await slack.presses("U1", message, "Take")
    first, second = (one["response_url"] for one in echo.heard)
    for at in range(5):
        assert (await respond(first, {"text": f"Yours {at}"})) == (200, "ok")
    assert (await respond(first, {"text": "a"})) == (404, "used_url")
    assert len(slack.ephemerals("U1")) == 5
    assert (await respond(second, {"text": ""})) == (400, "no_text")
    assert (await respond(second, {"text": "N-1 is taken", "replace_original": True}))[0] == 200
    assert (message.text, slack.labels(message)) == ("N-1 is taken", [])
    clock.jump(30 * 60_000 + 1)
    assert (await respond(second, {"text": "a"})) == (404, "expired_url")


async def respond(url: str, body: Json) -> tuple[int, str]:
    told = await AsyncWebhookClient(url, retry_handlers=[]).send_dict(body)
    return told.status_code, told.body


async def test_a_command_is_answered_for_its_typer_alone(slack: FakeSlack, echo: Echo) -> None:
    echo.says({"response_type": "ephemeral", "text": "Nothing open."})
    told = await slack.command("U1", "C1", "/incident", "list")
    assert told.ok
    assert (echo.heard[0]["command"], echo.heard[0]["text"]) == ("/incident", "list")
    assert [one.text for one in slack.ephemerals("U1")] == ["Nothing open."]
    echo.says({"text": "a", "blocks": [{"type": "poster"}]})
    await slack.command("U1", "U1")
    assert len(slack.violations) == 1
    assert echo.heard[-1]["channel_name"] == "directmessage"


async def test_shortcuts_bring_a_trigger_and_the_message(slack: FakeSlack, echo: Echo) -> None:
    await slack.says("U1", "C1", "It burns")
    await slack.message_shortcut("U1", slack.messages("C1")[0], "incident")
    await slack.shortcut("U1", "report")
    _, about, plainly = echo.heard
    assert (about["callback_id"], about["message"]["text"]) == ("incident", "It burns")
    await echo.client.views_open(trigger_id=plainly["trigger_id"], view=FORM)
    assert slack.modal("U1").body["title"]["text"] == "Report"


# --- forms ---


@pytest.fixture
async def opened(slack: FakeSlack, echo: Echo) -> None:
    await slack.shortcut("U1", "report")
    await echo.client.views_open(trigger_id=echo.heard.pop()["trigger_id"], view=FORM)


@pytest.mark.usefixtures("opened")
async def test_a_form_is_filled_in_by_label_and_closes(slack: FakeSlack, echo: Echo) -> None:
    given = {"What": "Fire", "Kind": "Flood", "Photo": [("a.png", b"x", "image/png")]}
    assert (await slack.submits("U1", given=given)).ok
    (body,) = echo.heard
    values = body["view"]["state"]["values"]
    assert body["type"] == "view_submission"
    assert body["view"]["private_metadata"] == "ref"
    assert values["what"]["x"] == {"type": "plain_text_input", "value": "Fire"}
    assert values["kind"]["x"]["selected_option"]["value"] == "flood"
    assert values["count"]["x"]["value"] is None
    assert values["photo"]["x"]["files"][0]["name"] == "a.png"
    assert slack.view("U1") is None


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"What": "a" * 11, "Kind": "Fire"}, "does not take"),
        ({"What": "🔥" * 6, "Kind": "Fire"}, "does not take"),
        ({"What": "a\nb", "Kind": "Fire"}, "does not take"),
        ({"What": "a", "Kind": "Storm"}, "no option"),
        ({"What": "a", "Kind": "Fire", "Count": "many"}, "does not take"),
        ({"What": "a", "Kind": "Fire", "Count": "1.5"}, "does not take"),
        ({"What": "a", "Kind": "Fire", "Photo": [("a", b""), ("b", b"")]}, "takes 1"),
        ({"What": "a"}, "still to answer"),
        ({"Who": "a"}, "nothing to fill in"),
    ],
)
async def test_slack_s_client_sends_no_other_answers(
    slack: FakeSlack, echo: Echo, given: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        await slack.submits("U1", given=given)
    assert echo.heard == []


@pytest.mark.usefixtures("opened")
async def test_faults_are_shown_in_the_form_and_all_stays(slack: FakeSlack, echo: Echo) -> None:
    echo.says({"response_action": "errors", "errors": {"what": "Say more, please."}})
    await slack.submits("U1", given={"What": "a", "Kind": "Fire"})
    form = slack.modal("U1")
    assert form.errors == {"what": "Say more, please."}
    echo.says({"response_action": "errors", "errors": {"where": "Where?"}})
    await slack.submits("U1")
    assert (len(slack.violations), len(slack.troubles)) == (1, 1)
    changed = {**FORM, "blocks": [*FORM["blocks"][:1], asks("Who", {"type": "users_select"})]}
    echo.says({"response_action": "update", "view": changed})
    await slack.submits("U1")
    assert form.filled["what", "x"]["value"] == "a"
    echo.says({"response_action": "push", "view": FORM})
    await slack.submits("U1", given={"Who": "U2"})
    assert (len(slack.world.stacks["U1"]), slack.modal("U1").previous) == (2, form.id)
    echo.says({"response_action": "clear"})
    await slack.submits("U1", given={"What": "b", "Kind": "Fire"})
    assert slack.view("U1") is None


@pytest.mark.usefixtures("opened")
async def test_a_choice_others_depend_on_is_told_at_once(slack: FakeSlack, echo: Echo) -> None:
    form = slack.modal("U1")
    assert await slack.chooses("U1", form, "What", "Fire") is None
    await slack.chooses("U1", form, "Kind", "Fire")
    (body,) = echo.heard
    assert body["type"] == "block_actions"
    assert body["actions"][0]["selected_option"]["value"] == "fire"
    assert body["view"]["state"]["values"]["what"]["x"]["value"] == "Fire"
    await echo.client.views_update(view_id=form.id, hash=body["view"]["hash"], view=FORM)
    assert form.filled["kind", "x"]["selected_option"]["value"] == "fire"


@pytest.mark.usefixtures("opened")
async def test_closing_is_told_to_whom_asked(slack: FakeSlack, echo: Echo) -> None:
    assert await slack.closes("U1")
    assert echo.types() == ["view_closed"]
    with pytest.raises(Refused):
        slack.modal("U1")


async def test_a_press_without_an_answer_is_shown_as_trouble(slack: FakeSlack, echo: Echo) -> None:
    echo.fails(500)
    told = await slack.command("U1", "C1")
    assert told.status == 500
    assert slack.troubles == ["/incident failed with the error operation_timeout"]
    await slack.shortcut("U1", "report")
    assert slack.troubles[-1] == "operation_timeout"


async def test_all_that_the_app_shows_can_be_looked_through(slack: FakeSlack, echo: Echo) -> None:
    home = {"type": "home", "blocks": [CARD[0]]}
    await card(slack, echo)
    await slack.says("U1", "C1", "<!channel>", raw=True)
    await echo.client.chat_postEphemeral(channel="C1", user="U1", text="Yours")
    await echo.client.views_publish(user_id="U1", view=home)
    assert len(slack.everything()) == 3
    assert not any(slack.alive(one) for one in slack.everything())
    loud = {"type": "section", "text": {"type": "mrkdwn", "text": "see <@U1>"}}
    await echo.client.views_publish(user_id="U1", view={**home, "blocks": [loud]})
    shown = slack.home("U1")
    assert shown is not None
    assert slack.alive(shown).mentions == ("@U1",)


async def test_bolt_answers_with_what_a_listener_does(slack: FakeSlack, echo: Echo) -> None:
    """A whole journey: a press opens a form in time, and its answer changes the card."""
    await card(slack, echo)
    (message,) = slack.messages("C1")

    async def acts(body: Json) -> BoltResponse:
        if body["type"] == "block_actions":
            await echo.client.views_open(trigger_id=body["trigger_id"], view=FORM)
        else:
            await echo.client.chat_update(channel="C1", ts=message.ts, text="taken")
        return BoltResponse(status=200, body=json.dumps({}))

    echo.acts = acts
    await slack.presses("U1", message, "Take")
    await slack.submits("U1", given={"What": "a", "Kind": "Fire"})
    assert (message.text, slack.view("U1")) == ("taken", None)
