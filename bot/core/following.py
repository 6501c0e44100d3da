"""What somebody wants to hear of, and when: scopes of updates, quiet hours, a daily summary.

A scope is one string: `all`, `category:KEY`, `priority:P2` (that and whatever is more pressing),
`category:KEY+priority:P2` (both), or `incident:ID`. So whoever hears of an incident is found by
asking for a handful of scopes.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.core import calendar, ids
from bot.core.frozen import Frozen
from bot.core.ids import Millis, StreamId
from bot.core.priority import Priority

if TYPE_CHECKING:  # An incident is made of parts that know of roles, which wishes are beside.
    from bot.core.incident import Incident

EVERYTHING = "all"
MINUTES = 24 * 60


class Wish(Frozen):
    """How somebody wants to hear: not from `quiet[0]` to `quiet[1]` (minutes of the day in
    `zone`), once a day at minute `digest`, in `language` ("": their own).
    """

    quiet: tuple[int, int] | None = None
    digest: int | None = None
    zone: str = ""
    language: str = ""

    @property
    def fits(self) -> bool:
        """Whether its times are times of a day, in a zone that there is."""
        minutes = [*(self.quiet or ()), *(() if self.digest is None else (self.digest,))]
        if not minutes:
            return not self.zone or _is_zone(self.zone)
        return _is_zone(self.zone) and all(0 <= one < MINUTES for one in minutes)

    @property
    def column(self) -> str:
        """When, as a list keeps it; "" for at once."""
        if self.quiet is None and self.digest is None:
            return ""
        quiet = "" if self.quiet is None else f"{self.quiet[0]}-{self.quiet[1]}"
        return f"{quiet};{'' if self.digest is None else self.digest};{self.zone}"


def wish_in(column: str) -> Wish:
    """When, as it stands in a list."""
    if not column:
        return Wish()
    quiet, digest, zone = column.split(";", 2)
    begins, _, ends = quiet.partition("-")
    return Wish(
        quiet=(int(begins), int(ends)) if quiet else None,
        digest=int(digest) if digest else None,
        zone=zone,
    )


def _is_zone(zone: str) -> bool:
    try:
        return calendar.known_zone(zone) == zone and bool(zone)
    except ValueError:
        return False


def minute_of(clock: str) -> int | None:
    """The minute of the day that `clock` (`22:30`) names, None for what is no time of a day."""
    hours, mark, minutes = clock.strip().partition(":")
    if not (mark and 0 < len(hours) < 3 and len(minutes) == 2):
        return None
    if not all("0" <= sign <= "9" for sign in hours + minutes):
        return None
    found = int(hours) * 60 + int(minutes)
    return found if int(minutes) < 60 and found < MINUTES else None


def clock_of(minute: int | None) -> str:
    """The other way round."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


def held_until(wish: Wish, at: Millis) -> Millis | None:
    """When what is said at `at` may be told, None: at once.

    The summary comes at its time, or when the quiet hours end in which that lies.
    """
    due = at if wish.digest is None else calendar.next_time(wish.zone, wish.digest, at)
    if wish.quiet is not None:
        due = calendar.end_of(wish.zone, *wish.quiet, due)
    return due if due > at else None


# --- scopes ----------------------------------------------------------------------------------


def scope_of(category: str = "", priority: str = "") -> str:
    """Everything, or what is of the category and at least as pressing."""
    parts = [f"category:{category}"] * bool(category) + [f"priority:{priority}"] * bool(priority)
    return "+".join(parts) or EVERYTHING


def parts_of(scope: str) -> tuple[str, str]:
    """Category and priority of a scope, "" where it names none."""
    found = dict(part.split(":", 1) for part in scope.split("+") if ":" in part)
    return found.get("category", ""), found.get("priority", "")


def is_scope(scope: str, categories: Iterable[str]) -> bool:
    """Whether something can be heard under it."""
    prefix, _, stream = scope.partition(":")
    if prefix == "incident":
        try:
            return ids.kind_of(stream) == "incident"
        except ValueError:
            return False
    return scope == EVERYTHING or scope in _combined(tuple(categories), tuple(Priority))


def _combined(categories: Iterable[str], priorities: Iterable[str]) -> Iterator[str]:
    """The closest first."""
    known, levels = tuple(categories), tuple(priorities)
    yield from (scope_of(one, level) for one in known for level in levels)
    yield from (scope_of(one) for one in known)
    yield from (scope_of("", level) for level in levels)


def reach_of(state: "Incident") -> str:
    """What of an incident decides who hears of it, as an audience names it.

    Whoever was told once hears the rest, too: it reaches all that it ever reached.
    """
    top = min(filter(None, (state.told_from, state.priority)))
    return f"{top};{','.join(dict.fromkeys((*state.told, state.category)))}"


def scopes_for(reach: str, incidents: Iterable[StreamId]) -> tuple[str, ...]:
    """The scopes under which it is heard, the closest first."""
    top, _, named = reach.partition(";")
    categories = [one for one in named.split(",") if one]
    levels = [one for one in Priority if top and one >= top]
    near = (f"incident:{one}" for one in incidents)
    return (*near, *_combined(categories, levels), EVERYTHING)
