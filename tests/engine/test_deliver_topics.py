"""Topics: all that concerns one incident stands together, where a place can have them."""

from pathlib import Path

from bot.core.commands import Grant, Identity, Place
from bot.core.ids import StreamId
from bot.core.incident_commands import (
    AskForResource,
    CancelIncident,
    CloseIncident,
    ReopenIncident,
    ResolveIncident,
    RestrictIncident,
    TakeIncident,
)
from bot.core.moving_words import MergeIncident
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.front import Front
from bot.engine.heard import Changed, Wrote
from bot.engine.ports import AnswerLost, Capabilities, Misconfigured, Outage
from bot.engine.reader import Reader
from bot.engine.talk import Talk
from bot.store.memory import MemoryStore
from tests.channel import LOST, ScriptedChannel, Shown, Step
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office
from tests.engine.kit import SPEECH
from tests.engine.test_beneath import Team
from tests.engine.test_deliver_cards import MINUTE, PLACES, TEAM, cards, incident

FORUM = Capabilities(opens=("topic",))


def forum(clock: VirtualClock, *places: str) -> ScriptedChannel:
    """A channel on which these places have topics."""
    channel = ScriptedChannel(clock, capabilities=FORUM)
    channel.forums |= set(places)
    return channel


def topics(one: Office, place: str = "team") -> list[str]:
    """The topics of a place, in the order in which they were opened."""
    return [topic for at, topic in one.channel.topics if at == place]


def front(one: Office) -> Front:
    reader = Reader(one.desk.machine.engine)
    talk = Talk(one.desk.machine, reader, SPEECH)
    return Front(one.desk.machine, reader, SPEECH, None, talk)


def within(one: Office, topic: str, place: str = "team") -> list[Shown]:
    """What stands in a topic."""
    return [shown for shown in one.channel.places[place] if shown.post.within == topic]


async def test_each_incident_has_a_topic_of_its_own_named_by_what_it_is(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock, "team"), places=PLACES) as one:
        first, second = await incident(one), await another(one)
        await one.advance(MINUTE)
        assert len(topics(one)) == 2
        for topic, stream in zip(topics(one), (first, second), strict=True):
            state = await one.desk.incident(stream)
            title = one.channel.titles["team", topic]
            assert title.startswith(f"{state.reference}: P")
            assert len(title) <= 128
            (card,) = within(one, topic)
            assert state.reference in card.post.text


async def another(one: Office) -> StreamId:
    """Somebody else reports something."""
    await one.press(WriteMessage(words="The lift is stuck"), "dora", "web")
    answer = await one.press(AskForPerson(), "dora", "web")
    await one.quiet()
    report = await one.desk.report(str(answer.data["stream"]))
    assert report.incident is not None
    return report.incident


async def test_a_place_without_topics_is_asked_once_and_has_plain_cards(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock), places=PLACES) as one:
        await incident(one)
        await one.advance(MINUTE)
        await another(one)
        await one.advance(MINUTE)
        assert len(cards(one)) == 2
        assert {card.post.within for card in cards(one)} == {""}
        assert len([call for call in one.channel.calls if call.act == "open"]) == 1


async def test_a_place_that_is_another_now_is_asked_again(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock), places=PLACES) as one:
        first = await incident(one)
        await one.advance(MINUTE)
        one.channel.forums.add("team")
        await front(one).change(Changed("back", TEAM))
        await another(one)
        await one.desk.done(TakeIncident(incident=first), "ana")
        await one.advance(MINUTE)
        assert [card.post.within for card in cards(one)] == ["", topics(one)[0]]


async def test_task_cards_stand_in_the_same_topic(tmp_path: Path) -> None:
    clock = VirtualClock()
    same = {key: [TEAM] for key in PLACES}
    async with office(tmp_path, clock=clock, channel=forum(clock, "team"), places=same) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        ask = AskForResource(incident=stream, what="Look at it", skill="electrical", needed=1)
        await one.desk.done(ask, "ana")
        await one.advance(MINUTE)
        (topic,) = topics(one)
        assert len(within(one, topic)) == 2


