"""Joining accounts: whoever makes a code takes in whoever brings it, once both have said yes.

A code alone gives nothing away. Who is made to bring somebody else's code is told first whose
their account would become; who gets hold of a code is a guest until its maker agrees, comparing
a number that both are shown. An account that was joined cannot join others, a person that others
are joined to cannot be joined: so there is never a chain or a circle, and nobody is taken in who
works here by a name of their own.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.core import joining_words as j
from bot.core import person_words as w
from bot.core.calendar import MINUTE
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.going_on import CUSTOMERS_ONLY, follow, link_to_report, moved, not_brought
from bot.core.ids import Millis
from bot.core.intents import Do, Intent, Ring, Say
from bot.core.joining import (
    AT_ONCE,
    BAD_CODE,
    CLOSED,
    JOINED_ELSEWHERE,
    JOINED_MOST,
    NOBODY_ASKS,
    NOT_HERE,
    NOT_JOINED,
    TOO_MANY,
    are_you_sure,
    asked,
    cannot_end,
    guest_of,
    no_use,
    not_to_be_taken,
)
from bot.core.meeting import met_first
from bot.core.person import Joined, Person, Subscription
from bot.core.person_words import MeetPerson
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.texts import Text, t

CHECK_SIGNS = 4
LASTS_MOST: Millis = 60 * MINUTE


# --- whoever makes the code ------------------------------------------------------------------


def issue(state: Person | None, command: j.IssueLink, ctx: Context) -> Decision:
    """A new code; one made before serves no more."""
    met = met_first(state, ctx)
    refused = None if met else _not_the_maker(state, ctx)
    if refused is not None and not (command.report and refused is NOT_HERE):
        return refused
    if not ctx.at < command.until <= ctx.at + LASTS_MOST:
        return refuse("too_late", t("This code would not serve at the right time. Make another."))
    if state is not None and state.guest is not None and state.guest.confirmed:
        return AT_ONCE
    if state is not None and len(state.own) >= JOINED_MOST:
        return TOO_MANY
    if command.report and state is not None and state.roles:
        return CUSTOMERS_ONLY
    made = j.LinkIssued(
        token=command.token,
        until=command.until,
        report=command.report,
        seat=ctx.seat if command.report else None,
    )
    return [*met, made]


def _not_the_maker(state: Person | None, ctx: Context) -> Refused | None:
    """Only from an account that is the person's by itself."""
    if state is None or state.disabled or state.subject in state.erased:
        return CLOSED
    if state.joined_into:
        return JOINED_ELSEWHERE
    # What was joined comes with the subject of who it was.
    here = None if ctx.identity is None else ctx.identity.subject
    return NOT_HERE if any(one.subject == here for one in state.own) else None


def confirm(state: Person | None, command: j.ConfirmJoin, ctx: Context) -> Decision:
    """Agree to whoever brought the code."""
    refused = _not_the_maker(state, ctx)
    if state is None or refused is not None:
        return refused or CLOSED
    guest = guest_of(state, ctx.at)
    if guest is None or guest.number != command.number:
        done = any(one.number == command.number for one in state.own)
        return [] if done else NOBODY_ASKS
    return [] if guest.confirmed else [j.JoinConfirmed(number=guest.number)]


def decline(state: Person | None, command: j.DeclineJoin, ctx: Context) -> Decision:
    """Forget the code and its guest, unless both have agreed already."""
    if state is None or (state.link is None and state.guest is None):
        return []
    if state.guest is not None and state.guest.confirmed:
        return AT_ONCE
    return [j.JoinDropped(why="")]


# --- whoever brings it -----------------------------------------------------------------------


def join(state: Person | None, command: j.JoinIdentity, ctx: Context) -> Decision:
    """Bring the code: once, in time, and knowing whose this account becomes."""
    if state is None or ctx.identity is None or ctx.seat is None:
        return BAD_CODE
    link = link_to_report(state, command.token)
    if link is not None:
        return follow(state, link, command, ctx)
    refused = no_use(state, command, ctx) or not_to_be_taken(state, ctx)
    if refused is not None:
        return refused
    return [asked(state, command, ctx, _check(ctx))] if command.sure else are_you_sure(state)


