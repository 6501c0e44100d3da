"""What people do in Slack reaches the house, is acknowledged after it, and answered by its way."""

import asyncio
import json

import pytest

from bot.engine.heard import Heard, Pointed, Pressed, Submitted, Typed, Wrote
from bot.engine.ports import Reply
from bot.views.help import EVERYWHERE
from tests.adapters.slack.ears import REF, Connected, card, connected, opened
from tests.conftest import ExpectedErrors

HELLO = Reply(text="Hello <!channel>", link="https://desk.example/join", link_label="Join")


async def _card(one: Connected, reply: Reply = HELLO) -> Pressed:
    """Somebody presses a button on a card that was shown to them; `reply` answers it."""
    one.spy.says = lambda heard: Reply(cards=(card("Take"),))
    await one.fake.command("U1", "C1", text="list")
    await one.rest()
    one.spy.says = lambda heard: reply
    shown = one.fake.ephemerals("U1")[-1]
    await one.fake.presses("U1", shown, "Take")
    await one.rest()
    pressed = one.spy.heard[-1]
    assert isinstance(pressed, Pressed)
    return pressed


async def _form(one: Connected, where: str = "C1") -> None:
    one.spy.says = lambda heard: Reply(form=opened())
    await one.fake.command("U1", where, text="resolve")
    await one.rest()


async def test_a_line_is_answered_with_its_acknowledgement_and_nothing_in_it_comes_alive() -> None:
    async with connected() as one:
        one.spy.says = lambda heard: HELLO
        told = await one.fake.command("U1", "C1", text="list")
        (shown,) = one.fake.ephemerals("U1")
        assert told.ok
        assert one.fake.calls == one.fake.called("auth.test") + one.fake.called(
            "apps.connections.open"
        )
        assert "Join" in one.fake.labels(shown)
        assert not one.fake.alive(shown).broadcasts


async def test_a_press_is_answered_for_whoever_pressed_alone() -> None:
    async with connected() as one:
        pressed = await _card(one)
        assert pressed.token == f"m{0:024d}"
        assert one.fake.ephemerals("U1")[-1].text.startswith("Hello")
        assert one.fake.messages("C1") == []


async def test_a_form_opens_keeps_what_was_wrong_and_closes_when_it_was_right() -> None:
    async with connected() as one:
        await _form(one)
        one.spy.says = lambda heard: Reply(faults={"what": "Please say a little more."})
        await one.fake.submits("U1", given={"What was done?": "x"})
        first = one.spy.heard[-1]
        assert one.fake.modal("U1").errors == {"q.what": "Please say a little more."}
        one.spy.says = lambda heard: Reply(text="Resolved.")
        await one.fake.submits("U1")
        await one.rest()
        second = one.spy.heard[-1]
        assert isinstance(first, Submitted)
        assert isinstance(second, Submitted)
        assert (first.ref, first.given, first.place.address) == (
            REF,
            {"what": "x", "sure": None},
            "C1",
        )
        assert second.source == first.source, "it happens once, whatever became of the first"
        assert one.fake.view("U1") is None
        assert one.fake.ephemerals("U1")[-1].text == "Resolved."
        assert one.fake.troubles == []


async def test_what_is_wrong_with_the_whole_form_stands_above_it() -> None:
    async with connected() as one:
        await _form(one)
        one.spy.says = lambda heard: Reply(faults={"": "Somebody was first."}, form=opened())
        await one.fake.submits("U1", given={"What was done?": "x"})
        assert "Somebody was first." in str(one.fake.modal("U1").blocks)
        one.spy.says = lambda heard: Reply(form=opened(what="by Ben"))
        await one.fake.submits("U1", given={"What was done?": "x"})
        assert "by Ben" in str(one.fake.modal("U1").blocks)


async def test_an_answer_to_a_form_in_no_channel_is_said_in_its_window() -> None:
    async with connected() as one:
        one.spy.says = lambda heard: Reply(form=opened())
        await one.fake.shortcut("U1", "report")
        await one.rest()
        one.spy.says = lambda heard: Reply(text="Your reference is R-1.")
        await one.fake.submits("U1", given={"What was done?": "x"})
        await one.rest()
        assert isinstance(one.spy.heard[0], Typed)
        assert "Your reference is R-1." in str(one.fake.modal("U1").blocks)


