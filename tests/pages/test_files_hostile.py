"""Hostile files and hostile bodies: refused in words, within bounds, and nothing of them stays."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from bot.adapters.web import uploads
from bot.adapters.web.house import Limits
from bot.core import files as caps
from bot.engine import files as keeping
from bot.engine.limits import Rate
from bot.engine.pictures import look
from bot.engine.scanner import CannotTell
from bot.workflows import files as deciding
from tests.clock import VirtualClock
from tests.pages.kit import Visitor, web
from tests.pages.test_desk import reported
from tests.pages.test_files import TEXT, fetched, files_of, kept
from tests.pictures import BROKEN, NOT_TAKEN, POLYGLOTS


@pytest.mark.parametrize("flock", [NOT_TAKEN, BROKEN], ids=["not taken", "broken"])
async def test_hostile_files_are_refused_in_words_and_leave_nothing(
    tmp_path: Path, flock: dict[str, bytes]
) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        for name, content in flock.items():
            response = await visitor.send_file(content, f"{name}.png")
            assert response.status_code == 200, name
            answer = response.json()
            assert answer["outcome"] == "refused", name
            assert answer["code"] in ("file_type", "file_damaged"), name
            assert len(answer["text"]) > 20
        empty = await visitor.send_file(b"", "empty.txt")
        assert empty.json()["code"] == "file_empty"
        assert await kept(served) == (0, 0)
        assert await files_of(visitor) == []


@pytest.mark.parametrize("name", POLYGLOTS)
async def test_of_a_picture_that_is_something_else_too_only_the_picture_stays(
    tmp_path: Path, name: str
) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        file = await visitor.sent_file(POLYGLOTS[name], "both.html")
        found = await fetched(visitor, file)
        assert look(found.content) == "picture"
        assert b"script" not in found.content


async def test_a_report_takes_only_so_many_files_and_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = Limits(files=Rate(burst=1_000, per_minute=1_000))
    async with web(tmp_path, limits=limits) as served:
        visitor, _, _ = await reported(served)
        codes = [
            (await visitor.send_file(f"note {n}".encode())).json()["code"]
            for n in range(caps.FILES_MOST + 5)
        ]
        assert codes == [""] * caps.FILES_MOST + ["too_many"] * 5
        assert (await kept(served))[0] == caps.FILES_MOST
        for module in (keeping, deciding):
            monkeypatch.setattr(module, "REPORT_MOST", 1_000)
        heavy, _, _ = await reported(served)
        assert (await heavy.send_file(bytes(b"a" * 900))).json()["code"] == ""
        assert (await heavy.send_file(bytes(b"a" * 900))).json()["code"] == "too_many"
        assert (await kept(served))[0] == caps.FILES_MOST + 1


async def test_somebody_who_sends_too_many_at_once_waits_and_nobody_else_does(
    tmp_path: Path,
) -> None:
    async with web(tmp_path, limits=Limits(files=Rate(burst=2, per_minute=1))) as served:
        visitor, _, _ = await reported(served)
        other, _, _ = await reported(served)
        statuses = [(await visitor.send_file(b"note")).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert (await other.send_file(b"note")).status_code == 200


async def test_before_and_after_a_report_there_is_nothing_to_add_to(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        early = await visitor.send_file(TEXT)
        assert (early.status_code, early.json()["code"]) == (409, "nothing_yet")
        await visitor.did("begin_report")
        await visitor.sent_file(TEXT)
        await visitor.did("withdraw_report", why="cancelled")
        late = await visitor.send_file(TEXT)
        assert late.json()["outcome"] == "refused"
        nobody = await visitor.client.post(
            "/chat/file", content=TEXT, headers={"origin": served.origin}
        )
        assert nobody.status_code == 401
        assert (await kept(served))[0] == 1


# --- bodies ------------------------------------------------------------------------------------


async def pieces(*some: bytes, then: asyncio.Event | None = None) -> AsyncIterator[bytes]:
    """A body that comes in pieces, and may stop in the middle."""
    for one in some:
        yield one
    if then is not None:
        await then.wait()


async def streamed(visitor: Visitor, body: AsyncIterator[bytes], length: str | None) -> Any:
    told = {"origin": visitor.web.origin, "x-muster-press": visitor.number(), **visitor.headers}
    if length is not None:
        told["content-length"] = length
    request = visitor.client.build_request("POST", "/chat/file", content=body, headers=told)
    if length is None:
        request.headers.pop("content-length", None)
    return await visitor.client.send(request)


async def test_a_body_must_be_as_long_as_it_says(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        wrong = {
            None: 411,
            "": 411,
            "-5": 411,
            "5e3": 411,
            "9" * 4000: 413,
            str(caps.FILE_MOST + 1): 413,
            "3": 413,
            "400": 400,
        }
        for length, status in wrong.items():
            response = await streamed(visitor, pieces(b"four", b"more"), length)
            assert response.status_code == status, length
            assert response.headers["connection"] == "close"
        assert (await streamed(visitor, pieces(b"four", b"more"), "8")).json()["outcome"] == "done"
        assert (await kept(served))[0] == 1


async def test_whoever_stops_in_the_middle_or_dawdles_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        monkeypatch.setattr(uploads, "QUIET_SECONDS", 0.01)
        half = await streamed(visitor, pieces(b"half", then=asyncio.Event()), "8")
        assert (half.status_code, half.json()["code"]) == (408, "slow")
        monkeypatch.setattr(uploads, "PACE_FROM", -1)
        slow = await streamed(visitor, pieces(b"slow", b"slow"), "8")
        assert (slow.status_code, slow.json()["code"]) == (408, "slow")
        monkeypatch.undo()
        assert (await visitor.send_file(TEXT)).json()["outcome"] == "done"


async def test_room_is_bounded_for_each_and_for_all_and_given_back(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        people = [(await reported(served))[0] for _ in range(4)]
        visitor, gate = people[0], asyncio.Event()

        def opened(who: Visitor) -> asyncio.Task[Any]:
            return asyncio.create_task(streamed(who, pieces(b"half", then=gate), "8"))

        waiting = [opened(visitor) for _ in range(uploads.BY_VISITOR)]
        await asyncio.sleep(0)
        await served.desk.clock.settle()
        full = await visitor.send_file(TEXT)
        assert (full.status_code, full.json()["code"]) == (503, "busy")
        assert (await people[1].send_file(TEXT)).status_code == 200
        waiting += [opened(one) for one in people[1:3] for _ in range(uploads.BY_VISITOR)]
        await served.desk.clock.settle()
        assert (await people[3].send_file(TEXT)).status_code == 503
        gate.set()
        assert [one.status_code for one in await asyncio.gather(*waiting)] == [400] * 6
        assert (await people[3].send_file(TEXT)).status_code == 200


async def test_all_together_get_only_so_much_memory() -> None:
    clock = VirtualClock()
    room = uploads.Uploads(clock, most=100)
    with room.room(asking(50), "one", "here"), room.room(asking(10), "two", "there"):
        with pytest.raises(uploads.Stopped), room.room(asking(41), "three", "elsewhere"):
            raise AssertionError("there was no room")
        with room.room(asking(40), "three", "elsewhere"):
            pass
    with room.room(asking(50), "three", "elsewhere"), room.room(asking(50), "one", "here"):
        pass


async def test_one_address_gets_no_more_than_half_of_the_memory() -> None:
    """Four that say 25 MB each and send them slowly would else keep everybody out for minutes."""
    room = uploads.Uploads(VirtualClock(), most=100)
    with room.room(asking(30), "one", "here"):
        with pytest.raises(uploads.Stopped), room.room(asking(21), "two", "here"):
            raise AssertionError("there was no room")
        with room.room(asking(20), "two", "here"), room.room(asking(50), "three", "there"):
            pass
    with room.room(asking(50), "one", "here"):
        pass


def asking(size: int) -> Request:
    """A request that says how much it brings."""
    headers = [(b"content-length", str(size).encode())]
    return Request({"type": "http", "headers": headers})


async def test_all_files_together_take_only_the_room_that_is_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        await visitor.sent_file(b"a" * 900)
        monkeypatch.setattr(keeping, "HOUSE_MOST", 1_000)
        assert (await visitor.send_file(b"a" * 200)).json()["code"] == "no_room"
        await served.house.files.sweep()
        assert (await visitor.send_file(b"a" * 200)).json()["code"] == "no_room"
        await visitor.sent_file(b"a" * 90)


async def test_an_office_that_sends_too_many_at_once_waits(tmp_path: Path) -> None:
    limits = Limits(files_of_address=Rate(burst=2, per_minute=1))
    async with web(tmp_path, limits=limits) as served:
        people = [(await reported(served))[0] for _ in range(3)]
        statuses = [(await one.send_file(b"note")).status_code for one in people]
        assert statuses == [200, 200, 429]


async def test_what_the_organisations_scanner_says_counts_and_in_doubt_nothing_is_taken(
    tmp_path: Path,
) -> None:
    async def scan(content: bytes) -> bool:
        if b"odd" in content:
            raise CannotTell("the scanner is away")
        return b"bad" not in content

    async with web(tmp_path, scan=scan) as served:
        visitor, _, _ = await reported(served)
        for content, code in ((b"bad words", "file_harmful"), (b"odd words", "not_scanned")):
            answer = (await visitor.send_file(content)).json()
            assert (answer["outcome"], answer["code"]) == ("refused", code)
        assert await served.desk.store.count("files") == 0
        await visitor.sent_file(b"good words")
