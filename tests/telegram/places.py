"""Who and what is there: people, groups, channels; and what of it the bot gets to hear."""

from collections.abc import Sequence
from typing import Any

from tests.telegram import shapes, texts
from tests.telegram.gate import GENERAL
from tests.telegram.state import (
    ADMINS,
    ANONYMOUS,
    BOT,
    HERE,
    Chat,
    Kind,
    Member,
    Message,
    Status,
    Topic,
    User,
    World,
)
from tests.telegram.updates import Updates

Json = dict[str, Any]
Id = int | str
RIGHTS = frozenset(
    {
        "can_manage_chat",
        "can_delete_messages",
        "can_invite_users",
        "can_pin_messages",
        "can_manage_topics",
        "can_post_messages",
        "can_edit_messages",
    }
)


class Refused(AssertionError):
    """A person cannot do that: there is no such button, they are not in the chat."""


class Places:
    """What the hands work on. `Id`s may be numbers or the text that the house uses for them."""

    world: World
    updates: Updates

    # --- who is there ---

    def user(
        self,
        who: Id,
        name: str = "",
        language_code: str = "en",
        username: str = "",
        *,
        last_name: str = "",
        started: bool = False,
        is_bot: bool = False,
    ) -> User:
        """Somebody comes to be; nobody is told. `started`: the private chat is open already."""
        number = int(who)
        user = User(number, name or f"User {number}", language_code, username, last_name)
        user.started, user.is_bot = started, is_bot
        self.world.users[number] = user
        if started:
            self.world.private(number)
        return user

    def group(
        self,
        where: Id,
        title: str = "",
        members: Sequence[Id] = (),
        admins: Sequence[Id] = (),
        *,
        forum: bool = False,
        supergroup: bool = True,
        bot: Status | None = None,
        rights: frozenset[str] = RIGHTS,
        owner: Id = 0,
    ) -> Chat:
        """A group comes to be; nobody is told. The bot is an admin in a forum, else a member."""
        kind: Kind = "supergroup" if supergroup or forum else "group"
        chat = self._chat(int(where), kind, title or f"Group {where}", members, admins, owner)
        if forum:
            self.becomes_forum(where)
        status = bot or ("administrator" if forum else "member")
        chat.members[BOT] = Member(status, rights if status in ADMINS else frozenset())
        return chat

    def channel(
        self,
        where: Id,
        title: str = "",
        username: str = "",
        *,
        admins: Sequence[Id] = (),
        bot: Status = "administrator",
        rights: frozenset[str] = RIGHTS,
    ) -> Chat:
        """A channel comes to be; nobody is told."""
        chat = self._chat(int(where), "channel", title or f"Channel {where}", (), admins, 0)
        chat.username = username
        chat.members[BOT] = Member(bot, rights if bot in ADMINS else frozenset())
        return chat

    def becomes_forum(self, chat: Id, forum: bool = True) -> None:
        """Topics are switched on, or off; nobody is told. The first is there from the start."""
        place = self.chat(chat)
        place.forum = forum
        if forum:
            place.topics.setdefault(GENERAL, Topic(GENERAL, "General"))
            place.serial = max(place.serial, GENERAL)

    def _chat(
        self,
        where: int,
        kind: Kind,
        title: str,
        members: Sequence[Id],
        admins: Sequence[Id],
        owner: Id,
    ) -> Chat:
        if where >= 0:
            raise Refused("groups and channels have negative numbers")
        chat = Chat(where, kind, title)
        for who in members:
            chat.members[int(who)] = Member()
        for who in admins:
            chat.members[int(who)] = Member("administrator", RIGHTS)
        if owner:
            chat.members[int(owner)] = Member("creator")
        self.world.chats[where] = chat
        return chat

    # --- looking ---

    def chat(self, where: Id) -> Chat:
        """A chat by its number; somebody's private chat by theirs."""
        found = self.world.chats.get(int(where))
        if found is None:
            raise Refused(f"there is no chat {where}")
        return found

    def messages(self, where: Id, thread: Id | None = None) -> list[Message]:
        """What stands in a chat, or in one of its topics (0: outside of all), oldest first."""
        found = self.world.chats.get(int(where))
        standing = found.standing() if found else []
        within = None if thread is None else int(thread or 0)
        return [one for one in standing if within is None or one.thread == within]

    def ours(self, where: Id, thread: Id | None = None) -> list[Message]:
        """The same, of the bot's alone, without notices of topics."""
        said = [one for one in self.messages(where, thread) if one.ours]
        return [one for one in said if not any(key.startswith("forum_") for key in one.body)]

    def last(self, where: Id, thread: Id | None = None) -> Message:
        """The newest message of the bot's in a chat; there must be one."""
        found = self.ours(where, thread)
        if not found:
            raise Refused(f"the bot has said nothing in {where}")
        return found[-1]

    def transcript(self, where: Id) -> str:
        """All that stands in a chat, a line each: who, what, and the buttons."""
        return "\n".join(self._line(one) for one in self.messages(where))

    def _line(self, one: Message) -> str:
        who = shapes.person(self.world, one.by)["first_name"] if one.by else "Channel"
        kinds = [key for key in one.body if "entities" not in key and key != "caption"]
        said = one.text or f"<{', '.join(kinds)}>"
        topic = f"#{one.thread} " if one.thread else ""
        buttons = "".join(f" [{label}]" for label in one.labels)
        return f"{topic}{who}: {said}{buttons}"

    def topics(self, where: Id) -> list[Topic]:
        """The topics of a forum that are there, without the general one."""
        every = self.chat(where).topics.values()
        return [one for one in every if one.id != GENERAL and not one.deleted]

    # --- what the bot hears ---

    def _known(self, who: Id) -> User:
        user = self.world.users.get(int(who))
        if user is None or user.deleted:
            raise Refused(f"there is no user {who}")
        return user

    def _inside(self, who: Id, where: Id) -> Chat:
        """The chat, if this person can write in it."""
        user = self._known(who)
        if int(where) == user.id:
            if not user.started or user.blocks:
                raise Refused(f"{user.name} has not started the bot, or blocks it")
            return self.world.private(user.id)
        chat = self.chat(where)
        allowed = ADMINS if chat.kind == "channel" else HERE
        if chat.moved or chat.status(user.id) not in allowed:
            raise Refused(f"{user.name} cannot write in {chat.title}")
        return chat

    def _hears(self, chat: Chat, message: Message) -> bool:
        """Whether Telegram tells the bot of it: in a group without rights, of little."""
        if chat.kind == "private":
            return not self.world.users[chat.id].blocks
        status = chat.status(BOT)
        writer = self.world.users.get(message.by)
        if (writer and writer.is_bot) or status not in (*HERE, "restricted"):
            return False
        if chat.kind == "channel" or self.world.me.reads_all or status in ADMINS:
            return True
        replied = chat.messages.get(message.reply)
        if replied is not None and replied.ours:
            return True
        me = self.world.me.username.lower()
        return any(bot.lower() in ("", me) for _, bot in texts.commands(message.text))

    def _post(
        self,
        who: Id,
        chat: Chat,
        body: Json,
        *,
        thread: Id = 0,
        reply: Message | int = 0,
        extra: Json | None = None,
        service: bool = False,
    ) -> Message:
        """A person's message comes to stand, and the bot hears of it if it may."""
        beneath = reply.id if isinstance(reply, Message) else reply
        if beneath and not thread and beneath in chat.messages:
            thread = chat.messages[beneath].thread
        if not service:
            self._open_to(int(who), chat, int(thread or 0))
        by, sender = self._as_whom(int(who), chat)
        message = self.world.add(
            chat,
            by,
            body,
            thread=int(thread or 0),
            reply=beneath,
            sender_chat=sender,
            extra=dict(extra or {}),
        )
        here = chat.status(BOT) in (*HERE, "restricted")
        if self._hears(chat, message) or (service and here):
            self._tell(chat, message)
        return message

    def _open_to(self, who: int, chat: Chat, thread: int) -> None:
        topic = chat.topics.get(thread or GENERAL)
        if thread and (topic is None or topic.deleted):
            raise Refused(f"there is no topic {thread} in {chat.title}")
        if topic is not None and topic.closed and chat.status(who) not in ADMINS:
            raise Refused(f"the topic {topic.name} is closed")

    def _as_whom(self, who: int, chat: Chat) -> tuple[int, int]:
        member = chat.members.get(who)
        if chat.kind == "channel":
            return 0, chat.id
        return (ANONYMOUS, chat.id) if member and member.anonymous else (who, 0)

    def _tell(self, chat: Chat, message: Message, edited: bool = False) -> None:
        kind = "channel_post" if chat.kind == "channel" else "message"
        shown = shapes.message(self.world, message)
        self.updates.put(f"edited_{kind}" if edited else kind, chat.id, shown)
