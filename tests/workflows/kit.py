"""Streams told in events, decided and reacted to by the real table, without an engine.

Times are milliseconds since the epoch; a story begins at `AT`. Chance is counted, so every
run mints the same ids.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from bot.core.access import gate
from bot.core.commands import SYSTEM, Actor, Command, Refused
from bot.core.context import Context
from bot.core.disclosure import People
from bot.core.events import Event, Recorded
from bot.core.fold import State
from bot.core.frozen import Frozen
from bot.core.ids import DESK, Kind, Millis, StreamId
from bot.core.incident import Incident
from bot.core.intents import Intent, Say
from bot.core.likely_words import Likely
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.playbook import Playbook
from bot.core.playbook_parse import parse
from bot.core.registry import FOLDS
from bot.core.rules import Decision
from bot.workflows.table import REACTORS, RULES
from tests.tidy import ROOT

AT: Millis = 1_767_609_000_000
"""A Monday morning, 5 January 2026, 10:30 in UTC."""
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

REPORT = "rep_" + "1" * 26
INCIDENT = "inc_" + "1" * 26
TASKS = tuple(range(1, 51))
"""Every task that there may be, for whoever resolves whatever is left."""
PERSON = "per_" + "1" * 26
STREAMS: dict[Kind, StreamId] = {
    "report": REPORT,
    "incident": INCIDENT,
    "person": PERSON,
    "desk": DESK,
}

CUSTOMER, ANA, BEN, CHIEF, ADMIN = ("per_" + letter * 26 for letter in "CABDE")
"""A customer, two of the staff, a supervisor, an administrator."""


_NORMAL: dict[str, Any] = {"stream": INCIDENT, "visibility": "normal"}
SEEN = Incident.model_construct(**_NORMAL)
"""What a report is part of: an incident that everybody who works here may see."""


def _playbook() -> Playbook:
    found = parse((ROOT / "bot" / "playbooks" / "default.toml").read_text(), "default.toml")
    assert isinstance(found, Playbook), found
    return found


CAREFUL = _playbook()
"""The default playbook: what reaches many, or everybody, waits for a second person."""

PLAYBOOK = CAREFUL.model_copy(update={"approvals": ()})
"""The same without that, so that whoever publishes has published."""


def actor(person: str, *roles: str) -> Actor:
    """Somebody with `roles`; whose subject is `sub:` and the person."""
    return Actor(person=person, subject=f"sub:{person}", roles=roles, language="en")


CUSTOMER_ACTS = actor(CUSTOMER)
ANA_ACTS = actor(ANA, "agent")
BEN_ACTS = actor(BEN, "agent")
CHIEF_ACTS = actor(CHIEF, "supervisor")
ADMIN_ACTS = actor(ADMIN, "administrator")


def seat(person: str = CUSTOMER, channel: str = "web") -> Seat:
    """Where `person` reads and writes."""
    subject = f"sub:{person}"
    return Seat(
        channel=channel,
        key=Personal(subject, f"{channel} key of {person}"),
        address=Personal(subject, f"{channel} address of {person}"),
    )


SOMEBODY = People(reached=1)
"""An incident with one customer, of whom nothing is known."""


class Counted:
    """Chance that anybody can foretell: each call gives other bytes, in every run the same."""

    def __init__(self) -> None:
        self._calls = count()

    def __call__(self, size: int) -> bytes:
        return hashlib.sha256(str(next(self._calls)).encode()).digest()[:size]


def context(
    by: Actor = CUSTOMER_ACTS,
    at: Millis = AT,
    stream: StreamId = REPORT,
    version: int = 0,
    playbook: Playbook = PLAYBOOK,
    reads: dict[StreamId, Frozen | None] | None = None,
    *,
    people: People = SOMEBODY,
    channel: str = "web",
    likely: tuple[Likely, ...] | None = None,
) -> Context:
    """What a decider may know when `by` asks at `at`."""
    chance = Counted()
    here = None if by.is_system else seat(by.person or "", channel)
    identity = None if by.is_system else Personal(by.subject or "", f"hash of {by.person}")
    return Context(
        at=at,
        actor=by,
        stream=stream,
        version=version,
        entry="timer" if by.is_system else "web",
        identity=identity,
        seat=here,
        source_at=None,
        playbook=playbook,
        chance=chance,
        mint_subject=lambda: f"sub-{chance(8).hex()}",
        edition=lambda version: PLAYBOOK,
        reads=reads or {},
        people=people,
        reach=1,
        likely=likely,
    )


def recorded(
    event: Event, stream: StreamId, version: int, at: Millis, actor: str | None = None
) -> Recorded:
    """`event` as the log holds it."""
    return Recorded(
        stream=stream,
        version=version,
        at=at,
        source_at=None,
        actor=actor,
        cause="",
        event=event,
    )


class Story:
    """A stream as far as it has come: its state, its events, and the intents of the last step.

    `at` is the time now; move it with `later`.
    """

    def __init__(self, kind: Kind, *events: Event, at: Millis = AT) -> None:
        self.kind = kind
        self.stream = STREAMS[kind]
        self.at = at
        self.state: Any = None
        self.events: list[Event] = []
        self.intents: list[Intent] = []
        self._happen(events, context(SYSTEM, at, self.stream))

    def later(self, by: Millis) -> "Story":
        """Move the time on."""
        self.at += by
        return self

    def context(self, by: Actor = SYSTEM, **more: Any) -> Context:
        """The context of a command that comes now; `reach` is how many people it speaks to."""
        reach = more.pop("reach", 1)
        ctx = context(by, self.at, self.stream, len(self.events), **more)
        return replace(ctx, reach=reach)

    def ask(self, command: Command, by: Actor = SYSTEM, **more: Any) -> Decision:
        """What is decided, gate included; nothing happens yet."""
        rule = RULES[type(command)]
        behind = {str(getattr(self.state, "incident", "")): SEEN}
        refused = gate(rule, by, self.state, behind)
        return refused or rule.decide(self.state, command, self.context(by, **more))

    def do(self, command: Command, by: Actor = SYSTEM, **more: Any) -> Decision:
        """Decide, and let it happen; `intents` then holds what is to follow."""
        decision = self.ask(command, by, **more)
        self.intents = []
        if not isinstance(decision, Refused):
            self._happen(decision, self.context(by, **more))
        return decision

    def happens(self, *events: Event) -> "Story":
        """Let events happen that others have decided."""
        self.intents = []
        self._happen(events, self.context())
        return self

    def _happen(self, events: Iterable[Event], ctx: Context) -> None:
        for event in events:
            rec = recorded(event, self.stream, len(self.events) + 1, self.at, ctx.actor.name)
            fold: Any = FOLDS[self.kind]
            self.state = fold(self.state, rec)
            self.events.append(event)
            for react in REACTORS.get(type(event), ()):
                self.intents.extend(react(rec, self.state, ctx))

    def wants(self, kind: type[Intent]) -> list[Any]:
        """The intents of one kind from the last step; what goes beneath cards is in `beneath`."""
        apart = self.beneath()
        return [one for one in self.intents if isinstance(one, kind) and one not in apart]

    def beneath(self) -> list[Say]:
        """What the last step says beneath cards."""
        return [one for one in self.intents if isinstance(one, Say) and one.beneath]


def given(*events: Event, at: Millis = AT) -> State:
    """The state after `events`, the first of which says what kind of stream it is."""
    story = Story(events[0].kinds[0], *events, at=at)
    assert isinstance(story.state, State)
    return story.state


def names(decision: Decision) -> list[str] | str:
    """The types of the decided events, or the code of the refusal."""
    if isinstance(decision, Refused):
        return decision.code
    return [type(event).__name__ for event in decision]
