"""What the timeline says of resources: asked, bidding, handing over, on site."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.core import resource_words as w
from bot.core.events import Event
from bot.core.texts import Text, When, Who, t, tn

_BECAUSE: Mapping[w.Because, Text] = {
    "named": t("named by whoever asked"),
    "there": t("is on site already"),
    "coming": t("comes here anyway"),
    "skill": t("has the skill"),
    "place": t("covers the place"),
    "free": t("carries nothing"),
    "rested": t("is rested"),
}


def _who(event: Any) -> Who:
    return Who(person=event.person)


def _asked(event: w.ResourceAsked) -> Text:
    who = _who(event)
    if not event.because:
        return t("{who} was asked for task {n}", who=who, n=event.task)
    why = t("{reason}", reason=_BECAUSE[event.because[0]])
    for more in event.because[1:]:
        why = t("{first}, {second}", first=why, second=_BECAUSE[more])
    return t("{who} was asked for task {n}: {why}", who=who, n=event.task, why=why)


def _awarded(event: w.TaskAwarded) -> Text:
    if event.by is None:
        return t("{who} is the nearest who offered for task {n}", who=_who(event), n=event.task)
    return t("{who} was chosen for task {n}", who=_who(event), n=event.task)


def _can(event: w.CanReported) -> Text:
    if event.needs is None:
        return t(
            "{who} from the site. Condition: {condition}; actions: {actions}",
            who=_who(event),
            condition=event.condition,
            actions=event.actions,
        )
    return t(
        "{who} from the site. Condition: {condition}; actions: {actions}; needs: {needs}",
        who=_who(event),
        condition=event.condition,
        actions=event.actions,
        needs=event.needs,
    )


SAYS: Mapping[type[Event], Callable[[Any], Text]] = {
    w.ResourceAsked: _asked,
    w.ResourcePassed: lambda event: t(
        "{who} did not answer about task {n}", who=_who(event), n=event.task
    ),
    w.BidMade: lambda event: t(
        "{who} could be there at {eta} for task {n}",
        who=_who(event),
        eta=When(at=event.eta),
        n=event.task,
    ),
    w.BidTakenBack: lambda event: t(
        "{who} cannot come after all for task {n}", who=_who(event), n=event.task
    ),
    w.TaskAwarded: _awarded,
    w.ResourcesFreed: lambda event: tn(
        "One who offered was told that they are free",
        "{n} who offered were told that they are free",
        n=len(event.people),
    ),
    w.PlaceOffered: lambda event: t(
        "{who} asked {to} to take over task {n}",
        who=_who(event),
        to=Who(person=event.to),
        n=event.task,
    ),
    w.PlaceRefused: lambda event: t(
        "{to} cannot take over task {n}", to=Who(person=event.to), n=event.task
    ),
    w.PlaceHandedOver: lambda event: t(
        "{who} took over task {n} from {before}, expected {eta}",
        who=_who(event),
        before=Who(person=event.before),
        n=event.task,
        eta=When(at=event.eta),
    ),
    w.CheckInAsked: lambda event: t("{who} was asked whether all is well", who=_who(event)),
    w.CheckedIn: lambda event: t("{who} says that all is well", who=_who(event)),
    w.CheckInMissed: lambda event: t("{who} does not answer on site", who=_who(event)),
    w.HelpCalled: lambda event: t("{who} needs help", who=_who(event)),
    w.BriefingRead: lambda event: t("{who} has read the briefing", who=_who(event)),
    w.CanReported: _can,
}
