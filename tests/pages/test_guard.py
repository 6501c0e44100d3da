"""The wall before everything that changes something, and the dress of every answer."""

import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import ExpectedErrors
from tests.pages.kit import ORIGIN, Page, Person, Visitor, web

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}
WRONG_ORIGINS = [
    None,
    "",
    "null",
    "http://muster.test.evil.example",
    "http://evil.example",
    "http://evil-muster.test",
    "http://muster.test:8080",
    "https://muster.test",
    "http://MUSTER.test",
    "http://muster.test/",
    "http://xn--mster-kva.test",
    "http://muster.test, http://evil.example",
]


def posts(person: Person) -> list[str]:
    """Every path that changes something."""
    return ["/do/take_incident", "/chat/visitor", "/chat/do", "/join/x", "/signout"]


@pytest.mark.parametrize("origin", WRONG_ORIGINS)
async def test_whatever_comes_from_another_page_is_refused_with_a_sentence(
    tmp_path: Path, origin: str | None
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana")
        headers = {} if origin is None else {"origin": origin}
        for path in posts(ana):
            response = await ana.client.post(path, json={}, headers=headers)
            assert response.status_code == 403, path
            assert "own address" in response.json()["text"]
            page = await ana.client.post(path, data={"a": "b"}, headers=headers)
            assert page.status_code == 403
            assert "own address" in page.text


async def test_behind_a_public_address_only_that_address_is_ours(tmp_path: Path) -> None:
    async with web(tmp_path, public_url="https://desk.example") as served:
        person = served.stranger()
        for origin, status in (("https://desk.example", 200), ("http://muster.test", 403)):
            response = await person.client.post(
                "/chat/visitor", json={}, headers={"origin": origin}
            )
            assert response.status_code == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
async def test_only_reading_and_posting_are_known(tmp_path: Path, method: str) -> None:
    async with web(tmp_path) as served:
        response = await served.stranger().client.request(
            method, "/chat/do", headers={"origin": ORIGIN}
        )
        assert response.status_code == 405


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/desk", "GET, HEAD"),
        ("DELETE", "/chat/do", "POST"),
        ("PATCH", "/join/x", "GET, HEAD, POST"),
        ("OPTIONS", "/static/base.css", "GET, HEAD"),
        ("POST", "/desk", "GET, HEAD"),
        ("POST", "/static/base.css", "GET, HEAD"),
    ],
)
async def test_what_cannot_be_done_is_answered_with_what_can(
    tmp_path: Path, method: str, path: str, allowed: str
) -> None:
    async with web(tmp_path) as served:
        response = await served.stranger().client.request(method, path, headers={"origin": ORIGIN})
        assert (response.status_code, response.headers["allow"]) == (405, allowed)


async def test_reading_a_path_that_only_takes_posts_leads_to_the_first_page(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        response = await served.stranger().get("/signout")
        assert (response.status_code, response.headers["location"]) == (303, "/")


BROKEN = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"3",
    b'"x"',
    b"\x00\xff\xfe",
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a": ' + b"9" * 6000 + b"}",
    b"[" * 60_000,
    b'{"a":' * 12_000,
    b'{"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}',
    json.dumps({"a": list(range(5000))}).encode(),
    "{'a': 1}".encode("utf-16"),
    b'{"a": 1} {"b": 2}',
]


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
async def test_a_body_that_no_page_of_ours_sends_is_answered_with_a_sentence(
    tmp_path: Path, body: bytes
) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        response = await visitor.client.post(
            "/chat/do", content=body, headers={"origin": ORIGIN, **JSON, **visitor.headers}
        )
        assert response.status_code == 400
        assert response.json()["text"].endswith(".") or "kept here" in response.json()["text"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "", "JSON"]
)
async def test_other_kinds_of_body_are_not_read(tmp_path: Path, kind: str) -> None:
    async with web(tmp_path) as served:
        response = await served.stranger().client.post(
            "/chat/visitor", content=b"{}", headers={"origin": ORIGIN, "content-type": kind}
        )
        assert response.status_code == 415


