"""Delivery by Telegram at its pace: a busy group, private chats beside it, many who follow."""

import json
import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.core.approval_words import ApproveUpdate
from bot.core.cards import Card, plain
from bot.core.ids import Millis, StreamId
from bot.core.incident_commands import AssessIncident, PublishUpdate, TakeIncident
from bot.core.person_words import Subscribe
from bot.core.priority import Level
from bot.core.report_words import WriteMessage
from bot.engine.deliver_jobs import Ended, Prepared, Ready
from bot.engine.deliver_lines import Job
from bot.engine.deliver_wants import Hanging
from bot.store.base import Op
from tests.adapters.telegram.delivering import (
    ANN,
    BO,
    CAL,
    DAN,
    EVE,
    TEAM,
    House,
    house,
)
from tests.engine.kit import MINUTE
from tests.engine.test_deliver_busy import SIX, change
from tests.telegram.state import Message, Tap

SECONDS = int(os.environ.get("MUSTER_BUSY_SECONDS", "90"))
BUTTONS = ("Take", "Acknowledge", "Who is it?")


def grave(stream: StreamId) -> AssessIncident:
    """It becomes a P1."""
    return AssessIncident(incident=stream, impact=Level.HIGH, urgency=Level.HIGH)


@dataclass
class Shift:
    """Six incidents in one group, and everything that goes on about them."""

    one: House
    streams: list[StreamId]
    references: list[str]
    rng: random.Random = field(default_factory=lambda: random.Random(11))
    counts: list[int] = field(default_factory=lambda: [0] * 6)
    open: list[list[tuple[Millis, int]]] = field(default_factory=lambda: [[] for _ in SIX])
    longest: list[Millis] = field(default_factory=lambda: [0] * 6)
    taps: list[Tap] = field(default_factory=list)

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """From now on it is seen which version of an incident is shown when."""
        cards = self.one.desk.machine.deliveries.cards
        send, draw = cards.sent, cards._drawn

        def sent(ready: Ready, message: str, reason: str) -> list[Op]:
            self._shown(ready.job.stream, ready.version)
            return send(ready, message, reason)

        async def drawn(job: Job, one: Hanging, cause: str) -> Prepared:
            found = await draw(job, one, cause)
            if isinstance(found, Ended):  # It looks again as it did before.
                live = await self.one.desk.machine.engine.live(job.stream)
                self._shown(job.stream, live.version)
            return found

        patch.setattr(cards, "sent", sent)
        patch.setattr(cards, "_drawn", drawn)

    def _shown(self, stream: StreamId, version: int) -> None:
        if stream not in self.streams:
            return
        number, now = self.streams.index(stream), self.one.clock.now()
        for change_ in [each for each in self.open[number] if each[1] <= version]:
            self.open[number].remove(change_)
            self.longest[number] = max(self.longest[number], now - change_[0])

    async def drawn(self, number: int) -> Card[str]:
        """The card as it should look now."""
        drawer = self.one.desk.machine.deliveries.cards._drawer
        drawn, _ = await drawer.draw(self.streams[number], "incident", 0, False, "telegram")
        assert drawn is not None
        return drawn

    async def changes(self, number: int) -> None:
        """One more change of an incident; the first one stays as grave as it is."""
        stream = self.streams[number]
        await self.one.does(change(stream, self.counts[number], number == 0))
        self.counts[number] += 1
        version = (await self.one.desk.machine.engine.live(stream)).version
        self.open[number].append((self.one.clock.now(), version))

    def card(self, number: int) -> Message:
        """The card of an incident."""
        return self.one.card(self.references[number])

    async def presses(self, user: int, number: int, *labels: str) -> Tap:
        """Press the first of these buttons that is on one of the cards."""
        card = self.card(number)
        label = next(each for each in labels if each in card.labels)
        tap = await self.one.telegram.taps(user, card, label, wait=False)
        await self.one.rest()
        self.taps.append(tap)
        return tap

    async def writes(self, user: int, number: int, words: str) -> None:
        """Beneath a card, or in its topic."""
        card = self.card(number)
        await self.one.telegram.says(user, TEAM, words, thread=card.thread, reply_to=card)


async def shift(one: House) -> Shift:
    """Six incidents of the same team, the first of which is the gravest."""
    streams = [await one.incident(who) for who in SIX]
    await one.does(grave(streams[0]))
    await one.does(TakeIncident(incident=streams[0]))
    await one.calm()
    return Shift(one, streams, [(await one.desk.incident(x)).reference for x in streams])


