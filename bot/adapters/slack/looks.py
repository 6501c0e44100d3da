"""Looking things up in Slack: a message by its mark, who is where, and who somebody is."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from bot.adapters.slack.faults import garbled
from bot.adapters.slack.payloads import ident
from bot.adapters.slack.text import Json
from bot.engine.ports import Membership, MessageGone, Outage, Profile
from bot.untrusted import Payload, items, part, text

Call = Callable[[str, Json], Awaitable[Json]]

PAGE = 100
PAGES = 3
THREADS = 10
MEMBERS_PAGE = 200
MEMBERS_PAGES = 100
SLACKBOT = "USLACKBOT"


def mark_of(delivery: str) -> str:
    """What a message carries of its delivery; it says nothing to anybody else."""
    return hashlib.sha256(delivery.encode()).hexdigest()[:32]


class Looks:
    """Asks by `call`; whatever a call raises goes on to whoever looks."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._team = ""

    # --- messages ------------------------------------------------------------------------------

    async def find(self, channel: str, delivery: str, thread: str = "") -> str | None:
        """The message in `channel` that was sent as `delivery`: beneath `thread` first, then among
        the newest ones, then beneath those in which something was said last.
        """
        if thread and (found := await self._found(self._replies(channel, thread), delivery)):
            return f"{channel}/{found}"
        threads: list[Json] = []
        found = await self._found(self._history(channel), delivery, threads.append)
        threads.sort(key=lambda one: text(one, "latest_reply"), reverse=True)
        for one in threads[:THREADS]:
            if not found:
                found = await self._found(self._replies(channel, text(one, "ts")), delivery)
        return f"{channel}/{found}" if found else None

    async def _found(
        self,
        messages: AsyncIterator[Json],
        delivery: str,
        note: Callable[[Json], None] = lambda one: None,
    ) -> str:
        """The stamp of the message that carries the mark of `delivery`, with the file that was
        shared before it; "" when none does.
        """
        wanted = mark_of(delivery)
        try:
            async for one in messages:
                if text(one, "metadata", "event_payload", "delivery") == wanted:
                    file = ident(one, "metadata", "event_payload", "file")
                    return f"{text(one, 'ts')}{file and f'/{file}'}"
                if one.get("reply_count"):
                    note(one)
        except MessageGone:
            # What it would stand beneath was deleted, and everything there with it.
            return ""
        return ""

    def _history(self, channel: str) -> AsyncIterator[Json]:
        return self._pages("conversations.history", {"channel": channel})

    def _replies(self, channel: str, thread: str) -> AsyncIterator[Json]:
        return self._pages("conversations.replies", {"channel": channel, "ts": thread})

    async def _pages(self, method: str, body: Json) -> AsyncIterator[Json]:
        """The messages of a few pages."""
        cursor = ""
        for _ in range(PAGES):
            asked = {**body, "limit": PAGE, "include_all_metadata": True}
            answer = await self._call(method, {**asked, **({"cursor": cursor} if cursor else {})})
            for one in items(answer, "messages"):
                yield dict(one)
            cursor = text(answer, "response_metadata", "next_cursor")
            if not cursor:
                return

    # --- people --------------------------------------------------------------------------------

    async def membership(self, place: str, user: str) -> Membership:
        """Whether somebody is in a channel, or in a group of users (`S...`). What they are
        otherwise, a guest or somebody who is gone, their profile says.
        """
        if place.startswith("S"):
            answer = await self._call("usergroups.users.list", {"usergroup": place})
            there = user in listed("usergroups.users.list", answer, "users")
        else:
            there = await self._is_member(place, user)
        return "member" if there else "none"

    async def _is_member(self, channel: str, user: str) -> bool:
        cursor = ""
        for _ in range(MEMBERS_PAGES):
            asked: Json = {"channel": channel, "limit": MEMBERS_PAGE}
            answer = await self._call(
                "conversations.members", {**asked, **({"cursor": cursor} if cursor else {})}
            )
            if user in listed("conversations.members", answer, "members"):
                return True
            cursor = text(answer, "response_metadata", "next_cursor")
            if not cursor:
                return False
        raise Outage("The channel has too many members to be looked through.", whole=False)

    async def profile(self, user: str) -> Profile:
        """How Slack describes somebody."""
        asked = {"user": user, "include_locale": True}
        answer = part(await self._call("users.info", asked), "user")
        number = text(answer, "id")
        if number != user:  # Nobody has rights by an answer about nobody.
            raise garbled("users.info", 200)
        guest = _says(answer, "is_restricted") or _says(answer, "is_ultra_restricted")
        foreign = _says(answer, "is_stranger") or await self._is_foreign(answer)
        return Profile(
            name=text(answer, "profile", "display_name")
            or text(answer, "profile", "real_name")
            or text(answer, "real_name")
            or text(answer, "name"),
            language=text(answer, "locale"),
            outside=guest or foreign,
            gone=_says(answer, "deleted"),
            person=not _says(answer, "is_bot") and number != SLACKBOT,
            alone=number,
        )

    async def _is_foreign(self, user: Any) -> bool:
        """Whether they belong to another workspace, and to another organisation than ours."""
        if not self._team:
            self._team = ident(await self._call("auth.test", {}), "team_id")
        own = {ident(user, "team_id"), *_teams(user)}
        return not self._team or self._team not in own


def listed(method: str, answer: Payload, key: str) -> list[object]:
    """The list under `key`. Raises SendFault when there is none."""
    found = answer.get(key)
    if not isinstance(found, list):
        raise garbled(method, 200)
    return found


def _says(user: Payload, key: str) -> bool:
    """Whether it says so, or says something that nobody can read."""
    return user.get(key) not in (None, False)


def _teams(user: Any) -> list[str]:
    """The workspaces of an organisation to which somebody belongs."""
    found = part(user, "enterprise_user").get("teams")
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
