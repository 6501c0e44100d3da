"""What is done at each beat of a story, and a whole scene from its first word to its end."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.core import incident_commands as ic
from bot.core import report_words as rw
from bot.core.approval_words import ApproveUpdate
from bot.core.calendar import MINUTE
from bot.core.priority import Priority
from bot.demo import beats as b
from bot.demo.aftermath import aftermath
from bot.demo.moods import typed
from bot.demo.scene import Scene, task_of
from bot.demo.stage import Left

COMING, PROMISED = 2, 10
"""The shortest times of arrival, and until the next update, in minutes."""
ROOM = (1.5, 3.5)
READING = 0.2
"""So many minutes until the customer has what was written on the screen."""
APPROVERS, READS = ("grace", "nora"), 0.5
"""Who reads what waits for a second person, and so many minutes until they have."""


async def play(scene: Scene) -> None:
    """All of it; once somebody else took it over, only what the customer does."""
    try:
        await scene.come()
        if scene.incident:
            scene.stage.ours.add(scene.incident)
            await scene.shift.pause(await _room(scene))
            for beat in scene.story.beats:
                await scene.shift.pause(beat.after * scene.chance.uniform(0.9, 1.2))
                await PLAYED[type(beat)](scene, beat)
    except Left:
        scene.let_go()
        if scene.report:
            await aftermath(scene)
    finally:
        scene.let_go()


async def _room(scene: Scene) -> float:
    """So many minutes longer it waits for the visitor, if they are there and it can wait."""
    state = await scene.stage.incident(scene.incident)
    if scene.shift.now < 0 or state.danger or state.priority is Priority.P1:
        return 0.0
    return scene.chance.uniform(*ROOM)


# --- the customer ------------------------------------------------------------------------------


async def _says(scene: Scene, beat: b.Says) -> None:
    await scene.seen(scene.who)
    words = typed(beat.words, scene.story.mood, scene.chance)
    await scene.says(rw.WriteMessage(words=words))


async def _fixed(scene: Scene, beat: b.Fixed) -> None:
    await scene.stage.report_when(scene.report, lambda one: one.stage == "confirming")
    await scene.seen(scene.who)
    await scene.says(rw.AnswerFixed(fixed=beat.yes, words=beat.words))
    wanted = "closed" if beat.yes else "open"
    await scene.stage.incident_when(scene.incident, lambda one: one.status == wanted)


async def _rate(scene: Scene, beat: b.Rate) -> None:
    await scene.stage.report_when(scene.report, lambda one: one.stage in ("done", "closed"))
    await scene.says(rw.RateService(score=beat.score, words=beat.words))


# --- the desk ----------------------------------------------------------------------------------


async def _acknowledge(scene: Scene, beat: b.Acknowledge) -> None:
    state = await scene.mine()
    await scene.desk(ic.AcknowledgeIncident(incident=state.stream), beat.by)


async def _take(scene: Scene, beat: b.Take) -> None:
    await scene.desk(ic.TakeIncident(incident=scene.incident))


async def _reply(scene: Scene, beat: b.Reply) -> None:
    await scene.mine()
    await scene.seen(scene.agent)
    await scene.desk(rw.ReplyToCustomer(report=scene.report, words=beat.words))
    await scene.shift.pause(READING)
    await scene.seen(scene.who)


async def _note(scene: Scene, beat: b.Note) -> None:
    await scene.desk(ic.WriteIncidentNote(incident=scene.incident, words=beat.words), beat.by)


async def _tick(scene: Scene, beat: b.Tick) -> None:
    for _ in range(beat.steps):
        state = await scene.mine()
        plan = scene.stage.machine.engine.editions.edition(state.playbook)
        category = plan.category(state.category)
        steps = range(1, len(category.script) + 1) if category else range(0)
        left = [one for one in steps if state.ticked(state.category, one) is None]
        if left:
            await scene.desk(
                ic.TickStep(incident=state.stream, category=state.category, step=left[0], done=True)
            )
            await scene.shift.pause(0.2)


async def _assess(scene: Scene, beat: b.Assess) -> None:
    command = ic.AssessIncident(incident=scene.incident, impact=beat.impact, urgency=beat.urgency)
    await scene.desk(command)


async def _hand_over(scene: Scene, beat: b.HandOver) -> None:
    await scene.desk(ic.HandOverIncident(incident=scene.incident, to=scene.stage.people[beat.to]))
    scene.agent = beat.to
    await scene.shift.pause(0.5)
    await scene.desk(ic.TakeIncident(incident=scene.incident))


async def _hold(scene: Scene, beat: b.Hold) -> None:
    await scene.desk(ic.HoldIncident(incident=scene.incident, reason=beat.reason))


async def _resume(scene: Scene, beat: b.Resume) -> None:
    await scene.desk(ic.ResumeIncident(incident=scene.incident, reason=beat.reason))


async def _publish(scene: Scene, beat: b.Publish) -> None:
    next_by = None if beat.next_in is None else scene.soon(beat.next_in, PROMISED)
    await scene.desk(
        ic.PublishUpdate(
            incident=scene.incident,
            words=beat.words,
            language="en",
            also={"ru": beat.ru},
            audience=beat.audience,
            next_by=next_by,
        )
    )
    await _approve(scene)


async def _approve(scene: Scene) -> None:
    """What waits for a second person is read by one a moment later, unless the visitor has."""
    for number in [one.number for one in (await scene.mine()).drafting.open]:
        await scene.shift.pause(READS)
        draft = (await scene.mine()).drafting.draft(number)
        if draft is None or draft.sent_back is not None:
            continue
        others = [x for x in APPROVERS if scene.stage.people[x] not in draft.writers]
        command = ApproveUpdate(incident=scene.incident, draft=number, version=draft.version)
        await scene.desk(command, others[0])


async def _resolve(scene: Scene, beat: b.Resolve) -> None:
    state = await scene.mine()
    left = tuple(one.number for one in state.tasks if one.unseen_to)
    command = ic.ResolveIncident(incident=state.stream, note=beat.note, call_off=left)
    await scene.desk(command)


async def _close(scene: Scene, beat: b.Close) -> None:
    await scene.desk(ic.CloseIncident(incident=scene.incident))


# --- the crew ----------------------------------------------------------------------------------


async def _ask(scene: Scene, beat: b.Ask) -> None:
    await scene.desk(ic.AskForResource(incident=scene.incident, template=beat.task))


async def _decline(scene: Scene, beat: b.Decline) -> None:
    await scene.crew(beat, ic.DeclineTask, reason=beat.reason)


async def _claim(scene: Scene, beat: b.Claim) -> None:
    await scene.crew(beat, ic.ClaimTask, eta=scene.soon(beat.eta, COMING))


async def _revise(scene: Scene, beat: b.Revise) -> None:
    state = await scene.mine()
    task = state.task(task_of(state, beat.task))
    place = task and task.place_of(scene.stage.people[beat.by])
    if place:
        await scene.crew(beat, ic.ReviseEta, eta=place.eta + beat.later * MINUTE)


async def _depart(scene: Scene, beat: b.Depart) -> None:
    await scene.crew(beat, ic.Depart)


async def _arrive(scene: Scene, beat: b.Arrive) -> None:
    await scene.crew(beat, ic.Arrive)


async def _done(scene: Scene, beat: b.Done) -> None:
    await scene.crew(beat, ic.CompleteTask, note=beat.note)


PLAYED: dict[type[b.Beat], Callable[[Scene, Any], Awaitable[None]]] = {
    b.Says: _says,
    b.Fixed: _fixed,
    b.Rate: _rate,
    b.Acknowledge: _acknowledge,
    b.Take: _take,
    b.Reply: _reply,
    b.Note: _note,
    b.Tick: _tick,
    b.Assess: _assess,
    b.HandOver: _hand_over,
    b.Hold: _hold,
    b.Resume: _resume,
    b.Publish: _publish,
    b.Resolve: _resolve,
    b.Close: _close,
    b.Ask: _ask,
    b.Decline: _decline,
    b.Claim: _claim,
    b.Revise: _revise,
    b.Depart: _depart,
    b.Arrive: _arrive,
    b.Done: _done,
}
