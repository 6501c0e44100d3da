"""Practice 4.3: a person hears an update once, on whatever channels they follow; each if they wish.

Sam follows by the platform `test` and by `spare`, and joined the two.
"""

from pathlib import Path

import pytest

from bot.core.hearing_words import ChooseWhere, EndOwn, StopFollowing
from bot.core.ids import StreamId
from bot.core.incident_commands import PublishUpdate
from bot.core.joining_words import ConfirmJoin, IssueLink, JoinIdentity, PartIdentity
from bot.core.moving_words import MergeIncident
from bot.core.person import Person
from bot.core.person_words import Subscribe, Unsubscribe
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine import audience
from bot.engine.circles import Circles
from bot.engine.front import Front
from bot.engine.links import code
from bot.engine.ports import Blocked, Outage
from bot.engine.reader import Reader
from bot.store.base import Row, text
from tests.channel import ScriptedChannel, Step
from tests.engine.delivery import Office, office
from tests.engine.front_kit import Club, Room, has, token_of
from tests.engine.kit import SPEECH
from tests.engine.test_audience import MINUTE, UPDATE, incident, publish

ALL = Subscribe(scope="all")


def other(one: Office, name: str = "spare") -> ScriptedChannel:
    found = one.desk.machine.parts.channels[name]
    assert isinstance(found, ScriptedChannel)
    return found


async def behind(one: Office, who: str, channel: str = "test") -> str:
    found = await one.desk.machine.engine.person_behind(channel, who)
    assert found is not None
    return found


async def person(one: Office, stream: StreamId) -> Person:
    state = await one.desk.state(stream)
    assert isinstance(state, Person)
    return state


async def joins(one: Office, who: str, channel: str = "spare", onto: str = "test") -> None:
    """The account on `channel` becomes that of who has the same name on `onto`."""
    made = code(one.desk.machine.parts)
    await one.press(IssueLink(token=made.key, until=made.until), who, onto)
    root = await behind(one, who, onto)
    await one.press(JoinIdentity(person=root, token=made.key, sure=True), who, channel)
    guest = (await person(one, root)).guest
    assert guest is not None
    await one.press(ConfirmJoin(number=guest.number), who, onto)
    await one.quiet()
    assert await behind(one, who, channel) == root


def heard(one: Office, who: str = "sam", words: str = UPDATE) -> tuple[int, int]:
    """How often they were told, on either channel."""
    channels = (one.channel, other(one))
    first, second = (sum(words in x for x in channel.texts(who)) for channel in channels)
    return first, second


async def updated(one: Office, stream: StreamId, words: str = UPDATE) -> None:
    await publish(one, stream, "public", words)
    await one.advance(MINUTE)


