"""The posts of a major incident: offered, accepted, given up; command never lies down.

A hand-over takes two: somebody is asked, and accepts. Until then whoever has the post keeps it,
so there is one commander at every moment, never none and never two, and it is nobody who repairs.
An empty post that somebody should have is told after the playbook's time.
"""

from collections.abc import Iterator
from typing import Any

from bot.core import major_words as w
from bot.core import person_words as pw
from bot.core.alarm_words import RaiseAlarm, StopAlarm
from bot.core.calendar import DAY
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.handling import STAFF, by_staff, me, over
from bot.core.ids import PersonId, StreamId, SubjectId
from bot.core.iimarch import as_text, for_post, whose
from bot.core.incident import Incident
from bot.core.intents import Do, DropTimer, Intent, Members, Then
from bot.core.major import Offered, Post, commands, holder
from bot.core.major_rules import resolves, vacancy, vacancy_name
from bot.core.major_words import COMMANDER, DEPUTY
from bot.core.notices import page
from bot.core.parties import Party
from bot.core.person import Person
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.texts import Ref, Text, When, Who, t

HOUSE = "system"
_RESOLVER = t(
    "Who repairs does not command, and this person has a task of this incident. Choose somebody "
    "else, or wait until the task is done or given back."
)
_STANDBY = t("The deputy stands by for the commander, so it must be somebody else.")
_NOT_STAFF = t("This person cannot have a post. Choose an agent or a supervisor.")


def _post(state: Incident | None, key: str) -> Post | Refused:
    """The post, while there are posts."""
    if state is None or not state.working:
        return over(state)
    if not state.major.declared:
        return refuse("not_declared", t("This is not a declared major incident."))
    return state.major.post(key) or refuse("unknown_post", t("There is no such post here."))


def _is_staff(person: Frozen | None) -> bool:
    if not isinstance(person, Person) or person.disabled:
        return False
    return any(role in STAFF for role in person.roles)


def _unfit(state: Incident, post: str, person: PersonId) -> Refused | None:
    """Why `person` cannot have this post, whoever they are."""
    if post == COMMANDER and resolves(state, person):
        return refuse("resolver", _RESOLVER)
    if post == DEPUTY and commands(state, person):
        return refuse("standby", _STANDBY)
    return None


# --- asked, and accepted ---------------------------------------------------------------------


def offer(state: Incident | None, command: w.OfferPost, ctx: Context) -> Decision:
    """Ask somebody to take a post. What nobody has anybody of the staff may take at once."""
    post, to = _post(state, command.post), command.to or me(ctx)
    if isinstance(post, Refused):
        return post
    assert state is not None
    asked = state.major.offer(post.post)
    if to in (post.person, asked and asked.to):
        return []
    refused = (
        _may_not_offer(state, post, to, ctx)
        or _not_here(to, ctx)
        or _unfit(state, post.post, to)
        or (_offered_already(asked) if asked else None)
    )
    if refused is not None:
        return refused
    if to == me(ctx) and post.person is None:
        return [w.PostAccepted(post=post.post, person=to, before=None)]
    return [w.PostOffered(post=post.post, to=to, by=me(ctx))]


def _not_here(person: PersonId, ctx: Context) -> Refused | None:
    """Why somebody cannot have a post: who asks for themselves works here already."""
    if person == me(ctx) or _is_staff(ctx.reads.get(person)):
        return None
    return refuse("not_staff", _NOT_STAFF)


def _may_not_offer(state: Incident, post: Post, to: PersonId, ctx: Context) -> Refused | None:
    """Whoever has a post hands it over, the commander and supervisors give any; the deputy may
    ask for command. What nobody has is anybody's to take.
    """
    by = me(ctx)
    if by == post.person or commands(state, by) or "supervisor" in ctx.actor.roles:
        return None
    if post.person is None and to == by:
        return None
    if post.post == COMMANDER and holder(state, DEPUTY) == by:
        return None
    return refuse("not_yours", t("Only whoever has this post, or the commander, hands it over."))


def _offered_already(found: Offered) -> Refused:
    who, time = Who(person=found.to), When(at=found.at)
    text = t(
        "{who} was asked at {time}. Take that back first, then ask another.", who=who, time=time
    )
    return refuse("offered", text)


def accept(state: Incident | None, command: w.AcceptPost, ctx: Context) -> Decision:
    """It is mine from now on, and nobody else's."""
    post = _post(state, command.post)
    if isinstance(post, Refused):
        return post
    assert state is not None
    mine, asked = me(ctx), state.major.offer(post.post)
    if post.person == mine:
        return []
    if asked is None or asked.to != mine:
        return _not_asked(post)
    refused = _unfit(state, post.post, mine)
    if refused is not None:
        return refused
    accepted = w.PostAccepted(post=post.post, person=mine, before=post.person)
    return [accepted, *_beside(state, post, mine)]


