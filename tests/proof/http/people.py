"""People with a browser on the real process; an answer that was lost is asked for again."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.core.person_words import Role
from tests.pages.kit import Page
from tests.proof.http.keeper import Keeper
from tests.proof.http.wire import Lost, Reply

FORM = "application/x-www-form-urlencoded"


@dataclass
class Browser:
    """Somebody's browser: a connection, headers, and the count of answers that were lost."""

    keeper: Keeper
    headers: dict[str, str] = field(default_factory=dict)
    lost: int = 0

    def __post_init__(self) -> None:
        self.wire = self.keeper.wire()

    async def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Reply:
        """Ask until there is an answer; what is repeated is the same in every byte."""
        headers = {**self.headers, **({"content-type": kind} if kind else {})}
        while True:
            life = self.keeper.lives
            try:
                return await self.wire.ask(method, path, body, headers)
            except Lost:
                self.lost += 1
                await self.keeper.back(life)

    async def page(self, path: str) -> Page:
        """A page that must be there."""
        reply = await self.ask("GET", path)
        assert reply.status == 200, (path, reply.status, reply.text)
        return Page(reply.text)

    async def post(self, path: str, words: dict[str, Any]) -> dict[str, Any]:
        """A script of ours sends JSON, and is answered."""
        reply = await self.ask("POST", path, json.dumps(words).encode(), "application/json")
        assert reply.status == 200, (path, reply.status, reply.text)
        return reply.json

    async def press(self, source: str, do: str, **fields: Any) -> dict[str, Any]:
        """What a member of staff does, under an id of its own."""
        return await self.post(f"/do/{do}", {"id": source, **fields})


class Customer(Browser):
    """Somebody with the chat open."""

    async def press(self, source: str, do: str, **fields: Any) -> dict[str, Any]:
        """What a customer writes or presses, under an id of its own."""
        return await self.post("/chat/do", {"do": do, "id": source, **fields})

    async def state(self) -> dict[str, Any]:
        """Their report and the newest letters."""
        return (await self.ask("GET", "/chat/state")).json


async def customer(keeper: Keeper) -> Customer:
    """Somebody about to say their first word."""
    token = (await Browser(keeper).post("/chat/visitor", {}))["token"]
    return Customer(keeper, {"x-muster-visitor": token})


async def staff(keeper: Keeper, name: str, *roles: Role) -> Browser:
    """Somebody who has opened a link of their own and joined."""
    token = (await keeper.asked("invite", roles=list(roles)))["token"]
    return await joined(keeper, f"/join/{token}", name)


async def joined(keeper: Keeper, path: str, name: str) -> Browser:
    """Somebody who joins by the link `path`."""
    browser = Browser(keeper)
    fields = (await browser.page(path)).fields()
    body = urlencode({**fields, "name": name}).encode()
    reply = await browser.ask("POST", path, body, FORM)
    assert reply.status == 303, (reply.status, reply.text)
    browser.headers["cookie"] = reply.cookie
    return browser