async def test_sixty_four_kilobytes_are_read_and_not_one_more(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        for extra, status in ((0, 200), (1, 413)):
            body = b'{"a": "' + b"x" * (64 * 1024 - 9 + extra) + b'"}'
            response = await served.stranger().client.post(
                "/chat/visitor", content=body, headers={"origin": ORIGIN, **JSON}
            )
            assert response.status_code == status, len(body)


async def test_a_body_without_a_length_is_left_as_soon_as_it_is_too_much(tmp_path: Path) -> None:
    """The rest is never read: the sender is told while still sending."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 16 * 1024
            yield b"x" * 16 * 1024

    async with web(tmp_path) as served:
        response = await served.stranger().client.post(
            "/chat/visitor", content=endless(), headers={"origin": ORIGIN, **JSON}
        )
        assert response.status_code == 413
        assert response.headers["connection"] == "close"


@pytest.mark.parametrize("length", ["x", "-1", "9" * 30])
async def test_a_length_that_cannot_be_is_refused(tmp_path: Path, length: str) -> None:
    async with web(tmp_path) as served:
        response = await served.stranger().client.post(
            "/chat/visitor",
            content=b"{}",
            headers={"origin": ORIGIN, **JSON, "content-length": length},
        )
        assert response.status_code in (400, 413)


async def test_every_answer_wears_the_headers_that_keep_strangers_scripts_out(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana")
        visitor = await served.visitor()
        answers = [
            await ana.get(path)
            for path in ("/", "/chat", "/desk", "/tasks", "/status", "/nothing", "/healthz")
        ]
        answers += [await ana.get("/static/desk.js"), await ana.get("/static/nothing.js")]
        answers += [await visitor.say("begin_report"), await visitor.say("nonsense")]
        for answer in answers:
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self';" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] in ("no-store", "no-cache", "private, no-cache")
            assert "server" not in answer.headers


async def test_no_page_holds_an_inline_script_or_style(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana")
        for path in ("/", "/chat", "/desk", "/tasks", "/status", "/signin", "/nothing"):
            html = (await ana.get(path)).text
            assert "<style" not in html
            assert " style=" not in html
            assert " onclick" not in html
            assert html.count("<script") == html.count('<script type="module" src="/static/')


async def test_what_goes_wrong_inside_is_told_without_details(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_errors: ExpectedErrors
) -> None:
    async with web(tmp_path) as served:

        async def broken(*given: object) -> None:
            raise RuntimeError("the secret is 12345")

        monkeypatch.setattr(served.house.reader, "status", broken)
        response = await served.stranger().get("/status")
        assert response.status_code == 500
        assert "12345" not in response.text
        assert "say this number" in response.text
        assert "script-src 'self'" in response.headers["content-security-policy"]
        expected_errors.claim("a request failed")


async def test_a_lost_visitor_and_a_stranger_read_the_same_of_what_is_not_theirs(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor: Visitor = await served.visitor()
        await visitor.report()
        for token in ("", "x", visitor.token[:-1], visitor.token + "0", visitor.token.swapcase()):
            other = await served.visitor()
            other.token = token
            response = await other.client.get("/chat/state", headers=other.headers)
            assert (response.status_code, response.json()["code"]) == (401, "lost")


async def test_staff_pages_are_closed_to_strangers(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        person = served.stranger()
        for path in ("/desk", "/tasks", "/desk/incidents/N-222-2222", "/desk/live", "/tasks/live"):
            response = await person.get(path)
            assert (response.status_code, response.headers.get("location")) == (303, "/signin")
        answer = await person.post("/do/take_incident", {"id": "12345678"})
        assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
        head = await person.client.head("/desk")
        assert (head.status_code, head.headers["location"]) == (303, "/signin")


PUBLIC = "https://desk.example"
LOCAL = "http://127.0.0.1:8080"
LAN = "http://192.0.2.7:8080"
OWN = socket.gethostname()
NAMES = [
    (LOCAL, "", "127.0.0.1:8080", 200),
    (LOCAL, "", "localhost:8080", 200),
    (LOCAL, "", "LOCALHOST", 200),
    (LOCAL, "", "[::1]:8080", 200),
    (LOCAL, "", "evil.example:8080", 421),
    (LOCAL, "", "127.0.0.1.evil.example", 421),
    (LOCAL, "", "192.0.2.7", 421),
    (LOCAL, "", OWN, 421),
    (LOCAL, "", "user@127.0.0.1", 421),
    (LOCAL, "", "", 421),
    (LAN, "", "192.0.2.7:8080", 200),
    (LAN, "", "[2001:db8::7]:8080", 200),
    (LAN, "", f"{OWN}:8080", 200),
    (LAN, "", "localhost:8080", 200),
    (LAN, "", "evil.example:8080", 421),
    (LAN, "", "192.0.2.7.evil.example", 421),
    (LOCAL, PUBLIC, "desk.example", 200),
    (LAN, PUBLIC, "Desk.example:443", 200),
    (LOCAL, PUBLIC, "127.0.0.1:8080", 200),
    (LAN, PUBLIC, "192.0.2.7:8080", 421),
    (LAN, PUBLIC, OWN, 421),
    (LOCAL, PUBLIC, "evil.desk.example", 421),
]


@pytest.mark.parametrize(("reached", "public_url", "host", "status"), NAMES)
async def test_only_names_that_are_ours_are_served(
    tmp_path: Path, reached: str, public_url: str, host: str, status: int
) -> None:
    """A stranger's name that was pointed here would make the stranger's page one of ours."""
    async with web(tmp_path, public_url=public_url) as served:
        client = served.stranger().client
        for path in ("/", "/chat", "/healthz", "/static/base.css"):
            response = await client.get(reached + path, headers={"host": host})
            assert response.status_code == status, path
            assert status == 200 or "does not serve under this name" in response.text
        if status == 421:
            own = {"host": host, "origin": f"http://{host}"}
            response = await client.post(f"{reached}/chat/visitor", json={}, headers=own)
            assert response.status_code == 421


async def test_no_path_leads_to_the_name_that_a_request_came_with(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        for path in ("/static", "/desk/", "/status/", "/join"):
            response = await served.stranger().get(path)
            assert (response.status_code, response.headers.get("location")) == (404, None), path


async def test_whoever_is_signed_in_stays_so_on_pages_that_say_no(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        eva = await served.staff("Eva Stone", "stakeholder")
        for path, status in (("/desk", 403), ("/nothing", 404), ("/desk/nothing", 404)):
            response = await eva.get(path, referer=f"{ORIGIN}/status")
            assert response.status_code == status
            assert "Eva Stone" in response.text
            assert "Sign out" in response.text
            assert '<a class="button" href="/status">Go back</a>' in response.text
        assert "muster person invite --role ROLE" in (await eva.get("/desk")).text
        assert "Sign out" not in (await served.stranger().get("/nothing")).text


@pytest.mark.parametrize(
    "came_from",
    ["", "http://evil.example/status", f"{ORIGIN}/desk", f"{ORIGIN}//evil.example", "x", "//[x"],
)
async def test_the_way_back_is_a_page_of_ours_and_another_one(
    tmp_path: Path, came_from: str
) -> None:
    async with web(tmp_path) as served:
        eva = await served.staff("Eva", "stakeholder")
        page = Page((await eva.get("/desk", referer=came_from)).text)
        assert [one["href"] for one in page.all("a") if one.get("class") == "button"] == ["/"]
        assert "To the first page" in page.text
