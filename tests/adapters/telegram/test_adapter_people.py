"""Files, memberships and profiles by the channel, and the question before a press counts."""

import asyncio

import pytest

from bot.adapters.telegram import limits
from bot.adapters.telegram.confirms import LONGEST, READING, Confirms
from bot.adapters.telegram.payloads import file_of, message_id, parts, topic
from bot.adapters.telegram.render import Labels
from bot.core.cards import Action, Actions, Button, Card, Confirm
from bot.engine.ports import (
    Blocked,
    File,
    Misconfigured,
    Outage,
    Post,
    Profile,
    RateLimited,
    Types,
    Unsendable,
)
from tests.adapters.telegram.kit import ANA, BEN, FORUM, GONE, SHY, TEAM, desk, post
from tests.adapters.telegram.test_adapter import moved

PICTURE = File("lift.jpg", "image/jpeg", b"\xff\xd8\xff picture")
PAPER = File("plan @ana\n.pdf", "application/pdf", b"%PDF-1.7")
WORDS = Post("file-1", "The plan of the second floor.")


# --- files ---------------------------------------------------------------------------------------


async def test_a_picture_is_shown_and_anything_else_is_a_file_with_its_words_beneath() -> None:
    async with desk() as here:
        card = await here.channel.send(TEAM, Post("card", "Card"))
        for file, kind in ((PICTURE, "photo"), (PAPER, "document")):
            below = Post(f"file {kind}", WORDS.text, beneath=card)
            message = await here.channel.upload(TEAM, file, below)
            stands = here.telegram.last(int(TEAM))
            assert message == stands.name
            assert kind in stands.body
            assert (stands.text, stands.reply) == (WORDS.text, parts(card)[1][0])
        assert here.telegram.last(int(TEAM)).body["document"]["file_name"] == "plan @ana .pdf"


async def test_a_file_hangs_in_the_topic_of_its_incident() -> None:
    async with desk() as here:
        within = await here.channel.open("topic", FORUM, "N-1")
        await here.channel.upload(FORUM, PICTURE, Post("f", "x", within=within))
        (stands,) = here.telegram.ours(int(FORUM), int(within))
        assert stands.text == "x"


async def test_more_words_than_fit_beneath_a_file_follow_it() -> None:
    async with desk() as here:
        long = Post("file-2", "word " * 400)
        here.telegram.fails("sendMessage", retry_after=3)
        with pytest.raises(RateLimited):
            await moved(here, asyncio.create_task(here.channel.upload(ANA, PAPER, long)))
        here.clock.jump(7_000)
        message = await moved(here, asyncio.create_task(here.channel.upload(ANA, PAPER, long)))
        file, words = here.telegram.ours(int(ANA))
        assert message == f"{ANA}/{words.id}/f{file.id}"
        assert words.text == ("word " * 400).strip()
        shorter = Post("file-2", "Shorter.")
        await moved(here, asyncio.create_task(here.channel.edit(ANA, message, shorter)))
        assert here.texts(ANA) == ["", "Shorter."]
        await here.channel.delete(ANA, message)
        assert here.telegram.ours(int(ANA)) == []


async def test_a_picture_that_telegram_cannot_show_goes_as_a_file() -> None:
    async with desk() as here:
        here.telegram.fails("sendPhoto", error="Bad Request: PHOTO_INVALID_DIMENSIONS")
        await here.channel.upload(ANA, PICTURE, WORDS)
        assert "document" in here.telegram.last(int(ANA)).body
        big = File("big.png", "image/png", b"x" * (limits.PHOTO + 1))
        await here.channel.upload(ANA, big, Post("big", "big"))
        assert "document" in here.telegram.last(int(ANA)).body
        with pytest.raises(Unsendable) as caught:
            await here.channel.upload(ANA, File("e.txt", "text/plain", b""), Post("none", "none"))
        assert caught.value.final


async def test_the_words_of_a_file_are_changed_as_its_caption() -> None:
    async with desk() as here:
        message = await here.channel.upload(ANA, PAPER, WORDS)
        assert await here.channel.edit(ANA, message, Post("file-1", "New words.")) == message
        assert here.texts(ANA) == ["New words."]


async def test_what_somebody_sent_us_is_fetched_from_telegrams_own_place_only() -> None:
    async with desk() as here:
        message = await here.telegram.sends(int(ANA), int(ANA), "document", b"abc", name="a.pdf")
        number = message.body["document"]["file_id"]
        file = await here.channel.fetch(number)
        assert (file.content, file.media_type) == (b"abc", "application/pdf")
        for bad in ("../../etc/passwd", "https://evil.example/x", "/var/lib/x", "a/../../x", ""):
            answer = (
                f'{{"ok":true,"result":{{"file_id":"x","file_unique_id":"y","file_path":"{bad}"}}}}'
            )
            here.telegram.fails("getFile", status=200, body=answer)
            with pytest.raises(Unsendable):
                await here.channel.fetch(number)
        with pytest.raises(Unsendable):
            await here.channel.fetch("nonsense")


async def test_what_is_too_large_is_not_read() -> None:
    async with desk() as here:
        sent = await here.telegram.sends(int(ANA), int(ANA), "document", limits.DOWNLOAD + 1)
        with pytest.raises(Unsendable) as caught:
            await here.channel.fetch(sent.body["document"]["file_id"])
        assert caught.value.final
        sent = await here.telegram.sends(int(ANA), int(ANA), "document", b"x" * 500)
        with pytest.raises(Unsendable):
            await here.api.file(sent.body["document"]["file_id"], 400)
        assert len((await here.api.file(sent.body["document"]["file_id"], 500))[1]) == 500


