"""The methods about the bot itself, chats, members, topics, and the list of commands."""

import json
import re
from typing import Any

from telegram.constants import BotCommandLimit, BotDescriptionLimit, ForumTopicLimit

from tests.telegram import gate, shapes
from tests.telegram.ask import Ask, method
from tests.telegram.state import ADMINS, BOT, ApiError, Chat, Topic

Json = dict[str, Any]
NAME = re.compile(r"[a-z0-9_]{1,32}")
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
COLOUR = 7_322_096


@method("getMe")
def get_me(ask: Ask) -> Json:
    """The bot itself."""
    return shapes.myself(ask.world)


@method("logOut")
def log_out(ask: Ask) -> bool:
    """The bot goes to another server."""
    ask.world.me.closed = True
    return True


@method("close")
def close(ask: Ask) -> bool:
    """The server lets go of the bot."""
    ask.updates.stir()
    return True


# --- chats ---


@method("getChat")
def get_chat(ask: Ask) -> Json:
    """All about one chat."""
    chat = _seen(ask)
    return shapes.full_chat(ask.world, chat)


def _seen(ask: Ask) -> Chat:
    chat = ask.chat()
    gate.sees(ask.world, chat)
    return chat


@method("getChatMember")
def get_member(ask: Ask) -> Json:
    """What one person is in a chat."""
    chat, who = _seen(ask), ask.number("user_id")
    if who not in ask.world.users and who not in chat.members:
        raise ApiError("invalid user_id specified")
    return shapes.member(ask.world, chat, who)


@method("getChatAdministrators")
def get_admins(ask: Ask) -> list[Json]:
    """The admins, but no other bots; those who hide are told to admins only."""
    chat = _seen(ask)
    if chat.kind == "private":
        raise ApiError("there are no administrators in the private chat")
    trusted = chat.status(BOT) in ADMINS
    admins = [
        who
        for who, one in chat.members.items()
        if one.status in ADMINS and (trusted or not one.anonymous) and not _other_bot(ask, who)
    ]
    return [shapes.member(ask.world, chat, who) for who in admins]


def _other_bot(ask: Ask, who: int) -> bool:
    user = ask.world.users.get(who)
    return user is not None and user.is_bot


@method("getChatMemberCount")
def get_member_count(ask: Ask) -> int:
    """How many are in it."""
    chat = _seen(ask)
    return sum(one.status not in ("left", "kicked") for one in chat.members.values())


@method("leaveChat")
def leave(ask: Ask) -> bool:
    """The bot goes."""
    chat = _seen(ask)
    if chat.kind == "private":
        raise ApiError("chat member status can't be changed in private chats")
    chat.members.pop(BOT, None)
    ask.world.stirred.set()
    return True


# --- topics ---


def _name(ask: Ask) -> str:
    name = ask.text("name").strip()
    if not ForumTopicLimit.MIN_NAME_LENGTH <= len(name) <= ForumTopicLimit.MAX_NAME_LENGTH:
        raise ApiError("TOPIC_NAME_INVALID" if name else "topic name must be non-empty")
    return name


@method("createForumTopic")
def create_topic(ask: Ask) -> Json:
    """A topic in a forum."""
    chat = _seen(ask)
    if not chat.forum:
        raise ApiError("the chat is not a forum")
    if not chat.may(BOT, "can_manage_topics"):
        raise ApiError("not enough rights to create a topic")
    name = _name(ask)
    shown = {"name": name, "icon_color": ask.number("icon_color", COLOUR)}
    opened = ask.world.add(chat, BOT, {"forum_topic_created": shown})
    opened.thread = opened.id
    chat.topics[opened.id] = Topic(opened.id, name)
    return {"message_thread_id": opened.id, **shown}


def _topic(ask: Ask, doing: str) -> tuple[Chat, Topic]:
    chat = _seen(ask)
    return chat, gate.topic(chat, ask.number("message_thread_id"), doing)


@method("editForumTopic")
def edit_topic(ask: Ask) -> bool:
    """Another name."""
    chat, topic = _topic(ask, "edit")
    name = _name(ask) if ask.has("name") else topic.name
    if name == topic.name:
        raise ApiError("TOPIC_NOT_MODIFIED")
    topic.name = name
    ask.world.add(chat, BOT, {"forum_topic_edited": {"name": name}}, thread=topic.id)
    return True


