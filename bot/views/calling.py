"""Who is called about an incident, who is called next, and what can be done about it."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.alarm_texts import SHORT
from bot.core.alarm_words import Alarm
from bot.core.cards import Button
from bot.core.climbing import Editions, Step, next_step, waits_for_somebody
from bot.core.incident import Incident
from bot.core.parties import Party
from bot.core.playbook import Playbook
from bot.core.texts import Phrase, Text, When, Who, Words, t
from bot.views.look import Look, button, opens

ROLES: Mapping[str, Text] = {
    "agent": t("agents"),
    "resource": t("resources"),
    "stakeholder": t("stakeholders"),
    "supervisor": t("supervisors"),
    "administrator": t("administrators"),
}
ANSWERED_ELSEWHERE = ("unacknowledged", "acknowledgement_expired")
OFFERED = 2


def parties(who: Sequence[Party], today: Playbook) -> Text:
    """All of them in one breath."""
    said = [_party(one, today) for one in who]
    text = t("{who}", who=said[0]) if said else t("nobody")
    for one in said[1:]:
        text = t("{first}, {second}", first=text, second=one)
    return text


def _party(party: Party, today: Playbook) -> Who | Text | Words:
    if party.of == "person":
        return Who(person=party.key)
    if party.of == "team" and party.key in today.teams:
        return today.teams[party.key].name
    return ROLES.get(party.key) or t("{name}", name=party.key)


def pressing(state: Incident) -> Alarm | None:
    """The alarm that was sounded last."""
    return max(state.alarms, key=lambda one: (one.at, one.sounded), default=None)


def before(last: Text, state: Incident, look: Look) -> Text:
    """Who was called about what, and who is next if nobody acts, and `last` behind it."""
    both = Editions.model_construct(plan=look.edition(state.playbook), today=look.playbook)
    alarm = pressing(state)
    if alarm is not None:
        return t("{calls}. {last}", calls=said(state, alarm, both), last=last)
    first = waits_for_somebody(state, both)
    return last if first is None else t("{calls}. {last}", calls=waits(first, both), last=last)


def waits(step: Step, both: Editions) -> Text:
    """Who is called if nobody acknowledges it."""
    who, time = parties(step.who, both.today), When(at=step.at)
    return t("Called if nobody acknowledges it: {who} at {time}", who=who, time=time)


def said(state: Incident, alarm: Alarm, both: Editions) -> Text:
    """One alarm in one line."""
    step = next_step(state, alarm, both)
    what, after = SHORT[alarm.cause], parties(step.who, both.today)
    then = When(at=step.at)
    if alarm.answered_by is not None:
        by = Who(person=alarm.answered_by)
        return t(
            "{by} sees to it: {what}. If nothing changes: {after} at {then}",
            what=what,
            by=by,
            after=after,
            then=then,
        )
    if not alarm.sounded:
        return t(
            "Somebody must act: {what}. Next: {after} at {then}", what=what, after=after, then=then
        )
    return t(
        "Somebody must act: {what}. Called: {who} at {time}. Next: {after} at {then}",
        what=what,
        who=parties(alarm.who, both.today),
        time=When(at=alarm.at),
        after=after,
        then=then,
    )


def offers(state: Incident, look: Look) -> Iterator[Button[Phrase]]:
    """To see to what somebody is called about, and to call somebody else."""
    if not state.working:
        return
    answerable = [one for one in state.alarms if one.cause not in ANSWERED_ELSEWHERE]
    for alarm in answerable[:OFFERED]:
        label = t("I see to it: {what}", what=SHORT[alarm.cause])
        me, cause, about = state.stream, alarm.cause, alarm.about
        yield button(label, "answer_alarm", incident=me, cause=cause, about=about)
    yield opens(t("Escalate"), "escalate", incident=state.stream)
