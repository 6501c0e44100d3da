"""Every "no" of Telegram's has its fault and a sentence to act on; the token is in none of them."""

import io
import logging
import traceback
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.faults import (
    MAKING,
    SAID,
    NoText,
    TooLate,
    TopicShut,
    Trouble,
    Unchanged,
    Waits,
    fault_of,
)
from bot.engine.ports import (
    AnswerLost,
    Blocked,
    MessageGone,
    Misconfigured,
    Outage,
    PlaceMoved,
    RateLimited,
    SendFault,
    TopicGone,
    Unsendable,
)
from tests.clock import VirtualClock
from tests.telegram.fake import FakeTelegram
from tests.telegram.faults import Fault

POST = "sendMessage"
ANA, TEAM = "11", "-1001"
NO = "Bad Request: "


def told(words: str, address: str = TEAM) -> SendFault:
    kind = Forbidden if words.startswith("Forbidden") else BadRequest
    return fault_of(kind(words), POST, address)


@pytest.mark.parametrize("known", [one for several, _ in SAID for one in several])
def test_every_known_word_is_told_in_a_whole_sentence(known: str) -> None:
    fault = told(f"{NO}{known.upper()}")
    assert str(fault).endswith(".")
    assert type(fault) is not Unsendable or fault.final


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (f"{NO}message is not modified: specified new message content and ...", Unchanged),
        (f"{NO}there is no text in the message to edit", NoText),
        (f"{NO}message to edit not found", MessageGone),
        (f"{NO}message can't be edited", MessageGone),
        (f"{NO}message can't be deleted for everyone", MessageGone),
        (f"{NO}message to be replied not found", MessageGone),
        (f"{NO}message thread not found", TopicGone),
        (f"{NO}TOPIC_DELETED", TopicGone),
        (f"{NO}TOPIC_CLOSED", TopicShut),
        (f"{NO}query is too old and response timeout expired or query ID is invalid", TooLate),
        (f"{NO}message is too long", Unsendable),
        (f"{NO}can't parse entities: Can't find end of the entity", Unsendable),
        (f"{NO}BUTTON_DATA_INVALID", Unsendable),
        ("Request Entity Too Large", Unsendable),
        (f"{NO}not enough rights to send text messages to the chat", Misconfigured),
        (f"{NO}not enough rights to create a topic", Misconfigured),
        (f"{NO}CHAT_WRITE_FORBIDDEN", Misconfigured),
        (f"{NO}PHOTO_INVALID_DIMENSIONS", Unsendable),
        ("Forbidden: bot was kicked from the supergroup chat", Misconfigured),
        ("Forbidden: bot is not a member of the channel chat", Misconfigured),
        ("Forbidden: the group chat was deleted", Misconfigured),
        ("Forbidden: bot was blocked by the user", Blocked),
        ("Forbidden: user is deactivated", Blocked),
        ("Forbidden: bot can't initiate conversation with a user", Blocked),
        ("Forbidden: bot can't send messages to bots", Blocked),
    ],
)
def test_what_telegram_says_is_known_by_its_words(words: str, kind: type[SendFault]) -> None:
    assert type(told(words)) is kind


def test_where_no_chat_is_it_is_a_person_gone_or_a_group_not_set_up() -> None:
    for words in (f"{NO}chat not found", f"{NO}PEER_ID_INVALID", "Forbidden: something new"):
        assert isinstance(told(words, ANA), Blocked)
        fault = told(words, TEAM)
        assert isinstance(fault, Misconfigured)
        assert not fault.whole


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Waits("soon"), RateLimited),
        (ChatMigrated(-1001234), PlaceMoved),
        (InvalidToken(), Misconfigured),
        (EndPointNotFound("x"), Misconfigured),
        (Conflict("terminated by other getUpdates request"), Misconfigured),
        (Trouble("x", elsewhere=True), Misconfigured),
        (Trouble("x", sure=True), Outage),
        (Trouble("It broke."), AnswerLost),
        (TimedOut(), AnswerLost),
        (NetworkError("httpx.ReadError: x"), AnswerLost),
        (TelegramError("Invalid server response"), AnswerLost),
        (PassportDecryptionError("x"), AnswerLost),
    ],
)
def test_every_kind_of_error_has_its_fault(error: TelegramError, kind: type[SendFault]) -> None:
    assert type(fault_of(error, POST, TEAM)) is kind
    again = fault_of(error, "editMessageText", TEAM)
    assert not isinstance(again, AnswerLost)
    if kind is AnswerLost:
        assert isinstance(again, Outage)
        assert not again.sure
    assert str(again).endswith((".", "?"))
    assert "sendPhoto" in MAKING


