"""How colleagues read who works here by being in a place: as the platform shows them."""

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.core.calendar import DAY, MINUTE
from bot.core.cards import Card, plain
from bot.core.incident_commands import AcknowledgeIncident, TakeIncident
from bot.core.joining_words import ConfirmJoin, IssueLink, JoinIdentity
from bot.core.person_words import AcceptInvite, CallMe, DisablePerson, ErasePerson, NameShown
from bot.core.report_words import BeginReport
from bot.engine.front import Front
from bot.engine.heard import Pressed, Typed
from bot.engine.links import code
from bot.engine.ports import Profile
from bot.engine.reader import Reader
from tests.engine.delivery import Office
from tests.engine.front_kit import has, token_of
from tests.engine.kit import SPEECH
from tests.engine.members import CHAT, LOBBY, TRIAGE, Club, club


async def called(house: Club, name: str) -> str | None:
    reader = Reader(house.desk.machine.engine)
    person = await house.person(name)
    return (await reader.names([person.stream])).get(person.stream)


async def test_colleagues_read_the_name_that_the_platform_shows(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        incident = await house.incident()
        house.comes("bo")
        await house.press(TakeIncident(incident=incident), "bo")
        assert await called(house, "bo") == "Bo"
        version = (await house.desk.machine.engine.live((await house.person("bo")).stream)).version
        await house.press(AcknowledgeIncident(incident=incident), "bo")
        house.platform.profiles["bo"] = Profile(name="  Bo   Brandt ")
        await house.press(AcknowledgeIncident(incident=incident), "bo")
        assert await called(house, "bo") == "Bo"
        house.desk.clock.jump(DAY)
        await house.grants("bo")
        assert await called(house, "bo") == "Bo Brandt"
        person = await house.person("bo")
        assert (await house.desk.machine.engine.live(person.stream)).version == version + 1
        await house.desk.sound()


async def test_where_who_works_here_by_a_place_is_written_to_alone_is_kept_once_and_stays(
    tmp_path: Path,
) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        house.platform.profiles["bo"] = Profile(name="Bo")
        incident = await house.incident()
        await house.press(TakeIncident(incident=incident), "bo")
        assert (await house.person("bo")).shown_alone is None
        for name in ("Bo", "Bo", "Bo Brandt"):
            house.platform.profiles["bo"] = Profile(name=name, alone="42")
            house.desk.clock.jump(DAY)
            await house.grants("bo")
        house.platform.profiles["bo"] = Profile(name="Bo B.")
        house.desk.clock.jump(DAY)
        await house.grants("bo")
        person = await house.person("bo")
        live = await house.desk.machine.engine.live(person.stream)
        log = await Reader(house.desk.machine.engine).log(person.stream, live.version, 500)
        assert sum(isinstance(one.event, NameShown) for one in log) == 4, "two news, two names"
        alone = person.shown_alone
        assert alone is not None
        assert alone.address.open(house.desk.codec.open) == "42"


async def test_a_press_on_the_card_in_the_place_is_theirs_and_the_card_says_so(
    tmp_path: Path,
) -> None:
    async with club(tmp_path) as house:
        machine, clock = house.desk.machine, house.desk.clock
        front = Front(machine, Reader(machine.engine), SPEECH, house.members)
        incident = await house.incident()
        office = Office(house.desk, house.platform)
        await office.advance(MINUTE)

        def hangs() -> Card[str]:
            shown = (one.post.card for one in house.platform.places[TRIAGE.address])
            return next(one for one in shown if one is not None and has(one, "Acknowledge"))

        async def pressed(who: str, source: str) -> str:
            take = token_of(hangs(), "Take")
            heard = Pressed(source, house.who(who), TRIAGE, at=clock.now(), token=take)
            return (await front.press(heard)).text

        assert "Nobody who works here is known by this account" in await pressed("eve", "1")
        house.comes("bo")
        house.platform.profiles["bo"] = Profile(name="Bo Brandt")
        assert await pressed("bo", "2") == "It is yours now."
        await office.advance(MINUTE)
        assert (await house.desk.incident(incident)).owner == (await house.person("bo")).stream
        cards = (one.post.card for one in house.platform.places[TRIAGE.address])
        assert any("Bo Brandt" in plain(one) for one in cards if one is not None)


async def test_two_first_presses_at_once_make_one_person(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        first, second = await house.incident(), await house.incident()
        house.comes("bo")
        answers = await asyncio.gather(
            house.press(TakeIncident(incident=first), "bo"),
            house.press(TakeIncident(incident=second), "bo"),
        )
        assert [one.outcome for one in answers] == ["done", "done"]
        owners = {(await house.desk.incident(one)).owner for one in (first, second)}
        assert owners == {(await house.person("bo")).stream}
        assert await called(house, "bo") == "Bo"
        await house.desk.sound()


async def test_customers_have_no_name(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        await house.press(BeginReport(), "cora", LOBBY)
        await house.desk.settle()
        assert (await house.person("cora")).called is None
        assert (await house.press(CallMe(name="Chief", place=""), "cora", LOBBY)).code == (
            "not_allowed"
        )


async def test_they_stand_on_the_list_of_people_by_their_place(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        await house.desk.join("ana")
        house.comes("bo")
        await house.grants("bo")
        reader = Reader(house.desk.machine.engine)
        staff = await reader.staff(house.desk.people["ana"])
        assert staff is not None
        crew = await reader.crew(staff)
        places = house.desk.machine.engine.editions.current.places
        named = {one.name: one.by_place for one in crew.here}
        assert named == {"Ana": None, "Bo": places["triage"].name}
        assert not await house.desk.machine.nobody_yet()


async def test_being_in_a_place_does_not_make_somebody_the_first_of_the_staff(
    tmp_path: Path,
) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        await house.grants("bo")
        assert await house.desk.machine.nobody_yet()


async def test_who_was_shut_out_has_nothing_by_any_place(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        incident = await house.incident()
        house.comes("bo")
        await house.grants("bo")
        person = (await house.person("bo")).stream
        await house.desk.done(DisablePerson(person=person), "ana")
        assert (await house.press(TakeIncident(incident=incident), "bo")).code == "not_allowed"


async def test_they_cannot_be_invited_away(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        await house.grants("bo")
        token = await house.desk.machine.invite(("administrator",))
        hashed = house.desk.codec.token_hash(token)
        rows = await house.desk.store.select("people", {"invitation": hashed})
        accept = AcceptInvite(person=str(rows[0]["person"]), token=hashed, name="Mallory")
        assert (await house.press(accept, "bo")).code == "known_here"


async def test_their_account_can_be_joined_to_who_they_are_on_the_desk(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        incident = await house.incident()
        house.comes("bo")
        await house.press(TakeIncident(incident=incident), "bo")
        guest = (await house.person("bo")).stream
        made = code(house.desk.machine.parts)
        await house.desk.done(IssueLink(token=made.key, until=made.until), "ana")
        join = JoinIdentity(person=house.desk.people["ana"], token=made.key, name="@bo", sure=True)
        assert (await house.press(join, "bo")).outcome == "done"
        await house.desk.settle()
        await house.desk.done(ConfirmJoin(number=1), "ana")
        await house.desk.settle()
        assert (await house.person("bo")).stream == house.desk.people["ana"]
        people = await house.desk.store.select("people", order="person")
        assert guest not in {row["person"] for row in people}
        assert (await house.press(AcknowledgeIncident(incident=incident), "bo")).code != "stale"
        await house.desk.sound()


async def test_what_stands_for_many_is_nobody(tmp_path: Path) -> None:
    """Whoever looks after a place without showing who they are writes as one account for all."""
    async with club(tmp_path, guests=True) as house:
        machine = house.desk.machine
        front = Front(machine, Reader(machine.engine), SPEECH, house.members)
        incident = await house.incident()
        house.comes("anonymous", member="owner")
        house.platform.profiles["anonymous"] = Profile(name="Group", person=False)
        assert (await house.press(TakeIncident(incident=incident), "anonymous")).code == (
            "not_allowed"
        )
        made = code(machine.parts)
        await house.desk.done(IssueLink(token=made.key, until=made.until), "ana")
        line = Typed("line1", house.who("anonymous"), TRIAGE, line=f"join {made.token}")
        assert "nobody in particular" in (await front.line(line)).text
        assert await machine.engine.person_behind(CHAT, "anonymous") is None
        # The code still serves whoever it was made for.
        line = Typed("line2", house.who("bo"), TRIAGE, line=f"join {made.token}")
        assert "Ana" in plain((await front.line(line)).cards[0])


async def test_nothing_of_whoever_is_erased_is_kept(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        await house.desk.join("ana")
        house.comes("bo")
        await house.grants("bo")
        person = (await house.person("bo")).stream
        await house.desk.done(ErasePerson(person=person, reason="asked for it"), "ana")
        await house.desk.machine.eraser.idle()
        assert await house.desk.store.count("memberships") == 0
        reader = Reader(house.desk.machine.engine)
        assert await reader.names([person]) == {}
        await house.desk.sound()


async def test_a_name_that_is_far_too_long_is_cut(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        house.platform.profiles["bo"] = Profile(name="Bo" * 500)
        await house.grants("bo")
        assert await called(house, "bo") == "Bo" * 40


async def test_a_platform_without_a_name_leaves_them_unnamed(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        incident = await house.incident()
        house.comes("bo")
        house.platform.profiles["bo"] = replace(Profile(), name=" ")
        assert (await house.press(TakeIncident(incident=incident), "bo")).outcome == "done"
