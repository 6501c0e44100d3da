"""Audiences: everybody who belongs to it hears it, once; nobody else does."""

from pathlib import Path

import pytest

from bot.core.approval_words import ApproveUpdate
from bot.core.ids import StreamId
from bot.core.incident_commands import (
    PublishUpdate,
    RestrictIncident,
    TakeIncident,
)
from bot.core.person_words import DisablePerson, Subscribe, Unsubscribe
from bot.core.report_words import AskForPerson, WithdrawReport, WriteMessage
from bot.engine import audience
from bot.engine.ports import RateLimited
from bot.store.base import Patch, Put, Store, text
from bot.store.memory import MemoryStore
from bot.store.sqlite.store import SqliteStore
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office

MINUTE = 60_000
UPDATE = "The generator is running."


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Both stores, where it is cheap."""
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "muster.db")


async def incident(one: Office, who: str = "carol") -> StreamId:
    """Somebody reports, and an agent takes it."""
    await one.press(WriteMessage(words="No power in the whole house"), who)
    answer = await one.press(AskForPerson(), who)
    await one.quiet()
    report = await one.desk.report(str(answer.data["stream"]))
    assert report.incident is not None
    if not one.desk.people:
        await one.desk.join("ana")
    await one.desk.done(TakeIncident(incident=report.incident), "ana")
    await one.quiet()
    return report.incident


async def publish(one: Office, stream: StreamId, audience: str, words: str = UPDATE) -> None:
    command = PublishUpdate.model_validate(
        {
            "incident": stream,
            "words": words,
            "audience": audience,
            "next_by": one.clock.now() + 30 * MINUTE,
        }
    )
    answer = await one.desk.done(command, "ana")
    if answer.data["happened"] == "update_drafted":
        if "chief" not in one.desk.people:
            await one.desk.join("chief", "supervisor")
        draft = (await one.desk.incident(stream)).drafting.made
        await one.desk.done(ApproveUpdate(incident=stream, draft=draft, version=1), "chief")


def told(one: Office, who: str, words: str = UPDATE) -> int:
    """How often `who` was told."""
    return sum(words in said for said in one.channel.texts(who))


async def parent(one: Office, of: str) -> dict[str, object]:
    rows = await one.store.select("outbox", {"kind": "say"}, order="id", limit=1000)
    return dict([row for row in rows if text(row, "target").startswith(of)][-1])


async def test_an_update_reaches_its_reporter_and_every_subscriber_once(
    tmp_path: Path, store: Store
) -> None:
    """Practice 4.3: whoever is covered by several subscriptions gets one message in a place."""
    async with office(tmp_path, store=store) as one:
        stream = await incident(one)
        for who in ("sam", "sue", "sid"):
            await one.press(Subscribe(scope="all"), who)
        await one.press(Subscribe(scope=f"incident:{stream}"), "ivy")
        await one.press(Subscribe(scope=f"incident:{stream}"), "sam")
        await one.press(Subscribe(scope="incident:inc_00000000000000000000000000"), "otto")
        await publish(one, stream, "public")
        await one.advance(MINUTE)
        people = ("carol", "sam", "sue", "sid", "ivy", "otto")
        assert [told(one, who) for who in people] == [1, 1, 1, 1, 1, 0]
        row = await parent(one, "subscribers")
        assert (row["state"], row["progress"]) == (
            "delivered",
            '{"after": null, "made": 4, "skipped": 0}',
        )


async def test_an_update_to_reporters_is_for_them_alone(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "sam")
        await publish(one, stream, "reporters")
        await one.advance(MINUTE)
        assert (told(one, "carol"), told(one, "sam")) == (1, 0)


async def test_who_subscribes_after_an_update_was_published_hears_once_how_things_stand(
    tmp_path: Path, store: Store
) -> None:
    """Practice 4.3: a late joiner gets the current picture; the log's position decides, however
    late the audience is unfolded.
    """
    async with office(tmp_path, store=store) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "sam")
        await one.deliveries.stop()
        await publish(one, stream, "public")
        await one.press(Subscribe(scope="all"), "late")
        await one.deliveries.start()
        await one.advance(MINUTE)
        assert (told(one, "sam"), told(one, "late")) == (1, 1)
        assert '"made": 1,' in str((await parent(one, "subscribers"))["progress"])


async def test_who_unsubscribes_before_it_is_sent_is_not_told_any_more(tmp_path: Path) -> None:
    """Practice 4.3: opting out is instant, also of what is under way already."""
    async with office(tmp_path) as one:
        stream = await incident(one)
        for who in ("sam", "sue"):
            await one.press(Subscribe(scope="all"), who)
        await one.quiet()
        one.channel.plan = None
        await pause(one)
        await publish(one, stream, "public")
        await one.quiet()
        await one.press(Unsubscribe(scope="all"), "sam")
        await one.advance(5 * MINUTE)
        assert (told(one, "sam"), told(one, "sue")) == (0, 1)
        rows = await one.store.select("outbox", {"reason": "unsubscribed"})
        assert [row["state"] for row in rows] == ["refused"]


async def pause(one: Office) -> None:
    """The platform asks for two minutes."""
    one.channel.will(RateLimited(120, whole=True))
    await one.say("somebody", "hello")
    await one.quiet()


async def test_an_incident_that_is_restricted_before_it_is_sent_is_not_told_to_subscribers(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "sam")
        await pause(one)
        await publish(one, stream, "public")
        await one.quiet()
        restrict = RestrictIncident(incident=stream, visibility="restricted", reason="a child")
        await one.desk.done(restrict, "ana")
        await one.advance(5 * MINUTE)
        assert (told(one, "carol"), told(one, "sam")) == (1, 0)


async def test_an_audience_of_a_restricted_incident_is_refused_as_a_whole(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "sam")
        await one.deliveries.stop()
        await publish(one, stream, "public")
        restrict = RestrictIncident(incident=stream, visibility="restricted", reason="a child")
        await one.desk.done(restrict, "ana")
        await one.deliveries.start()
        await one.advance(MINUTE)
        assert (await parent(one, "subscribers"))["state"] == "refused"
        assert told(one, "sam") == 0


async def test_who_was_shut_out_is_not_told_any_more(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "sam")
        person = await one.desk.machine.engine.person_behind("test", "sam")
        assert person is not None
        await pause(one)
        await publish(one, stream, "public")
        await one.quiet()
        await one.desk.done(DisablePerson(person=person), "ana")
        await one.advance(5 * MINUTE)
        assert told(one, "sam") == 0


async def test_who_took_the_report_back_is_left_in_peace(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.press(WithdrawReport(why="solved_itself"), "carol")
        await publish(one, stream, "public")
        await one.advance(MINUTE)
        assert told(one, "carol") == 0


async def test_a_report_without_a_seat_is_skipped_and_counted(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        rows = await one.store.select("reports", {"incident": stream})
        ghost = {**rows[0], "report": "rep_" + "0" * 26, "seat": None, "person": "per_x"}
        await one.store.write([Put("reports", ghost)])
        await publish(one, stream, "reporters")
        await one.advance(MINUTE)
        assert told(one, "carol") == 1
        assert (await parent(one, "reporters"))["progress"] == (
            '{"after": null, "made": 1, "skipped": 1}'
        )


async def test_two_reports_from_one_conversation_are_told_once(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        rows = await one.store.select("reports", {"incident": stream})
        twin = {**rows[0], "report": "rep_" + "7" * 26}
        await one.store.write([Put("reports", twin)])
        await publish(one, stream, "reporters")
        await one.advance(MINUTE)
        assert told(one, "carol") == 1


@pytest.mark.parametrize("kills", range(0, 60, 3))
async def test_a_crash_while_an_audience_is_unfolded_misses_and_repeats_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    monkeypatch.setattr(audience, "CHUNK", 4)
    store, clock = MemoryStore(), VirtualClock()
    channel = ScriptedChannel(clock)
    who = [f"s{number:02}" for number in range(13)]
    async with office(tmp_path, store=store, clock=clock, channel=channel) as one:
        stream = await incident(one)
        for person in who:
            await one.press(Subscribe(scope="all"), person, "web")
        await one.quiet()
        await one.deliveries.stop()
        await publish(one, stream, "public")
        await one.deliveries.start()
        await one.clock.settle(kills)
        await one.crash()
    async with office(tmp_path, store=store, clock=clock, channel=channel, keys=one.keys) as one:
        await one.advance(MINUTE)
        heard = [sum(UPDATE in x.words for x in await one.letters(person)) for person in who]
        assert heard == [1] * len(who)
        assert (await parent(one, "subscribers"))["state"] == "delivered"


async def test_an_audience_that_comes_too_late_is_not_unfolded(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "sam")
        await one.deliveries.stop()
        await publish(one, stream, "public")
        row = await parent(one, "subscribers")
        past = {"until": one.clock.now() - 1}
        await one.store.write([Patch("outbox", {"id": int(str(row["id"]))}, past)])
        await one.deliveries.start()
        await one.advance(MINUTE)
        assert (await parent(one, "subscribers"))["reason"] == "expired"
        assert told(one, "sam") == 0