def _beside(state: Incident, post: Post, mine: PersonId) -> list[Event]:
    """Who commands is not their own deputy any more; a deputy is asked at once where who commands
    has left.
    """
    if post.post == COMMANDER and holder(state, DEPUTY) == mine:
        return [w.PostReleased(post=DEPUTY, person=mine, why="commands")]
    if post.post == DEPUTY and state.major.left:
        return _asked_by_the_house(state, mine)
    return []


def _not_asked(post: Post) -> Refused:
    if post.person is None:
        text = t("You are not asked to take this post any more. You can take it all the same.")
        return refuse("not_offered", text)
    who, time = Who(person=post.person), When(at=post.since)
    text = t(
        "You are not asked to take this post any more: {who} has it since {time}.",
        who=who,
        time=time,
    )
    return refuse("not_offered", text)


def decline(state: Incident | None, command: w.DeclinePost, ctx: Context) -> Decision:
    """I cannot."""
    post = _post(state, command.post)
    if isinstance(post, Refused):
        return post
    assert state is not None
    asked = state.major.offer(post.post)
    if asked is None or asked.to != me(ctx):
        return []
    return [w.PostDeclined(post=post.post, person=me(ctx))]


def take_back(state: Incident | None, command: w.TakeBackOffer, ctx: Context) -> Decision:
    """Nobody is asked any more: by whoever asked, has the post, commands or supervises."""
    post = _post(state, command.post)
    if isinstance(post, Refused):
        return post
    assert state is not None
    asked, by = state.major.offer(post.post), me(ctx)
    if asked is None:
        return []
    may = by in (asked.by, post.person) or commands(state, by)
    if not may and "supervisor" not in ctx.actor.roles:
        return refuse("not_yours", t("Only whoever asked, or the commander, takes this back."))
    return [w.OfferTakenBack(post=post.post, person=asked.to, why="asked")]


def release(state: Incident | None, command: w.ReleasePost, ctx: Context) -> Decision:
    """I give it up; somebody else takes it. Command is handed over, never given up."""
    post = _post(state, command.post)
    if isinstance(post, Refused):
        return post
    if post.person != me(ctx):
        return [] if post.person is None else refuse("not_yours", t("This post is not yours."))
    if post.post == COMMANDER:
        text = t("Command is never given up: ask somebody to take it, and it is yours until then.")
        return refuse("hand_over", text)
    return [w.PostReleased(post=post.post, person=me(ctx), why="asked")]


# --- empty, and left -------------------------------------------------------------------------


def note_vacancy(state: Incident | None, command: w.NoteVacancy, ctx: Context) -> Decision:
    """Empty for too long; what was filled meanwhile is another timer's."""
    post = _post(state, command.post)
    if isinstance(post, Refused) or post.person is not None:
        return []
    if post.since != command.since or post.vacant:
        return []
    return [w.PostStayedVacant(post=post.post, since=post.since)]


def note_left(state: Incident | None, command: w.NotePersonLeft, ctx: Context) -> Decision:
    """Their posts are empty and they are asked nothing; command stays until the deputy has it."""
    left = command.person
    if state is None or not state.major.declared or _is_staff(ctx.reads.get(left)):
        return []
    found: list[Event] = [
        w.OfferTakenBack(post=one.post, person=left, why="left")
        for one in state.major.offers
        if one.to == left
    ]
    found += [
        w.PostReleased(post=one.post, person=left, why="left")
        for one in state.major.posts
        if one.person == left and one.post != COMMANDER
    ]
    if commands(state, left) and not state.major.left:
        found.append(w.CommanderLeft(person=left))
        deputy = holder(state, DEPUTY)
        found += _asked_by_the_house(state, deputy) if deputy not in (None, left) else []
    return found


def _asked_by_the_house(state: Incident, deputy: PersonId | None) -> list[Event]:
    """The deputy is asked to take command, whoever was asked before."""
    asked = state.major.offer(COMMANDER)
    if deputy is None or resolves(state, deputy) or (asked and asked.to == deputy):
        return []
    back = [w.OfferTakenBack(post=COMMANDER, person=asked.to, why="over")] if asked else []
    return [*back, w.PostOffered(post=COMMANDER, to=deputy, by=HOUSE)]


# --- what follows ----------------------------------------------------------------------------


def _told(
    state: Incident,
    person: PersonId,
    text: Text,
    why: str,
    rec: Recorded,
    about: SubjectId | None = None,
) -> Iterator[Intent]:
    """A word to one of the crew, wherever they are."""
    who = [Party(of="person", key=person)]
    until, about = rec.at + DAY, about or state.subject
    yield from page(state.stream, who, text, why, until=until, subject=about, alone=True)


