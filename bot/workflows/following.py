"""Who hears updates where: subscribed, asked and confirmed, changed, ended.

Where nobody can write to us from, what was asked for counts only after a yes by a link that was
sent there; whoever came only to follow is forgotten once nothing is left to hear.
"""

from collections.abc import Iterator

from bot.core import following_words as f
from bot.core import person_words as w
from bot.core import place_words as p
from bot.core.calendar import DAY
from bot.core.commands import Command
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.following import Wish, is_scope
from bot.core.ids import Millis
from bot.core.intents import DropTimer, Intent, Members, Say, SetTimer, Then
from bot.core.meeting import met_first
from bot.core.person import Person, Subscription
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.texts import When, t

SUBSCRIPTIONS_MOST = 100

NO_PLACE = refuse("no_place", t("Please subscribe where you want to read the updates."))
NOT_THERE = refuse(
    "no_place",
    t(
        "You are not in that place now. Subscribe there once more, or choose that it is told to "
        "you alone."
    ),
)
NO_SCOPE = refuse("no_scope", t("There is nothing under that name that you could follow."))
NO_TIME = refuse("no_time", t("Please give times such as 22:00, and a time zone."))
TOO_MANY = refuse(
    "too_many",
    t("You follow {most} things already. End one of them first.", most=SUBSCRIPTIONS_MOST),
)
ENOUGH = refuse("enough", t("Enough mail went there for today. Please try again tomorrow."))
NO_LINK = refuse("link", t("This link does not work any more. Ask for a new one."))


def _unfit(state: Person | None, scope: str, wish: Wish, ctx: Context) -> Decision | None:
    """Why nobody can hear that here, if they cannot."""
    if ctx.seat is None or (state is None and not met_first(state, ctx)):
        return NO_PLACE
    return _unheard(scope, wish, ctx)


def _unheard(scope: str, wish: Wish, ctx: Context) -> Decision | None:
    if not is_scope(scope, ctx.playbook.categories):
        return NO_SCOPE
    if not wish.fits or wish.language not in ("", *ctx.playbook.organisation.languages):
        return NO_TIME
    return None


def subscribe(state: Person | None, command: w.Subscribe, ctx: Context) -> Decision:
    """Hear updates of a scope on this channel, once; it may be the first word of a stranger."""
    return _followed(state, command.scope, command.wish, ctx)


def _followed(state: Person | None, scope: str, wish: Wish, ctx: Context) -> Decision:
    refused = _unfit(state, scope, wish, ctx)
    if refused is not None or ctx.seat is None:
        return refused or NO_PLACE
    decided = _heard_at(state, scope, wish, ctx.seat)
    return [*met_first(state, ctx), *decided] if isinstance(decided, list) else decided


def _heard_at(state: Person | None, scope: str, wish: Wish, seat: Seat) -> Decision:
    known = _here(state, scope, seat)
    if known is not None:
        return [] if known.wish == wish else [_changed(known, wish)]
    if state is not None and len(state.subscriptions) >= SUBSCRIPTIONS_MOST:
        return TOO_MANY
    return [w.Subscribed(number=_number(state), scope=scope, seat=seat, wish=wish)]


def _here(state: Person | None, scope: str, seat: Seat) -> Subscription | None:
    current = () if state is None else state.subscriptions
    same = (one for one in current if (one.scope, one.seat.channel) == (scope, seat.channel))
    return next(same, None)


def _number(state: Person | None) -> int:
    return 1 if state is None else state.subscribed + 1


def _changed(known: Subscription, wish: Wish) -> w.Subscribed:
    return w.Subscribed(
        number=known.number, scope=known.scope, seat=known.seat, wish=wish, again=True
    )


def unsubscribe(state: Person | None, command: w.Unsubscribe, ctx: Context) -> Decision:
    """Hear no more: of one subscription, or of a scope wherever it went."""
    if state is None:
        return []
    ended = (
        one.number
        for one in state.subscriptions
        if (one.number == command.number if command.number else one.scope == command.scope)
    )
    return [w.Unsubscribed(number=number) for number in ended]


# --- a whole place ---------------------------------------------------------------------------


