"""What Telegram refuses, in the closed set of faults that the house knows, with what to do.

Telegram says no in sentences. A sentence of ours is kept for operators: it names no person, no chat
and no word of anybody, and never the bot's token.
"""

from collections.abc import Callable
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.adapters.telegram.payloads import is_group
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

Make = Callable[[], SendFault]
DETAIL_MOST = 160
MAKING = frozenset({"sendMessage", "sendPhoto", "sendDocument", "createForumTopic"})
"""Calls that make something; made twice, there are two of it."""


class Trouble(NetworkError):
    """The network, or an answer that says neither yes nor no.

    `sure`: nothing was asked for. `elsewhere`: the answer sends us on to another address.
    """

    def __init__(self, what: str, sure: bool = False, elsewhere: bool = False) -> None:
        super().__init__(what)
        self.sure = sure
        self.elsewhere = elsewhere


class Waits(NetworkError):
    """Asked to wait, `after` so many seconds as it named, None where it named none."""

    def __init__(self, after: object) -> None:
        super().__init__("asked to wait")
        self.after = after


class Unchanged(SendFault):
    """The message looks like that already."""


class NoText(SendFault):
    """The message to edit is a file; it has a caption and no text."""


class TopicShut(TopicGone):
    """The topic is there, and closed."""


class TooLate(Unsendable):
    """The press was too long ago to be answered."""


def _gone() -> SendFault:
    return MessageGone("The message is not there any more, or may not be changed any more.")


def _no_topic() -> SendFault:
    return TopicGone("The topic is not there any more.")


def _settings(detail: str, whole: bool = False) -> Make:
    return lambda: Misconfigured(detail, whole)


def _refused(detail: str) -> Make:
    return lambda: Unsendable(detail, final=True)


_BLOCKED = (
    "Telegram takes no message for them: they blocked the bot, never started it, or are gone."
)
_OUTSIDE = "The bot is not in this group any more. Add it there again."
_UNKNOWN = (
    "Telegram knows no such group, or the bot is not in it. Look at the number of the place in the "
    "settings, and add the bot to the group."
)
_RIGHTS = "The bot lacks a right in this group. Make it an administrator there."
_BUILT = "Telegram refuses how this message is built. This is a fault of Muster; please report it."
_LONG = "The message is longer than Telegram takes. This is a fault of Muster; please report it."
_BIG = "The file is larger than Telegram carries for bots."
_ODD = "Telegram does not take this file, or has it no more."
_SIGNED_OUT = (
    "Telegram refuses the bot token. Set TELEGRAM_BOT_TOKEN to the token that @BotFather gives; if "
    "it is right, look at TELEGRAM_API_URL."
)
_TWO = (
    "Somebody else fetches this bot's updates, or a webhook is set. Run one Muster with this token "
    "only, and no other program."
)
_ELSEWHERE = "Telegram's API sends us on to another address. Is TELEGRAM_API_URL right?"
_READ = "Telegram's answer could not be read; is TELEGRAM_API_URL right?"
_DOWN = "Telegram cannot be reached. It is tried again."
_LOST = "The connection to Telegram broke before the answer."

