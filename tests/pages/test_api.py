"""What programs can ask over HTTP, and that it is what the desk would have done."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.calendar import DAY, HOUR
from bot.core.commands import Answer, Envelope
from bot.core.person_words import DisablePerson
from bot.core.program_words import READ, Scope
from tests.pages.api_kit import Asker, code, program
from tests.pages.kit import web


async def test_an_incident_is_opened_read_and_followed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        given = {
            "answers": {"what": "Dark since nine", "where": "Main street 5"},
            "contact": {"name": "Ann Other", "number": "+44 20 7946 0000", "means": "phone"},
        }
        reference = await asks.opened(**given)
        await served.settle()
        told = (await asks.get(f"/incidents/{reference}")).json()
        assert (told["reference"], told["status"], told["category"]) == (reference, "open", "power")
        ana = await served.staff("Ana", "agent")
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "Ticket system" in page.text
        assert "Ann Other" in page.text
        for answer in (
            await asks.get(f"/incidents/{reference}"),
            await asks.get("/incidents"),
            await asks.get("/search", q=reference),
        ):
            assert reference in answer.text
            assert not {one for one in ("Ann", "Main street", "Dark", "7946") if one in answer.text}


async def test_an_update_is_counted_published_and_read(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        reference = await asks.opened()
        by = _iso(served.desk.clock.now() + HOUR)
        said = {"words": "Power is back in the east.", "audience": "public", "next_update_by": by}
        heard = await asks.post(f"/incidents/{reference}/updates/preview", said, source=None)
        assert heard.status_code == 200, heard.text
        position = heard.json()["position"]
        assert position > 0
        path = f"/incidents/{reference}/updates"
        answer = await asks.post(path, {**said, "position": position})
        assert answer.status_code == 201, answer.text
        (update,) = (await asks.get(path)).json()["updates"]
        assert (update["number"], update["audience"]) == (1, "public")
        assert "Power is back in the east." in update["words"].values()
        found = (await asks.get("/search", q="east")).json()["incidents"]
        assert [one["reference"] for one in found] == [reference]
        assert "Power is back" in (await served.stranger().page("/status")).text


async def test_personal_words_are_refused_as_on_the_desk(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        reference = await asks.opened(contact={"name": "Zebulon Quux"})
        said = {"words": "Zebulon Quux is safe.", "audience": "staff"}
        for path in ("updates", "updates/preview"):
            answer = await asks.post(f"/incidents/{reference}/{path}", said)
            assert code(answer, 409) == "personal"
            assert "Quux" in answer.json()["detail"]
        assert (await asks.get(f"/incidents/{reference}/updates")).json() == {"updates": []}


async def test_the_same_wish_fifty_times_at_once_is_one(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        wish = {"category": "power"}
        answers = await asyncio.gather(
            *(asks.post("/incidents", wish, "the-same-key") for _ in range(50))
        )
        assert {one.status_code for one in answers} == {201}
        assert len({one.text for one in answers}) == 1
        assert sum("idempotent-replayed" in one.headers for one in answers) == 49
        assert await served.desk.store.count("incidents") == 1
        other = await asks.post("/incidents", {"category": "other"}, "the-same-key")
        assert code(other, 409) == "key_reused"
        # The key is the caller's own: another caller's is another wish.
        second = await program(served)
        assert (await second.post("/incidents", wish, "the-same-key")).status_code == 201
        assert await served.desk.store.count("incidents") == 2


async def test_pages_lead_on_and_end_and_a_cursor_serves_one_question_of_one_caller(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        made = []
        for _ in range(5):
            served.desk.clock.jump(1)
            made.append(await asks.opened())
        seen: list[str] = []
        cursor, more = "", dict[str, str]()
        while True:
            page = (await asks.get("/incidents", limit=2, **more)).json()
            seen += [one["reference"] for one in page["incidents"]]
            if page["cursor"] is None:
                break
            cursor = page["cursor"]
            more = {"cursor": cursor}
        assert seen == made[::-1]
        other = await program(served)
        forged = [cursor + "A", cursor[:-4], "AAAA", "é", made[0], "x" * 1_000]
        for one in forged:
            assert code(await asks.get("/incidents", cursor=one), 409) == "cursor"
        assert code(await other.get("/incidents", cursor=cursor), 409) == "cursor"
        answer = await asks.get("/incidents", cursor=cursor, status="open")
        assert code(answer, 409) == "cursor"
        for limit in (0, -1, 101, 10**30, "all"):
            assert code(await asks.get("/incidents", limit=limit), 422) == "invalid"


async def test_practice_1_1_pages_of_one_kind_are_whole(tmp_path: Path) -> None:
    """Those of other kinds in between make none shorter."""
    async with web(tmp_path) as served:
        asks = await program(served)
        made = []
        for number in range(7):
            served.desk.clock.jump(1)
            category = "power" if number % 3 == 0 else "complaint"
            reference = await asks.opened(category=category)
            made += [reference] if category == "power" else []
        first = (await asks.get("/incidents", limit=2, kind="incident")).json()
        rest = await asks.get("/incidents", limit=2, kind="incident", cursor=first["cursor"])
        pages = [[one["reference"] for one in x["incidents"]] for x in (first, rest.json())]
        assert pages == [made[:0:-1], made[:1]]
        assert rest.json()["cursor"] is None


async def test_practice_1_3_a_program_reads_likely_duplicates_with_the_reasons(
    tmp_path: Path,
) -> None:
    """Those that it may see; whether they are the same is for people to say."""
    async with web(tmp_path) as served:
        asks = await program(served)
        told = {"what": "The pump in the cellar stands still", "where": "12 Mill Lane"}
        first = await asks.opened(answers=told)
        second = await asks.opened(answers=told)
        await served.desk.settle()
        await served.desk.advance(60_000)
        (one,) = (await asks.get(f"/incidents/{second}/likely")).json()["likely"]
        assert one["reference"] == first
        assert one["score"] >= 50
        assert "category" in [x["what"] for x in one["reasons"]]
        narrow = await program(served, "api:open")
        assert code(await narrow.get(f"/incidents/{second}/likely"), 403) == "not_allowed"
        assert code(await asks.get("/incidents/N-2222-2222/likely"), 404) == "not_found"


async def test_filters_are_all_fulfilled(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        power, water = await asks.opened(), await asks.opened(category="")

        async def found(**query: object) -> list[str]:
            listed = (await asks.get("/incidents", **query)).json()["incidents"]
            return sorted(one["reference"] for one in listed)

        assert await found() == sorted([power, water])
        assert await found(category="power") == [power]
        assert await found(status=["open", "closed"], category="power") == [power]
        assert code(await asks.get("/incidents", prioritty="P1"), 422) == "invalid"
        assert code(await asks.get("/incidents", category=["power", "other"]), 422) == "invalid"
        assert await found(status="closed") == await found(mode="exercise") == []


# --- whose is what ---------------------------------------------------------------------------


async def test_what_is_restricted_is_nothing_to_those_whose_key_does_not_say_so(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        reference = await asks.opened()
        ana = await served.staff("Ana", "supervisor")
        (row,) = await served.desk.store.select("incidents")
        who = {"incident": row["incident"], "reason": "A named person"}
        await ana.done("restrict_incident", visibility="restricted", **who)
        said = {"words": "Nothing to see.", "audience": "staff"}
        nowhere = "N-222-222P"
        for rest, content in (
            ("", None),
            ("/updates", None),
            ("/updates", said),
            ("/updates/preview", said),
        ):
            paths = [f"/incidents/{one}{rest}" for one in (reference, nowhere)]
            answers = [
                await (asks.post(one, content) if content else asks.get(one)) for one in paths
            ]
            assert {code(one, 404) for one in answers} == {"not_found"}
            assert answers[0].text == answers[1].text
        assert (await asks.get("/incidents")).json()["incidents"] == []
        assert (await asks.get("/search", q=reference)).json()["incidents"] == []
        trusted = await program(served, "api:read", "api:restricted")
        assert (await trusted.get(f"/incidents/{reference}")).status_code == 200
        assert len((await trusted.get("/incidents")).json()["incidents"]) == 1


async def test_each_scope_opens_its_own_and_nothing_else(tmp_path: Path) -> None:
    said = {"words": "It goes on.", "audience": "staff"}
    async with web(tmp_path) as served:
        reference = await (await program(served)).opened()
        brought = "R-222-222P"
        asked: dict[Scope, Sequence[tuple[str, str, Any]]] = {
            "api:open": [("POST", "/incidents", {"category": "power"})],
            "api:report": [
                ("POST", "/reports", {"category": "power"}),
                ("POST", f"/incidents/{reference}/reports", {"category": "power"}),
                ("GET", f"/reports/{brought}", None),
            ],
            "api:read": [
                ("GET", "/incidents", None),
                ("GET", "/search?q=x", None),
                ("GET", f"/incidents/{reference}", None),
                ("GET", f"/incidents/{reference}/updates", None),
            ],
            "api:publish": [
                ("POST", f"/incidents/{reference}/updates", said),
                ("POST", f"/incidents/{reference}/updates/preview", said),
            ],
            "api:restricted": [],
        }
        for scope in asked:
            asks = await program(served, scope)
            for needed, ways in asked.items():
                for method, path, content in ways:
                    get = method == "GET"
                    answer = await (asks.get(path) if get else asks.post(path, content))
                    if needed == scope:
                        good = (404,) if brought in path else (200, 201)
                        assert answer.status_code in good, (scope, path, answer.text)
                    else:
                        assert code(answer, 403) == "not_allowed", (scope, path)


# --- keys ------------------------------------------------------------------------------------


async def test_only_a_key_that_serves_lets_in(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served, READ)
        short = await program(served, READ, lasts=HOUR)
        ana = await served.staff("Ana", "agent")
        assert (await asks.get("/incidents")).status_code == 200
        cookie = next(one.value for one in ana.client.cookies.jar) or ""
        near = (asks.key[:-1], asks.key + "A", asks.key.swapcase())
        wrong = ("", "x", *near, cookie, "muster_" * 40)
        for key in wrong:
            stranger = Asker(served.client("198.51.100.9"), key)
            assert code(await stranger.get("/incidents"), 401) == "no_key", key
        bare = served.client("198.51.100.10")
        for path in (f"?key={asks.key}", f"?access_token={asks.key}"):
            assert code(await bare.get(f"/api/v1/incidents{path}"), 401) == "no_key"
        every: tuple[Any, ...] = (
            {"authorization": f"Basic {asks.key}"},
            {"x-api-key": asks.key},
            [("authorization", f"Bearer {asks.key}"), ("authorization", "Bearer x")],
            {"cookie": f"muster={asks.key}"},
        )
        for headers in every:
            assert code(await bare.get("/api/v1/incidents", headers=headers), 401) == "no_key"
        bare.cookies.set("muster", asks.key)
        assert (await bare.get("/desk")).status_code == 303
        served.desk.clock.jump(HOUR)
        assert code(await short.get("/incidents"), 401) == "no_key"
        await served.desk.done(DisablePerson(person=asks.person), "chief")
        assert code(await asks.get("/incidents"), 401) == "no_key"


async def test_a_key_that_is_revoked_in_mid_request_does_nothing_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        engine = served.house.engine
        door = engine.handle

        async def late(envelope: Envelope) -> Answer:
            monkeypatch.setattr(engine, "handle", door)
            await served.desk.done(DisablePerson(person=asks.person), "chief")
            return await door(envelope)

        monkeypatch.setattr(engine, "handle", late)
        answer = await asks.post("/incidents", {"category": "power"})
        assert code(answer, 403) == "not_allowed"
        assert await served.desk.store.count("incidents") == 0


async def test_wrong_keys_are_slowed_and_nobody_else_is(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served, READ, address="192.0.2.9")
        thief = Asker(served.client("192.0.2.9"), "muster_" + "A" * 32)
        statuses = [(await thief.get("/incidents")).status_code for _ in range(60)]
        assert statuses[0] == 401
        assert statuses[-1] == 429
        assert (await asks.get("/incidents")).status_code == 200
        many = [(await asks.get("/incidents")).status_code for _ in range(250)]
        assert many[-1] == 429
        other = await program(served, READ, address="192.0.2.9")
        assert (await other.get("/incidents")).status_code == 200
        served.desk.clock.jump(DAY // 2)


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()
