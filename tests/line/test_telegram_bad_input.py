"""Whatever is wrong in Telegram: a calm sentence or a line for the operator; nothing is lost, and
all goes on by itself.
"""

import json
from pathlib import Path

import pytest

from tests.engine.kit import MINUTE
from tests.line.tg import ANN, BO, CAL, DOT, FORUM, NEWS, SUE, WAYS, By, Phones, phones
from tests.line.tg_story import SITE, Story, begun
from tests.telegram.conftest import library

AGAIN = 15 * MINUTE


async def _heard_once(one: Phones) -> None:
    log = await one.desk.store.events((await one.report()).stream, 0, 500)
    assert [each.row.tag for each in log].count("report_started") == 1


# --- updates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("by", WAYS)
async def test_what_comes_again_and_in_another_order_happens_once(tmp_path: Path, by: By) -> None:
    async with phones(tmp_path, by) as one:
        story, telegram = await begun(one), one.telegram
        telegram.holds()
        await telegram.taps(BO, story.task, "I am there in 15 minutes", wait=False)
        await telegram.taps(ANN, story.card, "Take", wait=False)
        for word in ("one", "two", "three"):
            await telegram.says(ANN, FORUM, f"Note {word}", thread=story.card.thread)
        late = telegram.updates.release([1, 2, 3, 4, 0])
        await one.shown()
        for update in late:
            telegram.updates.again(update)
        await one.shown()
        await story.look()
        assert len(story.now.tasks[0].places) == 1
        log = [each.row.tag for each in await one.desk.store.events(story.now.stream, 0, 500)]
        assert log.count("incident_taken") == log.count("task_claimed") == 1
        assert log.count("incident_note_written") == 3


