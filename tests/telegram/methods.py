"""The methods that send, edit and delete messages, and answer presses."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from telegram.constants import CallbackQueryLimit, ChatAction, MessageLimit

from bot.core.ids import Millis
from tests.telegram import gate, keyboards, shapes, texts
from tests.telegram.ask import Ask, method
from tests.telegram.state import BOT, ApiError, Chat, Message

Json = dict[str, Any]
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
TAP: Millis = 15_000
TWO_DAYS: Millis = 48 * 3_600_000
PREVIEW = (
    "is_disabled",
    "url",
    "prefer_small_media",
    "prefer_large_media",
    "show_above_text",
)
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


def words(ask: Ask, key: str = "text") -> Json:
    """The text, or the caption, of a message that is sent."""
    text = ask.text(key)
    if ask.text("parse_mode"):
        violation = f"parse_mode {ask.text('parse_mode')}: entities only"
        ask.world.violations.append(violation)
        raise ApiError(f"can't parse entities: {violation}")
    marks = "entities" if key == "text" else "caption_entities"
    most = MessageLimit.MAX_TEXT_LENGTH if key == "text" else MessageLimit.CAPTION_LENGTH
    what = "message" if key == "text" else "message caption"
    if key == "text" and not text:
        raise ApiError("message text is empty")
    if key == "text" and texts.blank(text):
        raise ApiError("text must be non-empty")
    given = ask.many(marks)
    if len(given) > MessageLimit.MESSAGE_ENTITIES:
        ask.world.violations.append(f"{len(given)} entities: only 100 are shown")
    clean, entities = texts.formatted(text, given, int(most), what, ask.world.users)
    if not clean:
        return {}
    return {key: clean} | ({marks: entities} if entities else {})


def preview(ask: Ask) -> Json:
    """What was said of the preview of a link."""
    given = ask.thing("link_preview_options")
    if given is None:
        return {}
    for key, value in given.items():
        if key not in PREVIEW or (key != "url" and not isinstance(value, bool)):
            raise ApiError(f'field "{key}" must be of type Boolean')
    if given.get("url") and texts.url_fault(str(given["url"])):
        raise ApiError("WEBPAGE_URL_INVALID")
    return {"link_preview_options": given}


def place(ask: Ask) -> tuple[Chat, Json]:
    """The chat where something is sent, and how it hangs there."""
    chat = ask.chat()
    gate.may_speak(ask.world, chat)
    thread = gate.thread(chat, ask.number("message_thread_id"))
    reply = ask.thing("reply_parameters")
    if reply is None:
        return chat, {"thread": thread}
    if "message_id" not in reply:
        raise ApiError('can\'t find field "message_id"')
    target = chat.messages.get(int(reply["message_id"]))
    known = target is not None and not target.gone
    if not known and not reply.get("allow_sending_without_reply"):
        raise ApiError("message to be replied not found")
    if target is None or not known:
        return chat, {"thread": thread}
    return chat, {"thread": thread or target.thread, "reply": target.id}


def markup(ask: Ask, chat: Chat) -> Json:
    """The keyboard that goes with a message."""
    given = ask.thing("reply_markup")
    if given is None or "inline_keyboard" in given:
        return {"markup": keyboards.inline(given)}
    shown = keyboards.reply(given, chat.kind == "private")
    if shown is not None or "remove_keyboard" in given:
        chat.keyboard = shown
    return {"extra": {}}


def sent(ask: Ask, body: Json) -> Message:
    """One message, as the methods that send one do it."""
    chat, how = place(ask)
    more = markup(ask, chat)
    by = 0 if chat.kind == "channel" else BOT
    return ask.world.add(chat, by or BOT, body, **how, **more)


@method("sendMessage", paced=True)
def send_message(ask: Ask) -> Json:
    """A text."""
    body = words(ask) | preview(ask)
    return shapes.message(ask.world, sent(ask, body))


@method("sendLocation", paced=True)
def send_location(ask: Ask) -> Json:
    """A spot on the map."""
    latitude, longitude = ask.decimal("latitude"), ask.decimal("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ApiError("bad coordinates")
    spot = {"latitude": latitude, "longitude": longitude}
    return shapes.message(ask.world, sent(ask, {"location": spot}))


@method("sendChatAction")
def send_chat_action(ask: Ask) -> bool:
    """Somebody is writing."""
    chat = ask.chat()
    gate.may_speak(ask.world, chat)
    if ask.text("action") not in tuple(ChatAction):
        raise ApiError("wrong parameter action in request")
    return True


# --- what stands already ---


def _edited(ask: Ask, chat: Chat, message: Message, body: Json) -> Json:
    given = ask.thing("reply_markup")
    if given is not None and "inline_keyboard" not in given:
        raise ApiError("inline keyboard expected")
    new = keyboards.inline(given)
    if new == message.markup and _seen(body) == _seen(message.body):
        raise ApiError(SAME)
    message.body, message.markup = body, new
    message.edited = ask.world.seconds()
    ask.world.stirred.set()
    return shapes.message(ask.world, message)


def _seen(body: Json) -> Json:
    """What can be seen of it: how a link is shown does not count where there is none."""
    marks = texts.marked(str(body.get("text", "")), body.get("entities", []))
    linked = any(one["type"] in ("url", "text_link") for one in marks)
    return {key: one for key, one in body.items() if linked or key != "link_preview_options"}


def _own(ask: Ask) -> tuple[Chat, Message]:
    chat = ask.chat()
    gate.may_speak(ask.world, chat)
    return chat, gate.own(chat, ask.number("message_id"))


@method("editMessageText", paced=True)
def edit_text(ask: Ask) -> Json:
    """Other words, and other buttons: without any, those that were there go."""
    chat, message = _own(ask)
    body = words(ask) | preview(ask)
    if "text" not in message.body:
        raise ApiError("there is no text in the message to edit")
    return _edited(ask, chat, message, body)


@method("editMessageCaption", paced=True)
def edit_caption(ask: Ask) -> Json:
    """Other words beneath a file."""
    chat, message = _own(ask)
    if "text" in message.body:
        raise ApiError("there is no caption in the message to edit")
    keep = ("caption", "caption_entities")
    body = {key: value for key, value in message.body.items() if key not in keep}
    return _edited(ask, chat, message, body | words(ask, "caption"))


@method("editMessageReplyMarkup", paced=True)
def edit_markup(ask: Ask) -> Json:
    """Other buttons."""
    chat, message = _own(ask)
    return _edited(ask, chat, message, message.body)


def _deletable(ask: Ask, chat: Chat, message: Message) -> bool:
    if "forum_topic_created" in message.body:
        return False
    young = ask.world.clock.now() - message.at < TWO_DAYS
    if message.ours:
        return young
    if chat.kind == "private":
        return young
    return chat.may(BOT, "can_delete_messages")


@method("deleteMessage")
def delete_message(ask: Ask) -> bool:
    """One message goes."""
    chat = ask.chat()
    gate.may_speak(ask.world, chat)
    found = chat.messages.get(ask.number("message_id"))
    if found is None or found.gone:
        raise ApiError("message to delete not found")
    if not _deletable(ask, chat, found):
        raise ApiError("message can't be deleted")
    found.gone = True
    ask.world.stirred.set()
    return True


@method("deleteMessages")
def delete_messages(ask: Ask) -> bool:
    """Several go; what is not there is passed over."""
    chat = ask.chat()
    gate.may_speak(ask.world, chat)
    numbers = ask.many("message_ids")
    if not 1 <= len(numbers) <= 100:
        raise ApiError("too many messages to delete")
    for number in numbers:
        found = chat.messages.get(number)
        if found is not None and _deletable(ask, chat, found):
            found.gone = True
    ask.world.stirred.set()
    return True


# --- presses ---


@method("answerCallbackQuery")
def answer(ask: Ask) -> bool:
    """What the one who pressed is shown."""
    tap = ask.world.taps.get(ask.text("callback_query_id"))
    now = ask.world.clock.now()
    if tap is None or now - tap.at > TAP:
        raise ApiError(TOO_OLD)
    text = ask.text("text")
    if texts.units(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
        raise ApiError("MESSAGE_TOO_LONG")
    url = ask.text("url")
    if url and not opens_us(url, ask.world.me.username):
        raise ApiError("URL_INVALID")
    if not tap.answered.is_set():
        tap.toast, tap.alert, tap.url = text, ask.flag("show_alert"), url
        tap.took = now - tap.at
        tap.answered.set()
    ask.world.stirred.set()
    return True


def opens_us(url: str, username: str) -> bool:
    """A link that opens the private chat with the bot."""
    return bool(payload(url, username))


def payload(url: str, username: str) -> str:
    """What such a link says, "" when it is none."""
    parts = urlsplit(url)
    if parts.scheme == "tg":
        asked = parse_qs(parts.query)
        ours = parts.netloc == "resolve" and asked.get("domain") == [username]
        return (asked.get("start") or [""])[0] if ours else ""
    if parts.scheme not in ("http", "https") or parts.netloc not in ("t.me", "telegram.me"):
        return ""
    if parts.path.strip("/").lower() != username.lower():
        return ""
    said = (parse_qs(parts.query).get("start") or [""])[0]
    good = said.replace("-", "").replace("_", "")
    fits = len(said) <= MessageLimit.DEEP_LINK_LENGTH and (good.isascii() and good.isalnum())
    return said if fits else ""
