"""A town on the desk: random people do random things, the same ones for the same seed."""

import asyncio
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from bot.core import distress_words as dw
from bot.core import incident_commands as ic
from bot.core import moving_words as mw
from bot.core import person_words as pw
from bot.core import report_words as rw
from bot.core import resource_words as rs
from bot.core.commands import Answer, Command
from bot.core.forms import Question, QuestionType, next_question
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.playbook_forms import intake_form
from bot.core.priority import Level, Priority
from bot.core.report import Report
from bot.core.reporting import chosen
from bot.store.base import text
from tests.engine.kit import MINUTE, PLAYBOOK, Desk

TASKS = tuple(range(1, 51))
AGENTS = ("agatha", "alan", "anil")
CREW = ("rita", "sam", "tom")
CHIEF, ADMIN = "chief", "admin"
SYLLABLES = (
    "lam",
    "pu",
    "dor",
    "ki",
    "zu",
    "ver",
    "no",
    "sta",
    "bel",
    "gra",
    "mi",
    "tok",
    "ö",
    "ши",
)
ODD = (
    "<script>alert(1)</script>",
    "\u202eabc",
    "a\x00b",
    "🔥🚒",
    "O'Hara; DROP",
    "<!channel>",
    "I want to die",
    " ",
)

Act = Callable[["Town"], Command | None]


async def rest(house: Desk) -> None:
    """Whatever was begun is done, erasures too, without any time going by."""
    await house.settle()
    for _ in range(10_000):
        if not await house.store.count("erasures"):
            return
        await house.settle()
    raise AssertionError("an erasure does not come to its end")


