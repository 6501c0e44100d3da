"""The channel `slack`: messages, cards and files to channels and to people.

A place is a channel's id, or a person's: their direct conversation with the app. A message of ours
is known as `C123/1690000000.000100`, with `/F123` where a file came before it; each carries a hash
of its delivery, by which it is found when nobody knows whether it arrived.
"""

import json
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Literal, TypeVar

from bot.adapters.slack import limits
from bot.adapters.slack.beside import Beside
from bot.adapters.slack.client import SlackApi
from bot.adapters.slack.faults import garbled
from bot.adapters.slack.looks import Looks, mark_of
from bot.adapters.slack.payloads import CHANNEL, ident, message_id
from bot.adapters.slack.render import Drawn, Labels, drawn
from bot.adapters.slack.text import Json, file_name
from bot.core.files import NAME_MOST
from bot.engine.ports import (
    AnswerLost,
    Blocked,
    Capabilities,
    File,
    Health,
    Limit,
    Membership,
    MessageGone,
    Misconfigured,
    Outage,
    Post,
    Profile,
    SendFault,
    Unsendable,
)
from bot.losses import Losses
from bot.untrusted import part, text

T = TypeVar("T")

EVENT = "muster"
KNOWN_MOST = 10_000


class SlackChannel:
    """Sends to Slack. `labels` are what it says itself."""

    name = CHANNEL
    title = "Slack"
    capabilities: Capabilities = limits.CAPABILITIES

    def __init__(self, api: SlackApi, labels: Labels | None = None) -> None:
        self._api = api
        self._labels = labels or Labels()
        self._direct: OrderedDict[str, str] = OrderedDict()
        self._beneath: OrderedDict[str, str] = OrderedDict()
        self._unseen: OrderedDict[str, str] = OrderedDict()
        self._looks = Looks(self._call)
        self._beside = Beside(self._call)
        self._trouble = ""
        self.losses = Losses(self.title)

    def limits(self, address: str) -> Sequence[Limit]:
        """One message a second for each channel."""
        return limits.of_channel(address)

    def health(self) -> Health:
        """What the last call met with."""
        return Health(not self._trouble, self._trouble)

    def join_link(self, code: str) -> str | None:
        """The code is typed."""
        return ""

    def way_in(self, payload: str) -> str | None:
        """No link of Slack's says what it was opened for."""
        return None

    async def close(self) -> None:
        """Let go of every connection."""
        await self._api.close()

    # --- messages ------------------------------------------------------------------------------

    async def send(self, address: str, post: Post) -> str:
        """Post it; beneath another message where it belongs to one that is still there."""
        return await self._send(address, post, "")

    async def _send(self, address: str, post: Post, file: str) -> str:
        """The same; the `file` that it is about is shared already."""
        thread = _stamp(post.beneath)
        _keep(self._beneath, post.delivery, thread)
        if self._unseen.pop(post.delivery, None) is not None:
            # It may have arrived, and nobody can look.
            post = replace(post, repeat=True)
        made = self._made(post)
        body: Json = {"channel": address, **_quiet(made), **_marked(post, file), "mrkdwn": False}
        body |= {"unfurl_links": False, "unfurl_media": False}
        try:
            answer = await self._posted(body, thread)
        except AnswerLost:
            raise
        except SendFault as fault:
            raise self._for_person(address, fault) from None
        channel = ident(answer, "channel") or address
        if not (message := message_id(channel, text(answer, "ts"))):
            raise garbled("chat.postMessage", 200)
        self._beneath.pop(post.delivery, None)
        if _is_person(address):
            _keep(self._direct, address, channel)
        return f"{message}{file and f'/{file}'}"

    async def _posted(self, body: Json, thread: str) -> Json:
        if not thread:
            return await self._call("chat.postMessage", body)
        try:
            return await self._call("chat.postMessage", {**body, "thread_ts": thread})
        except MessageGone:
            return await self._call("chat.postMessage", body)

    async def edit(self, address: str, message: str, post: Post) -> str:
        """Change one of ours."""
        channel, stamp = _parts(message)
        body = {"channel": channel, "ts": stamp, **_quiet(self._made(post)), **_marked(post)}
        await self._call("chat.update", body)
        return message

    async def delete(self, address: str, message: str) -> None:
        """Take one of ours away, with the file that it came with."""
        channel, stamp = _parts(message)
        for file in message.split("/")[2:]:
            with suppress(Unsendable):  # It is gone already, or not ours to delete.
                await self._call("files.delete", {"file": file})
        try:
            await self._call("chat.delete", {"channel": channel, "ts": stamp})
        except MessageGone:
            return

    def _made(self, post: Post) -> Drawn:
        made = drawn(post, self._labels)
        self.losses.tell(made.losses)
        return made

    def _for_person(self, address: str, fault: SendFault) -> SendFault:
        """Where there is no channel of a person there is nobody any more."""
        unknown = isinstance(fault, Misconfigured) and not fault.whole
        return Blocked(str(fault)) if unknown and _is_person(address) else fault

    # --- looking up ----------------------------------------------------------------------------

    async def find(self, address: str, delivery: str) -> str | None:
        """The newest message there that was sent as `delivery`.

        Where we may not read, nobody can tell: then it goes out marked as a repeat.
        """
        try:
            channel = await self._channel(address)
            return await self._looks.find(channel, delivery, self._beneath.get(delivery, ""))
        except Misconfigured:
            _keep(self._unseen, delivery, "unseen")
            return None

    async def membership(self, place: str, opaque: str) -> Membership:
        """Whether somebody is in a channel, or in a group of users (`S...`)."""
        return await self._looks.membership(place, person_of(opaque))

    async def profile(self, opaque: str) -> Profile:
        """How Slack describes somebody."""
        return await self._looks.profile(person_of(opaque))

    # --- places --------------------------------------------------------------------------------

    async def open(self, kind: Literal["direct", "topic", "channel"], at: str, title: str) -> str:
        """The direct conversation with the person `at`, or a private channel called `title` for
        whoever is in the channel `at`.
        """
        if kind == "topic":
            return ""
        if kind == "channel":
            return await self._beside.open(at, title)
        await self._channel(person_of(at))
        return person_of(at)

    async def shut(self, address: str, within: str, shut: bool) -> None:
        """Archive a channel of our own. There are no topics, and an app opens nothing again."""
        if shut and not within:
            await self._beside.shut(address)

    async def invite(self, address: str, people: Sequence[str]) -> None:
        """Let people into a channel of our own."""
        await self._beside.invite(address, [person_of(one) for one in people])

    async def _channel(self, address: str) -> str:
        """The id of the conversation behind an address."""
        if not _is_person(address):
            return address
        if address not in self._direct:
            try:
                answer = await self._call("conversations.open", {"users": address})
            except SendFault as fault:
                raise self._for_person(address, fault) from None
            if not (found := ident(answer, "channel", "id")):
                raise garbled("conversations.open", 200)
            _keep(self._direct, address, found)
        return self._direct[address]

    # --- files ---------------------------------------------------------------------------------

    async def fetch(self, file: str) -> File:
        """A file by its id, from Slack's own hosts only."""
        found = part(await self._call("files.info", {"file": file}), "file")
        url = text(found, "url_private_download") or text(found, "url_private")
        if not url or text(found, "mode") in ("external", "tombstone"):
            raise Unsendable("The file lies outside Slack, or is not there any more.", final=True)
        most = self.capabilities.download_most
        size = found.get("size")
        if isinstance(size, int) and size > most:
            raise Unsendable("The file is larger than what is taken.", final=True)
        told, content = await self._told(self._api.get(url, most))
        kind = text(found, "mimetype") or told
        if told == "text/html" and kind != "text/html":
            raise Misconfigured("Slack does not give the app this file. Give it files:read.")
        return File(text(found, "name") or "file", kind, content)

    async def upload(self, address: str, file: File, post: Post) -> str:
        """The file, then its words as a message of their own.

        In this order nothing is missing where only the words are looked up after a lost answer.
        """
        channel = await self._channel(address)
        name = file_name(file.name, NAME_MOST)
        place = await self._call(
            "files.getUploadURLExternal", {"filename": name, "length": len(file.content)}
        )
        await self._told(self._api.put(text(place, "upload_url"), file.content))
        shared = json.dumps([{"id": ident(place, "file_id"), "title": name}])
        body: Json = {"files": shared, "channel_id": channel}
        try:
            beneath = {"thread_ts": _stamp(post.beneath)} if post.beneath else {}
            await self._call("files.completeUploadExternal", {**body, **beneath})
        except MessageGone:
            await self._call("files.completeUploadExternal", body)
        return await self._send(address, post, ident(place, "file_id"))

    # --- calls ---------------------------------------------------------------------------------

    async def _call(self, method: str, body: Json) -> Json:
        return await self._told(self._api.call(method, body))

    async def _told(self, calling: Awaitable[T]) -> T:
        """Keep in mind how it went: only what concerns all of Slack is trouble."""
        try:
            found = await calling
        except SendFault as fault:
            whole = isinstance(fault, Outage | Misconfigured) and fault.whole
            self._trouble = str(fault) if whole else ""
            raise
        self._trouble = ""
        return found


def person_of(opaque: str) -> str:
    """The user of `T123:U456`."""
    return opaque.rpartition(":")[2]


def _marked(post: Post, file: str = "") -> Json:
    payload = {"delivery": mark_of(post.delivery), **({"file": file} if file else {})}
    return {"metadata": {"event_type": EVENT, "event_payload": payload}}


def _quiet(made: Drawn) -> Json:
    """Text and blocks; Slack looks for nothing in them."""
    return {
        "text": made.text,
        "blocks": list(made.blocks),
        "parse": "none",
        "link_names": False,
    }


def _is_person(address: str) -> bool:
    return address[:1] in ("U", "W")


def _parts(message: str) -> tuple[str, str]:
    channel, stamp, *_ = *message.split("/"), ""
    return channel, stamp


def _stamp(message: str) -> str:
    return _parts(message)[1]


def _keep(known: "OrderedDict[str, str]", key: str, value: str) -> None:
    """Remember it, and forget the oldest when there is too much."""
    known.pop(key, None)
    if value:
        known[key] = value
    if len(known) > KNOWN_MOST:
        known.popitem(last=False)
