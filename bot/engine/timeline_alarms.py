"""What the story of an incident says of who was called."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.core import alarm_words as aw
from bot.core.alarm_texts import SHORT
from bot.core.events import Event
from bot.core.parties import Party
from bot.core.reaching_words import CustomerUnreached
from bot.core.texts import Text, Who, t, tn
from bot.core.unanswered_words import AnswerOverdue
from bot.views.calling import ROLES


def _who(parties: Sequence[Party]) -> Text:
    said = [_party(one) for one in parties]
    text = said[0] if said else t("nobody")
    for one in said[1:]:
        text = t("{first}, {second}", first=text, second=one)
    return text


def _party(party: Party) -> Text:
    if party.of == "person":
        return t("{who}", who=Who(person=party.key))
    if party.of == "team":
        return t("the team {name}", name=party.key)
    return ROLES.get(party.key) or t("{name}", name=party.key)


def _raised(event: aw.AlarmRaised) -> Text:
    if event.cause == "manual" and event.by is not None and event.reason is None:
        return t("{who} had escalated what was merged into this one", who=Who(person=event.by))
    if event.cause == "manual":
        return t("Escalated")
    return t("Somebody must act: {what}", what=SHORT[event.cause])


def _sounded(event: aw.AlarmSounded) -> Text:
    said = t("Called: {who} ({what})", who=_who(event.who), what=SHORT[event.cause])
    if event.skipped:
        said = tn(
            "{said}. {n} rung before it was slept through",
            "{said}. {n} rungs before it were slept through",
            n=len(event.skipped),
            said=said,
        )
    if event.gone:
        people = _who([Party(of="person", key=one) for one in event.gone])
        said = t("{said}. Not called, since they have left: {who}", said=said, who=people)
    return said


def _ended(event: aw.AlarmEnded) -> Text:
    what = SHORT[event.cause]
    if event.by is None:
        return t("Nobody is called any more: {what}", what=what)
    who = Who(person=event.by)
    return t("{who} acted, so nobody is called any more ({what})", who=who, what=what)


def _expired(event: aw.AcknowledgementExpired) -> Text:
    if event.by is None:
        return t("No work followed the acknowledgement, so it is open again")
    who = Who(person=event.by)
    return t("No work followed the acknowledgement by {who}, so it is open again", who=who)


ALARMS: Mapping[type[Event], Callable[[Any], Text]] = {
    aw.AlarmRaised: _raised,
    aw.AlarmSounded: _sounded,
    aw.AlarmAnswered: lambda event: t(
        "{who} sees to it: {what}", who=Who(person=event.by), what=SHORT[event.cause]
    ),
    aw.AlarmEnded: _ended,
    aw.AcknowledgementExpired: _expired,
    AnswerOverdue: lambda event: t("The customer was to have an answer by now"),
    CustomerUnreached: lambda event: t("Urgent words did not reach the customer"),
}