async def test_where_the_app_is_not_the_answer_to_a_form_comes_by_direct_message() -> None:
    async with connected() as one:
        one.fake.channel("C5", members=["U1"], bot=False)
        await _form(one, "C5")
        one.spy.says = lambda heard: Reply(text="Your reference is R-1.")
        await one.fake.submits("U1", given={"What was done?": "x"})
        await one.rest()
        assert one.fake.messages("U1")[-1].text == "Your reference is R-1."


async def test_words_and_messages_pointed_at_are_heard_and_answered() -> None:
    async with connected() as one:
        one.spy.says = lambda heard: Reply(text="Thank you.")
        await one.fake.says("U2", "U2", "hello")
        await one.rest()
        assert [said.text for said in one.fake.messages("U2")][-1] == "Thank you."
        await one.fake.says("U2", "C1", "a smell in the hall")
        await one.rest()
        assert one.fake.ephemerals("U2")[-1].text == "Thank you."
        (said,) = one.fake.messages("C1")
        one.spy.says = lambda heard: Reply(form=opened())
        await one.fake.message_shortcut("U1", said, "incident")
        await one.rest()
        assert one.fake.view("U1") is not None
        kinds = [type(heard) for heard in one.spy.heard]
        assert kinds == [Wrote, Wrote, Pointed]


async def test_a_form_that_cannot_open_by_itself_opens_by_a_button() -> None:
    async with connected() as one:
        one.spy.says = lambda heard: Reply(form=opened())
        await one.fake.says("U2", "U2", "report")
        await one.rest()
        said = one.fake.messages("U2")[-1]
        await one.fake.presses("U2", said, "Resolve the incident")
        await one.rest()
        pressed = one.spy.heard[-1]
        assert isinstance(pressed, Pressed)
        assert pressed.token == REF
        assert one.fake.view("U2") is not None


async def test_their_page_is_drawn_when_they_look_and_again_when_they_press_there() -> None:
    async with connected() as one:
        shown = [("Take",), ("Release",)]

        def says(heard: Heard) -> Reply:
            if isinstance(heard, Pressed):
                return Reply(text="You have it now.")
            return Reply(cards=(card(*shown.pop(0)),))

        one.spy.says = lambda heard: says(heard) if isinstance(heard, Heard) else Reply()
        await one.fake.opens_home("U1")
        await one.rest()
        home = one.fake.home("U1")
        assert home is not None
        await one.fake.presses("U1", home, "Take")
        await one.rest()
        again = one.fake.home("U1")
        assert again is not None
        assert one.fake.labels(again) == ["Release"]
        assert "You have it now." in str(one.fake.modal("U1").blocks)


async def test_who_waits_too_long_is_told_that_we_are_on_it_and_the_rest_later() -> None:
    async with connected(patience=0) as one:
        one.spy.waits, one.spy.says = asyncio.Event(), lambda heard: Reply(text="Here it is.")
        told = await one.fake.command("U1", "C1", text="list")
        assert told.answer["text"] == "We are on it. The answer comes in a moment."
        one.spy.waits.set()
        await one.rest()
        assert one.fake.ephemerals("U1")[-1].text == "Here it is."


async def test_a_form_whose_answer_takes_long_says_so_in_its_window() -> None:
    async with connected() as one:
        await _form(one)
        assert one.slack.ears is not None
        one.slack.ears.patience = 0
        one.spy.waits = asyncio.Event()
        one.spy.says = lambda heard: Reply(faults={"what": "Please say a little more."})
        await one.fake.submits("U1", given={"What was done?": "x"})
        assert "We are on it" in str(one.fake.modal("U1").blocks)
        one.spy.waits.set()
        await one.rest()
        page = str(one.fake.modal("U1").blocks)
        assert "Please say a little more." in page
        assert "What you wrote was kept" in page


async def test_nothing_is_acknowledged_before_it_is_kept() -> None:
    """Bolt by itself acknowledges an event before anybody has heard of it."""
    async with connected() as one:
        one.spy.waits = asyncio.Event()
        telling = asyncio.create_task(one.fake.says("U1", "C1", "hello"))
        await one.spy.came.wait()
        await one.clock.settle(200)
        assert not telling.done()
        one.spy.waits.set()
        assert (await telling).ok


