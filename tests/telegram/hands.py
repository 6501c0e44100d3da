"""What people do with what the bot shows them: press, open links, start, block."""

import asyncio
import copy
from typing import Any

from bot.core.ids import Millis
from tests.telegram import shapes
from tests.telegram.methods import TAP, payload
from tests.telegram.places import Id, Refused
from tests.telegram.state import HERE, Message, Tap
from tests.telegram.talk import Talk

Json = dict[str, Any]
PATIENCE = 10.0
"""Seconds of real time for which a test waits for an answer."""


class Hands(Talk):
    """`taps` and `starts` and what follows from them."""

    # --- buttons ---

    async def taps(
        self,
        user: Id,
        where: Message | Id,
        label: str,
        *,
        wait: bool = True,
        age: Millis = 0,
        inaccessible: bool = False,
    ) -> Tap:
        """Press a button that is there, by its label; comes back when the press is answered.

        `where` is the message, or a chat, whose newest message with such a button is meant. A
        button with an address leads there at once: `Tap.url`. `age`: so long ago, as when the
        bot was away; with more than 15 s nobody waits for an answer. `inaccessible`: Telegram no
        longer says what stood in the message. A copy from `as_seen` is pressed as it was.
        """
        message = where if isinstance(where, Message) else self._with(where, label)
        button = self._button(user, message, label)
        now = self.world.clock.now()
        tap = Tap(f"{self.world.serial()}000", int(user), message, "", now - age)
        if "url" in button:
            tap.url = button["url"]
            tap.answered.set()
            return tap
        tap.data = str(button.get("callback_data", ""))
        self._press(tap, inaccessible)
        if wait and age <= TAP:
            await self.answered(tap)
        return tap

    def _with(self, where: Id, label: str) -> Message:
        for message in reversed(self.messages(where)):
            if label in message.labels:
                return message
        shown = [one.labels for one in self.messages(where) if one.labels]
        raise Refused(f"no button {label!r} in {where}; there are {shown}")

    def _button(self, user: Id, message: Message, label: str) -> Json:
        known = self._known(user)
        chat = self.chat(message.chat)
        there = chat.status(known.id) in (*HERE, "restricted")
        seen = chat.id == known.id or chat.kind == "channel" or there
        if not seen or (chat.id == known.id and known.blocks):
            raise Refused(f"{known.name} does not see {chat.id}")
        if message.gone:
            raise Refused("the message is gone")
        found = [one for one in message.buttons if one["text"] == label]
        if not found:
            raise Refused(f"no button {label!r}; there are {message.labels}")
        return dict(found[0])

    def _press(self, tap: Tap, inaccessible: bool) -> None:
        self.world.taps[tap.id] = tap
        chat = self.chat(tap.message.chat)
        now = chat.messages.get(tap.message.id) or tap.message
        shown = shapes.message(self.world, now)
        if inaccessible:
            shown = {"chat": shown["chat"], "message_id": now.id, "date": 0}
        query = {
            "id": tap.id,
            "from": shapes.person(self.world, tap.user),
            "chat_instance": str(abs(chat.id) * 31),
            "message": shown,
            "data": tap.data,
        }
        self.updates.put("callback_query", chat.id, query)

    async def answered(self, tap: Tap, seconds: float = PATIENCE) -> Tap:
        """Wait until a press is answered."""
        try:
            async with asyncio.timeout(seconds):
                await tap.answered.wait()
        except TimeoutError:
            raise AssertionError(f"nobody answered the press {tap.data!r}") from None
        return tap

    def forges(self, user: Id, message: Message, data: str) -> Tap:
        """A press with data that stands on no button, as a tampered app would send it."""
        tap = Tap(f"{self.world.serial()}000", int(user), message, data, self.world.clock.now())
        self._press(tap, inaccessible=False)
        return tap

    def as_seen(self, message: Message) -> Message:
        """The message as it is now, for somebody who presses later what has changed meanwhile."""
        return copy.copy(message)

    def toasts(self, user: Id) -> list[str]:
        """What this person was told in answer to presses, oldest first."""
        return [one.toast for one in self.world.taps.values() if self._told(one, int(user))]

    def _told(self, tap: Tap, user: int) -> bool:
        return tap.user == user and bool(tap.toast)

    def keyboard(self, where: Id) -> list[str]:
        """The keys that stand in place of the phone's own."""
        rows = (self.chat(where).keyboard or {}).get("keyboard") or []
        return [str(key["text"]) for row in rows for key in row]

    async def keys(self, user: Id, label: str, *, chat: Id = 0) -> Message:
        """Touch one of them: it is said, or one's own contact or a location goes out."""
        place = chat or user
        rows = (self.chat(place).keyboard or {}).get("keyboard") or []
        found = [key for row in rows for key in row if key["text"] == label]
        if not found:
            raise Refused(f"no key {label!r}; there are {self.keyboard(place)}")
        if found[0].get("request_contact"):
            return await self.contact(user, place)
        if found[0].get("request_location"):
            return await self.location(user, place)
        return await self.says(user, place, label)

    # --- the private chat ---

    async def starts(self, user: Id, payload: str = "") -> Message:
        """Open the private chat and press Start."""
        person = self._known(user)
        if person.blocks:
            await self.unblocks(user)
        person.started = True
        self.world.private(person.id)
        return await self.says(user, user, f"/start {payload}".strip())

    async def opens(self, user: Id, link: str | Tap) -> Message:
        """Follow a link to the bot, or what a press led to."""
        url = link.url if isinstance(link, Tap) else link
        found = payload(url, self.world.me.username)
        if not found:
            raise Refused(f"{url!r} opens nothing of the bot's")
        return await self.starts(user, found)

    async def blocks(self, user: Id) -> None:
        """Block the bot; it is told."""
        self._mine(user, blocked=True)

    async def unblocks(self, user: Id) -> None:
        """Let it in again; it is told."""
        self._mine(user, blocked=False)

    def _mine(self, user: Id, blocked: bool) -> None:
        person = self._known(user)
        states = ("member", "kicked") if blocked else ("kicked", "member")
        person.blocks = blocked
        chat = self.world.private(person.id)
        me = shapes.bot(self.world)
        old, new = ({"user": me, "status": one, "until_date": 0} for one in states)
        self.updates.put(
            "my_chat_member",
            chat.id,
            {
                "chat": shapes.chat(self.world, chat),
                "from": shapes.person(self.world, person.id),
                "date": self.world.seconds(),
                "old_chat_member": old,
                "new_chat_member": new,
            },
        )

    async def goes(self, user: Id) -> None:
        """The account is deleted; nobody is told."""
        self._known(user).deleted = True