def _check(ctx: Context) -> str:
    return f"{int.from_bytes(ctx.chance(4), 'big') % 10**CHECK_SIGNS:0{CHECK_SIGNS}}"


# --- becoming one ----------------------------------------------------------------------------


def end(state: Person | None, command: j.EndInto, ctx: Context) -> Decision:
    """Go on as another, unless something has come between."""
    if state is None:
        return NOBODY_ASKS
    if state.joined_into == command.into:
        return []
    refused = cannot_end(state)
    if refused is not None:
        return refused
    return [j.JoinedInto(into=command.into, number=command.number)]


def send_drop(command: j.EndInto, refused: Refused) -> Command:
    """Tell whoever agreed that nothing came of it."""
    return j.DropJoin(number=command.number, why=refused.code)


def drop(state: Person | None, command: j.DropJoin, ctx: Context) -> Decision:
    """Nothing came of it."""
    if state is None:
        return []
    if command.onto is not None:  # Something newer has nothing to do with it.
        newer = state.link is not None or state.guest is not None
        return [] if newer else [j.JoinDropped(why=command.why, onto=command.onto)]
    guest = state.guest
    if guest is None or guest.number != command.number:
        return []
    onto = (guest.onto or guest.seat) if guest.report else None
    return [j.JoinDropped(why=command.why, onto=onto)]


def take_in(state: Person | None, command: j.TakeIn, ctx: Context) -> Decision:
    """The other has ended: their account is this person's now."""
    guest = None if state is None or state.disabled else state.guest
    if guest is None or not guest.confirmed:
        return NOBODY_ASKS
    if (guest.number, guest.person) != (command.number, command.person):
        return NOBODY_ASKS
    return [j.IdentityJoined(number=guest.number, report=guest.report, onto=guest.onto)]


def send_leave(command: j.TakeIn, refused: Refused) -> Command:
    """Whoever ended into somebody that is not there any more stands for themselves again."""
    return j.LeaveJoin(into=command.into)


# --- parting ---------------------------------------------------------------------------------


def part(state: Person | None, command: j.PartIdentity, ctx: Context) -> Decision:
    """From now on the account is whoever it was before."""
    refused = _not_the_maker(state, ctx)
    if state is None or refused is not None:
        return refused or CLOSED
    return _parted(state, command.number)


def part_of(state: Person | None, command: j.PartIdentityOf, ctx: Context) -> Decision:
    """The same, of somebody else."""
    return NOT_JOINED if state is None else _parted(state, command.number)


def _parted(state: Person, number: int) -> Decision:
    found = next((one for one in state.joined if one.number == number), None)
    if found is None:
        return NOT_JOINED
    if found.parted:
        return []
    theirs = (w.Unsubscribed(number=one.number) for one in _followed_by(found, state))
    return [j.IdentityParted(number=number), *theirs]


def _followed_by(account: Joined, state: Person) -> list[Subscription]:
    """What is heard where that account is, and was asked for since it was joined."""
    return [one for one in state.subscriptions if one.seat.key.subject == account.subject]


def leave(state: Person | None, command: j.LeaveJoin, ctx: Context) -> Decision:
    """Stands for themselves again."""
    if state is None or state.joined_into != command.into:
        return []
    return [j.JoinLeft(into=command.into), *_taken_along(state, command.follows)]


def _taken_along(state: Person, follows: Sequence[j.Follows]) -> Iterator[w.Subscribed]:
    """What was followed there while the account was joined, unless it is followed already."""
    known = {(one.scope, one.seat.channel) for one in state.subscriptions}
    fresh = [one for one in follows if (one.scope, one.seat.channel) not in known]
    for number, one in enumerate(fresh, start=state.subscribed + 1):
        yield w.Subscribed(number=number, scope=one.scope, seat=one.seat, wish=one.wish, again=True)


