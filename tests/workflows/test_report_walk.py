"""Whatever comes in whatever order, a report never breaks its own promises."""

from random import Random
from typing import Any

import pytest

from bot.core import distress_words as dw
from bot.core import likely_words as lw
from bot.core import report_words as w
from bot.core import way_back_words as b
from bot.core.care import Care
from bot.core.commands import SYSTEM, Actor, Refused
from bot.core.events import Erased, Event
from bot.core.file_words import AttachFile, FileAdded, RefuseFile
from bot.core.files import FILES_MOST, REPORT_MOST
from bot.core.going_on_words import GoOnHere
from bot.core.incident import Incident
from bot.core.incident_commands import AddFacts, NoteReporter, OpenIncident
from bot.core.intents import Do, Say
from bot.core.personal import personals
from bot.core.program_words import REPORT as REPORTS
from bot.core.reaching_words import NoteUnreached
from bot.core.relay_words import AddReport
from bot.core.reply_words import NoteUndelivered
from bot.core.reveal_words import RevealReporter
from bot.core.sheet_words import NoteReportSheet
from bot.core.taken_back_words import TakeBackMessage
from bot.core.texts import Text, placeholders, t
from bot.core.unanswered_words import NoteUnanswered
from bot.workflows.lists import LISTS
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    BEN,
    BEN_ACTS,
    CUSTOMER_ACTS,
    INCIDENT,
    MINUTE,
    REPORT,
    Story,
    actor,
)
from tests.workflows.reports import SUBJECT

SEEDS = range(75)
STEPS = 150
RELAYED_EVERY = 6
PROGRAM_ACTS = actor("per_" + "F" * 26, REPORTS)

FIELDS = ("safety", "what", "category", "power.extent", "power.hazards", "where", "contact", "?")
VALUES: tuple[Any, ...] = (
    "no",
    "no",
    "no",
    "yes",
    "unsure",
    "power",
    "power",
    "it",
    "building",
    ["none"],
    ["water"],
    "Mill Lane 3",
    "+44 20 7946 0958",
    "",
    None,
    7,
    True,
    {"text": "x"},
    [[]],
    "\u202e\x00",
    "x" * 400,
)
WORDS = ("hi", "It is dark", "thanks!", "", " ", "x" * 8001, "{0} {ref} %s <b>")
ALIKE = lw.Likely(
    incident="inc_" + "9" * 26,
    reference="I-333-3333",
    opened_at=0,
    score=90,
    reasons=(lw.Reason(what="place"),),
    shown=True,
)
_THERE: dict[str, Any] = {
    "stream": ALIKE.incident,
    "status": "open",
    "visibility": "normal",
    "incident_kind": "incident",
    "mode": "live",
    "latest": (),
    "clock_from": 0,
}
THERE = Incident.model_construct(**_THERE)
"""Something that is known already, and is offered."""
STAGES = ("taken", "resolved", "reopened", "closed", "cancelled")
NEXT = {"sent": ("taken", "resolved"), "confirming": ("reopened", "closed")}


GOOD: dict[str, Any] = {
    "safety": "no",
    "what": "It is dark",
    "category": "power",
    "power.extent": "building",
    "power.hazards": ["none"],
    "power.depends": ["none"],
    "where": "Mill Lane 3",
}


