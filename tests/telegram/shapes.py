"""People, chats and messages as Telegram writes them."""

from typing import Any

from tests.telegram.state import ANONYMOUS, BOT, Chat, Member, Message, User, World
from tests.telegram.texts import marked

Json = dict[str, Any]
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
SEND = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def bot(world: World) -> Json:
    """The bot, as everybody sees it."""
    me = world.me
    return {"id": BOT, "is_bot": True, "first_name": me.name, "username": me.username}


def myself(world: World) -> Json:
    """The bot, as it sees itself."""
    return {
        **bot(world),
        "can_join_groups": True,
        "can_read_all_group_messages": world.me.reads_all,
        "supports_inline_queries": False,
        "has_main_web_app": False,
    }


def person(world: World, who: int) -> Json:
    """A person, or the bot."""
    if who == BOT:
        return bot(world)
    if who == ANONYMOUS:
        name = {"first_name": "Group", "username": "GroupAnonymousBot"}
        return {"id": ANONYMOUS, "is_bot": True, **name}
    user = world.users.get(who) or User(who, "Deleted Account")
    shown: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.name}
    more = (user.last_name, user.username, user.language)
    named = zip(("last_name", "username", "language_code"), more, strict=True)
    return shown | {key: value for key, value in named if value}


def chat(world: World, place: Chat) -> Json:
    """A chat, as it stands in a message."""
    shown: Json = {"id": place.id, "type": place.kind}
    if place.kind == "private":
        who = person(world, place.id)
        names = ("first_name", "last_name", "username")
        return shown | {key: who[key] for key in names if key in who}
    shown["title"] = place.title
    if place.username:
        shown["username"] = place.username
    if place.forum:
        shown["is_forum"] = True
    return shown


def full_chat(world: World, place: Chat) -> Json:
    """A chat, as `getChat` tells of it."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    taken = dict.fromkeys((*gifts, "gifts_from_channels"), False)
    shown = chat(world, place) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": taken,
    }
    if place.kind in ("group", "supergroup"):
        shown["permissions"] = {**dict.fromkeys(SEND, True), "can_manage_topics": False}
    if place.linked:
        shown["linked_chat_id"] = place.linked
    return shown


def member(world: World, place: Chat, who: int) -> Json:
    """What somebody is in a chat."""
    found = place.members.get(who) or Member("left")
    shown: Json = {"user": person(world, who), "status": found.status}
    if found.status == "creator":
        return {**shown, "is_anonymous": found.anonymous}
    if found.status == "administrator":
        more = CHANNEL_RIGHTS if place.kind == "channel" else GROUP_RIGHTS
        rights = {right: right in found.rights for right in (*RIGHTS, *more)}
        return {**shown, "can_be_edited": False, "is_anonymous": found.anonymous, **rights}
    if found.status == "restricted":
        barred = dict.fromkeys((*SEND, "can_edit_tag", "can_react_to_messages"), False)
        return {**shown, "is_member": True, "until_date": 0, **barred}
    return {**shown, "until_date": 0} if found.status == "kicked" else shown


def message(world: World, one: Message, deep: bool = True) -> Json:
    """A message; the one to which it replies stands in it, but not the one before that."""
    place = world.chats[one.chat]
    shown: Json = {"message_id": one.id, "date": one.at // 1_000, "chat": chat(world, place)}
    if one.by and place.kind != "channel":
        shown["from"] = person(world, one.by)
    if one.sender_chat or place.kind == "channel":
        shown["sender_chat"] = chat(world, world.chats[one.sender_chat or place.id])
    shown |= _thread(place, one)
    replied = place.messages.get(one.reply)
    if deep and replied is not None and not replied.gone:
        shown["reply_to_message"] = message(world, replied, deep=False)
    shown |= _content(one) | one.extra
    if one.edited:
        shown["edit_date"] = one.edited
    if one.markup:
        shown["reply_markup"] = one.markup
    return shown


def _thread(place: Chat, one: Message) -> Json:
    if one.thread:
        return {"message_thread_id": one.thread, "is_topic_message": True}
    if place.kind != "supergroup" or not one.reply:
        return {}
    # A thread of replies has a number too, outside of topics of a forum as well; it is no topic.
    root = one
    while root.reply in place.messages:
        root = place.messages[root.reply]
    return {"message_thread_id": root.id}


def _content(one: Message) -> Json:
    body = dict(one.body)
    for words, marks in (("text", "entities"), ("caption", "caption_entities")):
        if words in body:
            body.pop(marks, None)
            found = marked(str(body[words]), one.entities)
            body |= {marks: found} if found else {}
    return body
