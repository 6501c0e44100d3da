"""Who is to know of what happened to an incident: reports, reporters, subscribers, its owner.

Reporters hear calm words without names and never learn about each other; subscribers hear
nothing personal but the words of a published update.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from bot.core.calendar import DAY
from bot.core.following import reach_of
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.incident import Incident, Update
from bot.core.intents import Do, Intent, Lane, Members, Ring, Say
from bot.core.playbook_parts import Party
from bot.core.priority import Priority
from bot.core.report_words import NoteStage
from bot.core.texts import Ref, Text, When, t

Stage = Literal["taken", "released", "resolved", "reopened", "closed", "cancelled"]

NEWS_LASTS = DAY
"""After this, word that something was taken or reopened is no news any more."""


def lane(state: Incident, usual: Lane = "reply") -> Lane:
    """The lane for what concerns `state`: the most pressing ones go before everything."""
    return "safety" if state.priority is Priority.P1 or state.danger else usual


def to_reports(
    state: Incident, stage: Stage, person: PersonId | None = None, until: Millis | None = None
) -> Iterator[Do]:
    """Tell every linked report which stage the incident has come to."""
    if state.reports:
        note = NoteStage(
            incident=state.stream,
            stage=stage,
            person=person,
            until=until,
            incident_kind=state.incident_kind,
        )
        yield Do(stream=Members(of="streams", stream=state.stream), command=note)


def to_reporters(state: Incident, text: Text, until: Millis, supersedes: str = "") -> Iterator[Say]:
    """Tell everybody whose report is linked."""
    if state.reports:
        yield Say(
            to=Members(of="reporters", stream=state.stream),
            lane=lane(state),
            text=text,
            until=until,
            supersedes=supersedes,
        )


def to_subscribers(
    state: Incident, text: Text, until: Millis, supersedes: str = "", position: int = 0
) -> Iterator[Say]:
    """Tell everybody who subscribed, as of `position` (0: until now); never of an exercise."""
    if state.mode == "live":
        said = Say(
            to=Members(of="subscribers", stream=state.stream, scope=_scope(state, position)),
            lane="bulk",
            text=text,
            until=until,
            supersedes=supersedes,
            at_once=presses(state),
        )
        yield said
        if position:
            # Who came while it was being looked at is no part of what was counted.
            others = Members(of="newcomers", stream=state.stream, scope=_scope(state, position))
            yield said.model_copy(update={"to": others})


def presses(state: Incident) -> bool:
    """Whether nobody waits for word of it: danger, or P1, also once that is over."""
    return state.danger or Priority.P1 in (state.priority, state.told_from)


def _scope(state: Incident, position: int = 0) -> str:
    return f"{position or ''};{reach_of(state)}"


def as_it_stands(state: Incident, update: Update) -> Say:
    """What somebody is told who has just subscribed."""
    ref = Ref(ref=state.reference)
    text = t("Incident {ref}: this is how things stand.", ref=ref)
    if update.next_by is not None:
        time = When(at=update.next_by)
        text = t("Incident {ref}: the next update comes by {time}.", ref=ref, time=time)
    return Say(
        to=Members(of="subscribers", stream=state.stream, scope=_scope(state)),
        lane="bulk",
        text=text,
        words=update.words,
        language=update.language,
        also=update.also,
        update=update.number,
        at_once=presses(state),
    )


ALONE = "alone"
"""In the scope of a page: no place of many people is told."""
BUT = "but:"
"""Before a person in the scope of a page: they are not called, whatever they are a part of."""


def page(
    stream: StreamId,
    who: Sequence[Party],
    text: Text,
    why: str,
    *,
    until: Millis,
    supersedes: str = "",
    subject: SubjectId | None = None,
    alone: bool = False,
    but: Sequence[PersonId] = (),
) -> Iterator[Intent]:
    """Call people of the staff: their open pages at once, and each on every channel they have.

    A role or team is called in its places, too, beneath the card of `stream`, unless `alone`;
    those of them who are in `but` are not called.
    """
    for party in who:
        if party.of == "person":
            yield Ring(person=party.key, why=why)
        else:
            yield Ring(role=party.key if party.of == "role" else "agent", why=why)
    named = [f"{party.of}:{party.key}" for party in who]
    left_out = [f"{BUT}{one}" for one in but]
    scope = ",".join([*([ALONE] if alone else []), *left_out, *named])
    yield Say(
        to=Members(of="staff", stream=stream, scope=scope),
        lane="safety",
        text=text,
        until=until,
        supersedes=supersedes,
        subject=subject,
        at_once=True,
    )


def ring_owner(state: Incident, why: str) -> Ring:
    """Ask for the owner's attention; without one, for the supervisors'."""
    return Ring(person=state.owner, why=why) if state.owner else Ring(role="supervisor", why=why)
