"""Whoever helped somebody in distress is asked how they are: privately, once they are asked again.

They may take a break at once. Supervisors hear that somebody takes one and never why, and who
would like to talk.
"""

from collections.abc import Iterator

from bot.core import person_words as pw
from bot.core import welfare_words as w
from bot.core.calendar import DAY, HOUR
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.intents import Intent, Members, Ring, Say
from bot.core.notices import ALONE, page
from bot.core.parties import Party
from bot.core.person import Person
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import Text, When, Who, t

ANSWERS_WITHIN = 12 * HOUR
NOT_ASKED = refuse("not_asked", t("Nobody asked, but thank you for telling us."))
SUPERVISORS = (Party(of="role", key="supervisor"),)


def ask(state: Person | None, command: w.AskHowTheyAre, ctx: Context) -> Decision:
    """Not twice while they have not answered."""
    if state is None or state.disabled:
        return []
    since = state.welfare_since
    waiting = since is not None and ctx.at - since < ANSWERS_WITHIN
    return [] if waiting else [w.WelfareAsked()]


def say(state: Person | None, command: w.SayHowIAm, ctx: Context) -> Decision:
    """Who was asked says so; a break makes them one who is not asked for anything."""
    if state is None or state.welfare_since is None:
        return NOT_ASKED
    if command.how != "pause":
        return [w.WelfareAnswered(how=command.how)]
    until = ctx.at + ctx.playbook.safety.pause
    events: list[Event] = [w.WelfareAnswered(how="pause", until=until)]
    if state.available:
        events.append(pw.AvailabilitySet(available=False, off=True, until=until))
    return events


def on_asked(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """The question with its three answers, to them alone."""
    yield Ring(person=state.stream, why="welfare")
    asked = t(
        "Thank you for being there for somebody. How are you? What you answer stays between us; "
        "if you want a break, it begins at once."
    )
    yield Say(
        to=Members(of="staff", stream=state.stream, scope=f"{ALONE},person:{state.stream}"),
        lane="reply",
        text=asked,
        until=rec.at + ANSWERS_WITHIN,
        subject=state.subject,
        cares=True,
    )


def on_answered(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """That there is a break, until when; or that they would like to talk."""
    assert isinstance(rec.event, w.WelfareAnswered)
    said = _told(state, rec.event)
    if said is not None:
        yield from page(
            state.stream,
            SUPERVISORS,
            said,
            "welfare",
            until=rec.at + DAY,
            subject=state.subject,
            alone=True,
        )


def _told(state: Person, event: w.WelfareAnswered) -> Text | None:
    who = Who(person=state.stream)
    if event.until is not None:
        return t("{who} takes a break until {time}.", who=who, time=When(at=event.until))
    if event.how == "talk":
        return t("{who} would like to talk to you. Please find the time today.", who=who)
    return None


WORKFLOW = Workflow(
    rules=(
        Rule(w.AskHowTheyAre, ask, "named", by_system=True),
        Rule(w.SayHowIAm, say, "self", roles=pw.ROLES),
    ),
    reactors=((w.WelfareAsked, on_asked), (w.WelfareAnswered, on_answered)),
)
