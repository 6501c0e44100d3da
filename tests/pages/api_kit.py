"""Programs that ask a desk under test by a key."""

import json
from typing import Any

from httpx2 import AsyncClient, Response

from bot.core.calendar import DAY
from bot.core.program_words import SCOPES, Scope
from bot.engine.programs import Programs
from tests.pages.kit import Web

API = "/api/v1"


class Asker:
    """A program with a key ("" for none)."""

    def __init__(self, client: AsyncClient, key: str, person: str = "") -> None:
        self.client = client
        self.key = key
        self.person = person
        self.asked = 0

    def headers(self, **more: str) -> dict[str, str]:
        bearer = {"authorization": f"Bearer {self.key}"} if self.key else {}
        return {**bearer, **more}

    async def get(self, path: str, /, **query: Any) -> Response:
        return await self.client.get(API + path, params=query or None, headers=self.headers())

    async def post(self, path: str, content: Any, source: str | None = "") -> Response:
        self.asked += 1
        source = f"asked-{id(self)}-{self.asked}" if source == "" else source
        once = {} if source is None else {"idempotency-key": source}
        told = self.headers(**{"content-type": "application/json", **once})
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return await self.client.post(API + path, content=body, headers=told)

    async def opened(self, **more: Any) -> str:
        """Open an incident, which must work; its reference."""
        response = await self.post("/incidents", {"category": "power", **more})
        assert response.status_code == 201, response.text
        reference: str = response.json()["reference"]
        return reference


def programs(served: Web) -> Programs:
    return Programs(served.house.engine, served.house.reader)


async def program(
    served: Web, *scopes: Scope, lasts: int = DAY, address: str = "192.0.2.7"
) -> Asker:
    """A program with a key of these scopes (none named: all but what is restricted)."""
    if "chief" not in served.desk.people:
        await served.desk.join("chief", "administrator")
    made = programs(served).make("Ticket system", scopes or SCOPES[:-1], lasts)
    await served.desk.done(made.command, "chief")
    return Asker(served.client(address), made.key, made.command.person)


def code(response: Response, status: int) -> str:
    """The code of a problem, which must be one of that status and tell it in a sentence."""
    assert response.status_code == status, (response.status_code, response.text)
    assert response.headers["content-type"] == "application/problem+json", response.headers
    body = response.json()
    assert body["status"] == status
    assert len(body["detail"]) > 10
    return str(body["code"])
