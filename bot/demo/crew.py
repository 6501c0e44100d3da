"""The crew beside the stories: it helps with whatever the visitor begins.

A visitor who reports something is answered, one who asks for resources gets them. What they
took themselves is theirs: nobody replies, resolves or closes there.
"""

from random import Random

from bot.core import incident_commands as ic
from bot.core import report_words as rw
from bot.core.calendar import MINUTE
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.task import Task
from bot.demo.people import STAFF, Staff
from bot.demo.shift import Shift
from bot.demo.stage import Left, Stage

LOOKS = 0.4
ROOM = 2.5
"""So many minutes a visitor has to take what came from outside the stories."""
ASKED = 0.7
"""So many minutes a visitor has to claim a task before somebody of the crew does."""
MOST = 200
DONE = "Done and tested together with the people there."

WORDS = {
    "en": (
        "Hello, I have your report in front of me and am looking into it now.",
        "I believe that it is solved. Please try it, and tell us with the button below.",
        "Looked into it together with the person who reported it.",
    ),
    "ru": (
        "Здравствуйте, ваше обращение передо мной, уже разбираюсь.",
        "Думаю, теперь всё в порядке. Проверьте, пожалуйста, и сообщите кнопкой ниже.",
        "Разобрались вместе с тем, кто сообщил.",
    ),
}


class Crew:
    """Looks every now and then what nobody has seen to."""

    def __init__(self, stage: Stage, shift: Shift, seed: str) -> None:
        self._stage, self._shift = stage, shift
        self._chance = Random(f"{seed}/crew")
        self._seen: set[tuple[StreamId, int]] = set()
        self._taken: set[StreamId] = set()

    async def helps(self, ends: float | None) -> None:
        """For as long as anything is played after minute `ends`, or for ever."""
        while ends is None or self._shift.now < ends or self._stage.ours:
            for stream in await self._left_alone():
                await self._look(stream)
            await self._shift.pause(LOOKS)

    async def _left_alone(self) -> list[StreamId]:
        """Incidents that no story works on, the newest ones."""
        rows = await self._stage.machine.parts.store.select(
            "incidents", {"ended": 0}, order="incident", descending=True, limit=MOST
        )
        found = [str(row["incident"]) for row in rows]
        return [one for one in found if one not in self._stage.ours]

    async def _look(self, stream: StreamId) -> None:
        state = await self._stage.incident(stream)
        if state.first_report in self._stage.ours:
            return
        now = self._stage.now
        for task in state.tasks:
            key = (stream, task.number)
            ready = now - task.asked_at >= ASKED * MINUTE
            if task.status == "open" and ready and key not in self._seen and state.working:
                self._seen.add(key)
                self._shift.begin(self._serves(stream, task), self._shift.now)
        old = now - state.opened_at >= ROOM * MINUTE
        if state.status == "open" and old and state.first_report and stream not in self._taken:
            self._taken.add(stream)
            self._shift.begin(self._attends(stream), self._shift.now)

    # --- a task ----------------------------------------------------------------------------------

    async def _serves(self, stream: StreamId, task: Task) -> None:
        able = [one for one in STAFF if "resource" in one.roles and task.skill in one.skills]
        who = self._chance.choice(able or [one for one in STAFF if "resource" in one.roles])
        number = task.number
        try:
            eta = self._stage.now + self._chance.randrange(5, 9) * MINUTE
            await self._stage.do(who.key, ic.ClaimTask(incident=stream, task=number, eta=eta))
            for minutes, make in ((1.0, ic.Depart), (3.0, ic.Arrive)):
                await self._shift.pause(minutes)
                await self._while_needed(stream, number, who)
                await self._stage.do(who.key, make(incident=stream, task=number))
            await self._shift.pause(3)
            await self._while_needed(stream, number, who)
            await self._stage.do(who.key, ic.CompleteTask(incident=stream, task=number, note=DONE))
        except Left:
            return

    async def _while_needed(self, stream: StreamId, number: int, who: Staff) -> None:
        state = await self._stage.incident(stream)
        task = state.task(number)
        if state.ended or task is None or task.cancelled:
            raise Left
        if task.place_of(self._stage.people[who.key]) is None:
            raise Left

    # --- a report --------------------------------------------------------------------------------

    async def _attends(self, stream: StreamId) -> None:
        """Somebody at the desk takes it, writes, and resolves it after a while."""
        state = await self._stage.incident(stream)
        report = state.first_report or ""
        language = (await self._stage.report(report)).language
        who = "irina" if language == "ru" else self._chance.choice(("maya", "tom"))
        hello, ready, note = WORDS["ru" if language == "ru" else "en"]
        try:
            await self._stage.do(who, ic.TakeIncident(incident=stream))
            await self._shift.pause(0.5)
            await self._stage.do(who, rw.ReplyToCustomer(report=report, words=hello))
            await self._solved(stream, who)
            await self._stage.do(who, rw.ReplyToCustomer(report=report, words=ready))
            await self._stage.do(who, ic.ResolveIncident(incident=stream, note=note))
        except Left:
            return

    async def _solved(self, stream: StreamId, who: str) -> None:
        """Some minutes later, once the tasks are done."""
        await self._shift.pause(6)
        for _ in range(MOST):
            state = await self._mine(stream, who)
            if not any(task.unseen_to for task in state.tasks):
                return
            await self._shift.pause(LOOKS)
        raise Left

    async def _mine(self, stream: StreamId, who: str) -> Incident:
        state = await self._stage.incident(stream)
        if not state.working or state.owner != self._stage.people[who]:
            raise Left
        return state
