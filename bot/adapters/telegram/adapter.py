"""The channel `telegram`: messages, cards and files to groups, their topics, and people.

A place is the number of a chat. A message of ours is known as `-100123/456`; one that was too long
for a single message as `-100123/456/455`, the part with the buttons first.
"""

import mimetypes
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any, Literal, TypeVar

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters

from bot.adapters.telegram import limits
from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.confirms import Confirms
from bot.adapters.telegram.faults import NoText, TopicShut, Unchanged
from bot.adapters.telegram.looks import Looks
from bot.adapters.telegram.pace import Pace
from bot.adapters.telegram.payloads import (
    CHANNEL,
    chat_of,
    file_of,
    is_group,
    message_id,
    parts,
    reply_to,
    topic,
    with_file,
)
from bot.adapters.telegram.render import Drawn, Labels, drawn
from bot.adapters.telegram.text import Styled, cut, one_line
from bot.adapters.telegram.watched import Watched
from bot.core.files import NAME_MOST
from bot.engine.ports import (
    Capabilities,
    Clock,
    File,
    Health,
    Limit,
    Membership,
    MessageGone,
    Misconfigured,
    Post,
    Profile,
    SendFault,
    TopicGone,
    Unsendable,
)
from bot.losses import Losses

K = TypeVar("K")

