"""One's own page: whether one can be asked, and accounts elsewhere; seen by those who ask."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.core.access import PROOF_SERVES
from bot.core.calendar import HOUR
from bot.core.commands import Answer, Envelope, Identity, Place
from bot.core.incident_commands import AskForResource
from bot.core.person import Person as Known
from bot.core.person_words import Subscribe
from bot.engine.links import Codes
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.pages.kit import Page, Person, Web, stream, web
from tests.pages.proofs import proves
from tests.pages.test_crew import pressed
from tests.pages.test_desk import reported


@dataclass
class Outside:
    """The same desk from another platform."""

    served: Web
    codes: Codes
    presses: int = 0

    async def bring(self, code: str, who: str) -> Answer:
        self.presses += 1
        identity, place = Identity("test", who), Place("test", f"direct-{who}")
        answer = await self.codes.bring(
            code,
            f"@{who}",
            True,
            identity,
            lambda command: Envelope("test", f"t{self.presses}", command, identity, place),
        )
        await self.served.settle()
        return answer


@asynccontextmanager
async def connected(folder: Path) -> AsyncIterator[tuple[Web, Outside]]:
    clock = VirtualClock()
    channel = ScriptedChannel(clock, title="Somewhere")
    async with web(folder, clock=clock, channels={"test": channel}) as served:
        yield served, Outside(served, Codes(served.house.engine))


async def code_of(person: Person) -> tuple[str, Page]:
    status, page = await pressed(person, "/me/code")
    assert status == 200, page.text
    (found,) = re.findall(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", page.text)
    return found, page


async def test_a_code_takes_a_fresh_proof(tmp_path: Path) -> None:
    """Whoever finds a browser open cannot make an account of their own act as its owner."""
    async with connected(tmp_path) as (served, _):
        ana = await served.staff("Ana", "agent")
        served.desk.clock.jump(PROOF_SERVES)
        status, page = await pressed(ana, "/me/code")
        assert (status, "Is it you?" in page.text) == (403, True)
        assert "A code is open until" not in (await ana.page("/me")).text
        await proves(served, ana)
        assert await code_of(ana)


async def test_an_account_is_joined_with_a_code_and_a_yes_and_parted_again(tmp_path: Path) -> None:
    async with connected(tmp_path) as (served, outside):
        ana = await served.staff("Ana", "agent")
        code, page = await code_of(ana)
        assert f"https://test.example/start?code={code}" in page.links()
        assert code not in (await ana.page("/me")).html
        assert "A code is open until" in (await ana.page("/me")).text
        async with stream(ana, "/me/live") as opened:
            await opened.next("view")
            assert (await outside.bring(code, "phone")).outcome == "done"
            while "asks to be yours" not in (await opened.next("view"))[1]["html"]:
                continue
        page = await ana.page("/me")
        state = await served.desk.state(ana.person)
        assert isinstance(state, Known)
        assert state.guest is not None
        for shown in ("Somewhere", "@phone", state.guest.check, "acts in your name"):
            assert shown in page.text
        await ana.done("confirm_join", number=1)
        assert "@phone" in (await ana.page("/me")).text
        assert "asks to be yours" not in (await ana.page("/me")).text
        lead = await served.staff("Lea", "supervisor")
        assert "Somewhere: @phone" in (await lead.page("/people")).text
        await ana.done("part_identity", number=1)
        assert "@phone" not in (await ana.page("/me")).text
        assert "@phone" not in (await lead.page("/people")).text


async def test_what_one_follows_stands_here_with_where_it_comes_and_is_ended(
    tmp_path: Path,
) -> None:
    async with connected(tmp_path) as (served, outside):
        ana = await served.staff("Ana", "agent")
        await outside.bring((await code_of(ana))[0], "phone")
        await ana.done("confirm_join", number=1)
        assert "What you follow" not in (await ana.page("/me")).text
        for number, place in enumerate(("test", "web")):
            here, who = Place(place, "direct-phone"), Identity("test", "phone")
            follow = Envelope("test", f"f{number}", Subscribe(scope="all"), who, here)
            await served.house.engine.handle(follow)
        page = (await ana.page("/me")).text
        for shown in (
            "What you follow",
            "Everything",
            "Somewhere · at once",
            "once, on the channel",
        ):
            assert shown in page
        await ana.done("choose_where", each="true")
        assert "Each update comes on each of these channels." in (await ana.page("/me")).text
        await ana.done("choose_where", each="false", channel="test")
        assert "Each update comes once, on Somewhere." in (await ana.page("/me")).text
        await ana.done("end_own", person=ana.person, number=1)
        assert "Somewhere · at once" not in (await ana.page("/me")).text
        await ana.done("stop_following")
        assert "What you follow" not in (await ana.page("/me")).text


async def test_a_no_forgets_whoever_brought_the_code(tmp_path: Path) -> None:
    async with connected(tmp_path) as (served, outside):
        ana = await served.staff("Ana", "agent")
        code, _ = await code_of(ana)
        await outside.bring(code, "thief")
        await ana.done("decline_join")
        assert "@thief" not in (await ana.page("/me")).text
        assert (await outside.bring(code, "thief")).code == "bad_link"


async def test_why_an_account_was_not_joined_is_said_on_the_page(tmp_path: Path) -> None:
    async with connected(tmp_path) as (served, outside):
        ana, ben = [await served.staff(name, "agent") for name in ("Ana", "Ben")]
        codes = [(await code_of(one))[0] for one in (ana, ben)]
        for code in codes:
            assert (await outside.bring(code, "phone")).outcome == "done"
        await ana.done("confirm_join", number=1)
        await ben.done("confirm_join", number=1)
        assert "joined to another person" in (await ben.page("/me")).text


async def test_a_form_sent_twice_shows_no_code_twice(tmp_path: Path) -> None:
    async with connected(tmp_path) as (served, _):
        ana = await served.staff("Ana", "agent")
        fields = {"id": "one-and-the-same"}
        assert (await pressed(ana, "/me/code", **fields))[0] == 200
        status, page = await pressed(ana, "/me/code", **fields)
        assert status == 409
        assert "only once" in page.text
        assert (await pressed(ana, "/me/code", id="x"))[0] == 400


async def test_with_no_other_channel_the_page_says_so(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        page = await ana.page("/me")
        assert "No other channel is connected here" in page.text
        assert "/me/code" not in page.html
        before = await served.desk.store.head()
        assert (await pressed(ana, "/me/code"))[0] == 409
        assert await served.desk.store.head() == before


async def test_an_administrator_parts_what_is_joined_to_a_colleague(tmp_path: Path) -> None:
    async with connected(tmp_path) as (served, outside):
        ana, chief = await served.staff("Ana", "agent"), await served.staff("D", "administrator")
        code, _ = await code_of(ana)
        await outside.bring(code, "phone")
        await ana.done("confirm_join", number=1)
        assert "Part: Somewhere @phone" in (await chief.page("/people")).text
        await chief.done("part_identity_of", person=ana.person, number=1)
        assert "@phone" not in (await ana.page("/me")).text


# --- can be asked, or not --------------------------------------------------------------------


async def test_busy_for_a_while_is_seen_by_all_and_ends_by_itself(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        rita = await served.staff("Rita", "resource")
        lead = await served.staff("Lea", "supervisor")
        assert "2 available now" in (await lead.page("/people")).text
        async with stream(lead, "/people/live") as opened:
            await opened.next("view")
            await rita.done("set_availability", be="busy", minutes="60")
            while "Busy until 01:00" not in (await opened.next("view"))[1]["html"]:
                continue
        for path in ("/me", "/tasks"):
            assert "You now Busy until 01:00" in (await rita.page(path)).text
        await served.desk.advance(HOUR)
        await proves(served, lead)
        assert "You now Available" in (await rita.page("/tasks")).text
        await rita.done("set_availability", be="off")
        assert "1 available now" in (await lead.page("/people")).text


async def test_a_clock_time_says_until_when(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        rita = await served.staff("Rita", "resource")
        await rita.done("set_availability", be="off", time="07:30")
        assert "Off until 07:30" in (await rita.page("/tasks")).text
        answer = await rita.post(
            "/do/set_availability", {"id": rita.number(), "be": "busy", "time": "25:00"}
        )
        assert answer.status_code == 400
        await rita.done("set_availability", be="available", time="08:00")
        assert "You now Available" in (await rita.page("/tasks")).text


async def test_a_resource_sees_first_what_needs_their_skill_and_all_else_below(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana, rita = await served.staff("Ana"), await served.staff("Rita", "resource")
        for skill in ("lift", "security"):
            words = f"Somebody for the {skill}"
            await served.asks(ana, AskForResource(incident=incident, what=words, skill=skill))
        assert "for another skill" not in (await rita.page("/tasks")).text
        await ana.done("describe_person", person=rita.person, skill_security="yes")
        text = (await rita.page("/tasks")).text
        places = [
            text.index(one)
            for one in (
                "Wanted, and you have the skill",
                "Somebody for the security",
                "for other skills",
                "Somebody for the lift",
            )
        ]
        assert places == sorted(places)


async def test_asking_says_who_is_available_and_goes_on_when_nobody_is(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, rita = await served.staff("Ana", "agent"), await served.staff("Rita", "resource")
        lead = await served.staff("Lea", "supervisor")
        here = f"/desk/incidents/{reference}"
        text = (await ana.page(here)).text
        assert "of any skill 1" in text
        assert "Electrician nobody" in text
        assert "You can ask all the same" in text
        await lead.done("describe_person", person=rita.person, skill_electrical="yes")
        assert "Electrician 1" in (await ana.page(here)).text
        await rita.done("set_availability", be="off")
        assert "Electrician nobody" in (await ana.page(here)).text
        await ana.done("ask_for_resource", incident=incident, what="Look", skill="lift")


async def test_hand_over_shows_what_each_carries(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben, cy = [await served.staff(name, "agent") for name in ("Ana", "Ben", "Cy")]
        await ben.done("take_incident", incident=incident)
        await cy.done("set_availability", be="busy", minutes="30")
        await ben.done("hand_over_incident", incident=incident, to=ana.person)
        text = (await ana.page(f"/desk/incidents/{reference}")).text
        assert "Ben: 0 incidents Cy: 0 incidents (busy until 00:30)" in text
        text = (await ben.page(f"/desk/incidents/{reference}")).text
        assert "Cy: 0 incidents (busy until 00:30)" in text
        assert "Ana:" not in text