async def test_the_customers_words_come_in_the_topic(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock, "team"), places=PLACES) as one:
        await incident(one)
        await one.advance(MINUTE)
        await one.press(WriteMessage(words="Still dark"), "carol", "web")
        await one.advance(MINUTE)
        (topic,) = topics(one)
        card, words = within(one, topic)
        assert "Still dark" in words.post.text
        assert words.post.beneath == card.message


async def test_a_crash_after_opening_leaves_one_empty_topic_and_one_card(tmp_path: Path) -> None:
    clock, store = VirtualClock(), MemoryStore()
    channel = forum(clock, "team")
    channel.plan = lambda act, address, post: Step(takes=10_000) if act == "open" else None
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES, store=store) as one:
        await incident(one)
        await one.advance(5_000)
        await one.crash()
        keys = one.keys
        channel.topics["team", "lost"] = True  # The platform went on with what it was asked for.
    channel.plan = None
    async with office(
        tmp_path, clock=clock, channel=channel, places=PLACES, store=store, keys=keys
    ) as one:
        await one.advance(MINUTE)
        assert len(cards(one)) == 1
        assert cards(one)[0].post.within == topics(one)[-1]
        assert [len(within(one, topic)) for topic in topics(one)] == [0, 1]


async def test_after_a_restart_the_topic_is_known(tmp_path: Path) -> None:
    clock, store = VirtualClock(), MemoryStore()
    channel = forum(clock, "team")
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES, store=store) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        keys = one.keys
    async with office(
        tmp_path, clock=clock, channel=channel, places=PLACES, store=store, keys=keys
    ) as one:
        one.desk.serial = 1_000
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        assert len(topics(one)) == 1
        assert "Who has it: Ana" in within(one, topics(one)[0])[0].post.text


async def test_a_topic_that_is_gone_is_opened_anew_once_then_the_place_has_to_do(
    tmp_path: Path,
) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock, "team"), places=PLACES) as one:
        await incident(one)
        await one.advance(MINUTE)
        seen = set(topics(one))
        for round_ in range(2):
            for topic in topics(one):
                one.channel.drop_topic("team", topic)
            await one.press(WriteMessage(words=f"Round {round_}"), "carol", "web")
            await one.advance(3 * MINUTE)
            seen |= set(topics(one))
            hung = cards(one)
            assert len(hung) == 1, round_
            (words,) = [x for x in one.channel.places["team"] if f"Round {round_}" in x.post.text]
            assert words.post.within == hung[0].post.within
            assert hung[0].post.within == ("" if round_ else topics(one)[0])
        assert len(seen) == 2


async def test_an_edit_that_finds_its_topic_gone_hangs_the_card_anew(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock, "team"), places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        one.channel.drop_topic("team", topics(one)[0])
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        (card,) = cards(one)
        assert card.post.within == topics(one)[0]
        assert "Who has it: Ana" in card.post.text


async def test_who_may_open_none_has_plain_cards(tmp_path: Path) -> None:
    clock = VirtualClock()
    channel = forum(clock, "team")
    refused = Step(fault=Misconfigured("no right to"))
    channel.plan = lambda act, address, post: refused if act == "open" else None
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES) as one:
        await incident(one)
        await one.advance(MINUTE)
        assert [card.post.within for card in cards(one)] == [""]
        assert one.deliveries.health() == ()


async def test_an_outage_while_opening_is_waited_for(tmp_path: Path) -> None:
    clock = VirtualClock()
    channel = forum(clock, "team")
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES) as one:
        bad = True
        channel.plan = lambda act, *_: Step(fault=Outage("down")) if bad else None
        await incident(one)
        await one.advance(5 * MINUTE)
        assert cards(one) == []
        bad = False
        await one.advance(5 * MINUTE)
        assert [card.post.within for card in cards(one)] == topics(one)[-1:]


async def test_an_answer_that_is_lost_leaves_at_most_an_empty_topic(tmp_path: Path) -> None:
    clock = VirtualClock()
    channel = forum(clock, "team")
    left = [LOST]
    channel.plan = lambda act, *_: left.pop() if act == "open" and left else None
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES) as one:
        await incident(one)
        await one.advance(MINUTE)
        assert len(topics(one)) == 2
        assert [len(within(one, topic)) for topic in topics(one)] == [0, 1]