SAID: tuple[tuple[tuple[str, ...], Make], ...] = (
    (("message is not modified",), lambda: Unchanged("The message looks like that already.")),
    (("there is no text in the message to edit",), lambda: NoText("The message is a file.")),
    (
        (
            "message to edit not found",
            "message can't be edited",
            "message to delete not found",
            "message can't be deleted",
            "message identifier is not specified",
            "message to be replied not found",
            "message to reply not found",
            "replied message not found",
            "message_id_invalid",
        ),
        _gone,
    ),
    (("topic_closed",), lambda: TopicShut("The topic is closed.")),
    (
        (
            "message thread not found",
            "topic_deleted",
            "topic_id_invalid",
            "the chat is not a forum",
            "channel_forum_missing",
        ),
        _no_topic,
    ),
    (("topic_not_modified",), lambda: Unchanged("The topic is like that already.")),
    (
        ("query is too old", "query id is invalid", "query_id_invalid"),
        lambda: TooLate("The press was too long ago to be answered.", final=True),
    ),
    (("file is too big", "request entity too large", "too large for"), _refused(_BIG)),
    (("message is too long", "message_too_long", "caption is too long"), _refused(_LONG)),
    (
        (
            "can't parse",
            "button_data_invalid",
            "button_url_invalid",
            "button url",
            "button_type_invalid",
            "wrong http url",
            "entity",
            "reply markup",
            "must be non-empty",
            "message text is empty",
        ),
        _refused(_BUILT),
    ),
    (
        (
            "photo_invalid",
            "photo_ext",
            "image_process_failed",
            "photo_save_file",
            "wrong file",
            "invalid file",
            "wrong remote file",
            "file_id",
            "file_reference",
            "file must be non-empty",
            "wrong type of the web page",
            "temporarily unavailable",
        ),
        _refused(_ODD),
    ),
    (
        (
            "not enough rights",
            "have no rights",
            "need administrator rights",
            "chat_admin_required",
            "chat_write_forbidden",
            "chat_restricted",
            "chat_send_",
            "member list is inaccessible",
        ),
        _settings(_RIGHTS),
    ),
    (("bot was kicked", "not a member", "chat was deactivated"), _settings(_OUTSIDE)),
    (("was upgraded to a supergroup",), _settings(_UNKNOWN)),
    (
        (
            "bot was blocked",
            "user is deactivated",
            "can't initiate",
            "can't send messages to",
            "user_is_blocked",
            "input_user_deactivated",
            "user not found",
            "member not found",
            "user_id_invalid",
            "invalid user_id",
            "participant_id_invalid",
        ),
        lambda: Blocked(_BLOCKED),
    ),
)
"""What Telegram says, in small letters, and what it means; the first that fits."""
UNKNOWN = ("chat not found", "peer_id_invalid", "chat_id is empty", "chat_id_invalid")


def fault_of(error: TelegramError, method: str = "", address: str = "") -> SendFault:
    """What an error of a call of `method` about the chat `address` means."""
    found: SendFault
    match error:
        case RetryAfter():
            after = error.retry_after
            seconds = after.total_seconds() if isinstance(after, timedelta) else after
            found = RateLimited(seconds, whole=not address)
        case Waits():
            found = RateLimited(error.after, whole=not address)
        case ChatMigrated():
            found = PlaceMoved(str(error.new_chat_id))
        case InvalidToken() | EndPointNotFound():
            found = Misconfigured(_SIGNED_OUT, whole=True)
        case Conflict():
            found = Misconfigured(_TWO, whole=True)
        case BadRequest() | Forbidden():
            found = _said(error, address)
        case Trouble():
            found = _trouble(error, method)
        case _:
            found = lost(method, _LOST if isinstance(error, NetworkError) else _READ)
    return found


def garbled(method: str) -> SendFault:
    """An answer that nobody can read."""
    return lost(method, _READ)


def lost(method: str, what: str) -> SendFault:
    """Nobody knows whether it was done."""
    return AnswerLost(what) if method in MAKING else Outage(what, whole=True, sure=False)


def _trouble(error: Trouble, method: str) -> SendFault:
    if error.elsewhere:
        return Misconfigured(_ELSEWHERE, whole=True)
    if error.sure:
        return Outage(_DOWN, whole=True, sure=True)
    return lost(method, error.message)


def _said(error: TelegramError, address: str) -> SendFault:
    """By the words of a refusal."""
    words = error.message.lower()
    for known, make in SAID:
        if any(one in words for one in known):
            return make()
    if isinstance(error, Forbidden) or any(one in words for one in UNKNOWN):
        group = Misconfigured(_UNKNOWN if isinstance(error, BadRequest) else _OUTSIDE)
        return group if is_group(address) else Blocked(_BLOCKED)
    return Unsendable(f"Telegram refused this: {_plain(words)}.")


def _plain(words: str) -> str:
    """Words of Telegram's with nothing in them that it would not say: no number and no name."""
    # What looks like an address may be ours, and the token is a part of it.
    bare = (one for one in words.removeprefix("bad request:").split() if "/" not in one)
    said = " ".join(bare)
    return "".join(x for x in said if x.isascii() and (x.isalpha() or x in "_ ,'-"))[:DETAIL_MOST]
