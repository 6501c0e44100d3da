"""The shape of the one table: who decides each command, and what follows each event."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.fold import State
from bot.core.ids import StreamId
from bot.core.intents import Intent
from bot.core.rows import Listed

Decision = Sequence[Event] | Refused
Decider = Callable[[Any, Any, Context], Decision]
Reactor = Callable[[Recorded, Any, Context], Iterable[Intent]]
Lister = Callable[[Any], Iterable[Listed]]

Aim = Literal["own_report", "named", "new", "self", "desk"]
Proof = Literal["", "many", "always"]


def no_reads(command: Command) -> tuple[StreamId, ...]:
    """The rule needs nothing beside its own stream."""
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One command: its decider, who may ask for it, whom it is for, and what it reads.

    `aim`: `own_report` is found from person and place; `named` is the id in the command's
    field `named_by`; `new` is a fresh stream; `self` the actor's own person; `desk` the desk.
    The house always names the stream itself. `roles` any of which may; `by_reporter` the
    person whose report it is; `by_system` the house (timers, Dos, Thens).
    `by_holder`: who has a place on a task of the incident may, though they see nothing else of it.
    `by_called`: so may who has one of the roles where somebody in distress waits for a person.
    `by_anyone` is for who has no role yet; the decider itself asks for proof. `meets`: somebody
    new who asks is met as themselves, though the stream is another person's. `erases` marks a
    command (with a field `subject`) upon which the engine deletes that subject's sealed values
    from the stream. `people` names the incident whose people must be known to decide it: what is
    known of them is then in `Context.people`. `likely` names the report or incident to which
    others may be the same, which are then in `Context.likely`; `crew` the incident for which
    resources are chosen, who are then in `Context.crew`. `proof`: whoever asks must
    have proved a moment ago that it is them; `many`: only when it reaches more people than the
    playbook says.
    """

    command: type[Command]
    decide: Decider
    aim: Aim
    roles: tuple[str, ...] = ()
    by_reporter: bool = False
    by_system: bool = False
    by_holder: bool = False
    by_called: bool = False
    by_anyone: bool = False
    meets: bool = False
    named_by: str = ""
    erases: bool = False
    reads: Callable[[Any], tuple[StreamId, ...]] = no_reads
    sends_back: Callable[[Any, Refused], Command | None] | None = None
    people: Callable[[Any], StreamId] | None = None
    likely: Callable[[Any], StreamId] | None = None
    crew: Callable[[Any], StreamId] | None = None
    proof: Proof = ""


@dataclass(frozen=True, slots=True)
class Workflow:
    """What one module of `workflows` decides and how it reacts, for the index to gather."""

    rules: tuple[Rule, ...] = ()
    reactors: tuple[tuple[type[Event], Reactor], ...] = ()


def refuse(code: str, text: Any, transient: bool = False) -> Refused:
    """A refusal, short to write where decisions are made."""
    return Refused(code=code, text=text, transient=transient)


__all__ = [
    "Aim",
    "Decider",
    "Decision",
    "Lister",
    "Reactor",
    "Rule",
    "State",
    "Workflow",
    "no_reads",
    "refuse",
]
