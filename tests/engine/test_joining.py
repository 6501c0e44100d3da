"""Accounts joined to a person: once, knowingly, with a yes on both sides; and parted again.

The scripted channel stands for whatever platform the other account is on.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from bot.core.calendar import MINUTE
from bot.core.commands import Answer, Command, Envelope, Identity, Place
from bot.core.going_on_words import GoOnHere
from bot.core.incident_commands import TakeIncident
from bot.core.joining_words import (
    ConfirmJoin,
    DeclineJoin,
    IssueLink,
    PartIdentity,
    PartIdentityOf,
)
from bot.core.person import Person
from bot.core.person_words import (
    AcceptInvite,
    DescribePerson,
    DisablePerson,
    ErasePerson,
    GrantRole,
)
from bot.core.report_words import AskForPerson, ReplyToCustomer, WithdrawReport, WriteMessage
from bot.engine.links import Codes, code
from bot.store.base import text
from bot.store.memory import MemoryStore
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.kit import Desk, desk


@dataclass
class Town:
    """A desk, people on its web page and people on another platform."""

    desk: Desk
    channel: ScriptedChannel
    codes: Codes = field(init=False)
    presses: int = 0

    def __post_init__(self) -> None:
        self.codes = Codes(self.desk.machine.engine)

    async def issue(self, who: str) -> str:
        made = code(self.desk.machine.parts)
        await self.desk.done(IssueLink(token=made.key, until=made.until), who)
        return made.token

    def there(self, command: Command, who: str) -> Envelope:
        self.presses += 1
        place = Place(channel="test", address=f"direct-{who}")
        identity = Identity(channel="test", opaque=who)
        return Envelope("test", f"t{self.presses}", command, identity, place, language="en")

    async def bring(self, typed: str, who: str, sure: bool = True) -> Answer:
        identity = Identity(channel="test", opaque=who)
        sent = await self.codes.bring(
            typed, f"@{who}", sure, identity, lambda command: self.there(command, who)
        )
        await self.desk.settle()
        return sent

    async def says(self, command: Command, who: str) -> Answer:
        answer = await self.desk.machine.engine.handle(self.there(command, who))
        await self.desk.settle()
        return answer

    async def person(self, who: str) -> Person:
        state = await self.desk.state(self.desk.people[who])
        assert isinstance(state, Person)
        return state

    async def agree(self, who: str) -> Answer:
        guest = (await self.person(who)).guest
        answer = await self.desk.press(ConfirmJoin(number=guest.number if guest else 1), who)
        await self.desk.settle()
        return answer

    async def join(self, who: str, guest: str) -> None:
        assert (await self.bring(await self.issue(who), guest)).outcome == "done"
        assert (await self.agree(who)).outcome == "done"

    async def told(self, who: str) -> list[str]:
        """What has come to somebody there, once nothing is on its way any more."""
        waiting = {"kind": "say", "state": "waiting", "channel": "test"}
        async with asyncio.timeout(20):
            await self.desk.settle()
            while await self.desk.store.count("outbox", waiting):
                await self.desk.settle()
        return self.channel.texts(f"direct-{who}")

    async def behind(self, guest: str) -> str | None:
        return await self.desk.machine.engine.person_behind("test", guest)


@pytest.fixture(params=["memory", "sqlite"])
async def town(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    clock = VirtualClock()
    channel = ScriptedChannel(clock)
    store = MemoryStore() if request.param == "memory" else None
    async with desk(tmp_path, store=store, clock=clock, channels={"test": channel}) as house:
        await house.join("ana", "agent")
        await house.join("dana", "administrator")
        yield Town(house, channel)
        await house.settle()
        await house.sound()


async def incident(town: Town) -> str:
    """Somebody else reports something."""
    first = await town.desk.done(WriteMessage(words="The power is out"), "kim")
    await town.desk.done(AskForPerson(), "kim")
    await town.desk.settle()
    found = (await town.desk.report(first.data["stream"])).incident
    assert found is not None
    return found


async def test_what_is_done_from_a_joined_account_is_done_by_the_person(town: Town) -> None:
    found = await incident(town)
    assert (await town.says(TakeIncident(incident=found), "slack-ana")).code == "not_allowed"
    await town.join("ana", "slack-ana")
    assert await town.behind("slack-ana") == town.desk.people["ana"]
    assert (await town.says(TakeIncident(incident=found), "slack-ana")).outcome == "done"
    assert (await town.desk.incident(found)).owner == town.desk.people["ana"]
    told = await town.told("slack-ana")
    assert "shows the number" in told[0]
    assert told[1].startswith("It is done")


async def test_only_the_roles_of_who_made_the_code_count(town: Town) -> None:
    found = await incident(town)
    await town.join("dana", "slack-dana")
    assert (await town.says(TakeIncident(incident=found), "slack-dana")).code == "not_allowed"
    can = DescribePerson(person=town.desk.people["ana"], skills=("lift",))
    assert (await town.says(can, "slack-dana")).outcome == "done"
    # What is grave wants a proof, which a chat does not have.
    grant = GrantRole(person=town.desk.people["ana"], role="resource")
    assert (await town.says(grant, "slack-dana")).code == "prove"


async def test_whoever_is_sent_a_code_is_told_first_whose_their_account_would_become(
    town: Town,
) -> None:
    typed = await town.issue("ana")
    answer = await town.bring(typed, "victim", sure=False)
    assert answer.code == "are_you_sure"
    assert answer.text is not None
    assert town.desk.people["ana"] in answer.text.model_dump_json()
    assert (await town.person("ana")).guest is None
    assert await town.behind("victim") is None


async def test_whoever_got_hold_of_a_code_waits_for_the_yes_of_its_maker(town: Town) -> None:
    found = await incident(town)
    await town.bring(await town.issue("ana"), "thief")
    guest = (await town.person("ana")).guest
    assert guest is not None
    assert guest.check in (await town.told("thief"))[0]
    for command in (TakeIncident(incident=found), ConfirmJoin(number=1)):
        assert (await town.says(command, "thief")).outcome == "refused"
    await town.desk.done(DeclineJoin(), "ana")
    assert (await town.agree("ana")).code == "nobody_asks"
    assert (await town.says(TakeIncident(incident=found), "thief")).code == "not_allowed"


async def test_a_code_serves_once_and_for_minutes(town: Town) -> None:
    typed = await town.issue("ana")
    both = await asyncio.gather(town.bring(typed, "one"), town.bring(typed.lower(), "two"))
    assert sorted(one.outcome for one in both) == ["done", "refused"]
    assert (await town.bring(typed, "three")).code == "bad_link"
    late = await town.issue("ana")
    await town.desk.advance(10 * MINUTE)
    assert (await town.bring(late, "four")).code == "expired_link"
    older, newer = await town.issue("ana"), await town.issue("ana")
    assert (await town.bring(older, "five")).code == "bad_link"
    assert (await town.bring(newer, "five")).outcome == "done"
    await town.desk.advance(31 * MINUTE)
    assert (await town.agree("ana")).code == "nobody_asks"


async def test_guessing_codes_is_slowed(town: Town) -> None:
    answers = [await town.bring(f"AAAAA-AAAA{sign}", "eve") for sign in "23456789ABCD"]
    assert answers[0].code == "bad_link"
    assert answers[-1].code == "too_fast"


async def test_what_cannot_be_joined_is_said_in_a_sentence(town: Town) -> None:
    await town.join("ana", "slack")
    codes = [await town.issue("dana")]
    assert (await town.bring(codes[0], "slack")).code == "works_here"
    assert (await town.bring(await town.issue("ana"), "slack")).code == "yours_already"
    mine = code(town.desk.machine.parts)
    again = await town.says(IssueLink(token=mine.key, until=mine.until), "slack")
    assert again.code == "own_sign_in"
    await town.desk.done(DisablePerson(person=town.desk.people["ana"]), "dana")
    assert (await town.bring(await town.issue("dana"), "slack")).code == "disabled"
    assert (await town.says(TakeIncident(incident=await incident(town)), "slack")).code != ""


async def test_an_account_that_works_here_is_not_joined_to_a_customer(town: Town) -> None:
    typed = await town.issue("kim")
    await town.join("ana", "slack")
    assert (await town.bring(typed, "slack")).code == "works_here"
    answer = await town.bring(typed, "kims-phone")
    assert answer.outcome == "done"


async def test_two_who_join_each_other_at_once_make_no_circle(town: Town) -> None:
    """Two customers, each with a code of the other's."""
    for who in ("kim", "lou"):
        answer = await town.desk.done(WriteMessage(words="hello"), who)
        await town.desk.settle()
        town.desk.people[who] = (await town.desk.report(answer.data["stream"])).person
    parts = town.desk.machine.parts
    for maker, guest in (("kim", "lou"), ("lou", "kim")):
        made = code(parts)
        await town.desk.done(IssueLink(token=made.key, until=made.until), maker)
        identity = Identity(channel="web", opaque=guest)
        envelope = partial(town.desk.envelope, who=guest)
        answer = await town.codes.bring(made.token, guest, True, identity, envelope)
        assert answer.outcome == "done"
    await asyncio.gather(*(town.desk.press(ConfirmJoin(number=1), who) for who in ("kim", "lou")))
    await town.desk.settle()
    people = [await town.person(who) for who in ("kim", "lou")]
    assert sum(len(one.own) for one in people) <= 1
    assert sum(bool(one.joined_into) for one in people) == sum(len(one.own) for one in people)
    assert all(one.guest is None for one in people if not one.joined_into)


