"""Somebody hostile in Telegram: with a tampered app, with what is another's, with too much."""

from pathlib import Path
from typing import Any

import pytest

from tests.line.tg import ANN, BO, CAL, CREW, DOT, FORUM, Phones, new, phones
from tests.line.tg_story import begun
from tests.telegram.state import Message

LOBBY, EVE = -1009, 700


def _data(message: Message, label: str) -> str:
    return next(str(x["callback_data"]) for x in message.buttons if x["text"] == label)


async def _link(one: Phones) -> str:
    """Somebody on the web has reported and wants to go on in Telegram."""
    assert one.site is not None
    visitor = await one.site.visitor()
    await visitor.report()
    await one.shown()
    response = await visitor.post("/chat/way", {"id": "number-0001"}, **visitor.headers)
    (app,) = response.json()["apps"]
    return str(app["link"])


async def test_a_press_from_a_tampered_app_takes_nothing_away_that_is_not_its_own(
    tmp_path: Path,
) -> None:
    async with phones(tmp_path) as one:
        story = await begun(one)
        await one.taps(ANN, story.card, "Take")
        card = story.card
        await one.taps(ANN, card, "Resolve")
        question = one.asked(FORUM)
        one.telegram.forges(ANN, card, _data(question, "Cancel"))
        await one.shown()
        assert (card.gone, question.gone) == (False, True)
        with new(one, CREW):
            await one.telegram.commands(BO, CREW, "/help", to="me")
            await one.shown()
        help_ = one.cards(CREW, "You can write to me")[-1]
        one.telegram.forges(BO, help_, _data(story.task, "I cannot"))
        await one.shown()
        assert not help_.gone


async def test_a_button_of_anothers_question_does_nothing_for_who_forges_it(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story = await begun(one)
        await one.taps(ANN, story.card, "Take")
        await one.taps(ANN, story.card, "Resolve")
        question = one.asked(FORUM)
        before = await one.desk.store.events(story.now.stream, 0, 500)
        for button in [x for x in question.buttons if "callback_data" in x]:
            tap = one.telegram.forges(DOT, question, str(button["callback_data"]))
            await one.shown()
            assert tap.toast.startswith("This is asked of Ann Reed.") or "again" in tap.toast
            await one.telegram.starts(DOT, f"p_{button['callback_data']}")
            await one.shown()
        await one.says(DOT, "It is fixed", FORUM, thread=question.thread, reply_to=question)
        assert not question.gone
        after = await one.desk.store.events(story.now.stream, 0, 500)
        assert [x.row.tag for x in after[len(before) :]] == ["incident_note_written"]


async def test_who_works_here_by_a_place_alone_never_goes_on_as_a_customer(tmp_path: Path) -> None:
    """Ann has pressed nothing yet, so nothing but the group says what she is."""
    async with phones(tmp_path) as one:
        link = await _link(one)
        with new(one, ANN) as told:
            await one.telegram.opens(ANN, link)
            await one.shown()
        assert "Your account works here" in told[-1]
        with new(one, CAL) as told:
            await one.telegram.opens(CAL, link)
            await one.shown()
        assert "Go on only if you made this link yourself" in told[-1]


async def test_a_link_made_of_anothers_button_takes_nobody_into_their_conversation(
    tmp_path: Path,
) -> None:
    """Eve lets the bot ask her, and sends Cal the button of the question, as a link."""
    async with phones(tmp_path) as one:
        one.telegram.user(EVE, "Eve", started=True)
        link = await _link(one)
        await one.telegram.opens(EVE, link)
        await one.shown()
        button = _data(one.telegram.ours(EVE)[-1], "Go on here")
        with new(one, CAL) as told:
            await one.telegram.starts(CAL, f"p_{button}")
            await one.shown()
        assert "no longer in use" in told[-1]
        assert (await one.report()).seat.channel == "web"
        with new(one, EVE) as told:
            await one.taps(EVE, EVE, "Go on here")
        assert "Your report comes here" in " ".join(told)


async def test_a_link_changes_nothing_that_they_did_not_press_themselves(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story = await begun(one)
        takes = f"p_{_data(story.card, 'Take')}"
        with new(one, ANN) as told:
            await one.telegram.starts(ANN, takes)
            await one.shown()
        assert told == ["Nothing was changed: please press the button itself, on its card."]
        assert not (await story.look()).owner
        await one.taps(ANN, story.card, "Take")
        with new(one, ANN) as told:
            await one.telegram.starts(ANN, takes)
            await one.shown()
        assert "press the button itself" not in told[-1]


@pytest.mark.parametrize("line", ["/list", "/search lights", "@{me} go on"])
async def test_in_a_group_that_nobody_set_up_nothing_is_told(tmp_path: Path, line: str) -> None:
    async with phones(tmp_path) as one:
        one.telegram.group(LOBBY, "Lobby", [CAL, ANN, DOT])
        story = await begun(one)
        await one.taps(ANN, story.card, "Take")
        me = one.telegram.world.me.username
        for user in (CAL, ANN, DOT):
            for said in (line, f"/show {story.now.reference}", story.now.reference):
                await one.telegram.says(user, LOBBY, said.format(me=me))
                await one.shown()
        said = one.said(LOBBY)
        buttons = str([each.buttons for each in one.telegram.ours(LOBBY)])
        assert story.now.reference not in said
        assert "lights" not in said.replace("“lights”", "")
        assert "start=g_" not in said + buttons


async def test_what_comes_without_the_word_reads_nothing_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with phones(tmp_path, "webhook") as one:
        await one.telegram.starts(CAL)
        await one.shown()
        assert one.site is not None
        client, read = one.site.client(), list[str]()
        store = one.desk.store
        select = store.select

        async def noted(table: str, *args: Any, **more: Any) -> Any:
            read.append(table)
            return await select(table, *args, **more)

        monkeypatch.setattr(store, "select", noted)
        forged = {"x-telegram-bot-api-secret-token": "guess", "cookie": "muster=" + "a" * 43}
        for method in ("POST", "GET", "PUT", "HEAD", "OPTIONS"):
            response = await client.request(method, "/telegram/updates", headers=forged)
            assert response.status_code in (401, 405), method
        assert read == []
