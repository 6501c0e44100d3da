"""One command worked out: gate, decide, fold, react, and again for every `Then`. No I/O."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.access import gate, unproved
from bot.core.commands import SYSTEM, Command, Refused
from bot.core.context import Context
from bot.core.errors import Fault
from bot.core.events import Event, Recorded
from bot.core.fold import Fold, State
from bot.core.ids import Kind, kind_of
from bot.core.intents import Intent, Say, Then
from bot.core.personal import forget
from bot.core.places import Seat
from bot.core.rows import Listed
from bot.core.rules import Lister, Reactor, Rule

THEN_DEPTH = 8
EVENTS_PER_UNIT = 128


@dataclass(frozen=True, slots=True)
class Book:
    """The table of `workflows` and the folds, as the engine is given them by wiring."""

    rules: Mapping[type[Command], Rule]
    reactors: Mapping[type[Event], tuple[Reactor, ...]]
    folds: Mapping[Kind, Fold[Any]]
    lists: Mapping[Kind, Lister]

    def rows(self, state: State | None) -> tuple[Listed, ...]:
        """The rows that lists show for `state`."""
        return () if state is None else tuple(self.lists[kind_of(state.stream)](state))


@dataclass(slots=True)
class Work:
    """What came of a command: events in order, the state after them, and what is to follow."""

    state: State | None
    version: int
    events: list[Recorded] = field(default_factory=list)
    intents: list[tuple[Recorded, Intent]] = field(default_factory=list)


Sealer = Callable[[Event], None]


def work(
    book: Book, state: State | None, command: Command, ctx: Context, cause: str
) -> Work | Refused:
    """Decide `command` on `state` and everything that follows in the same stream.

    Raises Fault (or whatever a decider or reactor raises) when the unit must not be kept: a
    refused Then, an event that cannot stand there, a chain of Thens without end.
    """
    done = Work(state, ctx.version)
    queue: deque[tuple[Command, Context, str, int]] = deque([(command, ctx, cause, 0)])
    while queue:
        command, ctx, cause, depth = queue.popleft()
        refused = _step(book, done, command, ctx, cause, depth, queue)
        if refused is not None and depth == 0:
            return refused
        if refused is not None:
            raise Fault(f"the follow-up {command.tag} was refused: {refused.code}")
    return done


def _step(
    book: Book,
    done: Work,
    command: Command,
    ctx: Context,
    cause: str,
    depth: int,
    queue: deque[tuple[Command, Context, str, int]],
) -> Refused | None:
    rule = book.rules[type(command)]
    refused = gate(rule, ctx.actor, done.state, ctx.reads) or unproved(rule, ctx)
    if refused is not None:
        return refused
    decision = rule.decide(done.state, command, ctx)
    if isinstance(decision, Refused):
        return decision
    if depth > THEN_DEPTH or len(done.events) + len(decision) > EVENTS_PER_UNIT:
        raise Fault("follow-ups without end")
    fold = book.folds[kind_of(ctx.stream)]
    for decided in decision:
        event = _without_erased(decided, done.state)
        done.version += 1
        rec = Recorded(
            stream=ctx.stream,
            version=done.version,
            at=ctx.at,
            source_at=ctx.source_at,
            actor=ctx.actor.name,
            cause=cause,
            event=event,
        )
        done.events.append(rec)
        done.state = fold(done.state, rec)
        for intent in _reactions(book, rec, done.state, ctx):
            if isinstance(intent, Then):
                later = replace(ctx, actor=SYSTEM, version=done.version)
                queue.append((intent.command, later, rec.id, depth + 1))
            else:
                done.intents.append((rec, intent))
    return None


def _without_erased(event: Event, state: State | None) -> Event:
    """A stream takes nothing more about somebody whom it has let go of."""
    for subject in () if state is None else state.erased:
        event = forget(event, subject)
    return event


def _reactions(book: Book, rec: Recorded, state: State, ctx: Context) -> list[Intent]:
    found: list[Intent] = []
    for react in book.reactors.get(type(rec.event), ()):
        found.extend(one for one in react(rec, state, ctx) if _is_heard(one))
    return found


def _is_heard(intent: Intent) -> bool:
    """Nothing is said to whom nothing of ours reaches."""
    to = intent.to if isinstance(intent, Say) else None
    return not isinstance(to, Seat) or to.reached