def on_offered(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who is asked hears what they would do."""
    assert isinstance(rec.event, w.PostOffered)
    part, post = ctx.playbook.major, rec.event.post
    text = t(
        "You are asked to be {post} in the major incident {ref}. {duty} Accept it or decline on "
        "its card.",
        post=part.title(post),
        ref=Ref(ref=state.reference),
        duty=part.duty(post),
    )
    yield from _told(state, rec.event.to, text, "post:offered", rec)


def on_accepted(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who has it knows what to do, who had it that it is theirs no more; nobody is called."""
    assert isinstance(rec.event, w.PostAccepted)
    part, post, ref = ctx.playbook.major, rec.event.post, Ref(ref=state.reference)
    yield DropTimer(name=vacancy_name(post))
    yield Then(command=StopAlarm(incident=state.stream, cause="vacancy", about=post))
    text = t("You are {post} in the major incident {ref}.", post=part.title(post), ref=ref)
    brief = for_post(state, part.duty(post), ctx.playbook, ctx.edition(state.playbook))
    yield from _told(state, rec.event.person, as_text(text, brief), "post:yours", rec, whose(state))
    if rec.event.before is not None:
        who = Who(person=rec.event.person)
        text = t(
            "{who} is {post} of {ref} now, instead of you.",
            who=who,
            post=part.title(post),
            ref=ref,
        )
        yield from _told(state, rec.event.before, text, "post:taken", rec)


def on_declined(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who asked has to ask another; the house has the supervisors do so."""
    assert isinstance(rec.event, w.PostDeclined)
    who, ref = Who(person=rec.event.person), Ref(ref=state.reference)
    post = ctx.playbook.major.title(rec.event.post)
    text = t("{who} cannot be {post} of {ref}. Ask somebody else.", who=who, post=post, ref=ref)
    commander = holder(state, COMMANDER)
    if state.major.left or commander is None:
        supervisors = [Party(of="role", key="supervisor")]
        until = rec.at + DAY
        yield from page(state.stream, supervisors, text, "post:declined", until=until, alone=True)
    else:
        yield from _told(state, commander, text, "post:declined", rec)


def on_taken_back(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who was asked need not think about it any more."""
    assert isinstance(rec.event, w.OfferTakenBack)
    if rec.event.why == "left":
        return
    post, ref = ctx.playbook.major.title(rec.event.post), Ref(ref=state.reference)
    text = t("You are not asked any more to be {post} of {ref}.", post=post, ref=ref)
    yield from _told(state, rec.event.person, text, "post:taken_back", rec)


def on_released(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """It is watched that somebody takes it."""
    assert isinstance(rec.event, w.PostReleased)
    post = state.major.post(rec.event.post)
    if post is not None and (timer := vacancy(state, post, ctx)):
        yield timer


def on_vacant(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Somebody must see to it."""
    assert isinstance(rec.event, w.PostStayedVacant)
    alarm = RaiseAlarm(incident=state.stream, cause="vacancy", about=rec.event.post)
    yield Then(command=alarm)


def on_commander_left(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """This does not wait."""
    yield Then(command=RaiseAlarm(incident=state.stream, cause="vacancy", about=COMMANDER))


def on_person_left(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """Every major incident in which they have a post looks after it."""
    if not _is_staff(state):
        left = w.NotePersonLeft(incident="", person=state.stream)
        yield Do(stream=Members(of="posts", stream=state.stream), command=left)


def _receiver(command: w.OfferPost) -> tuple[StreamId, ...]:
    return (command.to,) if command.to else ()


def _gone(command: w.NotePersonLeft) -> tuple[StreamId, ...]:
    return (command.person,)


def _by_house(command: type[Command], decide: Decider, **more: Any) -> Rule:
    return Rule(command, decide, "named", by_system=True, named_by="incident", **more)


WORKFLOW = Workflow(
    rules=(
        by_staff(w.OfferPost, offer, reads=_receiver),
        by_staff(w.AcceptPost, accept),
        by_staff(w.DeclinePost, decline),
        by_staff(w.TakeBackOffer, take_back),
        by_staff(w.ReleasePost, release),
        _by_house(w.NoteVacancy, note_vacancy),
        _by_house(w.NotePersonLeft, note_left, reads=_gone),
    ),
    reactors=(
        (w.PostOffered, on_offered),
        (w.PostAccepted, on_accepted),
        (w.PostDeclined, on_declined),
        (w.OfferTakenBack, on_taken_back),
        (w.PostReleased, on_released),
        (w.PostStayedVacant, on_vacant),
        (w.CommanderLeft, on_commander_left),
        (pw.PersonDisabled, on_person_left),
        (pw.RoleRevoked, on_person_left),
    ),
)