KNOWN_MOST = 10_000
PHOTOS = ("image/jpeg", "image/png", "image/webp")
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramChannel:
    """Sends to Telegram. `labels` are what it says itself, by the language of the card that it
    stands on ("": all others), `confirms` the questions of its buttons,
    `losses` what found no room.
    """

    name = CHANNEL
    title = "Telegram"
    capabilities: Capabilities = limits.CAPABILITIES

    def __init__(
        self, api: TelegramApi, clock: Clock, labels: Mapping[str, Labels] | None = None
    ) -> None:
        self._api = api
        self._clock = clock
        self._labels = labels or {"": Labels()}
        self._begun: OrderedDict[str, tuple[tuple[str, ...], tuple[int, ...]]] = OrderedDict()
        self._shared: OrderedDict[str, int] = OrderedDict()
        self.pace = Pace(clock)
        self._watched = Watched(api, clock)
        self._looks = Looks(api, self._watched)
        self.confirms = Confirms(self._labels[""])
        self.losses = Losses(self.title)

    def limits(self, address: str) -> Sequence[Limit]:
        """One act at a time for each chat, and of a group so many in a minute."""
        return limits.of_chat(address)

    def health(self) -> Health:
        """What the last call met with."""
        return Health(not self._watched.trouble, self._watched.trouble)

    def way_in(self, payload: str) -> str | None:
        """A link that opens our chat with them; None until it is known who we are."""
        name = self._api.me.username if self._api.me else None
        if not name or not PAYLOAD.fullmatch(payload):
            return None
        return f"https://t.me/{name}?start={payload}"

    def join_link(self, code: str) -> str | None:
        """The same with a code; it is typed until it is known who we are."""
        return self.way_in(f"j_{code}") or ""

    async def close(self) -> None:
        """Let go of every connection."""
        await self._api.close()

    # --- messages ------------------------------------------------------------------------------

    async def send(self, address: str, post: Post) -> str:
        """Send it, in parts where one message is too short; a try goes on where the last one of
        the same delivery ended.
        """
        return await self._send(address, post, self._made(post))

    async def _send(self, address: str, post: Post, made: Drawn, beyond: bool = False) -> str:
        texts = tuple(one.text for one in made.pages)
        key = _key(address, post)
        sent = await self._standing(address, key, texts)
        for number in range(len(sent), len(texts)):
            await self.pace.turn(address, beyond or number > 0)
            last = number == len(texts) - 1
            keyboard = made.keyboard if last else None
            found = await self._put(address, post, made.pages[number], keyboard, not number)
            sent = (*sent, found)
            if len(texts) > 1:
                _keep(self._begun, key, (texts, sent))
        self._begun.pop(key, None)
        return message_id(address, sent[-1], *sent[:-1])

    async def _standing(self, address: str, key: str, texts: tuple[str, ...]) -> tuple[int, ...]:
        """What an earlier try of this delivery sent already, when it still says the same."""
        before, sent = self._begun.get(key, ((), ()))
        if sent and (before[: len(sent)] != texts[: len(sent)] or len(sent) >= len(texts)):
            await self._forget(address, key)
            return ()
        return sent

    async def _forget(self, address: str, key: str, but: Sequence[int] = ()) -> None:
        """Take away what was sent of something that is not finished."""
        _, sent = self._begun.pop(key, ((), ()))
        for number in sent:
            if number not in but:
                with suppress(SendFault):
                    await self.delete(address, message_id(address, number))

    async def _put(
        self,
        address: str,
        post: Post,
        page: Styled,
        keyboard: InlineKeyboardMarkup | None,
        first: bool,
    ) -> int:
        chat = chat_of(address)

        async def said(reply: ReplyParameters | None) -> int:
            sending = self._api.bot.send_message(
                chat_id=chat,
                text=page.text,
                entities=page.entities,
                link_preview_options=NO_PREVIEW,
                message_thread_id=topic(post.within),
                reply_parameters=reply,
                reply_markup=keyboard,
            )
            return (await self._watched.call("sendMessage", sending, address)).message_id

        reply = reply_to(address, post.beneath) if first else None
        try:
            return await said(reply)
        except MessageGone:
            return await said(None)
        except TopicShut:
            await self._reopened(address, post.within)
            return await said(reply)

    async def _reopened(self, address: str, within: str) -> None:
        """Open a topic that somebody closed; where that may not be, it is as good as gone."""
        try:
            await self.shut(address, within, shut=False)
        except SendFault:
            raise TopicGone("The topic is closed, and the bot may not open it.") from None

    async def edit(self, address: str, message: str, post: Post) -> str:
        """Change one of ours: parts that stand are changed, missing ones sent, the rest deleted."""
        chat, numbers = parts(message)
        if not numbers:
            raise MessageGone("Nobody can tell which message that was.")
        made = self._made(post)
        lead, *others = numbers
        pages = made.pages
        if len(pages) > len(numbers):
            grown = await self._grown(chat, (*others, lead), post, made)
            return with_file(grown, file_of(message))
        await self._forget(chat, _key(chat, post), but=numbers)
        kept = (*others[: len(pages) - 1], lead)
        try:
            for number, page in zip(kept, pages, strict=True):
                await self.pace.turn(chat, beyond=number != kept[0])
                await self._change(chat, number, page, made.keyboard if number == lead else None)
        except MessageGone:
            # It is sent anew as a whole: nothing of it should be left over.
            with suppress(SendFault):
                await self.delete(chat, message)
            raise
        if over := others[len(pages) - 1 :]:
            await self.delete(chat, message_id(chat, *over))
        return with_file(message_id(chat, lead, *others[: len(pages) - 1]), file_of(message))

    async def _grown(self, chat: str, standing: Sequence[int], post: Post, made: Drawn) -> str:
        """More parts than before: the rest goes below, and the buttons with it."""
        key, texts = _key(chat, post), tuple(one.text for one in made.pages)
        for number, page in zip(standing, made.pages, strict=False):
            await self.pace.turn(chat, beyond=number != standing[0])
            await self._change(chat, number, page, None)
        before, sent = self._begun.get(key, ((), ()))
        if sent[: len(standing)] != tuple(standing):
            _keep(self._begun, key, (texts, tuple(standing)))
        elif before != texts:
            # An earlier try went further with other words.
            await self._forget(chat, key, but=standing)
            _keep(self._begun, key, (texts, tuple(standing)))
        return await self._send(chat, post, made)

    async def _change(
        self, chat: str, number: int, page: Styled, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        known: dict[str, Any] = {"chat_id": chat_of(chat), "message_id": number}
        known["reply_markup"] = keyboard
        bot = self._api.bot
        with suppress(Unchanged):
            try:
                changing = bot.edit_message_text(
                    text=page.text,
                    entities=page.entities,
                    link_preview_options=NO_PREVIEW,
                    **known,
                )
                await self._watched.call("editMessageText", changing, chat)
            except NoText:
                words = page.between(0, len(cut(page.text, limits.CAPTION)))
                changing = bot.edit_message_caption(
                    caption=words.text, caption_entities=words.entities, **known
                )
                await self._watched.call("editMessageCaption", changing, chat)

    async def delete(self, address: str, message: str) -> None:
        """Take one of ours away, all parts of it."""
        chat, numbers = parts(message)
        file = file_of(message)
        for number in numbers if file is None else (*numbers, file):
            deleting = self._api.bot.delete_message(chat_id=chat_of(chat), message_id=number)
            with suppress(MessageGone):
                await self._watched.call("deleteMessage", deleting, chat)

    async def find(self, address: str, delivery: str) -> str | None:
        """Telegram lets no bot look back."""
        return None

    def _labels_of(self, post: Post) -> Labels:
        language = post.card.language if post.card else ""
        return self._labels.get(language.partition("-")[0].lower()) or self._labels[""]

    def _made(self, post: Post) -> Drawn:
        made = drawn(post, self._labels_of(post))
        self.losses.tell(made.losses)
        self.confirms.note(made.questions)
        return made

    async def typing(self, address: str) -> None:
        """Telegram shows it for five seconds, or until a message comes."""
        showing = self._api.bot.send_chat_action(chat_id=chat_of(address), action="typing")
        await self._watched.call("sendChatAction", showing, address)

    # --- places and people ---------------------------------------------------------------------

    async def open(self, kind: Literal["direct", "topic", "channel"], at: str, title: str) -> str:
        """A topic where the group has topics and the bot may make one, else ""; a person is their
        own address.
        """
        if kind == "direct":
            return at
        if kind == "channel":
            raise Misconfigured("A bot makes no groups in Telegram: make one and add it there.")
        chat = chat_of(at)
        if not is_group(at):
            return ""
        found = await self._watched.call("getChat", self._api.bot.get_chat(chat_id=chat), at)
        if not found.is_forum:
            return ""
        name = cut(one_line(title), limits.TOPIC)
        making = self._api.bot.create_forum_topic(chat_id=chat, name=name)
        try:
            made = await self._watched.call("createForumTopic", making, at)
        except Misconfigured as fault:
            if fault.whole:
                raise
            return ""
        except TopicGone:
            return ""
        return str(made.message_thread_id)

    async def shut(self, address: str, within: str, shut: bool) -> None:
        """Close a topic, or open it again."""
        if (number := topic(within)) is None:
            return
        bot = self._api.bot
        about: dict[str, Any] = {"chat_id": chat_of(address), "message_thread_id": number}
        closing = bot.close_forum_topic(**about) if shut else bot.reopen_forum_topic(**about)
        with suppress(TopicGone, Unchanged):
            await self._watched.call(
                "closeForumTopic" if shut else "reopenForumTopic", closing, address
            )

    async def membership(self, place: str, opaque: str) -> Membership:
        """What somebody is in a group (`-1001`), or among its administrators (`-1001/admins`)."""
        return await self._looks.membership(place, opaque)

    async def profile(self, opaque: str) -> Profile:
        """How Telegram describes somebody."""
        return await self._looks.profile(opaque)

    # --- files ---------------------------------------------------------------------------------

    async def fetch(self, file: str) -> File:
        """A file that somebody sent us, by its number."""
        path, content = await self._watched.told(self._api.file(file, limits.DOWNLOAD))
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return File(PurePosixPath(path).name or "file", kind, content)

    async def upload(self, address: str, file: File, post: Post) -> str:
        """The file with its words beneath it; more than fit there follow on their own."""
        if len(file.content) > limits.UPLOAD:
            raise Unsendable("The file is larger than Telegram carries for bots.", final=True)
        short = drawn(post, self._labels_of(post), limits.CAPTION)
        fits = len(short.pages) == 1
        key = _key(address, post)
        number = self._shared.get(key)
        if number is None:
            await self.pace.turn(address)
            number = await self._share(address, file, post, short if fits else None)
        if fits:
            self.confirms.note(short.questions)
            return message_id(address, number)
        _keep(self._shared, key, number)
        words = await self._send(address, post, self._made(post), beyond=True)
        self._shared.pop(key, None)
        return with_file(words, number)

    async def _share(self, address: str, file: File, post: Post, made: Drawn | None) -> int:
        """As a picture where it is one, else as a document."""
        page = made.pages[0] if made else None
        asked: dict[str, Any] = {
            "chat_id": chat_of(address),
            "filename": cut(one_line(file.name), NAME_MOST),
            "message_thread_id": topic(post.within),
            "reply_parameters": reply_to(address, post.beneath),
            "reply_markup": made.keyboard if made else None,
            "caption": page.text if page else None,
            "caption_entities": page.entities if page else None,
        }
        bot = self._api.bot
        if file.media_type in PHOTOS and len(file.content) <= limits.PHOTO:
            with suppress(Unsendable):  # Too long, too wide, or broken: then it goes as it is.
                sending = bot.send_photo(photo=file.content, **asked)
                return (await self._watched.call("sendPhoto", sending, address)).message_id
        sending = bot.send_document(
            document=file.content, disable_content_type_detection=True, **asked
        )
        return (await self._watched.call("sendDocument", sending, address)).message_id


def _key(address: str, post: Post) -> str:
    """By which a message is known that is not finished yet."""
    return f"{address}|{post.within}|{post.delivery}"


def _keep(known: "OrderedDict[str, K]", key: str, value: K) -> None:
    """Remember it, and forget the oldest when there is too much."""
    known.pop(key, None)
    known[key] = value
    if len(known) > KNOWN_MOST:
        known.popitem(last=False)
