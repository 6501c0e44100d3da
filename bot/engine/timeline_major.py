"""The story of a major incident, one sentence per event, for the staff."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.core import major_words as w
from bot.core.events import Event
from bot.core.own_place_words import OwnPlaceShut, OwnPlacesLeft
from bot.core.playbook_major import TITLES
from bot.core.texts import Phrase, Text, When, Who, t
from bot.views.major import LETTER


def _who(person: str) -> Who:
    return Who(person=person)


def _post(key: str) -> Phrase:
    return TITLES.get(key) or t("{post}", post=key)


def _offered(event: w.PostOffered) -> Text:
    who, post = _who(event.to), _post(event.post)
    if event.by == "system":
        return t("{who} is asked to be {post}, since who commands has left", who=who, post=post)
    return t("{who} is asked to be {post}", who=who, post=post)


def _released(event: w.PostReleased) -> Text:
    who, post = _who(event.person), _post(event.post)
    if event.why == "left":
        return t("{who} has left, and is {post} no more", who=who, post=post)
    return t("{who} is {post} no more", who=who, post=post)


def _methane(event: w.MethaneWritten) -> Text:
    fields: Text = LETTER[event.findings[0].letter]
    for one in event.findings[1:]:
        fields = t("{first}, {second}", first=fields, second=LETTER[one.letter])
    if event.late:
        time = When(at=event.known_at)
        return t(
            "METHANE {n}, late entry of {time}: {fields}",
            n=event.number,
            time=time,
            fields=fields,
        )
    return t("METHANE {n}: {fields}", n=event.number, fields=fields)


def _decided(event: w.DecisionRecorded) -> Text:
    if event.late:
        return t("Decision {n}, late entry of {time}", n=event.number, time=When(at=event.made_at))
    return t("Decision {n}", n=event.number)


def _shut(event: OwnPlaceShut) -> Text:
    if event.reason:
        return t("Its place of its own stays open: {reason}", reason=event.reason)
    return t("Its place of its own is shut; what was said there stays")


SAYS: Mapping[type[Event], Callable[[Any], Text]] = {
    w.MajorStoodBy: lambda event: t("Stand-by for a major incident"),
    w.MajorDeclared: lambda event: t(
        "Declared a major incident; {who} commands", who=_who(event.by)
    ),
    w.MajorStoodDown: lambda event: t("The major incident is stood down: full recovery"),
    w.MajorCancelled: lambda event: t("It is no major incident after all"),
    w.PostOffered: _offered,
    w.PostAccepted: lambda event: t(
        "{who} is {post} now", who=_who(event.person), post=_post(event.post)
    ),
    w.PostDeclined: lambda event: t(
        "{who} cannot be {post}", who=_who(event.person), post=_post(event.post)
    ),
    w.OfferTakenBack: lambda event: t(
        "{who} is not asked any more to be {post}", who=_who(event.person), post=_post(event.post)
    ),
    w.PostReleased: _released,
    w.PostStayedVacant: lambda event: t(
        "Nobody has been {post} since {time}", post=_post(event.post), time=When(at=event.since)
    ),
    w.CommanderLeft: lambda event: t(
        "{who} has left and commands still, until somebody accepts", who=_who(event.person)
    ),
    w.MethaneWritten: _methane,
    w.DecisionRecorded: _decided,
    w.OwnPlaceOpened: lambda event: t("It has a place of its own: {name}", name=event.name),
    w.OwnPlaceRefused: lambda event: t("No place of its own: {reason}", reason=event.reason),
    OwnPlacesLeft: lambda event: t("Its place of its own is to be shut"),
    OwnPlaceShut: _shut,
    w.UpdateWanted: lambda event: t("An update is wanted at once"),
}