def follow_in_place(state: Person | None, command: p.FollowInPlace, ctx: Context) -> Decision:
    """What is said in that place from now on; it belongs to the place, not to who asked."""
    if ctx.seat is None or not _is_there(command.person, ctx.seat):
        return NOT_THERE
    refused = _unheard(command.scope, command.wish, ctx)
    if refused is not None:
        return refused
    subject = ctx.mint_subject() if state is None else state.subject
    seat = Seat(
        channel=ctx.seat.channel,
        key=Personal(subject, ctx.seat.key.plain()),
        address=Personal(subject, ctx.seat.address.plain()),
    )
    decided = _heard_at(state, command.scope, command.wish, seat)
    if state is not None or not isinstance(decided, list):
        return decided
    return [p.PlaceMet(subject=subject, channel=seat.channel), *decided]


def leave_in_place(state: Person | None, command: p.LeaveInPlace, ctx: Context) -> Decision:
    """No more of it there."""
    if ctx.seat is None or not _is_there(command.person, ctx.seat):
        return NO_PLACE
    known = _numbered(state, command.number)
    return [] if known is None else [w.Unsubscribed(number=known.number)]


def _is_there(person: str, seat: Seat) -> bool:
    """Nobody speaks for a place from elsewhere."""
    return p.place_person(str(seat.key.plain())) == person


# --- asked for, and confirmed ----------------------------------------------------------------


def ask(state: Person | None, command: f.AskToFollow, ctx: Context) -> Decision:
    """A link goes there. A newer wish replaces one that nobody has said yes to."""
    refused = _unfit(state, command.scope, command.wish, ctx)
    if refused is not None or ctx.seat is None or ctx.identity is None:
        return refused or NO_PLACE
    if state is not None and len(state.subscriptions) >= SUBSCRIPTIONS_MOST:
        return TOO_MANY
    if state is not None and len(state.asks) >= f.ASKS_MOST and ctx.at < state.asks[0] + DAY:
        return ENOUGH
    asked = f.FollowAsked(
        number=_number(state),
        scope=command.scope,
        wish=command.wish,
        seat=ctx.seat,
        token=command.token,
        link=Personal(ctx.seat.key.subject, command.link),
        until=ctx.at + f.ASK_LASTS,
    )
    return [*met_first(state, ctx), asked]


def confirm(state: Person | None, command: f.ConfirmFollow, ctx: Context) -> Decision:
    """Once, and in time. What is followed there already has the new wish from now on."""
    asked = None if state is None else state.asked
    if state is None or state.disabled or asked is None or asked.token != command.token:
        return NO_LINK
    if ctx.at >= asked.until:
        return NO_LINK
    known = _here(state, asked.scope, asked.seat)
    if known is not None:
        return [_changed(known, asked.wish), f.FollowDropped(number=asked.number)]
    said = w.Subscribed(number=asked.number, scope=asked.scope, seat=asked.seat, wish=asked.wish)
    return [said]


def drop(state: Person | None, command: f.DropAsk, ctx: Context) -> Decision:
    """Nobody said yes; a newer wish still waits."""
    asked = None if state is None else state.asked
    if asked is None or asked.until > ctx.at:
        return []
    return [f.FollowDropped(number=asked.number)]


def change(state: Person | None, command: f.ChangeFollow, ctx: Context) -> Decision:
    """Otherwise from now on."""
    known = _numbered(state, command.number)
    if known is None:
        return NO_LINK
    languages = ("", *ctx.playbook.organisation.languages)
    if not command.wish.fits or command.wish.language not in languages:
        return NO_TIME
    return [] if known.wish == command.wish else [_changed(known, command.wish)]


def end(state: Person | None, command: f.EndFollow, ctx: Context) -> Decision:
    """No more; who comes twice is told the same."""
    known = _numbered(state, command.number)
    return [] if known is None else [w.Unsubscribed(number=known.number)]


def _numbered(state: Person | None, number: int) -> Subscription | None:
    current = () if state is None else state.subscriptions
    return next((one for one in current if one.number == number), None)


# --- on a page -------------------------------------------------------------------------------


