"""Where the bot may speak: what a chat, a topic and a person say to that."""

from tests.telegram.state import ADMINS, BOT, HERE, ApiError, Chat, Message, Topic, World

GENERAL = 1


def may_speak(world: World, chat: Chat) -> None:
    """Raises what Telegram answers where the bot may not."""
    if chat.moved:
        moved = "group chat was upgraded to a supergroup chat"
        raise ApiError(moved, migrate_to_chat_id=chat.moved)
    if chat.kind == "private":
        _person(world, chat.id)
        return
    place = f"{chat.kind} chat"
    status = chat.status(BOT)
    if status == "kicked":
        raise ApiError(f"bot was kicked from the {place}", 403)
    if status == "left":
        raise ApiError(f"bot is not a member of the {place}", 403)
    if chat.kind == "channel" and not chat.may(BOT, "can_post_messages"):
        raise ApiError("need administrator rights in the channel chat")
    if status == "restricted":
        raise ApiError("not enough rights to send text messages to the chat")


def _person(world: World, who: int) -> None:
    user = world.users.get(who)
    if user is None:
        raise ApiError("chat not found")
    if user.deleted:
        raise ApiError("user is deactivated", 403)
    if user.is_bot:
        raise ApiError("bot can't send messages to bots", 403)
    if not user.started:
        raise ApiError("bot can't initiate conversation with a user", 403)
    if user.blocks:
        raise ApiError("bot was blocked by the user", 403)


def sees(world: World, chat: Chat) -> None:
    """Raises where the bot may not even look."""
    if chat.moved:
        raise ApiError(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved
        )
    if chat.kind == "private":
        return
    status = chat.status(BOT)
    if status not in HERE and status != "restricted":
        gone = "was kicked from" if status == "kicked" else "is not a member of"
        raise ApiError(f"bot {gone} the {chat.kind} chat", 403)


def thread(chat: Chat, given: int) -> int:
    """The topic in which a message goes; raises when there is no such, or it is closed."""
    if not given:
        general = chat.topics.get(GENERAL)
        if general is not None and general.closed:
            _closed(chat)
        return 0
    topic = chat.topics.get(given)
    if not chat.forum or topic is None or given == GENERAL:
        raise ApiError("message thread not found")
    if topic.deleted:
        first, topic.known = not topic.known, True
        raise ApiError("TOPIC_DELETED" if first else "message thread not found")
    if topic.closed:
        _closed(chat)
    return given


def _closed(chat: Chat) -> None:
    if chat.status(BOT) not in ADMINS:
        raise ApiError("TOPIC_CLOSED")


def topic(chat: Chat, given: int, doing: str) -> Topic:
    """A topic that the bot may change."""
    if not chat.forum:
        raise ApiError("the chat is not a forum")
    if not chat.may(BOT, "can_manage_topics"):
        raise ApiError(f"not enough rights to {doing} the topic")
    found = chat.topics.get(given)
    if found is None or found.deleted or given == GENERAL:
        raise ApiError("TOPIC_ID_INVALID")
    return found


def own(chat: Chat, number: int, words: str = "message to edit not found") -> Message:
    """A message of the bot's, to be edited."""
    found = chat.messages.get(number)
    if found is None or found.gone:
        raise ApiError(words)
    if not found.ours and not (chat.kind == "channel" and chat.may(BOT, "can_edit_messages")):
        raise ApiError("message can't be edited")
    if "service" in found.body or "forum_topic_created" in found.body:
        raise ApiError("message can't be edited")
    return found