# --- what follows ----------------------------------------------------------------------------


def on_asked(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """Somebody new gets a stream of their own; the guest is told the number, the host rings."""
    event = rec.event
    if not isinstance(event, j.JoinAsked):
        return
    if ctx.reads.get(event.person) is None:
        met = MeetPerson(
            subject=event.subject,
            channel=event.seat.channel,
            identity=event.identity,
            language=ctx.actor.language,
        )
        yield Do(stream=event.person, command=met)
    if event.report:
        return
    yield Say(
        to=event.seat,
        lane="reply",
        text=t(
            "Almost done. Look where you made the code: it shows the number {check}. "
            "If it is the same, say yes there.",
            check=event.check,
        ),
        subject=event.subject,
        until=event.until,
    )
    yield Ring(person=state.stream, why="joining")


def on_confirmed(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """Ask the other to end."""
    guest = state.guest
    if guest is not None:
        ended = j.EndInto(into=state.stream, number=guest.number)
        yield Do(stream=guest.person, command=ended)


def on_ended(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """Tell whoever takes this person in."""
    event = rec.event
    if isinstance(event, j.JoinedInto):
        taken = j.TakeIn(number=event.number, person=state.stream, into=event.into)
        yield Do(stream=event.into, command=taken)


def on_joined(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """Both sides see it."""
    event = rec.event
    if isinstance(event, j.IdentityJoined):
        fresh = next(one for one in state.joined if one.number == event.number)
        if event.report:
            yield moved(state, event.report, event.onto or fresh.seat)
            return
        yield _told(fresh, t("It is done: this account is joined. You can go on here."))
        yield Ring(person=state.stream, why="joining")


def on_dropped(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """The page of whoever agreed says why, and who waits for a report hears that it stays."""
    yield Ring(person=state.stream, why="joining")
    event = rec.event
    if isinstance(event, j.JoinDropped) and event.onto is not None:
        yield not_brought(event.onto)


def on_parted(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """The other goes on by themselves."""
    event = rec.event
    if isinstance(event, j.IdentityParted):
        gone = next(one for one in state.joined if one.number == event.number)
        theirs = _followed_by(gone, state)
        follows = (j.Follows(scope=one.scope, wish=one.wish, seat=one.seat) for one in theirs)
        leave = j.LeaveJoin(into=state.stream, follows=tuple(follows))
        yield Do(stream=gone.person, command=leave)
        yield _told(gone, t("This account is not joined any more. It stands for itself again."))
        yield Ring(person=state.stream, why="joining")


def _told(account: Joined, text: Text) -> Say:
    return Say(to=account.seat, lane="reply", text=text, subject=account.subject)


def _by_house(
    command: type[Command],
    decide: Decider,
    sends_back: Callable[[Any, Refused], Command] | None = None,
) -> Rule:
    return Rule(command, decide, "named", by_system=True, sends_back=sends_back)


WORKFLOW = Workflow(
    rules=(
        Rule(j.IssueLink, issue, "self", by_anyone=True),
        Rule(j.JoinIdentity, join, "named", by_anyone=True, named_by="person", meets=True),
        Rule(j.ConfirmJoin, confirm, "self", by_anyone=True),
        Rule(j.DeclineJoin, decline, "self", by_anyone=True),
        Rule(j.PartIdentity, part, "self", by_anyone=True),
        Rule(
            j.PartIdentityOf,
            part_of,
            "named",
            roles=("administrator",),
            named_by="person",
            proof="always",
        ),
        _by_house(j.EndInto, end, send_drop),
        _by_house(j.TakeIn, take_in, send_leave),
        _by_house(j.DropJoin, drop),
        _by_house(j.LeaveJoin, leave),
    ),
    reactors=(
        (j.JoinAsked, on_asked),
        (j.JoinConfirmed, on_confirmed),
        (j.JoinDropped, on_dropped),
        (j.JoinedInto, on_ended),
        (j.IdentityJoined, on_joined),
        (j.IdentityParted, on_parted),
    ),
)
