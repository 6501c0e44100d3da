"""Whether a link by which a report goes on elsewhere may do so, and for whom."""

from bot.core import joining_words as j
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.going_on_words import MoveConversation
from bot.core.ids import PersonId, StreamId
from bot.core.intents import Do, Say
from bot.core.joining import (
    AT_ONCE,
    CLOSED,
    HAS_OTHERS,
    asked,
    cannot_end,
    cannot_take,
    not_to_be_taken,
)
from bot.core.person import Invitation, Person
from bot.core.places import Seat
from bot.core.rules import Decision, refuse
from bot.core.texts import t

LINK_OVER = refuse(
    "bad_link",
    t(
        "This link has been used, or its time is over. Nothing is lost: go back to where you got "
        "it, and get a new one there."
    ),
)
CUSTOMERS_ONLY = refuse(
    "customers_only",
    t(
        "This link is for people who reported something. Your account works here, so it cannot "
        "go on with somebody's report."
    ),
)
ARE_YOU_SURE = refuse(
    "are_you_sure",
    t(
        "With this link you go on here with the report of whoever made it. What was reported "
        "from here, and in their other conversation, can then be read in both. Go on only if you "
        "made this link yourself."
    ),
    transient=True,
)

NOT_BROUGHT = t(
    "Your report could not come here. Nothing is lost: go back to where you got the link, and "
    "get a new one there."
)


def link_to_report(state: Person, token: str) -> Invitation | None:
    """The open link of `state` with this hash, if it is one by which a report goes on."""
    link = state.link
    return link if link is not None and link.report and link.token == token else None


def not_to_go_on(state: Person, link: Invitation, ctx: Context) -> Refused | None:
    """Why whoever opens `link` of `state` does not go on."""
    if state.disabled or state.joined_into or state.subject in state.erased:
        return LINK_OVER
    if ctx.at >= link.until:
        return LINK_OVER
    guest = ctx.reads.get(ctx.actor.person or "")
    if state.roles or ctx.actor.roles or (isinstance(guest, Person) and works_here(guest)):
        return CUSTOMERS_ONLY
    if isinstance(guest, Person) and (guest.disabled or guest.subject in guest.erased):
        return CLOSED
    return None


def follow(state: Person, link: Invitation, command: j.JoinIdentity, ctx: Context) -> Decision:
    """By a link of one's own, which says yes by itself: once, and never somebody who works here.

    Whoever has gone on elsewhere before has other accounts already: then the person of the link,
    who has none, goes on as them.
    """
    assert ctx.seat is not None
    refused = not_to_go_on(state, link, ctx)
    if refused is not None:
        return refused
    if ctx.actor.person == state.stream:
        return [j.LinkFollowed(report=link.report, seat=ctx.seat)]
    refused = not_to_be_taken(state, ctx)
    turned = refused is HAS_OTHERS
    if turned:
        refused = _not_to_end(state, link, ctx)
    if refused is not None:
        return refused
    if not command.sure:
        return ARE_YOU_SURE
    if turned:
        into = ctx.actor.person or ""
        own = link.seat
        return [j.LinkFollowed(report=link.report, seat=ctx.seat, into=into, own=own)]
    waits = asked(state, command, ctx, "", link.report)
    return [waits, j.JoinConfirmed(number=waits.number)]


def _not_to_end(state: Person, link: Invitation, ctx: Context) -> Refused | None:
    """Why the person of a link cannot go on as whoever opened it."""
    if works_here(state):
        return CUSTOMERS_ONLY
    if link.seat is None or not state.identities:
        return HAS_OTHERS
    taker = ctx.reads.get(ctx.actor.person or "")
    assert isinstance(taker, Person)
    return cannot_end(state) or cannot_bring(taker)


def cannot_bring(taker: Person) -> Refused | None:
    """Why somebody takes in nobody by whose link they go on."""
    if taker.disabled or taker.joined_into or taker.subject in taker.erased:
        return CLOSED
    if works_here(taker):
        return CUSTOMERS_ONLY
    busy = taker.guest is not None and taker.guest.confirmed
    return AT_ONCE if busy else cannot_take(taker)


def moved(state: Person, report: StreamId, seat: Seat) -> Do:
    """The report goes on at `seat`, if it is one of theirs."""
    move = MoveConversation(report=report, seat=seat, people=own_people(state))
    return Do(stream=report, command=move)


def not_brought(seat: Seat) -> Say:
    """Who waits at `seat` for a report hears that it does not come."""
    return Say(to=seat, lane="reply", text=NOT_BROUGHT, subject=seat.key.subject)


def works_here(person: Person) -> bool:
    """Whether they are, or were, somebody with a role."""
    named = person.name is not None or person.shown is not None or person.invitation is not None
    return bool(person.roles) or named or person.program is not None


def own_people(state: Person) -> tuple[PersonId, ...]:
    """Everybody whose reports are theirs."""
    return (state.stream, *(one.person for one in state.own))