def follow_here(state: Person | None, command: f.FollowHere, ctx: Context) -> Decision:
    """As to subscribe, for as long as somebody looks."""
    decided = _followed(state, command.scope, command.wish, ctx)
    if not isinstance(decided, list) or not decided:
        return decided
    met, rest = decided[:-1], decided[-1:]
    return [*met, f.Visited(until=ctx.at + f.VISIT_LASTS), *rest]


def visit(state: Person | None, command: f.Visit, ctx: Context) -> Decision:
    """Somebody looks; noted once a week."""
    if state is None or not state.subscriptions:
        return []
    until = ctx.at + f.VISIT_LASTS
    return [f.Visited(until=until)] if until >= state.visited_until + f.VISIT_EVERY else []


def end_visits(state: Person | None, command: f.EndVisits, ctx: Context) -> Decision:
    """Nobody has looked for so long."""
    if state is None or state.visited_until > ctx.at:
        return []
    return [w.Unsubscribed(number=one.number) for one in state.subscriptions]


# --- what follows ----------------------------------------------------------------------------


def on_asked(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """The link, to whoever reads there; and an end to it."""
    assert isinstance(rec.event, f.FollowAsked)
    event = rec.event
    yield Say(
        to=event.seat,
        lane="reply",
        text=t(
            "Do you want to hear of incidents?\n\n"
            "Somebody, perhaps you, asked for updates to this address. To get them, open this "
            "link and press the button there. It works once, until {time}:\n\n"
            "{link}\n\n"
            "If you did not ask for it, you need not do anything. Nothing more comes.",
            time=When(at=event.until),
            link=event.link,
        ),
        subject=state.subject,
        until=event.until,
    )
    yield SetTimer(name="asked", due=event.until, command=f.DropAsk(until=event.until))


def on_subscribed(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """Whoever is new is told how things stand now."""
    assert isinstance(rec.event, w.Subscribed)
    event = rec.event
    if state.asked is None:
        yield DropTimer(name="asked")
    if not event.again:
        yield Say(
            to=Members(of="picture", stream=state.stream, scope=str(event.number)),
            lane="bulk",
            text=t("How things stand now"),
            until=rec.at + DAY,
        )


def on_visited(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """Somebody must look again until then."""
    assert isinstance(rec.event, f.Visited)
    until: Millis = rec.event.until
    yield SetTimer(name="visits", due=until, command=f.EndVisits(until=until))


def on_left(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """Who came only to follow, and follows nothing, is forgotten with their address."""
    left = not state.subscriptions and state.asked is None
    if state.only_follows and left and not state.joined_into:
        yield DropTimer(name="visits")
        yield Then(command=w.ErasePerson(person=state.stream, reason="nothing left to hear"))


def _by_house(command: type[Command], decide: Decider) -> Rule:
    named = "person" if "person" in command.model_fields else ""
    return Rule(command, decide, "named", by_system=True, named_by=named)


def _by_reader(command: type[Command], decide: Decider) -> Rule:
    """For a whole place: by who works here or is kept informed, and is there."""
    roles = ("agent", "stakeholder", "supervisor", "administrator")
    return Rule(command, decide, "named", roles=roles, named_by="person")


WORKFLOW = Workflow(
    rules=(
        Rule(w.Subscribe, subscribe, "self", by_anyone=True),
        Rule(w.Unsubscribe, unsubscribe, "self", by_anyone=True),
        _by_reader(p.FollowInPlace, follow_in_place),
        _by_reader(p.LeaveInPlace, leave_in_place),
        Rule(f.AskToFollow, ask, "self", by_anyone=True),
        Rule(f.FollowHere, follow_here, "self", by_anyone=True),
        Rule(f.Visit, visit, "self", by_anyone=True),
        _by_house(f.ConfirmFollow, confirm),
        _by_house(f.DropAsk, drop),
        _by_house(f.ChangeFollow, change),
        _by_house(f.EndFollow, end),
        _by_house(f.EndVisits, end_visits),
    ),
    reactors=(
        (f.FollowAsked, on_asked),
        (w.Subscribed, on_subscribed),
        (f.Visited, on_visited),
        (w.Unsubscribed, on_left),
        (f.FollowDropped, on_left),
    ),
)