def _set_closed(ask: Ask, closed: bool) -> bool:
    chat, topic = _topic(ask, "close" if closed else "reopen")
    if topic.closed == closed:
        raise ApiError("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    word = "forum_topic_closed" if closed else "forum_topic_reopened"
    ask.world.add(chat, BOT, {word: {}}, thread=topic.id)
    return True


@method("closeForumTopic")
def close_topic(ask: Ask) -> bool:
    """Only admins write in it from now on."""
    return _set_closed(ask, True)


@method("reopenForumTopic")
def reopen_topic(ask: Ask) -> bool:
    """All write in it again."""
    return _set_closed(ask, False)


@method("deleteForumTopic")
def delete_topic(ask: Ask) -> bool:
    """It goes, with all that stands in it."""
    chat = _seen(ask)
    if not chat.may(BOT, "can_delete_messages"):
        raise ApiError("not enough rights to delete the topic")
    drop_topic(chat, gate.topic(chat, ask.number("message_thread_id"), "delete"))
    ask.world.stirred.set()
    return True


def drop_topic(chat: Chat, topic: Topic) -> None:
    """A topic and its messages are gone."""
    topic.deleted = True
    for message in chat.messages.values():
        if message.thread == topic.id:
            message.gone = True


# --- what the bot says of itself ---


def _scope(ask: Ask) -> tuple[str, str]:
    scope = ask.thing("scope") or {"type": "default"}
    needed = SCOPES.get(str(scope.get("type")))
    if needed is None or set(scope) != {"type", *needed}:
        raise ApiError("can't parse BotCommandScope")
    if needed:
        known = [one for one in ask.world.chats.values() if str(one.id) == str(scope["chat_id"])]
        if not known:
            raise ApiError("chat not found")
    language = ask.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise ApiError("invalid language code specified")
    return json.dumps(scope, sort_keys=True), language


def _command(given: object) -> Json:
    if not isinstance(given, dict) or set(given) - {"command", "description", "is_ephemeral"}:
        raise ApiError("can't parse BotCommand: expected an Object")
    name, told = str(given.get("command", "")).removeprefix("/"), str(given.get("description", ""))
    if not NAME.fullmatch(name):
        raise ApiError("BOT_COMMAND_INVALID")
    low, high = int(BotCommandLimit.MIN_DESCRIPTION), int(BotCommandLimit.MAX_DESCRIPTION)
    if not low <= len(told) <= high:
        raise ApiError("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": told}


@method("setMyCommands")
def set_commands(ask: Ask) -> bool:
    """The list that a person sees, by place and language."""
    commands = [_command(one) for one in ask.many("commands")]
    if len(commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
        raise ApiError("BOT_COMMANDS_TOO_MUCH")
    names = [one["command"] for one in commands]
    if len(set(names)) < len(names):
        raise ApiError("BOT_COMMAND_INVALID")
    ask.world.me.commands[_scope(ask)] = commands
    return True


@method("getMyCommands")
def get_commands(ask: Ask) -> list[Json]:
    """That list."""
    return ask.world.me.commands.get(_scope(ask), [])


@method("deleteMyCommands")
def delete_commands(ask: Ask) -> bool:
    """No such list."""
    ask.world.me.commands.pop(_scope(ask), None)
    return True


def _words(ask: Ask, key: str, most: int) -> bool:
    said = ask.text(key)
    if len(said) > most:
        raise ApiError(f"{key.replace('_', ' ')} is too long")
    ask.world.me.words[key, ask.text("language_code")] = said
    return True


@method("setMyDescription")
def set_description(ask: Ask) -> bool:
    """What stands in an empty chat."""
    return _words(ask, "description", int(BotDescriptionLimit.MAX_DESCRIPTION_LENGTH))


@method("setMyShortDescription")
def set_short_description(ask: Ask) -> bool:
    """What stands in the profile."""
    most = BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH
    return _words(ask, "short_description", int(most))


def _said(ask: Ask, key: str) -> Json:
    words = ask.world.me.words
    found = words.get((key, ask.text("language_code"))) or words.get((key, "")) or ""
    return {key: found}


@method("getMyDescription")
def get_description(ask: Ask) -> Json:
    """What stands in an empty chat."""
    return _said(ask, "description")


@method("getMyShortDescription")
def get_short_description(ask: Ask) -> Json:
    """What stands in the profile."""
    return _said(ask, "short_description")
