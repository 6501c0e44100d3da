"""What a hostile program sends: nothing of it is done, and each is told so in one sentence."""

from pathlib import Path
from typing import Any

import pytest

from tests.pages.api_kit import Asker, code, program
from tests.pages.kit import web

DEEP = b'{"answers":' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}"
BODIES: tuple[tuple[bytes, int, str], ...] = (
    (b"", 422, "invalid"),
    (b"{", 400, "unreadable"),
    (b"[]", 400, "unreadable"),
    (b'"power"', 400, "unreadable"),
    (b"null", 400, "unreadable"),
    (b"\xff\xfe{}", 400, "unreadable"),
    (b'{"category":"power","category":"other"}', 400, "unreadable"),
    (b'{"answers":{"a":NaN}}', 400, "unreadable"),
    (b'{"answers":{"a":1e999}}', 422, "invalid"),
    (b'{"answers":{"a":' + b"9" * 5_000 + b"}}", 400, "unreadable"),
    (DEEP, 400, "unreadable"),
    (b"[" * 60_000, 400, "unreadable"),
    (b'{"answers":{"what":"\\ud800"}}', 422, "signs"),
    (b'{"answers":{"\\udfff":"x"}}', 422, "signs"),
    (b'{"answers":{"what":"a\\u0000b"}}', 422, "signs"),
    (b'{"answers":{"what":"\\u001b[2J"}}', 422, "signs"),
    (b'{"category":"power","visibility":"restricted"}', 422, "invalid"),
    (b'{"category":"power","mode":"exercise"}', 422, "invalid"),
    (b'{"category":"power","report":"rep_00000000000000000000000000"}', 422, "invalid"),
    (b'{"category":["power"]}', 422, "invalid"),
    (b'{"danger":"no"}', 422, "invalid"),
    (b'{"category":"nothing"}', 409, "unknown_category"),
    (b'{"category":"power","answers":{"files":["x"]}}', 409, "unknown_question"),
    (b'{"category":"' + b"x" * 61 + b'"}', 422, "invalid"),
    (b'{"category":"' + b"x" * 70_000 + b'"}', 413, "too_large"),
)


@pytest.mark.parametrize(("body", "status", "why"), BODIES)
async def test_a_hostile_body_opens_nothing(
    tmp_path: Path, body: bytes, status: int, why: str
) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        answer = await asks.post("/incidents", body)
        assert code(answer, status) == why
        assert "\x1b" not in answer.text
        assert await served.desk.store.count("incidents") == 0


async def test_the_number_of_a_wish_must_be_there_once_and_be_one(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        for source in (None, "short", "x" * 129, "has space", "a;b;c;d;e"):
            answer = await asks.post("/incidents", {"category": "power"}, source)
            assert code(answer, 400) == "idempotency_key", source
        headers: Any = [
            *asks.headers(**{"content-type": "application/json"}).items(),
            ("idempotency-key", "number-one"),
            ("idempotency-key", "number-two"),
        ]
        answer = await asks.client.post("/api/v1/incidents", content=b"{}", headers=headers)
        assert code(answer, 400) == "idempotency_key"
        assert await served.desk.store.count("incidents") == 0


async def test_a_form_of_another_page_does_nothing(tmp_path: Path) -> None:
    """Only a header lets in, and no page of another site can send that without being asked."""
    async with web(tmp_path) as served:
        asks = await program(served)
        told = {"origin": "https://evil.test", "idempotency-key": "number-one"}
        client = asks.client
        answer = await client.post("/api/v1/incidents", data={"category": "power"}, headers=told)
        assert code(answer, 401) == "no_key"
        form = asks.headers(**told)
        answer = await client.post("/api/v1/incidents", data={"category": "power"}, headers=form)
        assert code(answer, 415) == "type"
        asked = {"origin": "https://evil.test", "access-control-request-method": "POST"}
        answer = await client.request("OPTIONS", "/api/v1/incidents", headers=asked)
        assert "access-control-allow-origin" not in answer.headers
        assert await served.desk.store.count("incidents") == 0


async def test_no_name_of_a_thing_leads_anywhere_else(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        await asks.opened()
        (row,) = await served.desk.store.select("incidents")
        names = (str(row["incident"]), "desk", asks.person, "R-222-2222", "..%2F..%2Fdesk", "%00")
        for name in (*names, "N-%20%0A", "x" * 41, "%F0%9F%94%A5", "'%20OR%201=1--"):
            answer = await asks.get(f"/incidents/{name}")
            assert answer.status_code in (404, 422), name
            assert answer.headers["content-type"] == "application/problem+json"
        for words in ("*", '"', "AND OR NOT", "NEAR(", "a" * 200, "%", "🔥", "col:x", "-"):
            assert (await asks.get("/search", q=words)).status_code == 200, words
        for words in ("\x00", "a\x00b", "", "a" * 201):
            assert code(await asks.get("/search", q=words), 422) == "invalid", words


async def test_whoever_reads_may_not_act_by_another_method(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served, "api:read")
        for method in ("PUT", "DELETE", "PATCH"):
            path = "/api/v1/incidents"
            answer = await asks.client.request(method, path, headers=asks.headers())
            assert code(answer, 405) == "method"
            assert "GET" in answer.headers["allow"]
        stranger = Asker(asks.client, "")
        assert code(await stranger.get("/nowhere"), 401) == "no_key"
        assert code(await asks.get("/nowhere"), 404) == "not_found"
