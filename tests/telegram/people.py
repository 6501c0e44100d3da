"""What happens to groups and channels: who comes and goes, who may what, topics, moves."""

from collections.abc import Iterable
from typing import Any

from tests.telegram import shapes
from tests.telegram.hands import Hands
from tests.telegram.methods_chats import COLOUR, drop_topic
from tests.telegram.places import RIGHTS, Id
from tests.telegram.state import ADMINS, ANONYMOUS, BOT, Chat, Member, Message, Status, Topic

Json = dict[str, Any]


class People(Hands):
    """Everything that befalls a place, with the updates that Telegram sends of it."""

    # --- members ---

    async def joins(self, user: Id, chat: Id, *, by: Id = 0) -> None:
        """Somebody comes, or is added by somebody."""
        place = self.chat(chat)
        self._becomes(int(user), place, Member(), int(by) or int(user))
        if place.kind != "channel":
            came = {"new_chat_members": [shapes.person(self.world, int(user))]}
            self._notice(int(by) or int(user), place, came)

    async def leaves(self, user: Id, chat: Id, *, by: Id = 0) -> None:
        """Somebody goes, or is thrown out by somebody."""
        place = self.chat(chat)
        status: Status = "kicked" if by else "left"
        self._becomes(int(user), place, Member(status), int(by) or int(user))
        if place.kind != "channel":
            gone = {"left_chat_member": shapes.person(self.world, int(user))}
            self._notice(int(by) or int(user), place, gone)

    async def promotes(
        self,
        user: Id,
        chat: Id,
        status: Status = "administrator",
        *,
        rights: Iterable[str] = RIGHTS,
        anonymous: bool = False,
        by: Id = 0,
    ) -> None:
        """Somebody is made an admin (an anonymous one), or a member again, or restricted."""
        allowed = frozenset(rights) if status in ADMINS else frozenset()
        place = self.chat(chat)
        member = Member(status, allowed, anonymous)
        self._becomes(int(user), place, member, int(by) or int(user))

    async def adds_bot(
        self, user: Id, chat: Id, status: Status = "member", rights: Iterable[str] = RIGHTS
    ) -> None:
        """The bot is brought into a group, or its rights are changed."""
        place = self.chat(chat)
        new = place.status(BOT) not in ("member", *ADMINS, "restricted")
        allowed = frozenset(rights) if status in ADMINS else frozenset()
        self._becomes(BOT, place, Member(status, allowed), int(user))
        if new and place.kind != "channel":
            self._notice(int(user), place, {"new_chat_members": [shapes.bot(self.world)]})

    async def removes_bot(self, user: Id, chat: Id) -> None:
        """The bot is thrown out."""
        self._becomes(BOT, self.chat(chat), Member("kicked"), int(user))

    def _becomes(self, who: int, place: Chat, member: Member, by: int) -> None:
        old = shapes.member(self.world, place, who)
        place.members[who] = member
        new = shapes.member(self.world, place, who)
        hidden = by in place.members and place.members[by].anonymous
        told = {
            "chat": shapes.chat(self.world, place),
            "from": shapes.person(self.world, ANONYMOUS if hidden else by),
            "date": self.world.seconds(),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        if who == BOT:
            self.updates.put("my_chat_member", place.id, told)
        elif place.status(BOT) in ADMINS:
            self.updates.put("chat_member", place.id, told)
        self.world.stirred.set()

    def _notice(self, who: int, place: Chat, body: Json, thread: int = 0) -> Message:
        """A line that nobody wrote; every bot in the place sees it."""
        return self._post(who, place, body, thread=thread, service=True)

    # --- places ---

    async def upgrades(self, chat: Id, to: Id = 0) -> Chat:
        """A group becomes a supergroup with another number; both tell of it."""
        old = self.chat(chat)
        number = int(to) or -1_001_000_000_000 - abs(old.id)
        new = Chat(number, "supergroup", old.title, members=dict(old.members))
        self.world.chats[number] = new
        who = next(iter(old.members))
        self._notice(who, old, {"migrate_to_chat_id": number})
        self._notice(who, new, {"migrate_from_chat_id": old.id})
        old.moved = number
        return new

    async def retitles(self, user: Id, chat: Id, title: str) -> None:
        """Another name for a group."""
        place = self.chat(chat)
        place.title = title
        self._notice(int(user), place, {"new_chat_title": title})

    def vanishes(self, chat: Id) -> None:
        """The chat is deleted; nobody is told."""
        self.chat(chat).gone = True

    # --- topics ---

    async def opens_topic(self, user: Id, chat: Id, name: str) -> Topic:
        """A person makes a topic."""
        place = self._inside(user, chat)
        body = {"forum_topic_created": {"name": name, "icon_color": COLOUR}}
        place.serial += 1
        number = place.serial
        place.serial -= 1
        place.topics[number] = Topic(number, name)
        self._notice(int(user), place, body, thread=number)
        return place.topics[number]

    async def closes_topic(self, user: Id, chat: Id, thread: Id, closed: bool = True) -> None:
        """A person closes a topic, or opens it again."""
        place = self._inside(user, chat)
        place.topics[int(thread)].closed = closed
        word = "forum_topic_closed" if closed else "forum_topic_reopened"
        self._notice(int(user), place, {word: {}}, thread=int(thread))

    async def renames_topic(self, user: Id, chat: Id, thread: Id, name: str) -> None:
        """A person gives a topic another name."""
        place = self._inside(user, chat)
        place.topics[int(thread)].name = name
        self._notice(int(user), place, {"forum_topic_edited": {"name": name}}, int(thread))

    async def deletes_topic(self, user: Id, chat: Id, thread: Id) -> None:
        """A person deletes a topic with all that stands in it; bots are not told."""
        place = self._inside(user, chat)
        drop_topic(place, place.topics[int(thread)])
        self.world.stirred.set()