def test_the_wait_is_what_was_named_and_everybodys_where_no_chat_was_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    for error, after in ((RetryAfter(30), 30), (Waits("x"), "x"), (Waits(None), None)):
        one, whole = fault_of(error, POST, TEAM), fault_of(error, "getMe")
        assert isinstance(one, RateLimited)
        assert isinstance(whole, RateLimited)
        assert (one.retry_after, one.whole, whole.whole) == (after, False, True)
    moved = fault_of(ChatMigrated(-1001234), POST, TEAM)
    assert isinstance(moved, PlaceMoved)
    assert moved.address == "-1001234"


@pytest.mark.parametrize("words", ["<b>Ana</b> 12345", "a\nb", "x" * 9_000, "@ana_ruiz -1001234"])
def test_unknown_words_are_kept_without_anything_that_they_should_not_hold(words: str) -> None:
    fault = told(NO + words)
    assert isinstance(fault, Unsendable)
    assert not fault.final
    assert len(str(fault)) < 300
    assert not set("<>@\n0123456789") & set(str(fault))


# --- the token -----------------------------------------------------------------------------------


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that is logged by anybody, at the lowest level."""
    root, found = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(found), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield found
    root.removeHandler(handler)
    root.setLevel(level)


def everything(fault: BaseException) -> str:
    """All that hangs on an exception."""
    found = ["".join(traceback.format_exception(fault)), repr(fault), str(fault.args)]
    behind = fault.__cause__ or fault.__context__
    while behind:
        found.append(f"{behind!r} {vars(behind)}")
        behind = behind.__cause__ or behind.__context__
    return "\n".join(found)


HOW: tuple[dict[str, Any], ...] = (
    {"status": 401, "error": "Unauthorized"},
    {"status": 404, "error": "Not Found"},
    {"status": 404, "body": "<html>Not Found</html>"},
    {"status": 409, "error": "Conflict: terminated by other getUpdates request"},
    {"status": 429},
    {"status": 500},
    {"status": 502, "body": "<html>"},
    {"status": 413, "body": "<html>"},
    {"status": 301, "headers": {"Location": "http://127.0.0.1:9/bot"}},
    {"retry_after": 5},
    {"lose": True},
    {"drop": True},
    {"garbage": True},
    {"half": True},
    {"body": "[]"},
    {"body": "{}"},
    {"body": '{"ok": true, "result": 7}'},
    {"body": '{"ok": true, "result": {"message_id": "x"}}'},
    {"status": 400, "body": '{"ok": false, "parameters": 7, "description": 7}'},
    {"status": 400, "body": "[]"},
)


@pytest.mark.parametrize("how", HOW, ids=range(len(HOW)))
async def test_whatever_goes_wrong_is_a_fault_and_tells_nobody_the_token(
    how: dict[str, Any], logged: io.StringIO
) -> None:
    async with FakeTelegram(VirtualClock(), pace=False) as telegram:
        telegram.user(int(ANA), "Ana", started=True)
        api = TelegramApi(telegram.token, telegram.api_url, patience=5)
        telegram.server.faults.append(Fault("*", times=None, **how))
        calls = (
            ("sendMessage", api.bot.send_message(int(ANA), "x"), ANA),
            ("getMe", api.bot.get_me(), ""),
            ("getUpdates", api.bot.get_updates(timeout=0), ""),
        )
        told: list[str] = [repr(api), str(api.bot), repr(api.bot)]
        for method, calling, address in calls:
            with pytest.raises(SendFault) as caught:
                await api.call(method, calling, address)
            told.append(everything(caught.value))
        with suppress(SendFault):
            await api.raw("someNewMethod", {"x": 1})
        with pytest.raises(SendFault) as caught:
            await api.file("any", 10)
        told.append(everything(caught.value))
        await api.close()
        with pytest.raises(SendFault) as caught:
            await api.get_me()
        secret = telegram.token.partition(":")[2]
        assert secret not in "\n".join([*told, logged.getvalue()])


async def test_a_server_that_is_not_there_tells_nobody_the_token(logged: io.StringIO) -> None:
    api = TelegramApi("123:SECRET", "http://127.0.0.1:9")
    with pytest.raises(Outage) as caught:
        await api.get_me()
    assert caught.value.sure
    assert "SECRET" not in everything(caught.value) + logged.getvalue()
    await api.close()
