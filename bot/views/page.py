"""A call to somebody of the staff: the words, what it is about, and what they can do at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.core.alarm_words import Alarm, Cause
from bot.core.cards import Actions, Button, Card, Footer, Section
from bot.core.incident import Incident
from bot.core.parties import Party
from bot.core.report import Report
from bot.core.texts import Phrase, Ref, Text, t
from bot.views.incident import title
from bot.views.look import SHOW, Look, built, button, leads

FIRST: tuple[Cause, ...] = ("unacknowledged", "acknowledgement_expired")
"""What ends when it is taken or acknowledged."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever is called: `works` on incidents, or not; by which alarm, while it stands."""

    works: bool
    alarm: Alarm | None = None


def about(state: Incident | Report, look: Look) -> Text | None:
    """One line of what it is about; of what few may see only its reference, of a report none."""
    if isinstance(state, Report):
        return None
    ref = Ref(ref=state.reference)
    if state.visibility == "restricted":
        return t("{ref}", ref=ref)
    return t("{ref}: {what}", ref=ref, what=title(state, look))


def way(state: Incident | Report, look: Look) -> str:
    """The address of its page, "" where nobody can be led there."""
    kind = "incidents" if isinstance(state, Incident) else "reports"
    return f"{look.desk}/desk/{kind}/{state.reference}" if look.desk else ""


def alarm_of(family: str, state: Incident | Report) -> Alarm | None:
    """The alarm that a call is about, by the family of its messages, while it stands."""
    if not isinstance(state, Incident):
        return None
    named = {family_of(one, state): one for one in state.alarms}
    return named.get(family)


def standing(state: Incident, parties: Callable[[Party], bool]) -> list[Alarm]:
    """What still calls somebody of these, the highest first; distress stands for itself."""
    found = [
        one
        for one in state.alarms
        if one.answered_by is None and one.sounded and any(map(parties, one.who))
        if one.cause != "distress"
    ]
    return sorted(found, key=lambda one: (one.rung, one.sounded, one.at), reverse=True)


def family_of(alarm: Alarm, state: Incident) -> str:
    """The family of the messages of an alarm."""
    return f"alarm:{alarm.cause}:{alarm.about}:{state.stream}"


def called(said: str, state: Incident | Report, look: Look, reader: Reader) -> Card[Phrase]:
    """The whole call."""
    words = t("{said}", said=said)
    foot = about(state, look) or t("{ref}", ref=Ref(ref=state.reference))
    ways = Actions(tuple(_ways(state, look, reader)))
    return built(words, Section(words), ways, Footer(foot))


def _ways(state: Incident | Report, look: Look, reader: Reader) -> Iterator[Button[Phrase]]:
    me, alarm = state.stream, reader.alarm
    if not reader.works:
        if look.desk:
            yield leads(t("Open your tasks"), f"{look.desk}/tasks")
        return
    if isinstance(state, Report):
        yield button(t("Show"), SHOW, report=me)
    else:
        if state.working and state.owner is None:
            yield button(t("Take"), "take_incident", "primary", incident=me)
        if state.working and state.acknowledged_at is None:
            yield button(t("I have seen it"), "acknowledge_incident", incident=me)
        elif alarm is not None and alarm.cause not in FIRST:
            yield button(
                t("I see to it"),
                "answer_alarm",
                "primary",
                incident=me,
                cause=alarm.cause,
                about=alarm.about,
            )
        yield button(t("Show"), SHOW, incident=me)
    if to := way(state, look):
        yield leads(t("Open on the desk"), to)
