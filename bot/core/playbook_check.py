"""What no single table of a playbook can know of itself: names that lead nowhere, ladders
without end, clocks that never strike, questions that cannot be asked.

The checks read the raw tables, so that they all speak even when other parts are misshapen.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.core.calendar import weekly
from bot.core.person_words import ROLES
from bot.core.playbook import Playbook
from bot.core.playbook_ladder import flatten
from bot.core.playbook_lines import Path
from bot.core.playbook_parts import Category, Intake, Ladder, Opening, Part, Target
from bot.core.playbook_questions import questions_problems
from bot.core.playbook_words import Reading
from bot.core.priority import rising
from bot.core.texts import Words
from bot.core.toml_text import did_you_mean

Found = tuple[Path, str]
Raw = Mapping[str, Any]
P = TypeVar("P", bound=Part)

WEEKS = 52
DESK = ("agent", "supervisor", "administrator")

REFERENCES: tuple[tuple[str, str], ...] = (
    ("teams.*.place", "places"),
    ("places.*.skills.*", "skills"),
    ("places.*.fallback", "places"),
    ("categories.*.team", "teams"),
    ("categories.*.ladder", "ladders"),
    ("categories.*.tasks.*.skill", "skills"),
    ("categories.*.tasks.*.place", "places"),
    ("targets.*.calendar", "calendars"),
    ("targets.*.ladder", "ladders"),
    ("paths.*.calendar", "calendars"),
    ("paths.*.targets.calendar", "calendars"),
    ("paths.*.targets.ladder", "ladders"),
    ("ladders.*.calendar", "calendars"),
    ("ladders.*.then", "ladders"),
    ("ladders.*.rungs.*.calendar", "calendars"),
    ("canned.*.categories.*", "categories"),
    ("safety.ladder", "ladders"),
    ("escalation.calendar", "calendars"),
    ("duplicates.only_published.*", "categories"),
)
"""Where names of other tables stand, `*` for any key or item, and in which table they must be."""

NOT_ACTED_ON: Mapping[str, str] = {
    "retention": "nothing is deleted by itself; `muster person erase` deletes",
    "privacy.version": "reports do not keep it",
}
"""What is read and checked but changes nothing yet, and what that means; paths as above.

Whoever brings the work that acts on one takes it out here and in the playbook that ships.
"""


def problems(raw: Raw, reading: Reading, made: Playbook | None = None) -> list[Found]:
    """Every error between the parts, in no particular order; `made` is what the schema took."""
    intake = made.intake if made else _part(Intake, raw.get("intake"), reading)
    categories = made.categories if made else _parts(Category, raw, "categories", reading)
    found = [*_references(raw), *_fallbacks(raw), *_approvals(raw), *_own_paths(raw)]
    found += [*_clocks(raw, reading), *_ladders(raw, reading)]
    if intake is not None:
        found += questions_problems(intake, categories)
        found += _same_place(raw, intake, categories)
    return list(dict.fromkeys(found))


def _same_place(raw: Raw, intake: Intake, categories: Mapping[str, Category]) -> Iterator[Found]:
    """Questions that nobody is asked cannot say where something is."""
    known = [one.key for one in intake.questions]
    known += [f"{name}.{one.key}" for name, part in categories.items() for one in part.questions]
    for path, key in _matching(raw, ("duplicates", "same_place", "*")):
        if isinstance(key, str) and key not in known:
            yield path, f"there is no question {key!r}{did_you_mean(key, known)}"


def _part(kind: type[P], raw: object, reading: Reading) -> P | None:
    """A part on its own; None when it is misshapen, which the schema reports."""
    try:
        return kind.model_validate(raw, context=reading)
    except ValidationError:
        return None


def _parts(kind: type[P], raw: Raw, table: str, reading: Reading) -> dict[str, P]:
    made = {key: _part(kind, one, reading) for key, one in _table(raw, table).items()}
    return {key: one for key, one in made.items() if one is not None}


def _references(raw: Raw) -> Iterator[Found]:
    for pattern, table in REFERENCES:
        known = _table(raw, table)
        for path, name in _matching(raw, tuple(pattern.split("."))):
            if isinstance(name, str) and name not in known:
                yield path, _unknown(table, name, known)


def _matching(here: Any, pattern: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything in the raw tables whose path fits `pattern`."""
    if not pattern:
        yield path, here
        return
    for key, inner in _items(here):
        if pattern[0] in ("*", key):
            yield from _matching(inner, pattern[1:], (*path, key))


