"""A major incident worked on from chat: the same presses as on the desk."""

from pathlib import Path
from typing import Any

from bot.core.approval_words import ApproveUpdate
from bot.core.cards import Card, plain
from bot.core.ids import StreamId
from bot.core.incident_commands import PublishUpdate
from bot.core.major import holder
from bot.core.major_words import AcceptPost, DeclareMajor, OfferPost, StandDownMajor
from bot.core.person_words import DisablePerson
from bot.core.report_words import JoinIncident, WriteMessage
from bot.engine.ports import Opened, Reply
from bot.store.base import text
from tests.engine.delivery import Office, office
from tests.engine.front_kit import Room, room
from tests.engine.kit import MINUTE
from tests.engine.test_audience import incident, told


def pressed(card: Card[str], label: str) -> str:
    return next(one.token for one in card.buttons if one.label == label)


async def opened(one: Room, who: str, card: Card[str], label: str) -> Opened:
    reply: Reply = await one.press(who, pressed(card, label))
    assert reply.form is not None, reply.text
    return reply.form


async def declared(one: Room) -> StreamId:
    stream = await one.incident()
    (card,) = (await one.press("ana", one.button("More"))).cards
    form = await opened(one, "ana", card, "Declare a major incident")
    reply = await one.send("ana", form, {"criteria": ("many_people",), "reason": ""})
    assert reply.form is None, reply.faults
    await one.office.quiet()
    return stream


def major(one: Room) -> Card[str]:
    """The card of the major incident in the team's place."""
    return next(card for card in one.hung() if "Commander" in plain(card))


async def test_it_is_declared_and_commanded_from_chat(tmp_path: Path) -> None:
    """Practice 3.1, 3.4: by press, with a card that shows who has which post."""
    async with room(tmp_path) as one:
        ana, ben = await one.joins("ana", "agent"), await one.joins("ben", "agent")
        stream = await declared(one)
        card = major(one)
        assert "Commander: Ana" in plain(card)
        assert "Scribe: Nobody yet" in plain(card)
        assert any("Major incident, " in plain(x) for x in one.hung())
        form = await opened(one, "ben", card, "Take a post")
        await one.send("ben", form, {"post": "deputy"})
        await one.office.quiet()
        form = await opened(one, "ana", major(one), "Hand over")
        whom = next(x for x in form.state.form.questions if x.key == "to")
        assert [form.say(x.label) for x in whom.choices] == [
            "Ana: carries nothing",
            "Ben: carries nothing",
            "Somebody else",
        ]
        await one.send("ana", form, {"post": "commander", "to": ben})
        await one.office.quiet()
        assert holder(await one.office.desk.incident(stream), "commander") == ana
        assert "Commander: Ana (Ben is asked)" in plain(major(one))
        form = await opened(one, "ben", major(one), "Accept a post")
        await one.send("ben", form, {"post": "commander"})
        await one.office.quiet()
        assert "Commander: Ben" in plain(major(one))
        assert holder(await one.office.desk.incident(stream), "deputy") is None


async def test_methane_is_a_form_that_says_what_is_known_and_keeps_what_changed(
    tmp_path: Path,
) -> None:
    """Practice 3.2: as a form in chat, "unknown" on the card, only what changed is new."""
    async with room(tmp_path) as one:
        ana, ben = await one.joins("ana", "agent"), await one.joins("ben", "agent")
        stream = await declared(one)
        assert "Hazards, present and possible: unknown" in plain(major(one))
        first = await opened(one, "ana", major(one), "METHANE")
        await one.send("ana", first, {"type": "The lift is stuck"})
        await one.office.quiet()
        form = await opened(one, "ben", major(one), "METHANE")
        assert form.state.answers["type"] == "The lift is stuck"
        given = {**form.state.answers, "hazards": "Somebody is inside"}
        await one.send("ben", form, given)
        await one.office.quiet()
        assert "Hazards, present and possible: Somebody is inside" in plain(major(one))
        kept = (await one.office.desk.incident(stream)).major.methane
        of_type, hazards = kept.of("type"), kept.of("hazards")
        assert of_type is not None
        assert hazards is not None
        assert (kept.version, of_type.by, hazards.by) == (2, ana, ben)


async def test_below_the_threshold_each_ethane_asks_whether_it_is_a_major_incident(
    tmp_path: Path,
) -> None:
    """Practice 3.2: below the threshold ETHANE, and each update asks "major?" again."""
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        for number, answer in enumerate(("no", "yes"), 1):
            (card,) = (await one.press("ana", one.button("More"))).cards
            form = await opened(one, "ana", card, "ETHANE")
            assert form.state.form.questions[0].key == "major"
            given = {**form.state.answers, "major": answer, "number": f"About {number}"}
            more = {"criteria": ("life",)} if answer == "yes" else {}
            reply = await one.send("ana", form, {**given, **more})
            assert reply.form is None, reply.faults
            await one.office.quiet()
        state = await one.office.desk.incident(stream)
        assert (state.major.declared, state.major.criteria) == (True, ("life",))