async def test_reports_of_a_joined_account_are_the_persons_from_then_on(town: Town) -> None:
    first = await town.says(WriteMessage(words="The lift is stuck"), "phone")
    await town.join("ana", "phone")
    again = await town.says(WriteMessage(words="It moves again"), "phone")
    assert again.data["stream"] == first.data["stream"]
    report = await town.desk.report(first.data["stream"])
    assert report.conversation.count == 2


async def test_a_parted_account_is_itself_again_and_can_be_joined_anew(town: Town) -> None:
    found = await incident(town)
    first = await town.says(WriteMessage(words="The lift is stuck"), "phone")
    was = await town.behind("phone")
    await town.join("ana", "phone")
    assert (await town.says(PartIdentity(number=1), "phone")).code == "own_sign_in"
    await town.desk.done(PartIdentity(number=1), "ana")
    await town.desk.settle()
    assert await town.behind("phone") == was
    assert (await town.says(TakeIncident(incident=found), "phone")).code == "not_allowed"
    again = await town.says(WriteMessage(words="It moves again"), "phone")
    assert again.data["stream"] == first.data["stream"]
    assert (await town.told("phone"))[-1].startswith("This account is not joined")
    await town.join("dana", "phone")
    assert await town.behind("phone") == town.desk.people["dana"]