async def test_practice_4_3_who_follows_on_several_channels_hears_once_where_they_followed_last(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(ALL, "sam")
        await one.press(ALL, "sam", "spare")
        await updated(one, stream, "Two people so far.")
        assert heard(one, words="Two people so far.") == (1, 1), "nobody knows that they are one"
        await joins(one, "sam")
        await updated(one, stream)
        assert heard(one) == (0, 1)


async def test_practice_4_3_three_channels_are_one_message_unless_they_asked_for_each(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare", "third"]) as one:
        stream = await incident(one)
        for channel in ("test", "spare", "third"):
            await one.press(ALL, "sam", channel)
        await joins(one, "sam")
        await joins(one, "sam", "third")
        await updated(one, stream, "Once.")
        third = other(one, "third")
        assert (*heard(one, words="Once."), str(third.texts("sam")).count("Once.")) == (0, 0, 1)
        await one.press(ChooseWhere(each=True), "sam", "spare")
        await updated(one, stream, "Each.")
        assert (*heard(one, words="Each."), str(third.texts("sam")).count("Each.")) == (1, 1, 1)
        await one.press(ChooseWhere(each=False), "sam", "test")
        await updated(one, stream, "Here.")
        assert (*heard(one, words="Here."), str(third.texts("sam")).count("Here.")) == (1, 0, 0)


async def test_practice_4_3_who_reported_and_follows_hears_once(tmp_path: Path) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(ALL, "carol")
        await one.press(ALL, "carol", "spare")
        await joins(one, "carol")
        await updated(one, stream)
        assert heard(one, "carol") == (1, 0)


async def test_practice_4_3_two_reports_of_one_person_are_told_once_on_the_newest(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(WriteMessage(words="No power here"), "carol", "spare")
        second = await one.press(AskForPerson(), "carol", "spare")
        await one.quiet()
        await joins(one, "carol")
        other_incident = (await one.desk.report(str(second.data["stream"]))).incident
        assert other_incident is not None
        await merged(one, other_incident, stream)
        await updated(one, stream)
        assert heard(one, "carol") == (0, 1)


async def merged(one: Office, source: StreamId, into: StreamId) -> None:
    await one.desk.done(MergeIncident(incident=source, into=into), "ana")
    await one.advance(MINUTE)


async def test_practice_4_3_leaving_one_channel_leaves_the_others_and_leaving_all_is_instant(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(ALL, "sam")
        await one.press(ALL, "sam", "spare")
        guest = await behind(one, "sam", "spare")
        await joins(one, "sam")
        await one.press(EndOwn(person=guest, number=1), "sam", "spare")
        await updated(one, stream, "Still.")
        assert heard(one, words="Still.") == (1, 0), "they follow on the other one"
        await one.press(ALL, "sam", "spare")
        await one.deliveries.stop()
        await publish(one, stream, "public")
        await one.press(StopFollowing(), "sam", "spare")
        await one.deliveries.start()
        await one.advance(MINUTE)
        assert heard(one) == (0, 0)


async def test_practice_4_3_leaving_all_ends_what_was_followed_before_accounts_were_joined(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(ALL, "sam")
        await one.press(ALL, "sam", "spare")
        guest = await behind(one, "sam", "spare")
        await joins(one, "sam")
        await one.press(StopFollowing(), "sam")
        await one.quiet()
        assert (await person(one, guest)).subscriptions == ()
        await updated(one, stream)
        assert heard(one) == (0, 0)


async def test_practice_4_3_who_leaves_a_channel_while_it_is_on_its_way_hears_it_on_the_other(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(ALL, "sam")
        await one.press(ALL, "sam", "spare")
        guest = await behind(one, "sam", "spare")
        await joins(one, "sam")
        other(one).will(Step(Outage("Not now.")))
        await publish(one, stream, "public")
        await one.quiet()
        await one.press(EndOwn(person=guest, number=1), "sam", "spare")
        await one.advance(MINUTE)
        assert heard(one) == (1, 0)


async def test_practice_4_3_a_channel_that_refuses_them_is_made_up_for_and_the_row_says_so(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(ALL, "sam")
        await one.press(ALL, "sam", "spare")
        await joins(one, "sam")
        other(one).will(Blocked("They blocked us."))
        await updated(one, stream)
        assert heard(one) == (1, 0)
        rows = await one.store.select("outbox", {"about": f"{stream}/1"}, limit=50)
        copies = {text(row, "channel"): row for row in rows if row["member"] and row["channel"]}
        ended = [(x["state"], x["reason"]) for x in rows if x["channel"] == "spare"]
        assert ended == [("superseded", "said another way")]
        assert copies["test"]["state"] == "delivered"


async def test_practice_4_3_parted_accounts_hear_for_themselves_again(tmp_path: Path) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(ALL, "sam")
        await one.press(WriteMessage(words="Hello"), "sam", "spare")
        await joins(one, "sam")
        await one.press(ALL, "sam", "spare")
        await one.press(PartIdentity(number=1), "sam")
        await one.quiet()
        assert await behind(one, "sam", "spare") != await behind(one, "sam")
        await updated(one, stream)
        assert heard(one) == (1, 1)
        await one.press(Unsubscribe(scope="all"), "sam", "spare")
        await updated(one, stream, "And again.")
        assert heard(one, words="And again.") == (1, 0)
        await one.desk.sound()


async def test_practice_4_3_a_person_is_counted_once_and_told_once_however_many_pages_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        for who in ("sam", "sue", "sid"):
            await one.press(ALL, who)
        for who in ("sid", "sam", "sue"):
            await one.press(ALL, who, "spare")
        for who in ("sam", "sue", "sid"):
            await joins(one, who)
        monkeypatch.setattr(audience, "CHUNK", 2)
        whom = audience.Audience("subscribers", "1000000", stream)
        assert await audience.Unfolder(one.desk.machine.engine).count(whom) == 3
        await updated(one, stream)
        assert [sum(heard(one, who)) for who in ("sam", "sue", "sid")] == [1, 1, 1]


async def test_practice_4_3_who_joins_accounts_between_two_pages_of_an_audience_hears_once(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(ALL, "sam", "spare")
        await one.press(ALL, "sue")
        await one.press(ALL, "sam")
        guest = await behind(one, "sam", "spare")
        unfolder = audience.Unfolder(one.desk.machine.engine)
        (row,) = await one.store.select("outbox", {"id": await one.say("sue", "Hello.")}, limit=1)
        circles = Circles(one.desk.machine.engine)
        (alone,) = await circles.following(await _followed(one, guest), ["all"], stream, bool)
        member = audience.Member("x/1", "there", person=alone.root)
        await one.store.write([audience.copy_of(row, member)])
        await joins(one, "sam")
        (both,) = await circles.following(await _followed(one, guest), ["all"], stream, bool)
        assert both.root == await behind(one, "sam") != guest
        assert await unfolder._untold(row, [both]) == [], "they were told as who they were then"


async def _followed(one: Office, person: StreamId) -> list[Row]:
    return await one.store.select("subscriptions", {"person": person}, limit=10)


async def test_practice_4_3_nobody_ends_what_another_follows(tmp_path: Path) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        await one.press(ALL, "sam")
        sam = await behind(one, "sam")
        assert (await one.desk.press(EndOwn(person=sam, number=1), "eve")).code == "not_found"
        assert len((await person(one, sam)).subscriptions) == 1


async def test_what_one_follows_stands_on_the_own_page_with_every_account(tmp_path: Path) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        await one.press(ALL, "sam")
        await one.press(ALL, "sam", "spare")
        await joins(one, "sam")
        reader = Reader(one.desk.machine.engine)
        found = await reader.hearing(await behind(one, "sam"))
        assert [x.where for x in found.heard] == ["Test", "Spare"]
        assert (dict(found.channels), found.each) == ({"test": "Test", "spare": "Spare"}, False)


async def test_practice_4_3_in_a_chat_they_choose_once_or_each_and_end_all_of_it(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        reader, club = Reader(one.desk.machine.engine), Club()
        club.now = one.clock.now()
        chat = Room(one, Front(one.desk.machine, reader, SPEECH, club), club)
        await one.press(ALL, "sam")
        (alone,) = (await chat.type("sam", "unsubscribe", "sam")).cards
        assert not has(alone, "On each of them"), "nobody asks who follows on one channel"
        await one.press(ALL, "sam", "spare")
        await joins(one, "sam")
        *_, card = (await chat.type("sam", "unsubscribe", "sam")).cards
        done = await chat.press("sam", token_of(card, "On each of them"), place="sam")
        assert done.text == "Noted. It holds from the next update on."
        root = await behind(one, "sam")
        assert (await person(one, root)).hears.each
        first, *_, card = (await chat.type("sam", "unsubscribe", "sam")).cards
        await chat.press("sam", token_of(card, "Only here"), place="sam")
        assert (await person(one, root)).hears.channel == "test"
        await chat.press("sam", token_of(first, "End: Everything"), place="sam")
        assert [x.where for x in (await reader.hearing(root)).heard] == ["Spare"]
        await chat.press("sam", token_of(card, "End all of it"), place="sam")
        await one.quiet()
        assert (await reader.hearing(root)).heard == ()


async def test_practice_4_3_who_follows_once_more_after_the_preview_hears_it_once(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(ALL, "sam")
        await one.press(WriteMessage(words="Hello"), "sam", "spare")
        await joins(one, "sam")
        previewed = (await one.store.log(0, 1_000))[-1].position
        await one.press(ALL, "sam", "spare")
        await one.press(ALL, "eve", "spare")
        by = one.clock.now() + 30 * MINUTE
        said = {"incident": stream, "words": UPDATE, "audience": "public", "next_by": by}
        command = PublishUpdate.model_validate({**said, "position": previewed})
        await one.desk.done(command, "ana")
        await one.advance(MINUTE)
        assert (sum(heard(one)), sum(heard(one, "eve"))) == (1, 1)
