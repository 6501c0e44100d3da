"""Who follows what hears it once, when they wished, and from the start how things stand."""

from pathlib import Path

import pytest

from bot.core.commands import Envelope, Identity, Place
from bot.core.following import Wish
from bot.core.following_words import ASKS_MOST, AskToFollow, ConfirmFollow
from bot.core.ids import StreamId
from bot.core.incident_commands import OverridePriority, WithdrawUpdate
from bot.core.moving_words import SetCategory
from bot.core.person_words import ErasePerson, Subscribe, Unsubscribe
from bot.core.priority import Priority
from bot.engine import audience
from bot.store.base import Store
from bot.store.memory import MemoryStore
from bot.store.sqlite.store import SqliteStore
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office
from tests.engine.test_audience import MINUTE, incident, publish, told

HOUR = 60 * MINUTE


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Both stores, where the store matters."""
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "muster.db")


def minute(one: Office, ahead: int) -> int:
    """The minute of the day, in UTC, that is so many minutes ahead."""
    return (one.clock.now() // MINUTE + ahead) % (24 * 60)


async def sorted_as(one: Office, stream: StreamId, category: str) -> None:
    await one.desk.done(SetCategory(incident=stream, category=category), "ana")


async def test_each_scope_hears_what_it_covers_and_several_are_heard_once(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await incident(one)
        await sorted_as(one, stream, "power")
        level = (await one.desk.incident(stream)).priority
        above = "P1" if level != "P1" else "P0"
        for who, scopes in {
            "cat": ["category:power"],
            "dog": ["category:it"],
            "low": ["priority:P4"],
            "same": [f"priority:{level}"],
            "both": [f"category:power+priority:{level}"],
            "all": ["all", "category:power", "priority:P4", f"incident:{stream}"],
        }.items():
            for scope in scopes:
                await one.press(Subscribe(scope=scope), who)
        if above == "P1":
            await one.press(Subscribe(scope="priority:P1"), "grave")
        await publish(one, stream, "public")
        await one.advance(MINUTE)
        heard = [told(one, who) for who in ("cat", "dog", "low", "same", "both", "all", "grave")]
        assert heard == [1, 0, 1, 1, 1, 1, 0]


async def test_who_heard_of_it_hears_the_rest_whatever_it_is_called_meanwhile(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await sorted_as(one, stream, "power")
        await one.press(Subscribe(scope="category:power"), "cat")
        await publish(one, stream, "public")
        await sorted_as(one, stream, "it")
        await publish(one, stream, "public", "It was the pump.")
        await one.advance(MINUTE)
        assert told(one, "cat", "It was the pump.") == 1


async def test_a_page_of_an_audience_cuts_through_nobodys_subscriptions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "CHUNK", 3)
    async with office(tmp_path) as one:
        stream = await incident(one)
        who = [f"s{number}" for number in range(8)]
        for number, person in enumerate(who):
            for scope in ("all", "priority:P4", f"incident:{stream}")[: 1 + number % 3]:
                await one.press(Subscribe(scope=scope), person)
        await publish(one, stream, "public")
        await one.advance(MINUTE)
        assert [told(one, person) for person in who] == [1] * 8


async def test_quiet_hours_hold_it_back_and_then_it_comes_as_one_message(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await incident(one)
        now = minute(one, 0)
        wish = Wish(quiet=(now, (now + 120) % 1440), zone="UTC")
        await one.press(Subscribe(scope="all", wish=wish), "sam")
        await publish(one, stream, "public", "The first.")
        await publish(one, stream, "public", "The second.")
        other = await incident(one, "carl")
        await publish(one, other, "public", "Another.")
        await one.advance(HOUR)
        assert one.channel.texts("sam") == []
        await one.advance(HOUR + MINUTE)
        (text,) = one.channel.texts("sam")
        assert "2 updates for you" in text
        assert "The second." in text
        assert "Another." in text
        assert "The first." not in text, "it was superseded"


async def test_a_summary_is_sent_once_and_never_for_nothing(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        wish = Wish(digest=minute(one, 30), zone="UTC")
        await one.press(Subscribe(scope="all", wish=wish), "sam")
        await one.press(Subscribe(scope="category:it", wish=wish), "sue")
        await publish(one, stream, "public")
        await one.advance(10 * MINUTE)
        assert told(one, "sam") == 0
        await one.advance(2 * HOUR)
        assert told(one, "sam") == 1
        assert [len(one.channel.texts(who)) for who in ("sam", "sue")] == [1, 0]


async def test_what_is_most_serious_waits_for_nobody_nor_does_the_all_clear(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        wish = Wish(digest=minute(one, 600), zone="UTC")
        await one.press(Subscribe(scope="all", wish=wish), "sam")
        for priority, words in ((Priority.P1, "Please leave."), (Priority.P3, "You may go in.")):
            grave = OverridePriority(incident=stream, priority=priority, reason="smoke")
            await one.desk.done(grave, "ana")
            await publish(one, stream, "public", words)
            await one.advance(MINUTE)
            assert told(one, "sam", words) == 1


async def test_who_left_while_it_was_held_back_hears_nothing(tmp_path: Path, store: Store) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await incident(one)
        wish = Wish(digest=minute(one, 30), zone="UTC")
        for who in ("sam", "eve"):
            await one.press(Subscribe(scope="all", wish=wish), who)
        person = await one.desk.machine.engine.person_behind("test", "eve")
        assert person is not None
        await publish(one, stream, "public")
        await one.quiet()
        await one.press(Unsubscribe(scope="all"), "sam")
        command = ErasePerson(person=person, reason="asked")
        await one.desk.machine.engine.house(command, person, "cli", "test")
        await one.desk.machine.eraser.finish(person)
        await one.advance(HOUR)
        assert (told(one, "sam"), told(one, "eve")) == (0, 0)
        assert not await one.store.count("outbox", {"state": "held"})


@pytest.mark.parametrize("kills", range(0, 40, 4))
async def test_a_crash_while_it_is_gathered_misses_and_repeats_nobody(
    tmp_path: Path, kills: int
) -> None:
    store, clock = MemoryStore(), VirtualClock()
    channel = ScriptedChannel(clock)
    who = [f"s{number}" for number in range(4)]
    async with office(tmp_path, store=store, clock=clock, channel=channel) as one:
        stream = await incident(one)
        wish = Wish(digest=minute(one, 30), zone="UTC")
        for person in who:
            await one.press(Subscribe(scope="all", wish=wish), person, "web")
        await publish(one, stream, "public", "The first.")
        other = await incident(one, "carl")
        await publish(one, other, "public", "Another.")
        await one.quiet()
        held = await store.select("outbox", {"state": "held"})
        await clock.advance(int(str(held[0]["due"])) - clock.now())
        await clock.settle(kills)
        await one.crash()
    async with office(tmp_path, store=store, clock=clock, channel=channel, keys=one.keys) as one:
        await one.advance(MINUTE)
        for person in who:
            letters = await one.letters(person)
            assert [("The first." in x.text, "Another." in x.text) for x in letters] == [
                (True, True)
            ]


async def test_who_comes_late_hears_the_newest_of_each_that_goes_on_once(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await incident(one)
        await publish(one, stream, "public", "The old one.")
        await publish(one, stream, "public", "The newest one.")
        taken_back = await incident(one, "carl")
        await publish(one, taken_back, "public", "A mistake.")
        await one.desk.done(
            WithdrawUpdate(incident=taken_back, number=1, reason="wrong house"), "ana"
        )
        kept = await incident(one, "cleo")
        await publish(one, kept, "reporters", "Not for you.")
        await one.quiet()
        await one.press(Subscribe(scope="all"), "late")
        await one.press(Subscribe(scope=f"incident:{stream}"), "late")
        await one.advance(MINUTE)
        (text,) = one.channel.texts("late")
        assert "The newest one." in text
        for other in ("The old one.", "A mistake.", "Not for you."):
            assert other not in text


async def test_a_wish_is_changed_without_hearing_it_all_again(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await publish(one, stream, "public")
        await one.quiet()
        await one.press(Subscribe(scope="all"), "sam")
        await one.advance(MINUTE)
        wish = Wish(digest=minute(one, 30), zone="UTC")
        await one.press(Subscribe(scope="all", wish=wish), "sam")
        await one.advance(MINUTE)
        assert told(one, "sam") == 1
        (row,) = await one.store.select("subscriptions")
        assert row["manner"] == wish.column
        await one.desk.sound()


async def test_an_address_is_asked_only_so_often_and_old_links_serve_no_more(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        for number in range(ASKS_MOST):
            await one.press(AskToFollow(scope="all", link=f"l{number}", token=f"t{number}"), "sam")
        engine = one.desk.machine.engine
        sixth = AskToFollow.model_validate({"scope": "all", "link": "l9", "token": "t9"})
        envelope = Envelope(
            entry="test",
            source="sixth",
            command=sixth,
            identity=Identity("test", "sam"),
            place=Place("test", "sam"),
        )
        assert (await engine.handle(envelope)).code == "enough"
        person = await engine.person_behind("test", "sam")
        assert person is not None
        for token, code in (("t0", "link"), ("t4", ""), ("t4", "link")):
            command = ConfirmFollow(person=person, token=token)
            assert (await engine.house(command, person, "test", "yes")).code == code
        assert await one.store.count("subscriptions") == 1
        await one.desk.sound()
