"""What people say and send."""

import mimetypes
from collections.abc import Sequence
from typing import Any

from tests.telegram import files, shapes
from tests.telegram.places import Id, Places, Refused
from tests.telegram.state import Message
from tests.telegram.texts import formatted

Json = dict[str, Any]
Reply = Message | int
LONGEST = 4_096
USUAL = {
    "photo": "photo.jpg",
    "voice": "voice.oga",
    "video": "video.mp4",
    "audio": "audio.mp3",
    "document": "file.pdf",
}


class Talk(Places):
    """Each comes back with the message; of a long paste the first of its parts, as apps cut it."""

    async def says(
        self,
        user: Id,
        chat: Id,
        text: str,
        *,
        thread: Id = 0,
        reply_to: Reply = 0,
        entities: Sequence[Json] = (),
    ) -> Message:
        """Write; more than Telegram lets through goes out in several messages."""
        place = self._inside(user, chat)
        said: list[Message] = []
        while text or not said:
            part, text = text[:LONGEST], text[LONGEST:]
            clean, marks = formatted(part, list(entities) if not said else [], LONGEST, "message")
            if not clean and (said or not text):
                break
            body: Json = {"text": clean} | ({"entities": marks} if marks else {})
            said.append(self._post(user, place, body, thread=thread, reply=reply_to))
        if not said:
            raise Refused("nothing to send")
        return said[0]

    async def commands(
        self, user: Id, chat: Id, text: str, *, thread: Id = 0, to: str = "", reply_to: Reply = 0
    ) -> Message:
        """Write a command; `to` names a bot ("me" is this one), as groups with several need."""
        first, _, rest = text.partition(" ")
        bot = self.world.me.username if to == "me" else to
        name = f"{first}@{bot}" if bot else first
        return await self.says(
            user, chat, f"{name} {rest}".strip(), thread=thread, reply_to=reply_to
        )

    async def edits(self, user: Id, message: Message, text: str) -> Message:
        """Write one's own message anew."""
        place = self._inside(user, message.chat)
        if message.ours or message.gone or message.by not in (int(user), 0):
            raise Refused("nobody edits what another wrote")
        key = "text" if "text" in message.body else "caption"
        message.body = {**message.body, key: text}
        message.body.pop("entities", None)
        message.edited = self.world.seconds()
        if self._hears(place, message):
            self._tell(place, message, edited=True)
        return message

    async def deletes(self, user: Id, message: Message) -> None:
        """Take a message away; bots are not told."""
        self._inside(user, message.chat)
        message.gone = True
        self.world.stirred.set()

    # --- files ---

    async def sends(
        self,
        user: Id,
        chat: Id,
        kind: str = "photo",
        content: bytes | int = b"\xff\xd8\xff fake picture",
        *,
        name: str = "",
        caption: str = "",
        thread: Id = 0,
        reply_to: Reply = 0,
    ) -> Message:
        """A photo, document, voice, video or audio; a number for one of so many bytes, unsent."""
        place = self._inside(user, chat)
        body = self._file(kind, content, name) | ({"caption": caption} if caption else {})
        return self._post(user, place, body, thread=thread, reply=reply_to)

    def _file(self, kind: str, content: bytes | int, name: str = "") -> Json:
        named = name or USUAL[kind]
        media = mimetypes.guess_type(named)[0] or "application/octet-stream"
        size, raw = (content, b"") if isinstance(content, int) else (0, content)
        return files.described(files.keep(self.world, kind, named, raw, media, size))

    async def album(
        self,
        user: Id,
        chat: Id,
        many: int = 3,
        *,
        caption: str = "",
        kind: str = "photo",
        thread: Id = 0,
        group: str = "",
    ) -> list[Message]:
        """Several files at once: a message each, held together by a number, words at the first.

        `group` is that number, of an album of which something comes later.
        """
        place, extra = (
            self._inside(user, chat),
            {"media_group_id": group or str(self.world.serial())},
        )
        sent = []
        for at in range(many):
            body = self._file(kind, f"file {at}".encode())
            body |= {"caption": caption} if caption and not at else {}
            sent.append(self._post(user, place, body, thread=thread, extra=extra))
        return sent

    # --- all else ---

    async def location(
        self,
        user: Id,
        chat: Id,
        latitude: float = 40.4168,
        longitude: float = -3.7038,
        *,
        live: int = 0,
        thread: Id = 0,
        reply_to: Reply = 0,
    ) -> Message:
        """A spot on the map; `live`: one that moves for so many seconds."""
        spot: Json = {"latitude": latitude, "longitude": longitude}
        spot |= {"live_period": live} if live else {}
        place = self._inside(user, chat)
        return self._post(user, place, {"location": spot}, thread=thread, reply=reply_to)

    async def venue(self, user: Id, chat: Id, title: str, address: str) -> Message:
        """A place with a name."""
        spot = {"latitude": 40.4168, "longitude": -3.7038}
        named = {"location": spot, "title": title, "address": address}
        place = self._inside(user, chat)
        return self._post(user, place, {"venue": named, "location": spot})

    async def contact(
        self,
        user: Id,
        chat: Id,
        phone: str = "+34600111222",
        *,
        of: Id | None = None,
        name: str = "",
        reply_to: Reply = 0,
    ) -> Message:
        """A card with a number: one's own, or (`of` their id, 0: no user) another's."""
        place, person = self._inside(user, chat), self._known(user)
        whose = person.id if of is None else int(of)
        card: Json = {"phone_number": phone, "first_name": name or person.name}
        card |= {"user_id": whose} if whose else {}
        return self._post(user, place, {"contact": card}, reply=reply_to)

    async def odd(self, user: Id, chat: Id, what: str = "sticker") -> Message:
        """Something that no question expects: a sticker, a dice, a poll."""
        number = self.world.serial()
        file = {"file_id": f"s{number}", "file_unique_id": f"us{number}"}
        bodies: dict[str, Json] = {
            "sticker": {
                **file,
                "type": "regular",
                "width": 512,
                "height": 512,
                "is_animated": False,
                "is_video": False,
            },
            "dice": {"emoji": "\U0001f3b2", "value": 4},
            "video_note": {**file, "length": 240, "duration": 2},
        }
        return self._post(user, self._inside(user, chat), {what: bodies[what]})

    async def forwards(
        self, user: Id, chat: Id, what: Message | str, *, origin: Id | None = None, thread: Id = 0
    ) -> Message:
        """Pass on words, or a message, of somebody else's.

        `origin` is the user or the channel they come from, or the name of somebody who hides.
        """
        body = {"text": what} if isinstance(what, str) else dict(what.body)
        whose = origin if origin is not None or isinstance(what, str) else what.by
        extra = {"forward_origin": self._origin(whose if whose is not None else "Somebody")}
        return self._post(user, self._inside(user, chat), body, thread=thread, extra=extra)

    def _origin(self, whose: Id) -> Json:
        shown: Json = {"date": self.world.seconds() - 60}
        if isinstance(whose, str) and not whose.lstrip("-").isdigit():
            return {**shown, "type": "hidden_user", "sender_user_name": whose}
        if int(whose) < 0:
            place = shapes.chat(self.world, self.chat(whose))
            return {**shown, "type": "channel", "chat": place, "message_id": 1}
        return {**shown, "type": "user", "sender_user": shapes.person(self.world, int(whose))}
