"""A press whose answer was lost is sent again as it was, and counts once, however late."""

from pathlib import Path
from typing import Any

import pytest

from tests.engine.kit import MINUTE
from tests.pages.kit import Person, Web, web
from tests.pages.test_desk import reported

LATER = 3 * MINUTE


async def twice(served: Web, who: Person, tag: str, **fields: Any) -> tuple[bool, str]:
    """The same press, and again some minutes later: whether it was known, and its outcome."""
    body = {"id": who.number(), **fields}
    first = (await who.post(f"/do/{tag}", body)).json()
    assert (first["outcome"], first["repeat"]) == ("done", False), first
    await served.desk.advance(LATER)
    again = (await who.post(f"/do/{tag}", body)).json()
    return again["repeat"], again["outcome"]


@pytest.mark.parametrize("when", [{"minutes": 15}, {"time": "23:59"}])
async def test_a_claim_sent_again_later_is_the_same_claim(
    tmp_path: Path, when: dict[str, Any]
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ben = await served.staff("Ben", "resource")
        found = await twice(served, ben, "claim_task", incident=incident, task=1, **when)
        assert found == (True, "done")


async def test_an_update_sent_again_later_is_published_once(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        fields = {"words": "We are on it.", "audience": "public", "next_in": "30"}
        found = await twice(served, ana, "publish_update", incident=incident, **fields)
        assert found == (True, "done")
        assert (await served.desk.incident(incident)).updates == 1


async def test_the_same_id_with_other_words_is_refused(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ben = await served.staff("Ben", "resource")
        body = {"id": ben.number(), "incident": incident, "task": 1, "minutes": 15}
        assert (await ben.post("/do/claim_task", body)).json()["outcome"] == "done"
        other = (await ben.post("/do/claim_task", {**body, "minutes": 30})).json()
        assert (other["outcome"], other["code"]) == ("refused", "key_reused")
