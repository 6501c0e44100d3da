"""What the deciders about a major incident share: who repairs, what is known, what is late."""

from bot.core.calendar import MINUTE
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.facts import plain
from bot.core.forms import QuestionType
from bot.core.handling import about, me
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.incident_words import Audience
from bot.core.intents import SetTimer
from bot.core.major import Post
from bot.core.major_words import DecisionRecorded, Finding, NoteVacancy
from bot.core.personal import Personal
from bot.core.playbook_assess import dangers
from bot.core.playbook_forms import intake_form
from bot.core.playbook_major import next_by
from bot.core.rules import refuse
from bot.core.texts import Span, t

LATE_FROM = 5 * MINUTE
"""What was so longer ago than this, and is written only now, is a late entry."""
LEEWAY = MINUTE
"""A time chosen in the minute before it came in still counts."""


def resolves(state: Incident, person: PersonId | None) -> bool:
    """Whether `person` repairs here: has a place on a task that is not done."""
    places = (one.place_of(person) for one in state.tasks if not one.cancelled)
    return person is not None and any(one is not None and one.status != "done" for one in places)


def vacancy_name(post: str) -> str:
    """The timer of an empty post."""
    return f"vacancy:{post}"


def vacancy(state: Incident, post: Post, ctx: Context) -> SetTimer | None:
    """When somebody is called because `post` is empty; never for one that need not be filled."""
    part = ctx.playbook.major.posts.get(post.post)
    if part is None or not part.needed:
        return None
    command = NoteVacancy(incident=state.stream, post=post.post, since=post.since)
    due = post.since + ctx.playbook.major.vacancy
    return SetTimer(name=vacancy_name(post.post), due=due, command=command)


def prefilled(state: Incident, ctx: Context) -> tuple[Finding, ...]:
    """The letters of METHANE that reports have answered already: where it is, what it is, and
    which dangers they named.
    """
    plan = ctx.edition(state.playbook)
    asked = {one.key: one for one in intake_form(plan, state.category).questions}
    by_type: dict[QuestionType, Personal] = {}
    for fact in state.facts:
        question = asked.get(fact.field)
        if question is not None and isinstance(fact.value, Personal) and not fact.value.erased:
            by_type.setdefault(question.type, fact.value)
    wanted = {"location": QuestionType.LOCATION, "type": QuestionType.LONG_TEXT}
    found = [
        Finding(letter=letter, words=by_type[kind])
        for letter, kind in wanted.items()
        if kind in by_type
    ]
    language = ctx.playbook.organisation.default_language
    grave = dangers(plan, state.category, plain(state.facts))
    named = [asked[key].label for key, holds in grave.items() if holds and key in asked]
    hazards = "; ".join(one.pick(language) for one in named if hasattr(one, "pick"))
    if hazards and state.subject not in state.erased:
        found.append(Finding(letter="hazards", words=Personal(state.subject, hazards)))
    return tuple(found)


def moment(state: Incident, stated: Millis | None, ctx: Context) -> tuple[Millis, bool] | Refused:
    """When something was so, and whether it is entered late; or why it cannot have been then."""
    if stated is None:
        return ctx.at, False
    if stated > ctx.at + LEEWAY:
        return refuse("future", t("This time has not come yet. Say when it was."))
    at = min(stated, ctx.at)
    return at, ctx.at - at >= LATE_FROM


def keep_decision(
    state: Incident, said: tuple[str, str, str], when: tuple[Millis, bool], ctx: Context
) -> DecisionRecorded | Refused:
    """What was decided, why, and what else could have been (in `said`), made at `when`, late or
    not.
    """
    decision, reason = about(state, said[0]), about(state, said[1])
    if isinstance(decision, Refused):
        return decision
    if isinstance(reason, Refused):
        return reason
    others = about(state, said[2], least=1) if said[2].strip() else None
    if isinstance(others, Refused):
        return others
    return DecisionRecorded(
        number=state.major.decided + 1,
        decision=decision,
        reason=reason,
        alternatives=others,
        by=me(ctx),
        made_at=when[0],
        late=when[1],
    )


def latest_promise(state: Incident, ctx: Context) -> Millis | None:
    """By when people must hear again from whoever tells them something now; None while it is no
    declared major incident.
    """
    if not state.major.declared or state.major.declared_at is None:
        return None
    declared_at = state.major.declared_at
    heard = tuple(
        one.at for one in state.latest if one.at >= declared_at and one.audience != "staff"
    )
    updates = ctx.edition(state.playbook).major.updates
    return next_by(updates, declared_at, heard, ctx.at)


def unsound_promise(
    state: Incident, audience: Audience, next_at: Millis | None, ctx: Context
) -> Refused | None:
    """Why the time of the next update is too late for a major incident."""
    latest = latest_promise(state, ctx)
    if latest is None or audience == "staff":
        return None
    if next_at is not None and next_at <= latest + LEEWAY:
        return None
    text = t(
        "This is a declared major incident: people hear again within {span}. Its last update is "
        "the all-clear of its commander.",
        span=Span(ms=latest - ctx.at),
    )
    return refuse("major_cadence", text)