async def test_an_event_that_was_not_kept_comes_again(expected_errors: ExpectedErrors) -> None:
    async with connected() as one:
        failed = asyncio.Event()

        def fails_once(heard: object) -> Reply:
            if not failed.is_set():
                failed.set()
                raise RuntimeError("the disk is full")
            return Reply()

        one.spy.says = fails_once
        telling = asyncio.create_task(one.fake.says("U1", "C1", "hello"))
        await failed.wait()
        while not telling.done():
            await one.clock.advance(3_100)
        await one.rest()
        expected_errors.claim("an event was not taken")
        assert (await telling).ok
        first, second = one.spy.heard
        assert first.source == second.source


async def test_what_the_house_wants_again_is_not_acknowledged_and_told_with_the_last_try() -> None:
    async with connected() as one:
        assert one.slack.ears is not None
        one.fake.holds()
        said = await one.fake.says("U1", "U1", "hello")
        one.spy.says = lambda heard: Reply(text="Not saved.", again=True)
        for retry in (0, 1, 2):
            assert (await one.slack.ears.over_socket(said.payload, retry)).status == 503
        await one.rest()
        assert len(one.fake.messages("U1")) == 1
        async with asyncio.timeout(10):
            assert not (await one.fake.deliveries.again(said, 3)).reason
        await one.rest()
        assert [each.text for each in one.fake.messages("U1")][1:] == ["Not saved."]
        assert len({heard.source for heard in one.spy.heard}) == 1


async def test_a_press_that_was_not_kept_gets_its_sentence_at_once() -> None:
    async with connected() as one:
        await _card(one, Reply(text="Not saved.", again=True))
        assert one.fake.ephemerals("U1")[-1].text == "Not saved."


async def test_a_press_that_fails_here_gets_a_sentence(expected_errors: ExpectedErrors) -> None:
    async with connected() as one:

        def fails(heard: object) -> Reply:
            raise RuntimeError("a bug")

        one.spy.says = fails
        await one.fake.command("U1", "C1", text="list")
        expected_errors.claim("what somebody did in Slack failed")
        assert "try again" in one.fake.ephemerals("U1")[-1].text
        # practice 7.1: help is one press away, also when all of ours fails.
        assert EVERYWHERE in json.dumps(one.fake.ephemerals("U1")[-1].blocks)


async def test_another_workspace_is_left_alone() -> None:
    async with connected() as one:
        with one.fake.elsewhere():
            told = await one.fake.command("U1", "C1", text="list")
            await one.fake.says("U1", "C1", "hello")
        assert told.ok
        assert one.spy.heard == []
        assert one.fake.ephemerals("U1") == []


@pytest.mark.parametrize("path", ["views.open", "response_url"])
async def test_an_answer_that_does_not_get_through_is_let_go(path: str) -> None:
    async with connected() as one:
        one.fake.fails(path, None, status=500)
        await _card(one, Reply(form=opened()) if path == "views.open" else HELLO)
        recovered = one.fake.ephemerals("U1")
        assert len(recovered) == (2 if path == "views.open" else 1)


async def test_when_the_app_may_no_more_it_is_known_at_once_and_when_it_may_again() -> None:
    async with connected() as one:
        await one.fake.uninstalls()
        while one.slack.health().sound:
            await one.slack.acquaintance.idle()
        assert [told.what for told in one.spy.changes] == ["gone"]
        one.fake.restores()
        await one.clock.advance(60_000)
        await one.slack.acquaintance.idle()
        assert one.slack.health().sound


async def test_when_slack_keeps_events_from_us_what_was_known_is_asked_anew() -> None:
    async with connected() as one:
        before = len(one.missed)
        one.fake.deliveries.most = 0
        await one.fake.says("U1", "C1", "hello")
        assert one.spy.heard == []
        assert len(one.missed) == before + 1


async def test_payloads_that_bolt_cannot_read_are_acknowledged_and_left_alone() -> None:
    async with connected() as one:
        assert one.slack.ears is not None
        for odd in (
            {"type": "event_callback", "event": {"type": 5}},
            {"type": "block_actions", "actions": []},
            {"type": "block_actions", "actions": [5]},
            {"command": 7},
            {"type": "view_submission", "view": {"callback_id": None}},
            {"type": "unheard_of"},
            {"authorizations": 5, "event": []},
            {},
        ):
            assert (await one.slack.ears.over_socket(odd)).status == 200
        assert one.spy.heard == []