class Town:
    """Customers, agents, a crew, a chief and an administrator, all at once.

    `seen` counts what was done or refused, by command and outcome.
    """

    def __init__(self, house: Desk, chance: Random, customers: int = 6) -> None:
        self.house = house
        self.chance = chance
        self.customers = [f"customer{number}" for number in range(customers)]
        self.reports: dict[str, StreamId] = {}
        self.incidents: list[StreamId] = []
        self.seen: dict[tuple[str, str], int] = {}
        self.states: dict[StreamId, Incident] = {}
        self.intakes: dict[str, Report] = {}

    async def found(self) -> None:
        """The staff moves in."""
        for who in AGENTS:
            await self.house.join(who, "agent")
        for who in CREW:
            await self.house.join(who, "resource")
        await self.house.join(CHIEF, "supervisor", "agent")
        await self.house.join(ADMIN)

    async def live(self, steps: int, at_once: int = 4) -> None:
        """`steps` presses, a few of them at the same instant, and time goes by."""
        for begun in range(0, steps, at_once):
            await self._look()
            presses = [self._press() for _ in range(min(at_once, steps - begun))]
            await asyncio.gather(*presses)
            await rest(self.house)
            if self.chance.random() < 0.3:
                await self.house.advance(self.chance.choice((1, 5, 30, 240)) * MINUTE)

    async def _look(self) -> None:
        rows = await self.house.store.select("incidents", order="incident", limit=1000)
        self.incidents = [text(row, "incident") for row in rows]
        self.states = {one: await self.house.incident(one) for one in self.incidents}
        self.intakes = {who: await self.house.report(one) for who, one in self.reports.items()}

    async def _press(self) -> None:
        who, command = self._wish()
        if command is None:
            return
        answer = await self.house.press(command, who)
        self._note(who, command, answer)

    def _note(self, who: str, command: Command, answer: Answer) -> None:
        assert answer.outcome != "quarantined", (command, answer)
        key = (command.tag, answer.code or answer.outcome)
        self.seen[key] = self.seen.get(key, 0) + 1
        if who in self.customers and answer.outcome == "done":
            stream = answer.data["stream"]
            if stream.startswith("rep_") and answer.data["version"]:
                self.reports[who] = stream

    def _wish(self) -> tuple[str, Command | None]:
        draw = self.chance.random()
        if draw < 0.5:
            who = self.chance.choice(self.customers)
            return who, self._customer(who)
        if draw < 0.8:
            return self.chance.choice((*AGENTS, CHIEF)), self.chance.choice(STAFF_ACTS)(self)
        if draw < 0.97:
            return self.chance.choice(CREW), self.chance.choice(CREW_ACTS)(self)
        return ADMIN, self._administer()

    # --- customers -------------------------------------------------------------------------

    def _customer(self, who: str) -> Command:
        report = self.intakes.get(who)
        if report is not None and report.stage == "answering" and self.chance.random() < 0.7:
            return self._answering(report)
        if report is not None and report.stage == "confirming" and self.chance.random() < 0.6:
            return rw.AnswerFixed(fixed=self.chance.random() < 0.6, words=self._maybe())
        return self.chance.choice(CUSTOMER_ACTS)(self)

    def _answering(self, report: Report) -> Command:
        question = self._asked(report)
        if question is None:
            return rw.ConfirmSummary()
        if not question.required and self.chance.random() < 0.3:
            return rw.SkipQuestion(field=question.key)
        return rw.AnswerQuestion(field=question.key, value=self._value(question))

    def _asked(self, report: Report) -> Question | None:
        known = report.known()
        return next_question(intake_form(PLAYBOOK, chosen(known)), known)

    def _value(self, question: Question) -> Any:
        values = [one.value for one in question.choices]
        makers: Mapping[QuestionType, Callable[[], Any]] = {
            QuestionType.CHOICE: lambda: self.chance.choice(values),
            QuestionType.MULTI_CHOICE: lambda: self.chance.sample(values, 1),
            QuestionType.YES_NO: lambda: self.chance.random() < 0.5,
            QuestionType.NUMBER: lambda: self.chance.randrange(1, 20),
            QuestionType.PHONE: lambda: f"+44 20 {self.chance.randrange(10**6, 10**7)}",
            QuestionType.EMAIL: lambda: f"{self.word()}@example.org",
            QuestionType.DATE: lambda: "2026-01-02",
            QuestionType.TIME: lambda: "09:05",
        }
        return makers.get(question.type, self.words)()

    # --- what people say -------------------------------------------------------------------

    def word(self) -> str:
        """A word that means nothing."""
        return "".join(self.chance.choice(SYLLABLES) for _ in range(self.chance.randrange(2, 5)))

    def words(self) -> str:
        """A sentence of such words, at times with something odd in it."""
        said = [self.word() for _ in range(self.chance.randrange(3, 9))]
        if self.chance.random() < 0.2:
            said.append(self.chance.choice(ODD))
        return " ".join(said)

    def _maybe(self) -> str:
        return self.words() if self.chance.random() < 0.5 else ""

    # --- what they point at ----------------------------------------------------------------

    def incident(self) -> StreamId:
        """Any incident, those that are alive more often; before there is one, a name of none."""
        alive = [one for one, state in self.states.items() if not state.ended]
        return self.chance.choice((*self.incidents, *alive * 4) or ("inc_" + "0" * 26,))

    def report(self) -> StreamId:
        """Any report."""
        return self.chance.choice((*self.reports.values(), "rep_" + "0" * 26))

    def task(self) -> tuple[StreamId, int]:
        """Any task, open ones of any incident more often than others."""
        live = [
            (one, task.number)
            for one, state in self.states.items()
            for task in state.tasks
            if task.status != "done"
        ]
        return self.chance.choice(live) if live else (self.incident(), 1)

    def soon(self) -> int:
        """Some minutes from now."""
        return self.house.clock.now() + self.chance.randrange(1, 300) * MINUTE

    def _administer(self) -> Command | None:
        if self.intakes and self.chance.random() < 0.3:
            erased = self.chance.choice(sorted(self.intakes))
            return pw.ErasePerson(person=self.intakes[erased].person, reason="asked for it")
        people = [self.house.people[one] for one in (*AGENTS, *CREW)]
        person = self.chance.choice(people)
        role: pw.Role = "agent" if self.chance.random() < 0.5 else "resource"
        if self.chance.random() < 0.7:
            return pw.GrantRole(person=person, role=role)
        return pw.RevokeRole(person=person, role=role)


CUSTOMER_ACTS: tuple[Callable[[Town], Command], ...] = (
    lambda town: rw.WriteMessage(words=town.words()),
    lambda town: rw.WriteMessage(words=town.words()),
    lambda town: rw.BeginReport(),
    lambda town: rw.AskForPerson(),
    lambda town: rw.GoBack(),
    lambda town: rw.ConfirmSummary(),
    lambda town: rw.RateService(score=town.chance.randrange(0, 7), words=town.words()),
    lambda town: rw.MarkSeen(through=town.chance.randrange(1, 9)),
    lambda town: rw.AnswerFixed(fixed=town.chance.random() < 0.5),
    lambda town: pw.Subscribe(scope=town.chance.choice(("all", f"incident:{town.incident()}"))),
    lambda town: pw.Unsubscribe(scope="all"),
    lambda town: (
        rw.WithdrawReport(why="solved_itself")
        if town.chance.random() < 0.2
        else rw.WriteMessage(words=town.words())
    ),
)


def _split(town: Town) -> Command:
    report = town.report()
    state = next((one for one in town.intakes.values() if one.stream == report), None)
    incident = (state and state.incident) or town.incident()
    return mw.SplitIncident(incident=incident, reports=(report,), reason=town.words())