# --- people --------------------------------------------------------------------------------------


async def test_who_is_in_a_group_and_who_leads_it() -> None:
    async with desk() as here:
        group = "-1006"
        here.telegram.group(
            int(group), "Led", members=[int(BEN)], admins=[int(ANA)], owner=int(SHY)
        )
        member = here.channel.membership
        assert [await member(group, one) for one in (SHY, ANA, BEN, "404")] == [
            "owner",
            "owner",
            "member",
            "none",
        ]
        led = f"{group}/admins"
        assert [await member(led, one) for one in (SHY, ANA, BEN)] == ["owner", "owner", "none"]
        await here.telegram.leaves(int(BEN), int(group))
        assert await member(group, BEN) == "none"
        with pytest.raises(Misconfigured):
            await member(GONE, ANA)
        here.telegram.fails("getChatMember", status=500)
        with pytest.raises(Outage):
            await member(group, ANA)


async def test_how_telegram_describes_somebody() -> None:
    async with desk() as here:
        here.telegram.user(14, "Ana", username="ana_r", last_name="Ruiz", started=True)
        here.telegram.user(15, "Helper", username="helper_bot", is_bot=True, started=True)
        assert await here.channel.profile("14") == Profile("Ana Ruiz", alone="14")
        assert not (await here.channel.profile("15")).person
        assert not (await here.channel.profile(TEAM)).person


async def test_who_has_no_chat_with_us_is_described_as_their_group_shows_them() -> None:
    async with desk() as here:
        unknown = "Bad Request: chat not found"
        here.telegram.fails("getChat", times=None, status=400, error=unknown)
        with pytest.raises(Blocked):
            await here.channel.profile(ANA)
        assert await here.channel.membership(TEAM, ANA) != "none"
        found = await here.channel.profile(ANA)
        assert (found.name[:3], found.person, found.gone) == ("Ana", True, False)


def test_a_message_is_known_by_its_chat_and_its_numbers() -> None:
    assert message_id("-1001", 456, 455) == "-1001/456/455"
    assert parts("-1001/456/455") == ("-1001", (456, 455))
    assert parts("-1001/456/f455") == ("-1001", (456,))
    assert [file_of(one) for one in ("-1001/456/f455", "-1001/456", "x/fx")] == [455, None, None]
    for odd in ("-1001", "-1001/x", "-1001/4/-5", "/²", "-1001/" + "9" * 40, ""):
        assert parts(odd)[1] == ()
    assert [topic(one) for one in ("7", "1", "", "x")] == [7, None, None, None]


# --- questions -----------------------------------------------------------------------------------


def asking() -> Confirms:
    return Confirms(Labels(again="Again, please."))


def test_a_press_that_asks_counts_when_the_same_person_presses_once_more() -> None:
    confirms = asking()
    confirms.note({"mtoken": "Close it?\nNobody is asked.\n\nAgain, please."})
    assert confirms.weigh("mtoken", ANA, "Close", 10).token == "mtoken"
    asked = confirms.weigh("cmtoken", ANA, "Close", 10)
    assert (asked.token, asked.question.split("\n")[0]) == ("", "Close it?")
    assert confirms.weigh("cmtoken", BEN, "Close", 12).token == ""
    assert confirms.weigh("cmtoken", ANA, "Close", 12).token == "mtoken"
    assert confirms.weigh("cmtoken", ANA, "Close", 14).token == ""


def test_a_finger_that_bounces_or_comes_late_is_asked_anew() -> None:
    confirms = asking()
    assert confirms.weigh("cmx", ANA, "Close", 10).question
    assert confirms.weigh("cmx", ANA, "Close", 10 + READING / 2).question
    assert confirms.weigh("cmx", ANA, "Close", 11 + LONGEST * 2).question
    confirms.unasked("cmx", ANA)
    assert confirms.weigh("cmx", ANA, "Close", 12 + LONGEST * 2).question


def test_after_a_restart_the_question_is_asked_by_the_name_of_the_button() -> None:
    assert asking().weigh("cmx", ANA, "Close", 10).question == "Close?\n\nAgain, please."


async def test_the_questions_of_what_was_sent_are_known() -> None:
    async with desk() as here:
        sure = Confirm("Close it?", "Nobody is asked.", "Close")
        row = Actions((Button("Close", Action("close"), confirm=sure, token="mtoken"),))
        await here.channel.send(TEAM, post("card", Card("Card", (row,))))
        (button,) = here.telegram.last(int(TEAM)).buttons
        weighed = here.channel.confirms.weigh(button["callback_data"], ANA, "Close", 1)
        assert weighed.question.startswith("Close it?\nNobody is asked.")


async def test_somebody_sees_that_an_answer_is_being_written_unless_they_do_not_want_us() -> None:
    async with desk() as one:
        assert isinstance(one.channel, Types)
        await one.channel.typing(ANA)
        (call,) = one.telegram.called("sendChatAction")
        assert (str(call.args["chat_id"]), call.args["action"]) == (ANA, "typing")
        with pytest.raises(Blocked):
            await one.channel.typing(SHY)
        assert one.texts(ANA) == []
