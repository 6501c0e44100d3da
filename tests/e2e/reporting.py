"""A customer without a browser: what their page would send, for stories that are not about it."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from httpx import AsyncClient

from tests.pages.kit import POWER

_numbers = count(1)


async def reported(url: str, what: str) -> str:
    """Report a power outage to the process at `url`, leaving out what may be left out; returns
    the token of that chat.
    """
    async with AsyncClient(base_url=url, headers={"origin": url}) as client:
        visitor: str = (await client.post("/chat/visitor", json={})).json()["token"]
        client.headers["x-muster-visitor"] = visitor
        await _did(client, "begin_report")
        while (key := await _asked(client)) is not None:
            given = {**POWER, "what": what}.get(key)
            wish = {"field": key} if given is None else {"field": key, "value": given}
            await _did(client, "skip_question" if given is None else "answer_question", **wish)
        await _did(client, "confirm_summary")
    return visitor


async def _asked(client: AsyncClient) -> str | None:
    state = (await client.get("/chat/state")).json()
    question: Mapping[str, str] | None = state["report"]["question"]
    return None if question is None else question["key"]


async def _did(client: AsyncClient, do: str, **fields: Any) -> None:
    wish = {"do": do, "id": f"by-hand-{next(_numbers)}", **fields}
    answer = (await client.post("/chat/do", json=wish)).json()
    assert answer["outcome"] == "done", (wish, answer)
