"""A group with more to say than its platform lets in: within its limits, and right in the end."""

import os
import random
from pathlib import Path

import pytest

from bot.core.cards import plain
from bot.core.commands import Command
from bot.core.ids import Millis, StreamId
from bot.core.incident_commands import (
    AcknowledgeIncident,
    AssessIncident,
    HoldIncident,
    ResumeIncident,
    TakeIncident,
)
from bot.core.priority import Level
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.deliver_jobs import Ready
from bot.engine.ports import Capabilities, Limit
from bot.store.base import Op
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office
from tests.engine.test_deliver_cards import MINUTE, PLACES, cards

Waits = list[Millis]

GROUP = (Limit("gap", 1, 3_100), Limit("minute", 20, 60_000))
ALL = Limit("all", 30, 1_000)
LOOKS = (
    (Level.MEDIUM, Level.MEDIUM),
    (Level.LOW, Level.LOW),
    (Level.HIGH, Level.MEDIUM),
)
"""None of them is the gravest."""
SECONDS = int(os.environ.get("MUSTER_BUSY_SECONDS", "240"))
SIX = ("anna", "bea", "carl", "dora", "emil", "fritz")


def group(clock: VirtualClock) -> ScriptedChannel:
    """A channel whose places take as little as a group does."""
    return ScriptedChannel(clock, own=GROUP, capabilities=Capabilities(shared=(ALL,)))


async def six(one: Office) -> list[StreamId]:
    """Six incidents of the same team."""
    found = []
    for who in SIX:
        await one.press(WriteMessage(words="No power"), who, "web")
        answer = await one.press(AskForPerson(), who, "web")
        await one.quiet()
        state = await one.desk.report(str(answer.data["stream"]))
        assert state.incident is not None
        found.append(state.incident)
    await one.desk.join("ana")
    for stream in found:  # So that nobody is called to any of them.
        await one.desk.done(AcknowledgeIncident(incident=stream), "ana")
    return found


def change(stream: StreamId, number: int, first: bool) -> Command:
    """One more change that its card shows; the first incident stays as grave as it is."""
    if first:
        return (HoldIncident, ResumeIncident)[number % 2](incident=stream, reason="again")
    impact, urgency = LOOKS[number % len(LOOKS)]
    return AssessIncident(incident=stream, impact=impact, urgency=urgency)


async def looks(one: Office, stream: StreamId) -> tuple[str, int]:
    """The card as it should look now, and the version of its incident."""
    drawer = one.deliveries.cards._drawer
    drawn, version = await drawer.draw(stream, "incident", 0, outside=False)
    assert drawn is not None
    return plain(drawn), version


async def busy(
    one: Office, streams: list[StreamId], seconds: int, seed: int, patch: pytest.MonkeyPatch
) -> list[Waits]:
    """A change every second somewhere; how long each incident's card showed something older."""
    rng, shown = random.Random(seed), _noted(one, patch)
    counts, waits = [0] * len(streams), [Waits() for _ in streams]
    old: list[tuple[Millis, int, int]] = []
    for _ in range(seconds):
        which = rng.randrange(len(streams))
        stream, at = streams[which], one.clock.now()
        await one.desk.done(change(stream, counts[which], which == 0), "ana")
        counts[which] += 1
        old.append((at, which, (await looks(one, stream))[1]))
        await one.advance(1_000)
        for each in streams:
            text, version = await looks(one, each)
            if text in [x.post.text for x in cards(one)]:  # Or it looks again as it did before.
                shown.append((one.clock.now(), each, version))
    await one.advance(2 * MINUTE)
    for at, which, version in old:
        seen = (
            when for when, stream, what in shown if stream == streams[which] and what >= version
        )
        waits[which].append(next(seen) - at)
    return waits


def _noted(one: Office, patch: pytest.MonkeyPatch) -> list[tuple[Millis, StreamId, int]]:
    """When which version of an incident was shown, from now on."""
    shown: list[tuple[Millis, StreamId, int]] = []
    before = one.deliveries.cards.sent

    def sent(ready: Ready, message: str, reason: str) -> list[Op]:
        shown.append((one.clock.now(), ready.job.stream, ready.version))
        return before(ready, message, reason)

    patch.setattr(one.deliveries.cards, "sent", sent)
    return shown