async def test_it_is_stood_down_from_chat_with_a_word_on_data_loss(tmp_path: Path) -> None:
    """Practice 4.1: the all-clear by its commander, data loss stated even if none."""
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await declared(one)
        form = await opened(one, "ana", major(one), "All-clear")
        given = {"recovered": "The lift runs again.", "data_loss": "No data was lost."}
        reply = await one.send("ana", form, given)
        assert reply.form is None, reply.faults
        await one.office.quiet()
        state = await one.office.desk.incident(stream)
        assert state.major.stage == "stood_down"
        heard = [x.words for x in await one.office.letters("carol")]
        assert heard[-1] == "The lift runs again.\nNo data was lost."


async def hangs(one: Office, report: StreamId, stream: StreamId) -> None:
    """A report that stood alone hangs under the incident."""
    house = one.desk.machine.engine.house
    known: dict[str, Any] = {"incident": stream, "before": None, "how": "joined"}
    join = JoinIncident.model_construct(**known, visibility="normal", mode="live")
    await house(join, report, "do", f"join {report}")


async def test_a_major_incident_with_200_reports_tells_each_of_them_everything_once(
    tmp_path: Path,
) -> None:
    """Practice 4.1, and the golden story: two hundred customers, told early, then how far it
    reaches (each approved by a second person), then by the commander that it is over.
    """
    async with office(tmp_path) as one:
        stream = await incident(one, "c0")
        for number in range(1, 200):
            await one.press(WriteMessage(words=f"No power here, {number}"), f"c{number}")
        reports = await one.store.select("reports", limit=300)
        loose = [text(row, "report") for row in reports if row["incident"] is None]
        assert len(loose) == 199
        for report in loose:
            await hangs(one, report, stream)
        await one.desk.settle()
        assert (await one.desk.incident(stream)).reports == 200
        declare = DeclareMajor(incident=stream, criteria=("many_people",))
        await one.desk.done(declare, "ana")
        said = ("We know about it.", "It reaches the whole of Mill Lane.")
        await one.desk.join("chief")
        for number, (minutes, words) in enumerate(zip((5, 20), said, strict=True), 1):
            next_by = one.clock.now() + minutes * MINUTE
            known = {"incident": stream, "words": words, "audience": "reporters"}
            await one.desk.done(PublishUpdate.model_validate({**known, "next_by": next_by}), "ana")
            approve = ApproveUpdate(incident=stream, draft=number, version=1)
            await one.desk.done(approve, "chief")
            await one.advance(4 * MINUTE)
        down = StandDownMajor(
            incident=stream, recovered="Power is back.", data_loss="No data was lost."
        )
        await one.desk.done(down, "ana")
        approve = ApproveUpdate(incident=stream, draft=3, version=1)
        await one.desk.done(approve, "chief")
        await one.advance(4 * MINUTE)
        for words in (*said, "Power is back."):
            assert [told(one, f"c{number}", words) for number in range(200)] == [1] * 200


async def test_an_empty_post_calls_somebody_and_a_commander_who_leaves_is_replaced_by_the_deputy(
    tmp_path: Path,
) -> None:
    """Practice 3.4: a vacancy over 5 min alarms; no gap in command when somebody leaves."""
    async with office(tmp_path) as one:
        stream = await incident(one)
        ben = await one.desk.join("ben", "agent")
        await one.desk.done(DeclareMajor(incident=stream, criteria=("life",)), "ana")
        await one.desk.done(OfferPost(incident=stream, post="deputy"), "ben")
        await one.advance(6 * MINUTE)
        empty = {x.about for x in (await one.desk.incident(stream)).alarms if x.cause == "vacancy"}
        assert empty == {"scribe", "customer_liaison", "internal_liaison", "operations"}
        await one.desk.done(OfferPost(incident=stream, post="scribe"), "ben")
        await one.desk.join("admin")
        await one.desk.done(DisablePerson(person=one.desk.people["ana"]), "admin")
        await one.advance(MINUTE)
        state = await one.desk.incident(stream)
        assert holder(state, "commander") == one.desk.people["ana"]
        assert state.major.left
        asked = state.major.offer("commander")
        assert asked is not None
        assert asked.to == ben
        alarms = {x.about for x in state.alarms if x.cause == "vacancy"}
        assert "commander" in alarms
        assert "scribe" not in alarms
        await one.desk.done(AcceptPost(incident=stream, post="commander"), "ben")
        await one.advance(MINUTE)
        state = await one.desk.incident(stream)
        assert holder(state, "commander") == ben
        assert "commander" not in {x.about for x in state.alarms}