async def test_a_topic_is_shut_behind_the_last_look_and_opened_when_it_goes_on(
    tmp_path: Path,
) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock, "team"), places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        (topic,) = topics(one)
        for command in (
            TakeIncident(incident=stream),
            ResolveIncident(incident=stream, note="A fuse"),
            CloseIncident(incident=stream),
        ):
            await one.desk.done(command, "ana")
        await one.advance(MINUTE)
        assert one.channel.topics["team", topic] is False
        acts = [call.act for call in one.channel.calls if call.address == "team"]
        assert acts.index("shut") > max(at for at, act in enumerate(acts) if act == "edit")
        await one.desk.done(ReopenIncident(incident=stream, reason="Still there"), "ana")
        await one.advance(MINUTE)
        assert one.channel.topics["team", topic] is True


async def test_what_ended_while_nobody_looked_is_shut_after_the_start(tmp_path: Path) -> None:
    clock, store = VirtualClock(), MemoryStore()
    channel = forum(clock, "team")
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES, store=store) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        await one.desk.done(CancelIncident(incident=stream, reason="by_mistake"), "ana")
        await one.crash()
        keys = one.keys
    async with office(
        tmp_path, clock=clock, channel=channel, places=PLACES, store=store, keys=keys
    ) as one:
        await one.advance(MINUTE)
        assert channel.topics["team", topics(one)[0]] is False


async def test_a_shutting_that_fails_is_tried_again(tmp_path: Path) -> None:
    clock = VirtualClock()
    channel = forum(clock, "team")
    left = [Step(fault=AnswerLost()), Step(fault=AnswerLost())]
    channel.plan = lambda act, *_: left.pop() if act == "shut" and left else None
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        await one.desk.done(CancelIncident(incident=stream, reason="by_mistake"), "ana")
        await one.advance(5 * MINUTE)
        assert channel.topics["team", topics(one)[0]] is False


async def test_the_topic_of_what_was_merged_says_where_it_goes_on(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock, "team"), places=PLACES) as one:
        first, second = await incident(one), await another(one)
        await one.advance(MINUTE)
        await one.desk.done(MergeIncident(incident=second, into=first), "ana")
        await one.advance(MINUTE)
        gone, stays = topics(one)[1], topics(one)[0]
        state = await one.desk.incident(first)
        assert within(one, gone)[-1].post.text.startswith(f"This goes on as {state.reference}")
        assert one.channel.topics == {("team", stays): True, ("team", gone): False}


async def test_of_what_few_may_see_a_title_says_no_more_than_its_reference(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock, "team"), places=PLACES) as one:
        stream = await incident(one)
        hide = RestrictIncident(incident=stream, visibility="restricted", reason="a child")
        await one.desk.done(hide, "ana")
        state = await one.desk.incident(stream)
        assert await one.desk.machine.topics._title(stream) == state.reference


async def test_what_the_team_writes_in_a_topic_is_a_note_of_its_incident(tmp_path: Path) -> None:
    """Also when it is no reply to anything; what people say in a topic of their own is theirs."""
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock, "team"), places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        machine = one.desk.machine
        team = Team(one, Talk(machine, Reader(machine.engine), SPEECH))
        for words, topic in (("Here", topics(one)[0]), ("Elsewhere", "t99"), ("Plain", "")):
            wrote = Wrote(
                words,
                Identity("test", "ben"),
                TEAM,
                within=topic,
                words=words,
                message=words,
                language="en",
            )
            assert await machine.topics.is_ours(wrote) is (words == "Here")
            await team.talk.write(wrote, (Grant("agent", "triage", clock.now()),))
        assert await team.notes(stream) == ["Here"]


async def test_a_place_that_moved_has_its_cards_in_the_new_one(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=forum(clock, "new"), places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        assert len(cards(one)) == 1
        one.channel.moved["team"] = "new"
        await front(one).change(Changed("moved", TEAM, to=Place("test", "new")))
        await one.advance(MINUTE)
        assert len(cards(one, "new")) == 1
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        assert "Who has it: Ana" in cards(one, "new")[0].post.text
        assert len(cards(one, "new")) == 1
