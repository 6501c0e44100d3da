"""Problems and the steps of a category on the desk's pages, over the API and in figures."""

from hashlib import sha256
from pathlib import Path

from bot.engine.read_sheet import Sheets
from tests.pages.api_kit import program
from tests.pages.kit import Page, Web, stream, web
from tests.pages.test_desk import reported
from tests.pages.test_desk_board import counts, lines
from tests.pages.test_kinds import made, state

WHAT = "One switch fails again and again"


async def problem_of(served: Web, incident: str) -> tuple[str, str]:
    """The problem behind an incident, and its reference."""
    of = (await state(served, incident)).problem.of
    assert of is not None
    return of, (await state(served, of)).reference


async def test_practice_2_1_a_problem_is_opened_from_several_incidents_and_both_sides_know(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        first, first_ref = await made(served, "power")
        second, second_ref = await made(served, "power")
        page = await ana.page(f"/desk/incidents/{first_ref}")
        assert "Open a problem from this" in page.text
        await ana.done("open_problem", incident=first, what=WHAT, **{f"other_{second}": "yes"})
        problem, reference = await problem_of(served, first)
        assert (await state(served, second)).problem.of == problem
        await ana.done("describe_cause", incident=problem, words="A worn contact")
        await ana.done("set_workaround", incident=problem, words="Switch it off and on")
        page = await ana.page(f"/desk/incidents/{reference}")
        for said in (WHAT, "A worn contact", "Known error", first_ref, second_ref):
            assert said in page.text
        for gone in ("publish_update", "declare_major", "merge_incident"):
            assert f'action="/do/{gone}"' not in page.html
        for idle in ("If nobody acts", "How long it took", "Correct a time"):
            assert idle not in page.text
        page = await ana.page(f"/desk/incidents/{first_ref}")
        for said in (reference, WHAT, "Switch it off and on", f"Workaround of problem {reference}"):
            assert said in page.text
        assert sorted(await lines(ana, "/desk?kind=problem")) == [reference]
        assert (await counts(ana))["all"] == 2
        for words in ("worn", "switch off"):
            assert await lines(ana, f"/desk?q={words}") == [reference]
        asks = await program(served)
        one = (await asks.get(f"/incidents/{first_ref}")).json()
        other = (await asks.get(f"/incidents/{reference}")).json()
        assert (one["problem"], one["incidents"]) == (reference, [])
        assert sorted(other["incidents"]) == sorted([first_ref, second_ref])
        assert other["kind"] == "problem"
        await ana.done("unlink_problem", incident=second, problem=problem)
        assert (
            second_ref
            not in (await ana.page(f"/desk/incidents/{reference}")).html.split(
                'data-region="timeline"'
            )[0]
        )
        assert "Link to a problem" in (await ana.page(f"/desk/incidents/{second_ref}")).text
        await ana.done("link_problem", incident=second, problem=problem)
        assert (await state(served, second)).problem.standing == "known_error"


async def test_practice_2_1_open_pages_of_both_sides_follow_what_becomes_known(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        first, first_ref = await made(served, "power")
        await ana.done("open_problem", incident=first, what=WHAT)
        problem, reference = await problem_of(served, first)
        async with stream(ana, f"/desk/incidents/{reference}/live") as opened:
            _, shown = await opened.next("view")
            assert first_ref in Page(shown["html"]).text
        async with stream(ana, f"/desk/incidents/{first_ref}/live") as opened:
            _, shown = await opened.next("view")
            assert reference in Page(shown["html"]).text
            await ana.done("set_workaround", incident=problem, words="Switch it off and on")
            while "Known error" not in Page(shown["html"]).text:
                _, shown = await opened.next("view")


async def test_practice_2_1_what_few_may_see_is_named_on_neither_side(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        chief = await served.staff("Chief", "supervisor")
        first, first_ref = await made(served, "power")
        await ana.done("open_problem", incident=first, what=WHAT)
        problem, reference = await problem_of(served, first)
        await ana.done("set_workaround", incident=problem, words="Switch it off and on")
        await chief.done(
            "restrict_incident", incident=problem, visibility="restricted", reason="An inquiry"
        )
        page = await ana.page(f"/desk/incidents/{first_ref}")
        assert "a problem that few may see" in page.text
        for said in (reference, WHAT, "Switch it off and on"):
            assert said not in page.html
        assert reference in (await chief.page(f"/desk/incidents/{first_ref}")).text
        assert (await (await program(served)).get(f"/incidents/{first_ref}")).json()[
            "problem"
        ] is None


async def test_practice_5_3_the_phases_stand_on_the_page_and_are_done_there(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        visitor = await served.visitor()
        own = {
            "security.kind": "message",
            "security.people": "no",
            "security.still": "unsure",
            "security.did": ["opened"],
        }
        await visitor.report(kind="incident", category="security", what="A strange mail", **own)
        (row,) = await served.desk.store.select("incidents", {"category": "security"})
        incident = str(row["incident"])
        reference = (await state(served, incident)).reference
        path = f"/desk/incidents/{reference}"
        page = await ana.page(path)
        for said in ("Next: Detect and report", "Assess and decide", "Respond", "Learn"):
            assert said in page.text
        await ana.done("do_path_step", incident=incident, step="report", words="Seen at nine")
        page = await ana.page(path)
        assert 'name="decision"' in page.html
        fields = {"decision": "It is an incident", "alternatives": "To wait"}
        await ana.done(
            "do_path_step", incident=incident, step="assess", words="It spreads", **fields
        )
        await ana.done("do_path_step", incident=incident, step="respond", words="Locked")
        page = await ana.page(path)
        for said in ("It is an incident", "It spreads", "To wait", "Done: Respond"):
            assert said in page.text
        boxes = {f"call_off_{number}": "yes" for number in (1, 2, 3)}
        await ana.done("resolve_incident", incident=incident, note="Locked", **boxes)
        told = await ana.do("close_incident", incident=incident)
        assert told["code"] == "steps_left"
        assert 'name="owner"' in (await ana.page(path)).html
        follow = {"owner": ana.person, "day": "2026-02-02"}
        await ana.done("do_path_step", incident=incident, step="learn", words="Train", **follow)
        assert "Ana follows up on it" in (await ana.page(path)).text
        await ana.done("close_incident", incident=incident)


async def test_practice_5_3_evidence_stands_on_page_and_sheet_with_its_digest(
    tmp_path: Path,
) -> None:
    """It is that which the log holds since it came, of the bytes as they are kept."""
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        visitor, _, reference = await reported(served)
        file = await visitor.sent_file(b"From: somebody who is not your bank", "mail.txt")
        parts = await served.desk.store.select("file_parts", {"file": file}, order="part")
        digest = sha256(
            b"".join(one["body"] for one in parts if isinstance(one["body"], bytes))
        ).hexdigest()
        assert digest in (await ana.page(f"/desk/incidents/{reference}")).text
        sheet = await Sheets(served.house.reader).sheet(reference)
        assert sheet is not None
        assert digest in [said for part in sheet.parts for _, said in part.lines]