async def is_right(one: Office, streams: list[StreamId]) -> None:
    """Every card shows the newest state, and each of them hangs once."""
    hung = [x.post.text for x in cards(one)]
    for stream in streams:
        (text,) = [x for x in hung if (await one.desk.incident(stream)).reference in x]
        assert (text,) == (await looks(one, stream))[:1]


async def test_six_busy_incidents_stay_inside_both_windows_and_end_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gravest is shown soonest, and yet no other is kept waiting without end."""
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock), places=PLACES) as one:
        streams = await six(one)
        grave = AssessIncident(incident=streams[0], impact=Level.HIGH, urgency=Level.HIGH)
        await one.desk.done(grave, "ana")
        await one.desk.done(TakeIncident(incident=streams[0]), "ana")
        await one.advance(2 * MINUTE)
        waits = await busy(one, streams, SECONDS, 6, monkeypatch)
        assert one.channel.exceeded() == []
        await is_right(one, streams)
        longest = max(max(waits[which]) for which in range(1, 6))
        pressing = max(waits[0])
        with capsys.disabled():
            print(f"\nsix busy incidents: {pressing} ms, {longest} ms at most")
        assert pressing <= 15_000
        assert longest <= 30_000


async def test_what_waits_becomes_as_pressing_as_what_comes_to_be_said(tmp_path: Path) -> None:
    """A card that waits for its turn goes first as soon as somebody is in danger."""
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock), places=PLACES) as one:
        streams = await six(one)
        await one.advance(2 * MINUTE)
        before = len(one.channel.calls)
        for stream in streams:
            await one.desk.done(change(stream, 1, first=False), "ana")
        await one.quiet()
        grave = AssessIncident(incident=streams[5], impact=Level.HIGH, urgency=Level.HIGH)
        await one.desk.done(grave, "ana")
        await one.advance(MINUTE)
        state = await one.desk.incident(streams[5])
        told = [call.text for call in one.channel.calls[before:]]
        assert state.reference in told[1], told
        assert told[1].startswith("P1")


async def test_what_is_grave_goes_before_words_that_wait_for_the_same_moment(
    tmp_path: Path,
) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock), places=PLACES) as one:
        streams = await six(one)
        await one.advance(2 * MINUTE)
        before = len(one.channel.calls)
        await one.say("team", "goes at once", "card")
        await one.quiet()
        await one.say("team", "waits", "card")
        grave = AssessIncident(incident=streams[5], impact=Level.HIGH, urgency=Level.HIGH)
        await one.desk.done(grave, "ana")
        await one.advance(MINUTE)
        told = [call.text for call in one.channel.calls[before:]]
        assert told[0] == "goes at once"
        assert told[1].startswith("P1")
        assert told[-1] == "waits"


async def test_a_grave_card_that_changed_just_now_waits_no_longer_than_it_must(
    tmp_path: Path,
) -> None:
    """It takes an ordinary turn for a while, and is as pressing as before once that is over."""
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock), places=PLACES) as one:
        streams = await six(one)
        await one.advance(2 * MINUTE)
        grave = AssessIncident(incident=streams[5], impact=Level.HIGH, urgency=Level.HIGH)
        await one.desk.done(grave, "ana")
        await one.quiet()
        before, began = len(one.channel.calls), clock.now()
        for number in range(12):
            await one.say("team", f"waits {number}", "card")
        await one.desk.done(TakeIncident(incident=streams[5]), "ana")
        await one.advance(MINUTE)
        shown = next(x.at for x in one.channel.calls[before:] if x.text.startswith("P1"))
        assert 10_000 <= shown - began <= 16_000


async def test_what_is_new_goes_before_what_only_looks_otherwise(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock), places=PLACES) as one:
        streams = await six(one)
        await one.advance(2 * MINUTE)
        before = len(one.channel.calls)
        for stream in streams:
            await one.desk.done(change(stream, 1, first=False), "ana")
        await one.quiet()
        await one.press(WriteMessage(words="A new one"), "gina", "web")
        await one.press(AskForPerson(), "gina", "web")
        await one.advance(MINUTE)
        acts = [call.act for call in one.channel.calls[before:]]
        last_new = max(at for at, act in enumerate(acts) if act == "send")
        assert acts[last_new + 1 :].count("edit") >= 4, acts
        assert one.channel.exceeded() == []
