"""One contact being played: who is in it, how it comes, and what is looked at before a step."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.core import incident_commands as ic
from bot.core import report_words as rw
from bot.core.calendar import MINUTE
from bot.core.commands import Command
from bot.core.forms import Question, next_question
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.incident_words import Fact
from bot.core.playbook_forms import KIND, UNSURE, form_for
from bot.core.report import Report
from bot.demo import beats as b
from bot.demo.moods import typed
from bot.demo.people import phone
from bot.demo.shift import Shift
from bot.demo.stage import Left, Stage

ANSWERING = (0.1, 0.3)
"""So many minutes somebody takes for one answer."""


class Scene:
    """`story` with `who` as its customer; `turn` counts how often it was played before."""

    def __init__(
        self, stage: Stage, shift: Shift, story: b.Story, who: str, seed: str, turn: int = 0
    ) -> None:
        self.stage, self.shift, self.story, self.who = stage, shift, story, who
        self.chance = Random(f"{seed}/{story.key}/{turn}")
        self.where = story.where[turn % len(story.where)]
        self.agent = story.agent
        self.report: StreamId = ""
        self.incident: StreamId = ""

    # --- how it comes ----------------------------------------------------------------------------

    async def come(self) -> None:
        """The contact, until the desk has it; taken back, it never does."""
        await (self._call() if self.story.comes == "phone" else self._report())

    async def _report(self) -> None:
        answer = await self.says(rw.BeginReport(again=True))
        self.report = answer["stream"]
        self.stage.ours.add(self.report)
        stopped = await self._answered()
        if self.story.comes == "solved":
            await self.says(rw.WithdrawReport(why="solved_itself"))
            return
        if self.story.comes == "person":
            await self.says(rw.AskForPerson())
        elif not stopped:
            await self.says(rw.ConfirmSummary())
        elif self.story.comes == "quiet":
            # By the clock of the house, which alone knows how long ten minutes are.
            await self.shift.until(max(0.0, self.shift.now) + 11)
        linked = await self.stage.report_when(self.report, lambda one: one.incident is not None)
        self.incident = linked.incident or ""
        await self.stage.incident_when(self.incident, lambda one: one.reports > 0)

    async def _answered(self) -> bool:
        """Answer one question after the other; whether it was broken off."""
        editions = self.stage.machine.engine.editions
        while True:
            report = await self.stage.report(self.report)
            known, plan = report.known(), editions.current
            question = next_question(form_for(plan, known, danger=report.danger), known)
            if question is None:
                return False
            await self.shift.pause(self.chance.uniform(*ANSWERING) * self.story.pace)
            if question.key == self.story.stops_at:
                return True
            await self.says(self._answer(question))

    def _answer(self, question: Question) -> rw.AnswerQuestion | rw.SkipQuestion:
        value = self._value(question.key)
        if value is None:
            return rw.SkipQuestion(field=question.key)
        return rw.AnswerQuestion(field=question.key, value=value)

    def _value(self, key: str) -> Any:
        given: Mapping[str, Any] = self.story.answers
        if key == "what":
            return typed(self.story.what, self.story.mood, self.chance)
        if key == "where":
            return self.where
        if key == "contact" and self.story.calls and key not in given:
            return phone(self.who)
        if key.endswith(".since") and self.story.since:
            return self._clock(self.story.since)
        if key.endswith(".day"):
            return f"{self._local():%Y-%m-%d}"
        return self._kind() if key == KIND else given.get(key)

    def _kind(self) -> str:
        """What kind of thing the story is, as its category says."""
        own = self.stage.machine.engine.editions.current.category(self.story.answers["category"])
        return UNSURE if own is None else own.kind

    def _local(self) -> datetime:
        organisation = self.stage.machine.engine.editions.current.organisation
        return datetime.fromtimestamp(self.stage.now / 1000, ZoneInfo(organisation.time_zone))

    def _clock(self, minutes_ago: int) -> str:
        return f"{self._local() - timedelta(minutes=minutes_ago):%H:%M}"

    async def _call(self) -> None:
        """Somebody calls, and an agent writes it down."""
        await self.shift.pause(1)
        given: dict[str, Any] = {
            **self.story.answers,
            "what": self.story.what,
            "where": self.where,
            "caller_means": "phone",
            "caller_name": self.story.caller,
        }
        category = str(given.pop("category"))
        facts = tuple(
            Fact(field=key, value=tuple(value) if isinstance(value, list) else value)
            for key, value in given.items()
        )
        command = ic.OpenIncident(report=None, category=category, facts=facts)
        answer = await self.stage.do(self.agent, command)
        self.incident = answer.data["stream"]

    def let_go(self) -> None:
        """Whoever likes may go on with it."""
        self.stage.ours -= {self.report, self.incident}

    async def says(self, command: rw.ReportCommand) -> dict[str, Any]:
        """Something that the customer does."""
        answer = await self.stage.do(self.who, command, self.story.language)
        return answer.data

    # --- what is looked at before something is done ---------------------------------------------

    async def mine(self) -> Incident:
        """The incident, if it is still ours to work on. Raises Left."""
        state = await self.stage.incident(self.incident)
        owners = (None, self.stage.people[self.agent])
        if state.ended or state.owner not in owners:
            raise Left
        return state

    async def desk(self, command: Command, by: str = "") -> None:
        """Something that an agent does, while the incident is ours. Raises Left."""
        await self.mine()
        await self.stage.do(by or self.agent, command)

    async def crew(self, beat: b.CrewBeat, make: Callable[..., Any], **fields: Any) -> None:
        """Something that a resource does; not if somebody else has the task, or it is over."""
        state = await self.mine()
        number = task_of(state, beat.task)
        task = state.task(number)
        me = self.stage.people[beat.by]
        coming = isinstance(beat, b.Claim | b.Decline)
        if task is None or task.cancelled or (task.place_of(me) is None) != coming:
            return
        if coming and task.status != "open":
            return
        await self.stage.do(beat.by, make(incident=state.stream, task=number, **fields))

    def soon(self, minutes: int, least: int) -> Millis:
        """So many minutes of the shift from now.

        While the past is played, what is promised for after it comes at the minute that fits
        the shift; what is over by then is promised for `least` minutes from now.
        """
        left = minutes + min(0.0, self.shift.now)
        return self.stage.now + round(max(least, left) * MINUTE)

    async def seen(self, by: str) -> Report:
        """One side has the whole conversation on the screen."""
        state = await self.stage.report(self.report)
        count = state.conversation.count
        if by == self.who and count > state.conversation.seen_by_customer:
            await self.says(rw.MarkSeen(through=count))
        elif by != self.who and count > state.conversation.seen_by_desk:
            await self.stage.do(by, rw.MarkSeen(through=count, report=self.report))
        return state


def task_of(state: Incident, template: str) -> int:
    """The number of the newest task of that template that was not called off; 0 for none."""
    found = [one.number for one in state.tasks if one.template == template and not one.cancelled]
    return found[-1] if found else 0
