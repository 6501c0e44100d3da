"""How Telegram counts and cleans texts, and what it makes of bare words."""

import pytest
from telegram import Bot, MessageEntity

from tests.telegram.conftest import ANA
from tests.telegram.fake import FakeTelegram
from tests.telegram.texts import blank, commands, detected, formatted, marked, part, units


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("go to http://x.example/a?b=1.", "url", "http://x.example/a?b=1"),
        ("go to evil.com/pay now", "url", "evil.com/pay"),
        ("мой сайт ya.ru", "url", "ya.ru"),
        ("at 10.0.0.1:8080/x", "url", "10.0.0.1:8080/x"),
        ("tg://resolve?domain=x", "url", "tg://resolve?domain=x"),
        ("write to ana@x.example", "email", "ana@x.example"),
        ("ask @bolind", "mention", "@bolind"),
        ("press /stop now", "bot_command", "/stop"),
        ("/start@other_bot x", "bot_command", "/start@other_bot"),
        ("it is #fire", "hashtag", "#fire"),
        ("buy $MSTR", "cashtag", "$MSTR"),
        ("call +34 600 111 222", "phone_number", "+34 600 111 222"),
    ],
)
def test_bare_words_come_alive(text: str, kind: str, found: str) -> None:
    assert [(one.kind, one.text) for one in detected(text, [])] == [(kind, found)]


@pytest.mark.parametrize(
    "text",
    [
        "and/or",
        "a/b",
        "N-42",
        "1/2",
        "C# and #1",
        "3.5 m",
        "50 €",
        "a@b",
        "at 12:30",
        "</b>",
        "e.g.",
    ],
)
def test_other_words_do_not(text: str) -> None:
    assert detected(text, []) == []


def test_nothing_comes_alive_in_code_or_in_a_link_that_was_given() -> None:
    text = "/stop @bolind evil.com"
    for kind in ("code", "pre", "text_link", "text_mention"):
        assert detected(text, [{"type": kind, "offset": 0, "length": 22}]) == []
    bold = {"type": "bold", "offset": 0, "length": 22}
    assert len(detected(text, [bold])) == 3
    assert marked(text, [bold])[0] == bold


async def test_a_test_can_ask_what_is_alive_in_a_message(fake: FakeTelegram, bot: Bot) -> None:
    text = "\U0001f6a8 They wrote: see evil.com"
    await bot.send_message(ANA, text)
    (link,) = fake.alive(fake.last(ANA))
    assert (link.kind, link.text, link.offset) == ("url", "evil.com", 19)
    code = MessageEntity("code", 15, units(text) - 15)
    await bot.edit_message_text(text, ANA, fake.last(ANA).id, entities=[code])
    assert fake.alive(fake.last(ANA)) == []


def test_commands_and_for_whom_they_are_meant() -> None:
    assert list(commands("/a b /c@Other_bot")) == [("a", ""), ("c", "Other_bot")]


def test_length_is_in_units_of_utf_16() -> None:
    assert (units("aé"), units("\U0001f6a8")) == (2, 2)
    assert part("\U0001f6a8abc", 2, 2) == "ab"


def test_what_cannot_be_seen_is_blank() -> None:
    assert blank(" \n\u200b\ufeff\u3164 ")
    assert not blank("\u200bx")


def test_signs_that_telegram_takes_away_move_the_entities() -> None:
    bold = {"type": "bold", "offset": 3, "length": 2}
    assert formatted("\n\ra\tb\u202ec ", [bold], 10, "message") == (
        "a bc",
        [{"type": "bold", "offset": 1, "length": 2}],
    )
    gone = {"type": "bold", "offset": 1, "length": 1}
    assert formatted("a ", [gone], 10, "message") == ("a", [])