@pytest.mark.parametrize("forum", [False, True], ids=["group", "forum"])
async def test_a_group_with_six_busy_incidents_stays_within_its_pace_and_ends_right(
    tmp_path: Path,
    forum: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with house(tmp_path, forum=forum) as one:
        busy = await shift(one)
        busy.watch(monkeypatch)
        asked = await busy.presses(ANN, 3, "Note")
        await one.advance(5_000)
        question = one.asked(TEAM)
        assert (asked.url, question.thread) == ("", busy.card(3).thread)
        for second in range(SECONDS):
            await busy.changes(busy.rng.randrange(6))
            if second % 9 == 4:
                await busy.presses(BO, busy.rng.randrange(1, 6), *BUTTONS)
            if second % 10 == 7:
                who = busy.rng.choice(SIX)
                await one.desk.done(WriteMessage(words=f"Still dark, {second}"), who)
            if second % 20 == 3:
                await busy.writes(BO, busy.rng.randrange(6), f"Looked at it, {second}")
            if second == 40:
                await one.telegram.says(
                    ANN, TEAM, "A fuse", thread=question.thread, reply_to=question
                )
            if second == 50:
                led = await busy.presses(BO, 2, "Note")
                assert led.url, "a busy group is no place for questions"
                await one.telegram.opens(BO, led)
            if second == 60:
                await one.telegram.says(BO, BO, "A cable")
            await one.advance(1_000)
        await one.advance(2 * MINUTE)
        await _ended_right(busy)
        assert one.telegram.pace.busiest(TEAM) <= 20
        assert one.telegram.pace.refused == 0
        assert all(tap.answered.is_set() for tap in busy.taps)
        said = one.telegram.transcript(TEAM)
        assert "Ann noted:\nA fuse" in said
        assert "Bo noted:\nA cable" in said
        with capsys.disabled():
            longest = max(busy.longest)
            print(f"\nsix busy incidents: the gravest {busy.longest[0]} ms, all {longest} ms")
        assert busy.longest[0] <= 15_000
        assert max(busy.longest) <= 75_000


async def _ended_right(busy: Shift) -> None:
    """Each card hangs once and shows the newest state; what customers wrote stands there."""
    for number in range(6):
        shown, drawn = busy.card(number).text, await busy.drawn(number)
        # What was last is there for reading; a note is no reason to change a card.
        lines = [line.partition("Last:")[0] for line in plain(drawn).splitlines()]
        assert all(line in shown for line in lines[:-1]), (lines, shown)
    said = [one.text for one in busy.one.telegram.ours(TEAM)]
    for second in range(7, SECONDS, 10):
        assert sum(one.endswith(f"Still dark, {second}") for one in said) == 1


async def test_what_is_grave_is_seen_first_and_nobody_waits_for_another_chat(
    tmp_path: Path,
) -> None:
    """One of them is refused, with an odd word of when to try again; nobody else notices."""
    odd = {
        "error_code": 429,
        "description": "Too Many Requests",
        "parameters": {"retry_after": "?"},
    }
    async with house(tmp_path) as one:
        busy = await shift(one)
        fault = one.telegram.fails(
            "sendMessage",
            status=429,
            body=json.dumps({"ok": False, **odd}),
            where=lambda args: str(args["chat_id"]) == str(DAN),
        )
        since, seen, before = 0, 0, 0
        for second in range(24):
            for number in range(1, 5):
                await busy.changes(number)
            for who in (CAL, DAN, EVE):
                await one.office.say(str(who), f"Words {second}")
            if second == 12:
                await one.does(grave(busy.streams[5]))
                since, before = one.clock.now(), len(one.telegram.calls)
            await one.advance(1_000)
            if since and not seen and busy.card(5).text.startswith("P1"):
                seen = one.clock.now()
        # Whoever is called comes first, then the card: nothing of the others comes between.
        later = one.telegram.calls[before:]
        called, shown, *_ = [x for x in later if str(x.args.get("chat_id")) == str(TEAM)]
        assert f"{busy.references[5]}, P1. Nobody has acknowledged it" in str(called.args["text"])
        assert 0 < called.at - since <= 4_000
        assert str(shown.args["text"]).startswith("P1")
        assert 0 < seen - since <= 7_000
        await one.advance(2 * MINUTE)
        assert fault.hits == 1
        for who in (CAL, DAN, EVE):
            assert one.texts(who) == [f"Words {second}" for second in range(24)]
        for who in (CAL, EVE):
            times = [each.at for each in one.telegram.ours(who)]
            assert times[-1] - times[0] <= 27_000
        assert one.telegram.pace.refused == 0
        assert one.telegram.pace.busiest(TEAM) <= 20


async def test_a_hundred_quick_changes_cost_a_handful_of_edits_and_end_right(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as one:
        stream = await one.incident("anna")
        await one.calm()
        before = len(one.telegram.called("editMessageText"))
        for number in range(100):
            await one.does(change(stream, number, first=False))
            await one.advance((1, 20, 50)[number % 3])
        await one.advance(MINUTE)
        state = await one.desk.incident(stream)
        assert one.card(state.reference).text.startswith(state.priority.value)
        assert 1 <= len(one.telegram.called("editMessageText")) - before <= 3
        assert one.telegram.pace.refused == 0


async def test_each_part_of_what_is_long_counts(tmp_path: Path) -> None:
    """Long words come beneath busy cards, and a customer gets some of their own."""
    long = "\n".join(f"line {number} of what somebody pasted" for number in range(200))
    async with house(tmp_path) as one:
        streams = [await one.incident(who) for who in SIX[:3]]
        await one.calm()
        for second in range(40):
            await one.does(change(streams[second % 3], second, first=False))
            if second % 10 == 0:
                await one.office.say(str(TEAM), f"{second}: {long}")
                await one.office.say(str(CAL), f"{second}: {long}")
                await one.office.say(str(CAL), f"That was {second}.")
            await one.advance(1_000)
        await one.advance(2 * MINUTE)
        for chat, times in ((TEAM, 4), (CAL, 4)):
            assert sum("line 199 of" in text for text in one.texts(chat)) == times
        assert len(one.texts(CAL)) > 8
        for stream in streams:
            state = await one.desk.incident(stream)
            assert one.card(state.reference).text.startswith(state.priority.value)
        assert one.telegram.pace.busiest(TEAM) <= 20
        assert one.telegram.pace.refused == 0


async def approved(one: House, stream: StreamId) -> None:
    """A second person has read the newest draft: it goes to very many."""
    if "sue" not in one.desk.people:
        await one.desk.join("sue", "supervisor")
    draft = (await one.desk.incident(stream)).drafting.open[-1]
    approve = ApproveUpdate(incident=stream, draft=draft.number, version=draft.version)
    await one.desk.done(approve, "sue")


async def test_who_has_not_had_an_update_yet_gets_the_newer_one_alone(tmp_path: Path) -> None:
    followers = range(1_000, 1_060)
    async with house(tmp_path) as one:
        stream = await one.incident("anna")
        for user in followers:
            one.telegram.user(user, started=True)
            await one.office.press(Subscribe(scope=f"incident:{stream}"), str(user))
        await one.calm()
        for words in ("It is dark.", "It is light."):
            by = one.clock.now() + 30 * MINUTE
            update = PublishUpdate(incident=stream, words=words, audience="public", next_by=by)
            await one.does(update)
            await approved(one, stream)
            await one.advance(1_000)
        await one.calm()
        got = ["\n".join(one.texts(user)) for user in followers]
        assert all(each.count("It is light.") == 1 for each in got)
        old = sum("It is dark." in each for each in got)
        assert 10 <= old <= 50
        assert one.telegram.pace.refused == 0


ANSWERS = (
    "No, everyone is safe",
    "Something is broken or wrong",
    "Power outage",
    "A whole floor or flat",
)
WORDS = "The power is out on the whole floor since this morning"


async def _answered(one: House, label: str) -> Millis:
    """Press it; how long it takes until the next question stands there."""
    began = one.clock.now()
    await one.telegram.taps(CAL, CAL, label, wait=False)
    await one.rest()
    while label in (asked := _last(one)).labels:
        await one.advance(50)
    return asked.at - began


def _last(one: House) -> Message:
    return [each for each in one.telegram.ours(CAL) if each.labels][-1]


@pytest.mark.parametrize("pause", [4_000, 1_000], ids=["at leisure", "in haste"])
async def test_the_next_question_stands_there_at_once(tmp_path: Path, pause: Millis) -> None:
    """Although what was answered is changed, too, and a card of the report hangs below."""
    async with house(tmp_path) as one:
        await one.telegram.says(CAL, CAL, WORDS)
        await one.advance(pause)
        waits = []
        for label in ANSWERS:
            waits.append(await _answered(one, label))
            await one.advance(pause)
        assert max(waits) <= (0 if pause > 1_000 else 1_400), waits
        await one.advance(MINUTE)
        assert one.telegram.pace.refused == 0


async def test_in_a_quiet_group_a_card_is_right_at_once(tmp_path: Path) -> None:
    async with house(tmp_path) as one:
        state = await one.desk.incident(await one.incident("anna"))
        await one.calm()
        tap = await one.telegram.taps(ANN, one.card(state.reference), "Take", wait=False)
        await one.rest()
        assert tap.toast == "It is yours now."
        assert "Who has it: Ann" in one.card(state.reference).text