STAFF_ACTS: tuple[Act, ...] = (
    lambda town: rw.ReplyToCustomer(report=town.report(), words=town.words()),
    lambda town: rw.WriteNote(report=town.report(), words=town.words()),
    lambda town: rw.MarkSeen(report=town.report(), through=3),
    lambda town: ic.AcknowledgeIncident(incident=town.incident()),
    lambda town: ic.TakeIncident(incident=town.incident()),
    lambda town: ic.TakeIncident(incident=town.incident()),
    lambda town: ic.AssessIncident(
        incident=town.incident(),
        impact=town.chance.choice(list(Level)),
        urgency=town.chance.choice(list(Level)),
    ),
    lambda town: ic.OverridePriority(
        incident=town.incident(), priority=town.chance.choice(list(Priority)), reason=town.words()
    ),
    lambda town: ic.HoldIncident(incident=town.incident(), reason=town.words()),
    lambda town: ic.ResumeIncident(incident=town.incident()),
    lambda town: ic.WriteIncidentNote(incident=town.incident(), words=town.words()),
    lambda town: ic.AskForResource(
        incident=town.incident(),
        what=town.words(),
        needed=town.chance.randrange(1, 3),
    ),
    lambda town: ic.CancelTask(**_at(town), reason=town.words()),
    lambda town: dw.ClearDistress(report=town.report(), why="helped"),
    lambda town: ic.TickStep(
        incident=town.incident(), category="power", step=1, done=town.chance.random() < 0.7
    ),
    lambda town: ic.PublishUpdate(
        incident=town.incident(),
        words=town.words(),
        also={"ru": town.words()} if town.chance.random() < 0.5 else {},
        audience=town.chance.choice(("reporters", "public", "staff")),
        next_by=town.soon(),
    ),
    lambda town: ic.CorrectUpdate(incident=town.incident(), number=1, words=town.words()),
    lambda town: ic.WithdrawUpdate(incident=town.incident(), number=1, reason=town.words()),
    lambda town: ic.ResolveIncident(incident=town.incident(), note=town.words(), call_off=TASKS),
    lambda town: ic.ResolveIncident(incident=town.incident(), note=town.words(), call_off=TASKS),
    lambda town: ic.ReopenIncident(incident=town.incident(), reason=town.words()),
    lambda town: ic.CloseIncident(incident=town.incident()),
    lambda town: (
        ic.CancelIncident(incident=town.incident(), reason=town.words())
        if town.chance.random() < 0.1
        else None
    ),
    lambda town: ic.HandOverIncident(
        incident=town.incident(), to=town.house.people[town.chance.choice(AGENTS)]
    ),
    lambda town: ic.RestrictIncident(
        incident=town.incident(),
        visibility=town.chance.choice(("normal", "restricted")),
        reason=town.words(),
    ),
    lambda town: mw.MergeIncident(incident=town.incident(), into=town.incident(), call_off=(1,)),
    _split,
    lambda town: mw.SetCategory(
        incident=town.incident(), category=town.chance.choice(("power", "it"))
    ),
    lambda town: mw.SetKind(incident=town.incident(), incident_kind="complaint"),
    lambda town: (
        ic.OpenIncident(report=None, category="power") if town.chance.random() < 0.3 else None
    ),
)


def _at(town: Town) -> dict[str, Any]:
    incident, task = town.task()
    return {"incident": incident, "task": task}


CREW_ACTS: tuple[Act, ...] = (
    lambda town: ic.ClaimTask(**_at(town), eta=town.soon()),
    lambda town: ic.ClaimTask(**_at(town), eta=town.soon()),
    lambda town: ic.ReviseEta(**_at(town), eta=town.soon()),
    lambda town: ic.Depart(**_at(town)),
    lambda town: ic.Arrive(**_at(town)),
    lambda town: ic.Arrive(**_at(town)),
    lambda town: ic.CompleteTask(**_at(town), note=town.words()),
    lambda town: ic.ReleaseTask(**_at(town), reason=town.words()),
    lambda town: ic.DeclineTask(**_at(town), reason=town.words()),
    lambda town: rs.BidForTask(**_at(town), eta=town.soon(), note=town.words()),
    lambda town: rs.TakeBackBid(**_at(town)),
    lambda town: rs.SayWell(**_at(town)),
    lambda town: rs.CallForHelp(**_at(town), note=town.words()),
    lambda town: rs.ReadBriefing(**_at(town)),
    lambda town: rs.ReportCan(**_at(town), condition=town.words(), actions=town.words()),
    lambda town: pw.SetAvailability(available=town.chance.random() < 0.5),
)