async def test_what_is_said_to_another_bot_is_none_of_ours(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        await one.telegram.commands(SUE, NEWS, "/subscribe", to="another_bot")
        await one.telegram.commands(SUE, NEWS, "/help", to="another_bot")
        await one.shown()
        assert one.said(NEWS) == ""


@pytest.mark.parametrize("secret", [None, "", "a-guess"])
async def test_who_does_not_know_the_word_is_not_listened_to(
    tmp_path: Path, secret: str | None
) -> None:
    async with phones(tmp_path, "webhook") as one:
        await one.telegram.starts(CAL, SITE)
        await one.shown()
        body = {**one.telegram.updates.all[-1].body, "update_id": 1}
        assert (await one.telegram.posts(body, secret))[0] == 401
        assert (await one.telegram.posts(b"{" * 9, secret))[0] == 401
        await one.shown()
        await _heard_once(one)
        assert one.channel.health().sound


async def test_what_is_no_update_is_refused_and_what_follows_is_taken(tmp_path: Path) -> None:
    async with phones(tmp_path, "webhook") as one:
        hook = one.telegram.deliveries.hook
        assert hook is not None
        for body in (b"{", b"[1]", b"\xff\xfe", b"null", b'{"update_id": 1e999}'):
            status, _ = await one.telegram.posts(body, hook.secret)
            assert status in (200, 400), body
        await one.telegram.starts(CAL, SITE)
        await one.shown()
        await _heard_once(one)


ODD: tuple[object, ...] = (
    None,
    5,
    "x",
    [],
    {"message_id": "x"},
    {"chat": {"id": "five"}},
    {"from": {"id": -1}},
)


@pytest.mark.parametrize("by", WAYS)
async def test_an_update_that_is_not_as_it_should_be_holds_up_nobody(
    tmp_path: Path, by: By
) -> None:
    async with phones(tmp_path, by) as one:
        for kind in ("message", "callback_query", "my_chat_member", "edited_message"):
            for body in ODD:
                one.telegram.malformed(body, kind)
        await one.telegram.starts(CAL, SITE)
        await one.shown()
        await _heard_once(one)
        assert one.channel.health().sound
        assert not one.telegram.updates.waiting


async def test_a_second_poller_is_named_and_nothing_is_lost_by_it(tmp_path: Path) -> None:
    async with phones(tmp_path) as one, library(one.telegram) as other:
        await one.advance()
        assert one.channel.health().sound
        await other.get_updates(timeout=0)
        await one.rest()
        health = one.channel.health()
        assert not health.sound
        assert "Somebody else fetches" in health.detail
        await one.telegram.starts(CAL, SITE)
        await one.advance(2 * MINUTE)
        await _heard_once(one)
        assert one.channel.health().sound


async def test_answers_that_nobody_can_read_are_asked_for_again(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        for how in ({"garbage": True}, {"half": True}, {"status": 200, "body": "[]"}):
            for method in ("getUpdates", "sendMessage", "answerCallbackQuery", "editMessageText"):
                one.telegram.fails(method, **how)
        await one.telegram.starts(CAL, SITE)
        await one.advance(2 * MINUTE)
        await one.shown()
        await _heard_once(one)
        assert "is anyone in danger" in one.said(CAL)


# --- people ------------------------------------------------------------------------------------


async def test_who_blocks_us_holds_up_nobody_and_may_come_back(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story, telegram = Story(one), one.telegram
        await story.reported()
        await telegram.blocks(CAL)
        await story.taken()
        assert "An agent has taken it" not in one.said(CAL)
        await story.worked_on()
        assert await one.pauses() == []
        assert one.channel.health().sound
        await telegram.unblocks(CAL)
        await one.says(CAL, "I am back")
        assert "I am back" in one.said(FORUM)
        await one.advance()
        assert "We are working on it" in one.said(CAL)


async def test_an_admin_who_hides_is_told_so_and_changes_nothing(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story, telegram = await begun(one), one.telegram
        await telegram.promotes(DOT, FORUM, anonymous=True)
        await telegram.commands(DOT, FORUM, "/list", to="me")
        await one.shown()
        assert "anonym" in one.said(FORUM).lower()
        before = await one.desk.store.events(story.now.stream, 0, 500)
        await one.says(DOT, "Close it", FORUM, thread=story.card.thread, reply_to=story.card)
        assert await one.desk.store.events(story.now.stream, 0, 500) == before


async def test_a_tap_that_comes_late_is_taken_and_told_where_they_see_it(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story = await begun(one)
        await one.telegram.taps(ANN, story.card, "Take", age=10 * MINUTE)
        await one.telegram.taps(
            BO, story.task, "I am there in 15 minutes", age=MINUTE, inaccessible=True
        )
        await one.shown()
        await story.look()
        assert story.now.owner
        assert len(story.now.tasks[0].places) == 1
        assert one.channel.health().sound


async def test_a_tap_on_what_is_over_is_answered_and_changes_nothing(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story = await begun(one)
        old = one.telegram.as_seen(story.task)
        await one.taps(BO, story.task, "I am there in 15 minutes")
        tap = await one.taps(BO, old, "I am there in 30 minutes")
        assert tap.toast
        assert len((await story.look()).tasks[0].places) == 1
        for data in ("", "m" + "x" * 24, "g" * 64, "п" * 30):
            forged = one.telegram.forges(BO, story.task, data)
            await one.shown()
            assert forged.toast or not data, data


# --- too much, too large, too fast -------------------------------------------------------------


async def test_a_paste_of_ten_thousand_signs_is_kept_whole(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story = Story(one)
        await story.reported()
        words = " ".join(f"word{number}" for number in range(1_250))
        assert len(words) > 10_000
        await one.telegram.says(CAL, CAL, words)
        await one.shown()
        topic = one.said(FORUM)
        for number in (0, 400, 800, 1_249):
            assert f"word{number}" in topic
        await one.says(ANN, words, FORUM, thread=story.card.thread)
        log = [each.row.tag for each in await one.desk.store.events(story.now.stream, 0, 500)]
        assert log.count("incident_note_written") >= 1
        assert one.channel.health().sound


async def test_ten_photos_at_once_are_ten_files_and_one_answer(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story = Story(one)
        while not one.telegram.world.chats.get(CAL) or await story_asks(story) != "photo":
            await story.further()
        before = len(one.telegram.ours(CAL))
        await story.photos(10)
        report = await one.report()
        assert len(report.files) == 10
        assert len(one.telegram.ours(CAL)) - before <= 3
        assert story.question(report) == "contact"


async def test_a_file_that_is_too_large_is_said_so_and_the_rest_goes_on(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story, telegram = Story(one), one.telegram
        await story.reported()
        await telegram.sends(CAL, CAL, "document", 25_000_000, name="film.pdf")
        await one.shown()
        assert "too large" in one.said(CAL)
        await one.says(CAL, "Did you get it?")
        assert "Did you get it?" in one.said(FORUM)


WAITS: tuple[tuple[object, int, str], ...] = (
    (0, ANN, "Acknowledge"),
    (-1, ANN, "Take"),
    (3_600, BO, "I am there in 15 minutes"),
    ("soon", BO, "On the way"),
    (None, BO, "On site"),
)
"""For how long Telegram wants to be left in peace, after whose press."""


async def test_however_telegram_asks_to_wait_the_card_ends_right(tmp_path: Path) -> None:
    async with phones(tmp_path, "webhook") as one:
        story = await begun(one)
        for wait, user, label in WAITS:
            told: dict[str, object] = {} if wait is None else {"parameters": {"retry_after": wait}}
            body = {"ok": False, "error_code": 429, "description": "Too Many Requests", **told}
            fault = one.telegram.fails("editMessageText", status=429, body=json.dumps(body))
            await one.taps(user, story.card if user == ANN else story.task, label)
            assert fault.hits == 1, wait
            assert await one.pauses() == [], wait
        assert "Ann Reed" in story.card.text
        assert "Bo Lind, on site" in story.task.text


async def test_what_looks_so_already_is_no_trouble(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story = await begun(one)
        one.telegram.fails("editMessageText", lose=True)
        await one.taps(ANN, story.card, "Take")
        await one.advance()
        await one.shown()
        same = [call for call in one.telegram.calls if "not modified" in call.error]
        assert same
        assert "Ann Reed" in story.card.text
        assert one.channel.health().sound
        assert await one.pauses() == []


# --- answers that do not fit -------------------------------------------------------------------

FITTING = {
    "safety": "words",
    "power.hazards": "words",
    "power.fuse": "sticker",
    "power.since": "words",
    "where": "sticker",
    "how_many": "document",
    "photo": "words",
    "contact": "location",
}


async def test_an_answer_of_another_kind_gets_a_sentence_and_the_question_stays(
    tmp_path: Path,
) -> None:
    async with phones(tmp_path) as one:
        story, met = Story(one), set[str]()
        await story.further()
        while key := await story_asks(story):
            if key in FITTING:
                met.add(key)
                before = {each.id for each in one.telegram.ours(CAL)}
                await _sends(one, FITTING[key])
                told = [each for each in one.telegram.ours(CAL) if each.id not in before]
                assert told, key
                assert await story_asks(story) == key
            while await story_asks(story) == key:
                await story.further()
        assert met == {*FITTING}


async def _sends(one: Phones, what: str) -> None:
    telegram = one.telegram
    if what == "location":
        await telegram.location(CAL, CAL)
    elif what == "document":
        await telegram.sends(CAL, CAL, "document", b"%PDF-1.4 a")
    elif what == "sticker":
        await telegram.odd(CAL, CAL)
    else:
        await telegram.says(CAL, CAL, "Well...")
    await one.shown()


async def story_asks(story: Story) -> str:
    """The key of the question that is open."""
    rows = await story.line.desk.store.select("reports", limit=1)
    return story.question(await story.line.report()) if rows else "nothing yet"
