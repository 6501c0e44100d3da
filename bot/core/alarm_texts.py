"""What whoever is called reads: which incident, what is the matter, what to do, and why they.

Plain text, since it is read on a lock screen. Of what few may see it says nothing at all.
"""

from collections.abc import Mapping, Sequence

from bot.core.alarm_needed import calls_for_help
from bot.core.alarm_words import Alarm, Cause
from bot.core.alarms import task_and_person
from bot.core.climbing import FIRST
from bot.core.incident import Incident
from bot.core.incident_words import Band, Target
from bot.core.playbook import Playbook
from bot.core.texts import Arg, Ref, Text, When, Who, t

SHORT: Mapping[Cause, Text] = {
    "unacknowledged": t("nobody has acknowledged it"),
    "acknowledgement_expired": t("acknowledged, but no work has begun"),
    "promise": t("not resolved in time"),
    "update_overdue": t("an update is overdue"),
    "unanswered": t("a customer waits for an answer"),
    "eta_passed": t("somebody is late"),
    "no_progress": t("nothing heard of somebody who is to come"),
    "check_in": t("nothing heard of somebody on site"),
    "vacancy": t("a post is empty"),
    "distress": t("somebody needs help at once"),
    "hold_over": t("its hold is over"),
    "undelivered": t("a customer could not be told something urgent"),
    "manual": t("a colleague asks for help"),
}
"""What an alarm is about, in a few words, to stand within a sentence."""


def call(state: Incident, alarm: Alarm, today: Playbook) -> Text:
    """What is read by whom `alarm`, as it stands now, calls."""
    why = _why(alarm)
    if hidden(state, alarm.cause):
        text = t(
            "{ref}: you are needed now. Few may see what it is about: open it on the desk. {why}",
            ref=Ref(ref=state.reference),
            why=why,
        )
        return _marked(state, text)
    text = t("{head}. {what} {why}", head=_head(state, today), what=_what(state, alarm), why=why)
    return _marked(state, text)


UNCLAIMED = t("nobody has come forward for a task")


def together(state: Incident, standing: Sequence[Alarm], today: Playbook) -> Text:
    """What is read by whom several call at once: the first of them, and the rest shortly."""
    text = call(state, standing[0], today)
    causes = dict.fromkeys(one.cause for one in standing if not hidden(state, one.cause))
    rest = [SHORT[one] for one in causes if one != standing[0].cause]
    if any(one.status == "open" and one.rounds for one in state.tasks):
        rest.append(UNCLAIMED)
    if not rest or hidden(state, standing[0].cause):
        return text
    said = rest[0]
    for more in rest[1:]:
        said = t("{first}, {second}", first=said, second=more)
    return t("{said}\nAlso: {what}.", said=text, what=said)


def hidden(state: Incident, cause: Cause) -> bool:
    """Whether only those who are called may know of it, and not what it is."""
    return state.visibility == "restricted" or cause == "distress"


def warning(state: Incident, target: Target, band: Band, today: Playbook) -> Text:
    """What is read by whoever has the incident when the time of a promise goes by."""
    due = getattr(state.targets, target)
    what = _BROKEN[target] if band == "breached" else _NEAR[target]
    said = what.model_copy(update={"args": {"time": When(at=due)}})
    if state.visibility == "restricted":
        text = t("{ref}: {what}", ref=Ref(ref=state.reference), what=said)
        return _marked(state, text)
    return _marked(state, t("{head}. {what}", head=_head(state, today), what=said))


_NEAR: Mapping[Target, Text] = {
    "acknowledge": t("It is to be acknowledged by {time}.", time=""),
    "update": t("An update is due by {time}.", time=""),
    "resolve": t("It is to be resolved by {time}.", time=""),
}
_BROKEN: Mapping[Target, Text] = {
    "acknowledge": t("It was to be acknowledged by {time}, and nobody has.", time=""),
    "update": t("An update was due by {time}, and none has come.", time=""),
    "resolve": t("It was to be resolved by {time}, and is not.", time=""),
}


def _marked(state: Incident, text: Text) -> Text:
    return text if state.mode == "live" else t("EXERCISE {text}", text=text)


def _head(state: Incident, today: Playbook) -> Text:
    ref, level = Ref(ref=state.reference), state.priority.value
    name = today.category_name(state.category)
    if name is None:
        return t("{ref}, {priority}", ref=ref, priority=level)
    return t("{ref}, {priority} {what}", ref=ref, priority=level, what=name)


_WHAT: Mapping[Cause, Text] = {
    "unacknowledged": t(
        "Nobody has acknowledged it since {time}. Take it, or acknowledge it.", time=""
    ),
    "acknowledgement_expired": t(
        "It was acknowledged, but no work began until {time}. Take it.", time=""
    ),
    "promise": t(
        "It was to be resolved by {time}. Say that you see to it, and what is needed.", time=""
    ),
    "update_overdue": t("An update was due by {time}. Publish one, also without news.", time=""),
    "unanswered": t("A customer was to be answered by {time}. Write to them.", time=""),
    "eta_passed": t(
        "Task {n}: {who} was to be there at {time}. Is there a new time?", n=0, who="", time=""
    ),
    "no_progress": t(
        "Task {n}: nothing heard of {who} until {time}. Are they on the way?",
        n=0,
        who="",
        time="",
    ),
    "check_in": t(
        "Task {n}: {who} is on site, and nothing was heard until {time}. Is all well?",
        n=0,
        who="",
        time="",
    ),
    "vacancy": t("A post is empty since {time}. Take it, or give it to somebody.", time=""),
    "distress": t("Somebody needs help at once."),
    "hold_over": t("It was on hold and came back by itself at {time}. Go on with it.", time=""),
    "undelivered": t(
        "Urgent words to a customer could not be delivered at {time}. Call them.", time=""
    ),
    "manual": t("A colleague asks for help with it since {time}.", time=""),
}


_HELP = t("Task {n}: {who} calls for help. Call them or go there now.", n=0, who="")


def _what(state: Incident, alarm: Alarm) -> Text:
    number, person = task_and_person(alarm.about)
    known: dict[str, Arg] = {
        "time": When(at=_since(state, alarm)),
        "n": number,
        "who": Who(person=person),
    }
    help_ = alarm.cause == "check_in" and calls_for_help(state, alarm.about)
    text = _HELP if help_ else _WHAT[alarm.cause]
    return text.model_copy(update={"args": {name: known[name] for name in text.args}})


def _since(state: Incident, alarm: Alarm) -> int:
    """When it began; of a resource who is late, when they were to be there."""
    number, person = task_and_person(alarm.about)
    task = state.task(number)
    place = None if task is None else task.place_of(person)
    if alarm.cause == "eta_passed" and place is not None:
        return place.eta
    return state.waits_from if alarm.cause == "unacknowledged" else alarm.raised_at


def _why(alarm: Alarm) -> Text:
    if alarm.sounded <= 1 and alarm.cause == "manual":
        return t("You are called because it was escalated.")
    if alarm.sounded <= 1 and alarm.rung == FIRST:
        return t("You are called because it concerns you first.")
    if alarm.sounded <= 1:
        return t("You are the first to be called.")
    if alarm.time > 1:
        return t("You are called again because nobody has acted.")
    return t("You are called because nobody who was called before has acted.")
