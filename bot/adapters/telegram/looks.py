"""Looking things up in Telegram: who is where, and who somebody is."""

from collections import OrderedDict

from telegram import ChatFullInfo, ChatMember, ChatMemberRestricted, User
from telegram.constants import ChatMemberStatus

from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.payloads import chat_of
from bot.adapters.telegram.watched import Watched
from bot.engine.ports import Blocked, Membership, PlaceMoved, Profile

ADMINS = "admins"
"""Behind the number of a group: its administrators alone, as a place of their own."""
PROGRAMS = frozenset({777_000, 1_087_968_824, 136_817_688})
"""Telegram itself, whoever writes for a group, and whoever writes for a channel."""
LEADING = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
KNOWN_MOST = 10_000


class Looks:
    """Asks Telegram, and keeps in mind how groups call those who were looked up there."""

    def __init__(self, api: TelegramApi, watched: Watched) -> None:
        self._api = api
        self._watched = watched
        self._met: OrderedDict[str, User] = OrderedDict()

    async def membership(self, place: str, opaque: str) -> Membership:
        """What somebody is in a group (`-1001`), or among its administrators (`-1001/admins`)."""
        group, admins = split(place)
        try:
            member = await self._member(group, opaque)
        except PlaceMoved as moved:
            member = await self._member(moved.address, opaque)
        except Blocked:
            return "none"
        self._met[opaque] = member.user
        if len(self._met) > KNOWN_MOST:
            self._met.popitem(last=False)
        return membership_of(member, admins)

    async def _member(self, group: str, opaque: str) -> ChatMember:
        asking = self._api.bot.get_chat_member(chat_id=chat_of(group), user_id=chat_of(opaque))
        return await self._watched.call("getChatMember", asking, group)

    async def profile(self, opaque: str) -> Profile:
        """How Telegram describes somebody: by their chat with us, or, where they have none, as a
        group has shown them last.
        """
        asking = self._api.bot.get_chat(chat_id=chat_of(opaque))
        try:
            return profile_of(await self._watched.call("getChat", asking, opaque))
        except Blocked:
            if (user := self._met.get(opaque)) is None:
                raise
            gone = not user.first_name
            person = not user.is_bot and user.id not in PROGRAMS
            return Profile(name=user.full_name, gone=gone, person=person, alone=str(user.id))


def split(place: str) -> tuple[str, bool]:
    """The group of a place, and whether only its administrators are meant."""
    group, _, part = place.partition("/")
    return group, part == ADMINS


def membership_of(member: ChatMember, admins: bool) -> Membership:
    """What somebody is in a group; of its administrators, when only they are meant."""
    if member.status in LEADING:
        return "owner"
    there = member.status == ChatMemberStatus.MEMBER
    if isinstance(member, ChatMemberRestricted):
        there = member.is_member
    return "member" if there and not admins else "none"


def profile_of(chat: ChatFullInfo) -> Profile:
    """Somebody by their chat with us. Telegram tells no language, and empties the names of those
    who are gone; only programs may have a name that ends with "bot".
    """
    name = f"{chat.first_name or ''} {chat.last_name or ''}".strip()
    program = chat.id in PROGRAMS or (chat.username or "").lower().endswith("bot")
    return Profile(
        name=name or (chat.username or ""),
        gone=not chat.first_name,
        person=chat.type == "private" and not program,
        alone=str(chat.id),
    )