def sensible(story: Story) -> w.ReportCommand:
    """What somebody does who only answers what is asked."""
    state = story.state
    if state is not None and state.alike.offered:
        return lw.JoinKnown(incident=ALIKE.incident)
    if state is not None and state.stage == "confirming":
        return w.AnswerFixed(fixed=story.at // MINUTE % 2 == 0)
    if state is not None and state.stage == "done":
        return w.RateService(score=5)
    known = {} if state is None else state.known()
    missing = (w.AnswerQuestion(field=f, value=GOOD[f]) for f in GOOD if f not in known)
    return next(missing, w.ConfirmSummary())


def questions(chance: Random) -> list[w.ReportCommand]:
    field = chance.choice(FIELDS)
    return [
        w.AnswerQuestion(field=field, value=chance.choice(VALUES)),
        w.AnswerQuestion(field=field, value=chance.choice(VALUES)),
        w.SkipQuestion(field=field),
        w.GoBack(),
        w.BeginReport(again=chance.random() < 0.1),
        w.ConfirmSummary(),
        w.FillReport(answers={field: chance.choice(VALUES), "safety": "no"}, send=field == "what"),
        lw.JoinKnown(incident=ALIKE.incident) if chance.random() < 0.3 else lw.DeclineKnown(),
    ]


def rest(chance: Random) -> list[w.ReportCommand]:
    return [
        w.WithdrawReport(why="cancelled") if chance.random() < 0.05 else w.AskForPerson(),
        w.WriteMessage(words=chance.choice(WORDS)),
        w.ReportDanger(),
        dw.AskForHelp(need="distress" if chance.random() < 0.01 else "danger"),
        w.AnswerFixed(fixed=chance.random() < 0.5, words=chance.choice(WORDS)),
        w.RateService(score=chance.randint(-1, 7), words=chance.choice(WORDS)),
        w.MarkSeen(through=chance.randint(-1, 9)),
        AttachFile(
            file=f"file{chance.randint(0, 30)}",
            name=chance.choice(WORDS),
            type="text/plain",
            size=chance.choice((10, 9_000_000)),
            digest="digest",
            field=chance.choice(("", "photo")),
        ),
        w.KeepWayBack(token="hash"),
        b.KeepMail(channel="post", address=chance.choice(("a@example.org", "")), key="key"),
        w.EndWayBack(),
        GoOnHere(),
        TakeBackMessage(),
    ]


def by_staff(chance: Random) -> list[w.ReportCommand]:
    return [
        w.ReplyToCustomer(report=REPORT, words=chance.choice(WORDS)),
        w.WriteNote(report=REPORT, words=chance.choice(WORDS)),
        w.MarkSeen(report=REPORT, through=chance.randint(-1, 9)),
        dw.ClearDistress(report=REPORT, why="helped" if chance.random() < 0.01 else "false_alarm"),
        dw.SumUpDistress(report=REPORT, said="We talked", next_step="Rest", contact="Ana")
        if chance.random() < 0.15
        else w.WriteNote(report=REPORT, words="Still there"),
        dw.AddVulnerabilityNote(
            report=REPORT, words=chance.choice(WORDS), agreed=True, days=chance.randint(-1, 90)
        ),
        dw.ReviewVulnerabilityNote(report=REPORT, number=chance.randint(0, 3), days=30),
        RevealReporter(report=REPORT),
    ]


def by_house(chance: Random, story: Story) -> list[w.ReportCommand]:
    own = story.state.incident if story.state else None
    usual = NEXT.get(story.state.stage, STAGES) if story.state else STAGES
    stage: Any = chance.choice((*usual, *usual, *STAGES))
    until = chance.choice([None, story.at + chance.randint(0, 60) * MINUTE])
    care = story.state.care if story.state else Care()
    waits = story.state.conversation.unanswered_since if story.state else None
    return [
        NoteUnanswered(since=waits or story.at),
        NoteUnreached(channel="test"),
        NoteUndelivered(number=1, channel="test", title="Test", why="failed"),
        *3
        * [
            w.NoteStage(
                incident=chance.choice([own or INCIDENT, own or INCIDENT, INCIDENT]),
                stage=stage,
                person=chance.choice([ANA, BEN, None]),
                until=until,
            )
        ],
        w.GiveUpWaiting(what="intake"),
        w.GiveUpWaiting(what="confirmation"),
        dw.NoticeDistress() if chance.random() < 0.7 else w.GiveUpWaiting(what="confirmation"),
        dw.NoteSheltered(incident=own or INCIDENT),
        *[dw.CheckOnHelper(since=care.helping_since or story.at)] * 5,
        dw.RemindOfNote(number=1, review_by=care.notes[0].review_by if care.notes else story.at),
        lw.OfferKnown(report=REPORT),
        NoteReportSheet(report=REPORT, who=chance.choice(WORDS)),
        RefuseFile(name=chance.choice(WORDS), why=t("This file is too large.")),
        b.MailWayBack(report=REPORT, link="link", token=f"hash{chance.randint(0, 2)}"),
        *3 * [b.SpendWayBack(report=REPORT, token=f"hash{chance.randint(0, 2)}")],
    ]


def next_press(chance: Random, story: Story) -> tuple[w.ReportCommand, Actor]:
    who = chance.random()
    if who < 0.2:
        return sensible(story), CUSTOMER_ACTS
    if who < 0.7:
        kind = questions if chance.random() < 0.6 else rest
        return chance.choice(kind(chance)), CUSTOMER_ACTS
    if who < 0.8:
        return chance.choice(by_staff(chance)), chance.choice([ANA_ACTS, BEN_ACTS])
    return chance.choice(by_house(chance, story)), SYSTEM


STAGE_EDGES = {
    ("answering", "sent"),
    ("answering", "confirming"),
    ("answering", "withdrawn"),
    ("answering", "closed"),
    ("sent", "confirming"),
    ("sent", "withdrawn"),
    ("sent", "closed"),
    ("confirming", "sent"),
    ("confirming", "done"),
    ("confirming", "closed"),
    ("confirming", "withdrawn"),
    ("done", "sent"),
    ("done", "closed"),
    ("closed", "sent"),
}


class Walk:
    """One random life of a report, its promises checked after every step."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.story = Story("report")
        self.opened: str | None = None
        self.waiting = False
        self.numbers: list[int] = []
        self.relayed = seed % RELAYED_EVERY == 0
        self.subject = SUBJECT

    def press(self) -> tuple[w.ReportCommand, Actor]:
        """The first word of some is a program's, whoever they are about; then life goes on."""
        if self.relayed and self.story.state is None:
            hurt = self.chance.random() < 0.5
            return AddReport(category="power", words="It is dark", danger=hurt), PROGRAM_ACTS
        return next_press(self.chance, self.story)

    def step(self) -> None:
        story, before = self.story, self.story.state
        story.later(self.chance.choice([0, 1, MINUTE, 11 * MINUTE]))
        command, by = self.press()
        seen = len(story.events)
        elsewhere = isinstance(command, GoOnHere) and story.at % (2 * MINUTE) < MINUTE
        beside: dict[str, Any] = {"likely": (ALIKE,), "reads": {ALIKE.incident: THERE}}
        if self.chance.random() < 0.2:
            beside = {"likely": ()}
        channel = "test" if elsewhere else "web"
        decision = story.do(command, by, channel=channel, **beside)
        if isinstance(decision, Refused):
            assert_spoken(decision.text)
            assert story.state is before
            return
        if self.relayed:
            self.subject = story.state.subject
        for event in story.events[seen:]:
            self.event(event)
        for intent in story.intents:
            self.intent(intent)
        if story.state is not None:
            self.state(before)

    def event(self, event: Event) -> None:
        assert all(one.subject == self.subject for one in personals(event))
        if isinstance(event, w.WaitBegan):
            assert not self.waiting
            self.waiting = True
        if isinstance(event, lw.KnownJoined):
            assert self.opened is None
            self.opened = event.incident
        if isinstance(event, w.WaitEnded):
            assert self.waiting
            assert event.began <= self.story.at
            self.waiting = False
        if isinstance(event, w.MessageReceived | w.MessageSent):
            self.numbers.append(event.number)
        if isinstance(event, FileAdded) and event.number is not None:
            self.numbers.append(event.number)

    def intent(self, intent: Any) -> None:
        if isinstance(intent, Say):
            assert_spoken(intent.text)
            assert intent.subject == self.subject
        if isinstance(intent, Do) and isinstance(intent.command, OpenIncident):
            assert self.opened is None
            self.opened = str(intent.stream)
        if isinstance(intent, Do) and isinstance(intent.command, AddFacts | NoteReporter):
            assert intent.stream == intent.command.incident == self.opened

    def state(self, before: Any) -> None:
        story, state = self.story, self.story.state
        assert self.numbers == list(range(1, len(self.numbers) + 1))
        assert state.conversation.count == len(self.numbers)
        assert (state.waiting_since is not None) == self.waiting
        assert state.incident == self.opened
        assert not state.danger or state.incident is not None
        assert not state.asking or state.stage == "answering"
        assert len({one.file for one in state.files}) == len(state.files) <= FILES_MOST
        assert sum(one.size for one in state.files) <= REPORT_MOST
        assert state.rating in (None, 1, 2, 3, 4, 5)
        assert (state.stage == "confirming") == (state.confirm_until is not None)
        assert (state.stage == "closed") == (state.open_until is not None)
        assert sum(isinstance(one, w.SummaryConfirmed) for one in story.events) <= 1
        if before is not None and before.stage != state.stage:
            assert (before.stage, state.stage) in STAGE_EDGES
        assert list(LISTS["report"](state))


def assert_spoken(text: Text) -> None:
    """A sentence whose every blank is filled."""
    assert text.key
    assert placeholders(text.key) <= set(text.args)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_life_breaks_no_promise(seed: int) -> None:
    walk = Walk(seed)
    for _ in range(STEPS):
        walk.step()


def test_the_walks_go_everywhere() -> None:
    """Random lives that never met an event would prove nothing about it."""
    met: set[str] = set()
    for seed in SEEDS:
        walk = Walk(seed)
        for _ in range(STEPS):
            walk.step()
        met |= {one.tag for one in walk.story.events}
    every = {one.tag for one in w.ReportEvent.__subclasses__()}
    assert met == every


@pytest.mark.parametrize("seed", SEEDS[:10])
def test_after_erasure_nothing_personal_is_written_any_more(seed: int) -> None:
    walk = Walk(seed)
    walk.step()
    while walk.story.state is None:
        walk.step()
    walk.story.happens(Erased(subject=walk.subject, classes=(), through=len(walk.story.events)))
    until = len(walk.story.events)
    for _ in range(STEPS):
        walk.step()
    later = walk.story.events[until:]
    assert not [one for event in later for one in personals(event)]
