"""docs/reference/commands.md and events.md: what can be asked for, and what the log may hold."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from bot.core.commands import Command
from bot.core.events import Event
from bot.core.personal import Personal
from bot.core.registry import COMMAND_TYPES, EVENT_TYPES
from bot.core.rules import Rule
from bot.workflows.table import RULES
from tests.docs.markdown import code, meaning, page, said, table

COMMANDS_ABOUT = """
A command is a wish: everything that anybody, or the clock, wants of Muster comes as one, from
whatever channel, through one door. Each either happens, as [events](events.md), or is refused with
a sentence. "Who may" names the roles of which one is enough.

Moments are milliseconds since 1970 (UTC). Streams, people and subjects are ids.
""".strip()
EVENTS_ABOUT = """
An event is what happened, in the log, for ever. Every [command](commands.md) that is not refused
leaves one or more. Fields marked **personal** are sealed under the key of whom they are about; when
that person is erased the fields are empty and the event stays.

Moments are milliseconds since 1970 (UTC). Streams, people and subjects are ids.
""".strip()
TITLES = {
    "report": "About reports",
    "incident": "About incidents, their tasks and updates",
    "person": "About people",
    "desk": "About the desk",
}


def commands() -> str:
    """The page of commands."""
    head = ("Command", "Tag", "Meaning", "Fields", "Who may")
    parts = []
    for kind, title in TITLES.items():
        rows = [_command(one) for one in sorted(COMMAND_TYPES, key=_module) if one.kind == kind]
        parts += [f"## {title}", table(head, rows)]
    return page("Commands", COMMANDS_ABOUT, *parts)


def _module(one: type) -> str:
    """The order of the registry is that in which modules were imported: not the same each time."""
    return one.__module__


def _command(one: type[Command]) -> tuple[str, ...]:
    rule = RULES.get(one)
    may = ", ".join(who(rule)) if rule else "nobody yet"
    return code(one.__name__), code(one.tag), meaning(one), fields(one), may


def who(rule: Rule) -> Iterator[str]:
    """Who may ask for it, as the table of rules says."""
    for role in rule.roles:
        scope = role.removeprefix("api:")
        yield role if scope == role else f"a program with the scope `{scope}`"
    if rule.by_reporter:
        yield "whose report it is"
    if rule.by_holder:
        yield "who has a place on a task of it"
    if rule.by_anyone:
        yield "anyone, with proof"
    if rule.aim == "self" and not (rule.roles or rule.by_anyone or rule.by_system):
        yield "everyone, for themselves"
    if rule.by_system:
        yield "the house"


def events() -> str:
    """The page of events."""
    head = ("Event", "Tag", "Meaning", "Fields")
    parts = []
    for kind, title in TITLES.items():
        rows = [_event(one) for one in sorted(EVENT_TYPES, key=_module) if one.kinds[0] == kind]
        parts += [f"## {title}", table(head, rows)]
    return page("Events", EVENTS_ABOUT, *parts)


def _event(one: type[Event]) -> tuple[str, ...]:
    tag = code(one.tag) + (f", revision {one.revision}" if one.revision > 1 else "")
    return code(one.__name__), tag, meaning(one), fields(one)


def fields(one: type[BaseModel]) -> str:
    """Each field with its type; what is personal is marked."""
    hints = get_type_hints(one)
    told = (f"{code(name)} {_kind(hints[name])}" for name in one.model_fields)
    return "; ".join(told) or "none"


def _kind(hint: Any) -> str:
    if hint is Personal:
        return "**personal**"
    words = said(hint).replace("personal", "**personal**")
    return words if "**" in words or not _holds_personal(hint) else f"{words}, **personal**"


def _holds_personal(hint: Any, seen: tuple[Any, ...] = ()) -> bool:
    """Whether a value of this type may have something personal in it."""
    if hint is Personal or hint in seen:
        return hint is Personal
    inside = get_args(hint)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        inside = tuple(get_type_hints(hint).values())
    return any(_holds_personal(one, (*seen, hint)) for one in inside)
