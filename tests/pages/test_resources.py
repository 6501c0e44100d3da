"""Practice 1.4, 3.3, 5.1 on the pages: who is asked and why, bids, briefing, check-in, relief."""

from pathlib import Path

from tests.pages.kit import Person, Web, web

ASK = {"what": "Find the fault", "skill": "electrical"}


async def crew(served: Web) -> tuple[str, str, Person, Person, Person]:
    """An incident, Ana who works on it, and two electricians."""
    visitor = await served.visitor()
    reference = await visitor.report()
    report = await served.house.reader.stream_of(reference)
    assert report is not None
    incident = (await served.desk.report(report)).incident
    assert incident is not None
    ana, cher = [await served.staff(one, "agent", "supervisor") for one in ("Ana", "Cher")]
    rita, sam = [await served.staff(one, "resource") for one in ("Rita", "Sam")]
    for one in (rita, sam):
        can = {"skill_electrical": "yes", "area_harbour": "yes"}
        await cher.done("describe_person", person=one.person, **can)
    state = await served.desk.incident(incident)
    return incident, state.reference, ana, rita, sam


async def test_whom_to_ask_is_offered_by_name_with_the_reason_and_who_cannot_be_with_why(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        incident, reference, ana, rita, sam = await crew(served)
        await sam.done("set_availability", be="busy")
        page = (await ana.page(f"/desk/incidents/{reference}")).html
        assert "Rita: Electrician, carries nothing" in page
        assert "Sam is busy." in page
        await ana.done("ask_for_resource", incident=incident, **ASK, whom=rita.person)
        task = (await served.desk.incident(incident)).tasks[-1]
        assert (task.call.how, task.call.pending) == ("one", (rita.person,))
        assert "You are asked by name." in (await rita.page("/tasks")).html
        assert "Find the fault" not in (await sam.page("/tasks")).html, "nobody else is asked yet"
        why = {"incident": incident, "task": task.number, "why": "Too far away", "reason": ""}
        await rita.done("decline_task", **why)
        said = (await ana.page(f"/desk/incidents/{reference}")).html
        assert "Too far away" in said


async def test_bids_are_made_and_taken_back_and_chosen_on_the_pages(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        incident, reference, ana, rita, sam = await crew(served)
        await ana.done("ask_for_resource", incident=incident, **ASK, whom="bids")
        task = (await served.desk.incident(incident)).tasks[-1]
        on = {"incident": incident, "task": task.number}
        await rita.done("bid_for_task", **on, minutes=30)
        await sam.done("bid_for_task", **on, minutes=20, note="I have the key")
        assert "You said that you could be there at" in (await rita.page("/tasks")).html
        desk = (await ana.page(f"/desk/incidents/{reference}")).html
        assert desk.index("I have the key") < desk.index("award-")
        assert "[deleted]" not in desk, "who wrote no note has none that was deleted"
        await sam.done("take_back_bid", **on)
        (bid,) = (await served.desk.incident(incident)).tasks[-1].call.bids
        await ana.done("award_task", **on, person=bid.person, eta=bid.eta)
        (place,) = (await served.desk.incident(incident)).tasks[-1].places
        assert place.person == rita.person


async def test_who_is_on_site_reads_says_and_hands_over_on_the_task_board(tmp_path: Path) -> None:
    """Practice 3.3: the briefing has only headings that apply, is read, printed, and handed on."""
    async with web(tmp_path) as served:
        incident, reference, ana, rita, sam = await crew(served)
        await ana.done("ask_for_resource", incident=incident, **ASK, whom="all")
        on = {"incident": incident, "task": len((await served.desk.incident(incident)).tasks)}
        await rita.done("claim_task", **on, minutes=5)
        board = (await rita.page("/tasks")).html
        for heading in ("Information", "Intent", "Administration", "Communications"):
            assert heading in board
        assert "Humanitarian issues" not in board
        await rita.done("read_briefing", **on)
        printed = (await ana.page(f"/desk/incidents/{reference}/tasks/{on['task']}")).html
        assert "Read by Rita" in printed
        await rita.done("arrive", **on)
        assert "All well" in (await rita.page("/tasks")).html
        await rita.done("say_well", **on)
        await rita.done("report_can", **on, condition="Dark", actions="Testing", needs="A ladder")
        desk = (await ana.page(f"/desk/incidents/{reference}")).html
        assert "Condition: Dark; actions: Testing; needs: A ladder" in desk
        await rita.done("offer_place", **on, to=sam.person)
        assert "Rita asks you to take over." in (await sam.page("/tasks")).html
        await sam.done("accept_place", **on, holder=rita.person, minutes=15)
        (place,) = (await served.desk.incident(incident)).tasks[-1].places
        assert place.person == sam.person
        await sam.done("call_for_help", **on)
        state = await served.desk.incident(incident)
        assert [one.about for one in state.alarms if one.cause == "check_in"]


async def test_areas_are_shown_and_changed_by_those_who_lead_and_by_each_themselves(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, _, ana, rita, _ = await crew(served)
        assert "Harbour" in (await ana.page("/people")).html
        assert "Harbour" in (await rita.page("/me")).html
        await rita.done("cover_areas", area_centre="yes")
        person = await served.house.reader.person(rita.person)
        assert person is not None
        assert (person.areas, person.skills) == (("centre",), ("electrical",))
