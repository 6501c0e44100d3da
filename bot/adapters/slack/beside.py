"""Channels of our own beside a team's: made once, filled, archived when all is over."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress

from bot.adapters.slack.faults import garbled
from bot.adapters.slack.looks import listed
from bot.adapters.slack.payloads import ident
from bot.adapters.slack.text import Json
from bot.engine.ports import Blocked, MessageGone, Unsendable
from bot.untrusted import items, text

Call = Callable[[str, Json], Awaitable[Json]]

NAME_MOST = 80
NAMES = 3
"""So many names are tried: one may be somebody else's, or archived since it was ours before."""
INVITED = 100
MEMBERS_PAGE = 200
MOST = 500
PAGES = 20
_UNFIT = re.compile(r"[^a-z0-9]+")


def named(title: str, number: int = 1) -> str:
    """A name that Slack takes: lower case, digits and hyphens, 80 at most."""
    last = "" if number == 1 else f"-{number}"
    name = _UNFIT.sub("-", title.lower()).strip("-") or "major"
    return f"{name[: NAME_MOST - len(last)].rstrip('-')}{last}"


class Beside:
    """Asks by `call`; whatever a call raises goes on to whoever wants it."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def open(self, channel: str, title: str) -> str:
        """The id of a private channel called like `title`, with everybody of `channel` in it.

        It is the same one however often it is asked for: one of that name that we made ourselves,
        and that is not archived, was made by a try that was cut short.
        """
        ours = ident(await self._call("auth.test", {}), "user_id")
        people = [one async for one in self._members(channel, ours)]
        made = await self._made(title, ours)
        await self.invite(made, people)
        return made

    async def _made(self, title: str, ours: str) -> str:
        for number in range(1, NAMES + 1):
            name = named(title, number)
            try:
                body: Json = {"name": name, "is_private": True}
                answer = await self._call("conversations.create", body)
            except Unsendable:
                if found := await self._own(name, ours):
                    return found
                if number == NAMES:
                    raise
            else:
                if made := ident(answer, "channel", "id"):
                    return made
                break
        raise garbled("conversations.create", 200)

    async def _own(self, name: str, ours: str) -> str:
        """The channel of that name that we made, "" when there is none that is open."""
        cursor = ""
        for _ in range(PAGES):
            asked: Json = {"types": "private_channel", "exclude_archived": True, "limit": 200}
            more = {"cursor": cursor} if cursor else {}
            answer = await self._call("users.conversations", {**asked, **more})
            for one in items(answer, "channels"):
                if text(one, "name") == name and text(one, "creator") == ours:
                    return ident(one, "id")
            cursor = text(answer, "response_metadata", "next_cursor")
            if not cursor:
                break
        return ""

    async def invite(self, channel: str, people: Sequence[str]) -> None:
        """Let these people in; whoever is there already is no matter."""
        here = {one async for one in self._members(channel, "")} if people else set()
        missing = [one for one in dict.fromkeys(people) if one not in here]
        for start in range(0, len(missing), INVITED):
            some = missing[start : start + INVITED]
            try:
                await self._invited(channel, some)
            except (Blocked, Unsendable):
                # One who cannot be let in keeps nobody else out.
                for one in some:
                    with suppress(Blocked, Unsendable):
                        await self._invited(channel, [one])

    async def _invited(self, channel: str, people: Sequence[str]) -> None:
        await self._call("conversations.invite", {"channel": channel, "users": ",".join(people)})

    async def shut(self, channel: str) -> None:
        """Archive it: nobody writes there any more, and everything stays. Done twice it is once."""
        with suppress(MessageGone):
            await self._call("conversations.archive", {"channel": channel})

    async def _members(self, channel: str, ours: str) -> AsyncIterator[str]:
        """People of a channel, without ourselves."""
        cursor, left = "", MOST
        while left > 0:
            asked: Json = {"channel": channel, "limit": MEMBERS_PAGE, "cursor": cursor}
            answer = await self._call("conversations.members", asked)
            for one in listed("conversations.members", answer, "members"):
                if isinstance(one, str) and one != ours and left > 0:
                    left -= 1
                    yield one
            cursor = text(answer, "response_metadata", "next_cursor")
            if not cursor:
                return