async def test_an_administrator_parts_an_account_of_somebody_else(town: Town) -> None:
    await town.join("ana", "phone")
    part = PartIdentityOf(person=town.desk.people["ana"], number=1)
    assert (await town.desk.press(part, "ana")).code == "not_allowed"
    await town.desk.done(part, "dana")
    await town.desk.settle()
    assert await town.behind("phone") != town.desk.people["ana"]
    assert (await town.person("ana")).own == ()


async def test_erasing_the_person_takes_every_joined_account_along(town: Town) -> None:
    first = await town.says(WriteMessage(words="zanzibar lift"), "phone")
    guest = await town.behind("phone")
    await town.join("ana", "phone")
    later = await town.says(WriteMessage(words="zanzibar moves"), "phone")
    assert later.data["stream"] == first.data["stream"]
    refused = await town.desk.press(ErasePerson(person=str(guest), reason="asked"), "dana")
    assert refused.code == "joined_elsewhere"
    ana = town.desk.people["ana"]
    await town.desk.done(ErasePerson(person=ana, reason="asked"), "dana")
    await town.desk.machine.eraser.idle()
    await town.desk.settle()
    assert await town.behind("phone") is None
    assert not await town.desk.store.search("zanzibar", 10)
    report = await town.desk.report(first.data["stream"])
    assert report.subject in report.erased
    rows = await town.desk.store.select("subjects")
    assert report.subject not in [text(one, "subject") for one in rows]


