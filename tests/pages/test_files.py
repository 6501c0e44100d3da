"""Files of customers, over HTTP: taken, shown to those who may see them, and to nobody else."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.core.incident_commands import RestrictIncident
from bot.core.person_words import ErasePerson
from bot.engine.pictures import Pictures
from bot.store.base import Drop, Put
from tests.pages.kit import Visitor, Web, web
from tests.pages.test_desk import reported
from tests.pictures import SECRET, from_a_phone, picture

TEXT = b"Room 4.12: no light, no lift."
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 700
HOUR = 3_600_000
DAY = 24 * HOUR


async def kept(served: Web) -> tuple[int, int]:
    """How many files and how many parts of files there are."""
    store = served.desk.store
    return await store.count("files"), await store.count("file_parts")


async def files_of(visitor: Visitor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await visitor.state())["report"]["files"]
    return found


async def fetched(visitor: Visitor, file: str) -> Any:
    return await visitor.client.get(f"/chat/file/{file}", headers=visitor.headers)


# --- the way of a file -------------------------------------------------------------------------


async def test_a_photo_is_shown_to_customer_and_desk_without_what_was_hidden_in_it(
    tmp_path: Path,
) -> None:
    async with web(tmp_path, pictures=Pictures()) as served:
        visitor, _, reference = await reported(served)
        file = await visitor.sent_file(from_a_phone(), "../fuse box.jpeg")
        (one,) = await files_of(visitor)
        assert (one["file"], one["name"], one["picture"]) == (file, "fuse box.jpg", True)
        assert (one["width"], one["height"]) == (40, 60)
        own = (await visitor.state())["letters"][-1]
        assert (own["by"], own["words"], own["message"]) == ("me", "fuse box.jpg", one["message"])
        ana = await served.staff("Ana", "agent")
        page = await ana.page(f"/desk/incidents/{reference}")
        (shown,) = [one for one in page.all("img") if "/files/" in one["src"]]
        seen = await ana.get(shown["src"])
        mine = await fetched(visitor, file)
        for found in (seen, mine):
            assert found.status_code == 200
            assert found.headers["content-type"] == "image/jpeg"
            assert found.headers["content-disposition"].startswith("inline")
            assert found.headers["cache-control"] == "private, no-store"
            assert SECRET not in found.content
        assert seen.content == mine.content
        await served.desk.sound()


async def test_everything_else_is_saved_and_never_opened_as_a_page(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        sent = {"plan.pdf": PDF, "notes.html": TEXT, 'x"; a=b\r\nevil: 1.txt': TEXT}
        for name, content in sent.items():
            await visitor.sent_file(content, name)
        page = await ana.page(f"/desk/incidents/{reference}")
        links = [one for one in page.links() if "/files/" in one]
        assert len(links) == len(sent)
        for link, content in zip(links, sent.values(), strict=True):
            found = await ana.get(link)
            assert found.content == content
            assert found.headers["content-type"] in ("application/pdf", "text/plain")
            assert found.headers["x-content-type-options"] == "nosniff"
            assert found.headers["content-security-policy"] == "default-src 'none'; sandbox"
            told = found.headers["content-disposition"]
            assert told.startswith("attachment; filename=")
            assert told.endswith((".pdf", ".txt"))
            assert "evil" not in found.headers


async def test_a_file_answers_a_question(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("begin_report")
        other = await served.visitor()
        await other.did("begin_report")
        foreign = await other.sent_file(TEXT, "theirs.txt")
        await visitor.answer(photo=None)
        await visitor.did("go_back")
        await visitor.did("go_back")
        state = (await visitor.state())["report"]
        assert (state["question"]["key"], state["question"]["type"]) == ("photo", "file")
        for wrong in ([foreign], ["unknown"], "unknown", [7], {"a": 1}):
            answer = await visitor.did("answer_question", field="photo", value=wrong)
            assert answer["outcome"] == "refused", wrong
        ids = [
            await visitor.sent_file(picture(), f"{n}.jpg", field="photo", press=f"press-ph-{n}")
            for n in range(2)
        ]
        assert [one["message"] for one in await files_of(visitor)] == [None, None]
        answer = await visitor.did("answer_question", field="photo", value=ids)
        assert answer["outcome"] == "done"
        shown = {one["key"]: one for one in (await visitor.state())["report"]["answers"]}
        assert shown["photo"]["shown"] == "0.jpg, 1.jpg"
        assert shown["photo"]["raw"] == ids
        refused = await visitor.send_file(TEXT, field="where")
        assert refused.json()["code"] == "no_longer_asked"
        await visitor.answer()
        await visitor.did("confirm_summary")
        (row,) = await served.desk.store.select("incidents")
        ana = await served.staff("Ana", "agent")
        page = await ana.page(f"/desk/incidents/{row['reference']!s}")
        assert "2 files" in page.text
        assert sum("/files/" in one["src"] for one in page.all("img")) == 2


async def test_the_transcript_names_every_file_and_the_board_finds_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, reference = await reported(served)
        await visitor.sent_file(PDF, "floorplan seven.pdf")
        taken = await visitor.client.get("/chat/transcript", headers=visitor.headers)
        assert "floorplan seven.pdf" in taken.text
        ana = await served.staff("Ana", "agent")
        assert reference in (await ana.page("/desk?q=floorplan")).text


# --- who may have it ---------------------------------------------------------------------------


async def test_nobody_else_reads_a_file_whatever_they_know_of_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, _ = await reported(served)
        file = await visitor.sent_file(TEXT)
        label = (await visitor.state())["report"]["reference"]
        other, _, _ = await reported(served)
        elsewhere = (await other.state())["report"]["reference"]
        assert (await fetched(other, file)).status_code == 404
        assert (await visitor.get(f"/chat/file/{file}")).status_code == 401
        assert (await visitor.get(f"/chat/file/{file}?token={visitor.token}")).status_code == 401
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        at = f"/desk/reports/{label}/files/{file}"
        assert (await ben.get(at)).status_code == 200
        for path in (f"/desk/reports/{elsewhere}/files/{file}", at[:-1] + "x", f"{at}/more"):
            assert (await ben.get(path)).status_code == 404
        await ana.done("take_incident", incident=incident)
        command = RestrictIncident(incident=incident, visibility="restricted", reason="Private")
        await served.asks(ana, command)
        assert (await ana.get(at)).status_code == 200
        assert (await ben.get(at)).status_code == 404
        rows = await served.house.sessions.of(ana.person)
        for row in rows:
            await served.house.sessions.end(row)
        assert (await ana.get(at)).status_code == 303


async def test_whoever_finds_the_browser_long_after_sees_no_file(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("begin_report")
        file = await visitor.sent_file(TEXT)
        await visitor.did("withdraw_report", why="cancelled")
        served.desk.clock.jump(44 * DAY - HOUR)
        await served.desk.advance(HOUR)
        assert (await fetched(visitor, file)).status_code == 200
        served.desk.clock.jump(2 * DAY - HOUR)
        await served.desk.advance(HOUR)
        assert (await fetched(visitor, file)).status_code == 401


async def test_a_page_of_another_site_sends_nothing(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        for origin in ("https://evil.example", "null", ""):
            response = await visitor.send_file(TEXT, origin=origin)
            assert response.status_code == 403
        assert await kept(served) == (0, 0)


# --- once, and wholly --------------------------------------------------------------------------


async def test_a_repeat_is_one_file(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        first = await visitor.sent_file(PDF, "a.pdf", press="press-0001")
        assert await visitor.sent_file(PDF, "a.pdf", press="press-0001") == first
        both = await asyncio.gather(
            *(visitor.send_file(TEXT, press="press-0002") for _ in range(2))
        )
        assert sorted(one.status_code for one in both) in ([200, 200], [200, 503])
        assert len(await files_of(visitor)) == 2
        changed = await visitor.send_file(TEXT, "b.txt", press="press-0001")
        assert changed.json()["code"] == "key_reused"
        assert (await fetched(visitor, first)).content == PDF
        assert await kept(served) == (2, 4)
        await served.desk.sound()


async def test_what_no_event_names_is_swept_and_what_one_names_stays(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        file = await visitor.sent_file(PDF)
        report = (await served.desk.store.select("reports"))[0]["report"]
        state = await served.desk.report(str(report))

        async def crash(command: object, said: str) -> Any:
            raise RuntimeError("in the middle")

        with pytest.raises(RuntimeError):
            await served.house.files.take(state, "press", "x.txt", TEXT, "", crash)
        assert await kept(served) == (2, 4)
        assert await served.house.files.sweep() == 0
        await served.desk.advance(HOUR + 1)
        assert await served.house.files.sweep() == 1
        assert await kept(served) == (1, 3)
        assert (await fetched(visitor, file)).content == PDF
        await served.desk.sound()


async def test_after_an_erasure_nothing_of_it_is_left(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, reference = await reported(served)
        file = await visitor.sent_file(picture("PNG"), "canary.png")
        label = (await visitor.state())["report"]["reference"]
        ada = await served.staff("Ada", "administrator", "agent")
        state = await served.desk.report(
            str((await served.desk.store.select("reports"))[0]["report"])
        )
        await served.asks(ada, ErasePerson(person=state.person, reason="asked for it"))
        await served.desk.advance(60_000)
        assert await kept(served) == (0, 0)
        assert (await fetched(visitor, file)).status_code in (401, 404)
        assert (await ada.get(f"/desk/reports/{label}/files/{file}")).status_code == 404
        page = await ada.page(f"/desk/incidents/{reference}")
        assert "canary" not in page.html
        assert not [one for one in page.all("img") if "/files/" in one["src"]]
        await served.desk.sound()


async def test_a_missing_or_changed_file_is_named_by_verify(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        files = [await visitor.sent_file(PDF, f"{n}.pdf") for n in range(3)]
        store = served.desk.store
        await store.write([Drop("files", {"file": files[0]})])
        await store.write([Drop("file_parts", {"file": files[1], "part": 1})])
        (row,) = await store.select("file_parts", {"file": files[2], "part": 0})
        body = bytes(row["body"] or b"") if isinstance(row["body"], bytes) else b""
        changed = {**row, "body": body[:-1] + bytes([body[-1] ^ 1])}
        await store.write([Put("file_parts", changed)])
        report = await served.desk.machine.verify()
        assert [one.what for one in report.found] == [
            "the bytes of a file are missing",
            "the bytes of a file are missing",
            "the bytes of a file were changed",
        ]
