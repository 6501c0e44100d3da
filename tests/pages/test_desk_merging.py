"""Merging, splitting and re-typing on the desk: what the page offers, and what becomes of it."""

from pathlib import Path

from tests.pages.kit import Page, Person, Visitor, Web, web
from tests.pages.test_desk import reported
from tests.pages.test_desk_opening import opened


def forms(page: Page) -> set[str]:
    return {one.get("action", "") for one in page.all("form")}


async def pair(served: Web) -> tuple[Person, tuple[str, str], tuple[str, str], Visitor]:
    """An agent, two incidents with their references, and the customer of the second."""
    _, one, first = await reported(served)
    visitor, other, second = await reported(served)
    return await served.staff("Ana", "agent"), (one, first), (other, second), visitor


async def test_an_agent_finds_the_other_one_sees_both_and_merges(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, (one, first), (other, second), visitor = await pair(served)
        assert (
            f"/desk/incidents/{second}/merge"
            in (await ana.page(f"/desk/incidents/{second}")).links()
        )
        likely = await ana.page(f"/desk/incidents/{second}/merge")
        assert f"?with={first}" in likely.links()
        assert f"?with={second}" not in likely.links()
        for words in (first.lower().replace("-", " "), "main street"):
            found = await ana.page(f"/desk/incidents/{second}/merge?q={words}")
            assert f"?with={first}" in found.links(), words
        both = await ana.page(f"/desk/incidents/{second}/merge?with={first}")
        assert both.text.count("The lights went out") == 2
        assert both.fields()["into"] == one
        await ana.done("merge_incident", incident=other, into=one)
        gone = await ana.page(f"/desk/incidents/{second}")
        assert f"everything goes on in {first}" in gone.text
        assert f"Merged into {first}" in gone.text
        stays = await ana.page(f"/desk/incidents/{first}")
        assert f"Merged into this one: {second}" in stays.text
        assert stays.text.count("Reply to the customer") == 2
        letters = [one["text"] for one in (await visitor.state())["letters"]]
        assert sum("together with what we already know" in one for one in letters) == 1


async def test_a_task_that_is_not_ticked_moves_along(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, (one, first), (other, second), _ = await pair(served)
        await ana.done("ask_for_resource", incident=other, what="Bring a ladder")
        page = await ana.page(f"/desk/incidents/{second}/merge?with={first}")
        boxes = [one for one in page.fields() if one.startswith("call_off_")]
        assert len(boxes) == 2, "what the playbook asked for at once, and the ladder"
        await ana.done("merge_incident", incident=other, into=one, call_off_1="yes")
        stays = await ana.page(f"/desk/incidents/{first}")
        assert "Bring a ladder" in stays.text
        assert "came along with it" in stays.text
        assert "Moved" in (await ana.page(f"/desk/incidents/{second}")).text


async def test_what_was_asked_in_the_other_one_is_said_of_that_one(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, (_, first), (_, second), _ = await pair(served)
        page = await ana.page(f"/desk/incidents/{second}/merge?with={first}")
        assert f"· {first} (already asked, open)" in page.text


async def test_what_cannot_be_merged_says_why(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, (one, first), (other, second), _ = await pair(served)
        same = await ana.do("merge_incident", incident=one, into=one)
        assert "the same incident" in same["text"]
        await ana.done("cancel_incident", incident=other, reason="Not ours at all")
        ended = await ana.do("merge_incident", incident=other, into=one)
        assert ended["outcome"] == "refused"
        assert second in ended["text"]
        unknown = await ana.page(f"/desk/incidents/{first}/merge?with=N-222-2222")
        assert f"?with={second}" not in unknown.links()
        assert (await ana.get("/desk/incidents/N-222-2222/merge")).status_code == 404


async def test_a_restricted_one_is_neither_offered_nor_betrayed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, (one, first), (other, second), _ = await pair(served)
        chief = await served.staff("Chief", "supervisor")
        hide = {"visibility": "restricted", "reason": "The police asked"}
        await chief.done("restrict_incident", incident=one, **hide)
        page = await ana.page(f"/desk/incidents/{second}/merge?with={first}")
        assert "you may not see it" in page.text
        refused = await ana.do("merge_incident", incident=other, into=one)
        assert refused["code"] == "not_found"
        await chief.done("merge_incident", incident=other, into=one)
        gone = await ana.page(f"/desk/incidents/{second}")
        assert f"/desk/incidents/{first}" not in gone.links()
        assert f"/desk/incidents/{first}" in (await chief.page(f"/desk/incidents/{second}")).links()


async def test_reports_are_split_off_with_a_reason(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, (one, first), (other, _), visitor = await pair(served)
        alone = await ana.page(f"/desk/incidents/{first}")
        assert "/do/split_incident" not in forms(alone)
        await ana.done("merge_incident", incident=other, into=one)
        page = await ana.page(f"/desk/incidents/{first}")
        assert "/do/split_incident" in forms(page)
        before = (await visitor.state())["letters"]
        boxes = [name for name in page.fields() if name.startswith("report_")]
        assert len(boxes) == 2
        none = await ana.do("split_incident", incident=one, reason="Another street")
        assert none["code"] == "none_chosen"
        (chosen,) = [name for name in boxes if await _is_of(served, name, visitor)]
        await ana.done("split_incident", incident=one, reason="Another street", **{chosen: "yes"})
        split = await ana.page(f"/desk/incidents/{first}")
        assert "Another street" in split.text
        assert "Split off:" in split.text
        assert (await visitor.state())["letters"] == before, "nobody was disturbed"


async def _is_of(served: Web, box: str, visitor: Visitor) -> bool:
    label: str = (await visitor.state())["report"]["reference"]
    return (await served.desk.report(box.removeprefix("report_"))).reference == label


async def test_kind_and_category_are_set_and_stay_in_the_timeline(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        letters = (await visitor.state())["letters"]
        await ana.done("set_kind", incident=incident, incident_kind="complaint")
        await ana.done("set_category", incident=incident, category="it")
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "Kind changed from Incident to Complaint" in page.text
        assert "Category changed from" in page.text
        unknown = await ana.do("set_category", incident=incident, category="nonsense")
        assert unknown["code"] == "unknown_category"
        assert (await visitor.state())["letters"] == letters, "the customer is not disturbed"


async def test_everyone_sees_how_it_goes_on_for_what_was_merged(tmp_path: Path) -> None:
    """What was said to everyone of the merged one stands with the state of the other one."""
    async with web(tmp_path) as served:
        ana, (one, _), (other, second), _ = await pair(served)
        await ana.done("publish_update", incident=other, words="We look", audience="public")
        await ana.done("merge_incident", incident=other, into=one)
        page = await served.stranger().page("/status")
        assert second in page.text
        assert "We know about it" in page.text
        await ana.done("take_incident", incident=one)
        assert "We are working on it" in (await served.stranger().page("/status")).text


async def test_what_a_caller_told_the_merged_one_is_not_let_out_of_the_other(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, one, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        other = await opened(served, ana)
        update = {"incident": one, "words": "Mary Canary is safe", "audience": "reporters"}
        await ana.done("publish_update", next_in="30", **update)
        await ana.done("merge_incident", incident=other.stream, into=one)
        refused = await ana.do("publish_update", next_in="30", **update)
        assert refused["outcome"] == "refused"