async def test_a_person_who_was_erased_or_shut_out_meanwhile_takes_nobody_in(town: Town) -> None:
    await town.bring(await town.issue("ana"), "phone")
    before = await town.behind("phone")
    both = await asyncio.gather(
        town.desk.press(ConfirmJoin(number=1), "ana"),
        town.desk.press(DisablePerson(person=town.desk.people["ana"]), "dana"),
    )
    assert both[1].outcome == "done"
    await town.desk.settle()
    guest = await town.desk.state(str(before))
    assert isinstance(guest, Person)
    taken = (await town.person("ana")).own
    assert bool(guest.joined_into) == bool(taken)
    assert (await town.behind("phone") == town.desk.people["ana"]) == bool(taken)


async def test_an_invitation_is_not_a_way_round(town: Town) -> None:
    """Nobody who is known becomes one of the staff in passing, and is then taken in as such."""
    await town.bring(await town.issue("ana"), "phone")
    token = await town.desk.machine.invite(("agent",))
    hashed = town.desk.codec.token_hash(token)
    rows = await town.desk.store.select("people", {"invitation": hashed})
    accepted = AcceptInvite(person=text(rows[0], "person"), token=hashed, name="Phone")
    assert (await town.says(accepted, "phone")).code == "known_here"
    await town.agree("ana")
    assert await town.behind("phone") == town.desk.people["ana"]
    assert (await town.says(accepted, "phone")).code == "known_here"


# --- customers who go on elsewhere -----------------------------------------------------------


async def customer(town: Town, who: str, words: str = "The water is cold") -> str:
    """Somebody who has written on the web page; the id of their report."""
    answer = await town.desk.done(WriteMessage(words=words), who)
    await town.desk.settle()
    report = str(answer.data["stream"])
    town.desk.people[who] = (await town.desk.report(report)).person
    return report


async def test_a_customer_goes_on_with_the_same_report_on_another_channel(town: Town) -> None:
    report = await customer(town, "kim")
    await town.join("kim", "phone")
    answer = await town.says(WriteMessage(words="I am outside now"), "phone")
    assert answer.data["stream"] == report
    assert (await town.says(GoOnHere(), "phone")).outcome == "done"
    moved, asked = (await town.told("phone"))[-2:]
    assert "We go on here" in moved
    assert "is anyone in danger right now?" in asked  # What is open, where they are now.
    reply = ReplyToCustomer(report=report, words="Somebody is coming")
    await town.desk.done(reply, "ana")
    await town.desk.settle()
    assert "Somebody is coming" in (await town.told("phone"))[-1]
    # And back again, on the web page.
    assert (await town.desk.done(GoOnHere(), "kim")).data["stream"] == report
    await town.desk.done(WriteMessage(words="At home again"), "kim")
    assert (await town.desk.report(report)).conversation.count == 4


async def test_an_open_report_elsewhere_comes_before_one_that_is_over_here(town: Town) -> None:
    over = await town.says(WriteMessage(words="The lift is stuck"), "phone")
    await town.says(WithdrawReport(why="solved_itself"), "phone")
    report = await customer(town, "kim")
    await town.join("kim", "phone")
    answer = await town.says(WriteMessage(words="Still cold"), "phone")
    assert answer.data["stream"] == report != over.data["stream"]


async def test_nobody_goes_on_with_the_report_of_somebody_else(town: Town) -> None:
    await customer(town, "kim")
    assert (await town.says(GoOnHere(), "stranger")).code == "no_report"
    typed = await town.issue("kim")
    await town.bring(typed, "phone")
    assert (await town.says(GoOnHere(), "phone")).code == "no_report"


async def test_erasing_a_customer_takes_what_was_said_on_every_channel(town: Town) -> None:
    report = await customer(town, "kim", "quixotic water")
    await town.join("kim", "phone")
    await town.says(WriteMessage(words="quixotic cold"), "phone")
    await town.says(GoOnHere(), "phone")
    erase = ErasePerson(person=town.desk.people["kim"], reason="asked")
    await town.desk.done(erase, "dana")
    await town.desk.machine.eraser.idle()
    await town.desk.settle()
    assert not await town.desk.store.search("quixotic", 10)
    assert [one["seat"] for one in await town.desk.store.select("reports")] == [None]
    assert await town.behind("phone") is None
    again = await town.says(WriteMessage(words="Somebody new"), "phone")
    assert again.data["stream"] != report
