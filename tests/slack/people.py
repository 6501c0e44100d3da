"""What people say, and what happens to them, to groups and to channels."""

from collections.abc import Sequence
from typing import Any

from tests.slack import directory, files, payloads
from tests.slack.chat import hidden, remove
from tests.slack.deliveries import Delivered
from tests.slack.filling import Refused, attach
from tests.slack.hands import Hands
from tests.slack.state import BOT_USER, TEAM, Channel, Group, Kind, Message, User

Json = dict[str, Any]
Brought = Sequence[tuple[Any, ...]]


def escaped(text: str) -> str:
    """Words as Slack stores what somebody types."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class People(Hands):
    """`subscribed` are the names of events that the app asked for, None: all of them.

    `echoes`: as in the real one, the app also hears of its own messages, edits and deletions.
    """

    subscribed: frozenset[str] | None = None
    echoes = False

    # --- who is there ---

    def user(
        self,
        who: str,
        name: str = "",
        *,
        guest: str = "",
        team: str = TEAM,
        email: str = "",
        bot: bool = False,
        locale: str = "en-US",
    ) -> User:
        """Somebody comes to be; nobody is told."""
        person = User(who, name or who, team, guest, bot, email=email, locale=locale)
        self.world.users[who] = person
        return person

    def channel(
        self,
        where: str,
        name: str = "",
        *,
        members: Sequence[str] = (),
        kind: Kind = "public",
        bot: bool = True,
        shared: bool = False,
    ) -> Channel:
        """A channel comes to be, with the bot in it unless `bot` is false; nobody is told."""
        inside = dict.fromkeys([*members, *([BOT_USER] if bot else [])])
        channel = Channel(where, name or where.lower(), kind, inside, shared=shared)
        self.world.channels[where] = channel
        return channel

    def group(self, name: str, handle: str = "", users: Sequence[str] = ()) -> Group:
        """A user group comes to be; nobody is told."""
        found = Group(name, handle or name.lower(), dict.fromkeys(users))
        self.world.groups[name] = found
        return found

    # --- looking ---

    def messages(self, channel: str, thread: Message | str | None = None) -> list[Message]:
        """What stands in a channel (or a person's conversation with the app), or beneath one."""
        place = self.world.direct(channel) if channel[0] in "UW" else self.world.channels[channel]
        if thread is not None:
            return place.threaded(thread.ts if isinstance(thread, Message) else thread)
        return [one for one in place.messages.values() if one.thread in ("", one.ts)]

    def ephemerals(self, user: str) -> list[Message]:
        """What only this person was shown."""
        return [one for one in self.world.ephemerals if one.to == user]

    # --- what they say ---

    async def says(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread: Message | str | None = None,
        files: Brought = (),
        raw: bool = False,
    ) -> Delivered:
        """Write in a channel, beneath a message, or (`channel` their own id) to the app alone.

        `files` are (name, content) or (name, content, media type). `raw`: the text is already as
        Slack writes it, such as `<@U2> &amp; Co`.
        """
        place, person = self._place(user, channel), self._known(user)
        body: Json = {"type": "message", "user": user, "team": person.team}
        body["text"] = text if raw else escaped(text)
        if files:
            body |= {"subtype": "file_share", "files": self._brought(user, files)}
        beneath = self._beneath(place, thread)
        message = self.world.posted(place, Message(place.id, self.world.ts(), body, beneath))
        told = await self._event(payloads.message_event(place, message, person), place)
        if f"<@{BOT_USER}>" in message.text and place.kind != "im":
            mention = payloads.message_event(place, message, person)
            mention.pop("channel_type")
            await self._event({**mention, "type": "app_mention"}, place)
        return told

    def _brought(self, user: str, given: Brought) -> list[Json]:
        return [files.shown(self.world, attach(self.world, user, one)) for one in given]

    def _beneath(self, place: Channel, thread: Message | str | None) -> str:
        if thread is None:
            return ""
        parent = place.messages.get(thread.ts if isinstance(thread, Message) else thread)
        if parent is None:
            raise Refused("there is no such message to answer")
        return parent.thread or parent.ts

    async def edits(self, user: str, message: Message, text: str) -> Delivered:
        """Change one's own words."""
        place = self._own(user, message)
        before = message.shown()
        edited = {"user": user, "ts": self.world.ts()}
        message.body = {**message.body, "text": escaped(text), "edited": edited}
        changed = {"message": message.shown(), "previous_message": before}
        return await self._hidden(place, "message_changed", changed)

    async def deletes(self, message: Message, user: str = "") -> Delivered:
        """Take a message away: one's own, or as an administrator anybody's."""
        place = self._own(user, message) if user else self.world.channels[message.channel]
        before = message.shown()
        remove(self.world, message)
        gone = {"deleted_ts": message.ts, "previous_message": before}
        return await self._hidden(place, "message_deleted", gone)

    def _own(self, user: str, message: Message) -> Channel:
        if message.user != user or message.deleted:
            raise Refused(f"{user} cannot change this message")
        return self.world.channels[message.channel]

    async def _hidden(self, place: Channel, subtype: str, more: Json) -> Delivered:
        seen = {**hidden(subtype, more), "channel_type": payloads.CHANNEL_TYPES[place.kind]}
        return await self._event({**seen, "channel": place.id, "ts": self.world.ts()}, place)

    async def opens_home(self, user: str, tab: str = "home") -> Delivered:
        """Look at the app's Home tab (or its messages)."""
        self._known(user)
        opened: Json = {"type": "app_home_opened", "user": user, "tab": tab}
        opened["channel"] = self.world.direct(user).id
        return await self._event(opened)

    # --- what happens to channels ---

    async def joins(self, user: str, channel: str) -> Delivered:
        """Somebody comes into a channel; the bot too, when it is invited."""
        place = self.world.channels[channel]
        place.members[user] = None
        return await self._event(self._membership("member_joined_channel", user, place), place)

    async def leaves(self, user: str, channel: str) -> Delivered:
        """Somebody goes, or is sent, out of a channel; the bot hears of itself in other words."""
        place = self.world.channels[channel]
        place.members.pop(user, None)
        if user == BOT_USER:
            kind = "channel_left" if place.kind == "public" else "group_left"
            return await self._event({"type": kind, "channel": channel, "actor_id": "U0ADMIN"})
        return await self._event(self._membership("member_left_channel", user, place), place)

    def _membership(self, kind: str, user: str, place: Channel) -> Json:
        letter = "C" if place.kind == "public" else "G"
        team = self.world.users[user].team
        return {
            "type": kind,
            "user": user,
            "channel": place.id,
            "channel_type": letter,
            "team": team,
        }

    async def archives(self, channel: str, back: bool = False) -> Delivered:
        """Put a channel away, or bring it `back`."""
        place = self.world.channels[channel]
        place.archived = not back
        word = "channel" if place.kind == "public" else "group"
        kind = f"{word}_{'unarchive' if back else 'archive'}"
        return await self._event({"type": kind, "channel": channel, "user": "U0ADMIN"}, place)

    async def removes(self, channel: str) -> Delivered:
        """Delete a channel for ever."""
        place = self.world.channels[channel]
        kind = "channel_deleted" if place.kind == "public" else "group_deleted"
        told = await self._event({"type": kind, "channel": channel}, place)
        place.deleted = True
        return told

    async def renames(self, channel: str, title: str) -> Delivered:
        """Give a channel another name."""
        place = self.world.channels[channel]
        place.name = title
        kind = "channel_rename" if place.kind == "public" else "group_rename"
        return await self._event({"type": kind, "channel": {"id": channel, "name": title}}, place)

    # --- what happens to people ---

    async def changes(
        self, user: str, *, deleted: bool | None = None, guest: str | None = None, name: str = ""
    ) -> Delivered:
        """Somebody leaves the company, becomes a guest or a full member, or is called otherwise."""
        person = self.world.users[user]
        person.deleted = person.deleted if deleted is None else deleted
        person.guest = person.guest if guest is None else guest
        person.name = name or person.name
        if person.deleted:
            for place in self.world.channels.values():
                if place.kind != "im":
                    place.members.pop(user, None)
        seen = directory.profile(self.world, person, locale=True)
        return await self._event({"type": "user_change", "user": seen})

    async def regroups(
        self, group: str, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Delivered:
        """People come into a user group, and leave it."""
        found = self.world.groups[group]
        found.users |= dict.fromkeys(add)
        found.users = {one: None for one in found.users if one not in remove}
        about = {
            "subteam_id": group,
            "team_id": TEAM,
            "date_update": self.world.clock.now() // 1_000,
        }
        counts = {"added_users_count": len(add), "removed_users_count": len(remove)}
        who = {"added_users": list(add), "removed_users": list(remove)}
        return await self._event({"type": "subteam_members_changed", **about, **who, **counts})

    async def disables_group(self, group: str) -> Delivered:
        """A user group is no more."""
        found = self.world.groups[group]
        found.off = self.world.clock.now()
        return await self._event(
            {"type": "subteam_updated", "subteam": directory.group_shown(found)}
        )

    # --- what happens to the app ---

    async def revokes(self) -> Delivered:
        """An administrator takes the bot's key away."""
        self._keys("token_revoked")
        tokens = {"oauth": [], "bot": [BOT_USER]}
        return await self._event({"type": "tokens_revoked", "tokens": tokens})

    async def verifies(self) -> Delivered:
        """An administrator enters the app's address; the app must give the challenge back."""
        asked = {"type": "url_verification", "token": payloads.TOKEN, "challenge": "c-1"}
        return await self.deliveries.send("event", asked)

    async def uninstalls(self) -> Delivered:
        """An administrator takes the app out of the workspace."""
        self._keys("account_inactive")
        return await self._event({"type": "app_uninstalled"})

    def restores(self) -> None:
        """The same key works again."""
        for token in self.world.tokens.values():
            token.state = ""

    def _keys(self, state: str) -> None:
        for token in self.world.tokens.values():
            if token.kind == "bot":
                token.state = "token_revoked" if state == "token_revoked" else "account_inactive"

    # --- how it reaches the app ---

    async def _event(self, body: Json, place: Channel | None = None) -> Delivered:
        payload = payloads.event(self.world, body, self.team)
        if not self._heard(body, place):
            return Delivered("event", payload)
        return await self.deliveries.send("event", payload)

    def _echo(self, body: Json, place: Channel) -> None:
        if self.echoes:
            kind = payloads.CHANNEL_TYPES[place.kind]
            told = {"ts": self.world.ts(), **body, "channel": place.id, "channel_type": kind}
            payload = payloads.event(self.world, told, self.team)
            if self._heard(body, place):
                self.deliveries.later(payload)

    def _heard(self, body: Json, place: Channel | None) -> bool:
        """Slack tells an app what it asked for, of places in which its bot is."""
        if place is not None and BOT_USER not in place.members:
            return False
        name = body["type"]
        if name == "message" and place is not None:
            ends = {"public": "channels", "private": "groups", "im": "im"}
            name = f"message.{ends[place.kind]}"
        return self.subscribed is None or name in self.subscribed