def _items(here: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(here, Mapping):
        return here.items()
    return enumerate(here) if isinstance(here, list) else ()


def _table(raw: Raw, key: str) -> Raw:
    found = raw.get(key)
    return found if isinstance(found, Mapping) else {}


def _unknown(table: str, name: str, known: Iterable[str]) -> str:
    return f"[{table}] has no {name!r}{did_you_mean(name, list(known))}"


def _approvals(raw: Raw) -> Iterator[Found]:
    """Whoever approves reads it on the desk first."""
    for path, role in _matching(raw, ("approvals", "*", "by")):
        if role in ROLES and role not in DESK:
            yield path, f"only who works at the desk can approve ({', '.join(DESK)})"


def _fallbacks(raw: Raw) -> Iterator[Found]:
    """A place that stands in for itself, or in a circle, stands in for nobody."""
    places = _table(raw, "places")
    thens = {key: one.get("fallback") for key, one in places.items() if isinstance(one, Mapping)}
    for key in list(thens):
        chain = [key]
        while (after := thens.get(chain[-1])) in thens and after not in chain:
            chain.append(str(after))
        if after == key:
            yield ("places", key, "fallback"), f"a loop: {' -> '.join([*chain, key])}"


def _own_paths(raw: Raw) -> Iterator[Found]:
    """A category names a path that is there; what is no incident has the path of its kind."""
    known, calendars = _table(_table(raw, "paths"), "own"), _table(raw, "calendars")
    for path, name in _matching(raw, ("paths", "own", "*", "calendar")):
        if isinstance(name, str) and name not in calendars:
            yield path, _unknown("calendars", name, calendars)
    for key, one in _table(raw, "categories").items():
        name = one.get("path") if isinstance(one, Mapping) else None
        where: Path = ("categories", key, "path")
        if isinstance(name, str) and name not in known:
            yield where, _unknown("paths.own", name, known)
        elif name is not None and one.get("kind", "incident") != "incident":
            yield where, f"a {one['kind']} has the path of its kind; leave this out"


def _clocks(raw: Raw, reading: Reading) -> Iterator[Found]:
    """A promise that its calendar takes more than a year to reach is a slip of the pen."""
    openings = _parts(Opening, raw, "calendars", reading)
    for key, target in _parts(Target, raw, "targets", reading).items():
        opening = openings.get(target.calendar)
        if opening is not None and target.resolve > WEEKS * weekly(opening.calendar("UTC")):
            message = f"this takes more than a year of the hours in {target.calendar!r}"
            yield ("targets", key, "resolve"), message
        if target.resolve < target.acknowledge:
            yield ("targets", key, "resolve"), "this is shorter than `acknowledge`"


def _ladders(raw: Raw, reading: Reading) -> Iterator[Found]:
    ladders = _parts(Ladder, raw, "ladders", reading)
    for key, ladder in ladders.items():
        yield from _rungs(key, ladder, _table(raw, "teams"))
        yield from _chain(key, ladders)


def _rungs(key: str, ladder: Ladder, teams: Raw) -> Iterator[Found]:
    for index, rung in enumerate(ladder.rungs):
        path: Path = ("ladders", key, "rungs", index)
        for party in rung.who:
            if party.of == "team" and party.key not in teams:
                yield (*path, "who"), _unknown("teams", party.key, teams)
            if party.of == "role" and party.key not in ROLES:
                yield (*path, "who"), f"unknown role {party.key!r} (known: {', '.join(ROLES)})"
        if rung.hours != "any" and not (rung.calendar or ladder.calendar):
            yield (*path, "hours"), "say which calendar these hours are of"


def _chain(key: str, ladders: Mapping[str, Ladder]) -> Iterator[Found]:
    """Ladders that run in a circle, or leave part of the day without anybody."""
    seen = [key]
    while (then := ladders[seen[-1]].then) in ladders:
        if then in seen:
            yield ("ladders", key, "then"), f"a loop: {' -> '.join([*seen, str(then)])}"
            return
        seen.append(str(then))
    hours = [rung.hours for rung in flatten(ladders, key)]
    for needed, when in (("in", "inside"), ("out", "outside")):
        if not any(one in ("any", "wait", needed) for one in hours):
            yield ("ladders", key), f"nobody is alarmed {when} opening hours"


# --- what works but is not as it should be ---------------------------------------------------


def warnings(playbook: Playbook, raw: Raw) -> list[Found]:
    """Wordings that are missing, a sample notice, a matrix that falls, what is not acted on."""
    found = [*_untranslated(playbook), *_idle(raw)]
    if playbook.privacy.sample:
        found.append((("privacy", "sample"), "this is not yet your own privacy notice"))
    if not rising(playbook.matrix):
        found.append((("matrix",), "more impact or urgency gives a lower priority somewhere"))
    return found


def _idle(raw: Raw) -> Iterator[Found]:
    """Each kind of key that is not acted on, where it stands first."""
    for pattern, meaning in NOT_ACTED_ON.items():
        for path, _ in islice(_matching(raw, tuple(pattern.split("."))), 1):
            yield path, f"not acted on yet: {meaning}"


def _untranslated(playbook: Playbook) -> Iterator[Found]:
    languages = playbook.organisation.languages
    terms: list[tuple[Path, Mapping[str, Any]]] = [
        (("safety", "distress_words"), playbook.safety.distress_words)
    ]
    terms += [
        (("categories", key, "keywords"), one.keywords)
        for key, one in playbook.categories.items()
        if one.keywords
    ]
    for path, by in [*_worded(playbook, ()), *terms]:
        if missing := [language for language in languages if language not in by]:
            yield path, f"no wording in {', '.join(missing)}; the default language stands in"


def _worded(value: object, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every text of the playbook with its path."""
    if isinstance(value, Words):
        yield path, value.by
    elif isinstance(value, Part):
        for name, field in type(value).model_fields.items():
            yield from _worded(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _worded(inner, (*path, key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _worded(inner, (*path, index))
