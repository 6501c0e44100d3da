"""The API keeps to its own description, whatever it is asked."""

from pathlib import Path

from tests.pages.api_kit import API
from tests.pages.kit import web
from tests.proof.api import asked


async def test_every_answer_is_one_that_the_description_names(tmp_path: Path) -> None:
    statuses, wrong = await asked(tmp_path, 12)
    assert wrong == []
    assert {"200", "201", "400", "404", "409", "422"} <= set(statuses)
    assert not {one for one in statuses if one.startswith("5")}


async def test_the_description_is_there_without_a_key_and_nothing_else_is(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        client = served.client("192.0.2.50")
        described = (await client.get(f"{API}/openapi.json")).json()
        assert described["servers"] == [{"url": API}]
        assert "HTTPBearer" in described["components"]["securitySchemes"]
        for path in ("/docs", "/redoc", "/", "/openapi.yaml", "/openapi.json/"):
            assert (await client.get(API + path)).status_code == 401, path
