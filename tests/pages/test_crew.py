"""Who works here: seen by those who lead, changed by administrators, who never lock all out."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.core.calendar import DAY
from bot.core.commands import Envelope, Grant, Identity, Place
from bot.core.person_words import CallMe
from tests.pages.kit import Page, Person, Web, stream, web
from tests.pages.proofs import proves
from tests.pages.test_desk import reported


async def pressed(by: Person, path: str, /, **fields: str) -> tuple[int, Page]:
    """A plain form sent without a script."""
    given = {"id": by.number(), **fields}
    origin = {"origin": by.web.origin}
    response = await by.client.post(path, data=given, headers=origin)
    return response.status_code, Page(response.text)


def link_of(page: Page) -> str:
    """The path of the link that is shown."""
    found = re.search(r"https?://[^/\"]+(/(?:join|reset)/[^\"]+)", page.html)
    return found[1] if found else ""


async def invite(chief: Person, *roles: str) -> str:
    status, page = await pressed(chief, "/people/invite", **dict.fromkeys(roles, "yes"))
    assert status == 200, page.text
    return link_of(page)


async def join(served: Web, link: str, name: str) -> Person:
    person = served.stranger()
    page = await person.page(link)
    person.person = page.fields()["person"]
    status, _ = await pressed(person, link, **{**page.fields(), "name": name})
    assert status == 303
    return person


async def test_an_invitation_is_made_by_link_and_its_link_is_shown_only_once(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        link = await invite(chief, "role_agent", "role_resource")
        listed = await chief.page("/people")
        assert "An open link" in listed.text
        assert link not in listed.html
        ben = await join(served, link, "Ben")
        assert "Ben" in (await chief.page("/people")).text
        assert "An open link" not in (await chief.page("/people")).text
        assert (await ben.get("/desk")).status_code == 200
        assert (await ben.get("/people")).status_code == 403


async def test_a_form_sent_twice_makes_one_link_and_says_so(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        fields = {"id": "one-and-the-same", "role_agent": "yes"}
        assert (await pressed(chief, "/people/invite", **fields))[0] == 200
        status, page = await pressed(chief, "/people/invite", **fields)
        assert status == 409
        assert "only once" in page.text
        assert len(await served.desk.store.select("people")) == 2


@pytest.mark.parametrize("fields", [{}, {"role_king": "yes"}, {"id": "x"}, {"id": ""}])
async def test_a_link_without_roles_or_number_is_not_made(
    tmp_path: Path, fields: dict[str, str]
) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        status, page = await pressed(chief, "/people/invite", **fields)
        assert status in (400, 409)
        assert not link_of(page)


@pytest.mark.parametrize("role", ["agent", "resource", "stakeholder", "supervisor"])
async def test_only_an_administrator_makes_links(tmp_path: Path, role: str) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        other = await join(served, await invite(chief, f"role_{role}"), "Eve")
        before = await served.desk.store.head()
        for path in ("/people/invite", "/people/reset"):
            status, page = await pressed(other, path, role_agent="yes", person=chief.person)
            assert status == 403
            assert not link_of(page)
        stranger = served.stranger()
        assert (await pressed(stranger, "/people/invite", role_agent="yes"))[0] == 401
        assert await served.desk.store.head() == before


async def test_a_supervisor_sees_everybody_and_has_no_button_for_accounts(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await served.staff("Dana", "administrator")
        lead = await served.staff("Lea", "supervisor")
        page = await lead.page("/people")
        assert "Dana" in page.text
        assert {one["action"] for one in page.all("form")} == {"/signout", "/do/describe_person"}


async def test_who_works_here_by_being_in_a_place_is_listed_and_can_be_shut_out(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        engine = served.desk.machine.engine
        at = served.desk.clock.now()
        came = Envelope(
            entry="chat",
            source="1",
            command=CallMe(name="Bo <b>", place="triage"),
            identity=Identity("chat", "bo"),
            place=Place("chat", "C1"),
            grants=(Grant("agent", "triage", at),),
        )
        assert (await engine.handle(came)).outcome == "done"
        person = await engine.person_behind("chat", "bo")
        page = await chief.page("/people")
        assert "Bo <b>" in page.text
        assert "Works here by being in Triage desk, for as long as that is so." in page.text
        assert f"roles-{person}" not in page.html
        assert f"sign-in-{person}" not in page.html
        await chief.do("disable_person", person=str(person))
        assert "Works here by being" not in (await chief.page("/people")).text


async def test_what_somebody_owns_and_holds_now_is_listed_with_them(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana")
        await ana.done("take_incident", incident=incident)
        await ana.done("claim_task", incident=incident, task=1, minutes=5)
        page = await ana.page("/people")
        assert f"Owns 1 incident: {reference} Holds 1 task: {reference}" in page.text
        assert page.links().count(f"/desk/incidents/{reference}") == 2
        for tag in ("arrive", "complete_task"):
            await ana.done(tag, incident=incident, task=1)
        assert "no task" in (await ana.page("/people")).text


async def test_closing_an_account_ends_its_sign_ins_and_says_what_is_still_theirs(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        chief = await served.staff("Dana", "administrator")
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        assert "They still have" in (await chief.page("/people")).text
        answer = await chief.do("disable_person", person=ana.person)
        assert "stays theirs" in answer["text"]
        assert await served.desk.store.count("sessions", {"person": ana.person}) == 0
        assert (await ana.get("/desk")).status_code == 303
        page = await chief.page("/people")
        assert "Nothing was released" in page.text
        assert f"/desk/incidents/{reference}" in page.links()


async def test_roles_given_and_taken_away_count_at_once_on_open_pages(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        lea = await served.staff("Lea", "agent")
        await chief.done("grant_role", person=lea.person, role="supervisor")
        assert (await lea.get("/people")).status_code == 200
        async with stream(lea, "/people/live") as opened:
            await opened.next("view")
            await chief.done("revoke_role", person=lea.person, role="supervisor")
            assert (await opened.next("gone", "end"))[0] == "gone"
        assert (await lea.get("/people")).status_code == 403


async def test_the_page_follows_people_and_what_they_carry(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        chief = await served.staff("Dana", "administrator")
        ana = await served.staff("Ana", "agent")
        async with stream(chief, "/people/live") as opened:
            await opened.next("view")
            await ana.done("take_incident", incident=incident)
            while reference not in (await opened.next("view"))[1]["html"]:
                continue
            await chief.done("describe_person", person=ana.person, skill_lift="yes")
            while ">Lift engineer</span>" not in (await opened.next("view"))[1]["html"]:
                continue


async def test_no_administrator_shuts_out_themselves(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        me = {"person": chief.person}
        for tag, fields in (
            ("disable_person", me),
            ("end_sign_ins", me),
            ("revoke_role", {**me, "role": "administrator"}),
        ):
            assert (await chief.do(tag, **fields))["code"] == "not_yourself"
        status, page = await pressed(chief, "/people/reset", **me)
        assert status == 409
        assert not link_of(page)
        assert (await chief.get("/people")).status_code == 200


async def test_two_administrators_cannot_shut_each_other_out_in_the_same_moment(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        ann, bob = [await served.staff(name, "administrator") for name in ("Ann", "Bob")]
        await asyncio.gather(
            ann.post("/do/disable_person", {"id": "from-ann-1", "person": bob.person}),
            bob.post("/do/disable_person", {"id": "from-bob-1", "person": ann.person}),
        )
        await served.settle()
        codes = sorted([(await one.get("/people")).status_code for one in (ann, bob)])
        assert codes == [200, 303]


async def test_an_invitation_can_be_withdrawn(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        link = await invite(chief, "role_agent")
        people = await served.desk.store.select("people")
        (waiting,) = [str(one["person"]) for one in people if one["invitation"]]
        await chief.done("disable_person", person=waiting)
        assert (await served.stranger().get(link)).status_code == 404
        assert "No link is waiting" in (await chief.page("/people")).text


async def test_an_invitation_whose_time_is_over_says_so(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        await invite(chief, "role_agent")
        served.desk.clock.jump(4 * DAY)
        await proves(served, chief)
        assert "It serves until" in (await chief.page("/people")).text
        served.desk.clock.jump(4 * DAY)
        await proves(served, chief)
        assert "Its time is over" in (await chief.page("/people")).text


async def test_skills_languages_and_teams_are_of_the_playbook(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        lead = await served.staff("Lea", "supervisor")
        ticked = {"skill_lift": "yes", "speaks_ru": "yes", "team_it": "yes"}
        await lead.done("describe_person", person=lead.person, **ticked)
        tags = re.findall(r'<span class="tag"[^>]*>([^<]*)<', (await lead.page("/people")).html)
        assert tags == ["Lift engineer", "Русский", "IT service"]
        answer = await lead.do("describe_person", person=lead.person, skill_magic="yes")
        assert answer["code"] == "unknown_skill"
        await lead.done("describe_person", person=lead.person)
        assert 'class="tag">Lift' not in (await lead.page("/people")).html
