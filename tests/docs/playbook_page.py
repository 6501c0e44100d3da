"""docs/reference/playbook.md: every key, from the models by which a playbook is read."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from bot.core import playbook_parts as parts
from bot.core import playbook_words as words
from bot.core.calendar import Zone
from bot.core.playbook import Playbook, Retained
from bot.core.playbook_check import NOT_ACTED_ON
from bot.core.playbook_labels import Label
from bot.wiring import BUILT_IN
from tests.docs.markdown import PLAIN, anchor, code, meaning, page, said, table

ABOUT = """
A playbook is a TOML file that holds the procedure of an organisation. Start from
[the built-in one](../../bot/playbooks/default.toml), change it, and check it with
`muster playbook check FILE`; [how to write a playbook](../how-to/write-a-playbook.md) goes through
it. Each table below has its keys; `KEY` in a heading stands for a name of your own, `[[...]]` for
something of which there may be many. A key without a default must be given.

## How values are written

- **wording**: `"one text"` in the default language, or one per language:
  `{ en = "Lift", ru = "Лифт" }`; short wordings have at most 75 characters, long ones 2,000.
  `{emergency_number}`, `{distress_number}` and `{organisation}` are filled in.
- **terms**: a list of words and phrases, or one list per language; `"electr*"` stands for every
  word that begins so.
- **duration**: `"15m"`, `"4h"`, `"1h30m"`, `"2d"`.
- **key**: a name of your own, of small letters, digits and `_`, up to 40.
- **shift**: `"08:30-12:00"`; an end at or before the start lies on the next day.
- **conditions**: `{ question = "safety", is = "yes" }`, or a list of which all must hold.
""".strip()
KNOWN: Mapping[Any, str] = {
    **PLAIN,
    words.Short: "short wording",
    Label: "wording of at most 30 characters",
    words.Long: "long wording",
    words.Terms: "terms",
    words.Duration: "duration",
    Retained: "duration, 1d to 3650d",
    words.Key: "key",
    words.Language: "tag of a language",
    words.Hours: "shift",
    words.Day: "date",
    parts.Number: "number",
    parts.Whens: "conditions",
    parts.Party: "`role:NAME`, `team:KEY` or `person:ID`",
    Zone: "time zone",
}
WRITTEN: Mapping[Any, str] = {
    words.Short: '"Lift"',
    Label: '"Parked"',
    words.Long: '"Please keep clear of the lift."',
    words.Duration: '"30m"',
    words.Key: '"lifts"',
    words.Day: "2026-12-25",
    words.Hours: '"08:30-12:00"',
    parts.Number: "1",
    Zone: '"Europe/London"',
    parts.Whens: '{ question = "safety", is = "yes" }',
}
"""How a value is written, for the keys that the built-in playbook does not use."""
HIDDEN = ("version",)
"""Not a key: the hash of the file."""


def playbook() -> str:
    """The page."""
    return page("The playbook", ABOUT, *map(_section, tables().items()))


Paths = list[tuple[str, ...]]


@cache
def tables() -> dict[type[BaseModel], Paths]:
    """The model of every table of a playbook, and the paths at which such tables stand."""
    found: dict[type[BaseModel], Paths] = {}
    _walk((), Playbook, found)
    return found


def _walk(
    where: tuple[str, ...], model: type[BaseModel], found: dict[type[BaseModel], Paths]
) -> None:
    found.setdefault(model, []).append(where)
    hints = get_type_hints(model, include_extras=True)
    for name in _keys(model):
        inner, how = _inside(hints[name])
        if inner is not None and inner is not parts.Party:
            _walk((*where, *_steps(name, how)), inner, found)


def _keys(model: type[BaseModel]) -> list[str]:
    """The keys; the tables of the file in the order in which the built-in playbook has them."""
    names = list(model.model_fields)
    if model is not Playbook:
        return names
    order = list(_built_in())
    known = sorted((one for one in names if one in order), key=order.index)
    return [*known, *(one for one in names if one not in order and one not in HIDDEN)]


def _steps(name: str, how: str) -> tuple[str, ...]:
    return {"one": (name,), "many": (f"{name}[]",), "named": (name, "KEY")}[how]


def _inside(hint: Any) -> tuple[type[BaseModel] | None, str]:
    """The table that a key holds, and whether it is one, many, or one for each name."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return hint, "one"
    if any(hint is one or hint == one for one in KNOWN if get_origin(one) is Annotated):
        whens = hint == parts.Whens
        return (parts.When, "one") if whens else (None, "one")
    origin, args = get_origin(hint), get_args(hint)
    deeper = [_inside(one)[0] for one in args if one is not Ellipsis]
    model = next((one for one in deeper if one is not None), None)
    many = "many" if origin is tuple else "named" if _maps(origin) else "one"
    return model, many


def _maps(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def title(where: tuple[str, ...]) -> str:
    """How the head of a table is written in a file."""
    path = ".".join(one.removesuffix("[]") for one in where)
    if not where:
        return "Tables of the file"
    return f"[[{path}]]" if where[-1].endswith("[]") else f"[{path}]"


def _section(of: tuple[type[BaseModel], Paths]) -> str:
    model, paths = of
    hints = get_type_hints(model, include_extras=True)
    head = ("Key", "Type", "Meaning", "Default", "Example")
    rows = [_row(paths, model, name, hints[name]) for name in _keys(model)]
    if not paths[0]:
        return "\n\n".join((f"## {title(paths[0])}", table(head, rows)))
    others = ", ".join(code(title(one)) for one in paths[1:])
    also = f" The same keys stand in {others}." if others else ""
    return "\n\n".join((f"## `{title(paths[0])}`", meaning(model) + also, table(head, rows)))


def _row(paths: Paths, model: type[BaseModel], name: str, hint: Any) -> list[str]:
    field = model.model_fields[name]
    key = field.alias or name
    told = field.description or ""
    idle = next((one for one in map(_idle, ((*path, key) for path in paths)) if one), "")
    told += f" Not acted on yet: {idle}." if idle else ""
    return [code(key), _type(hint), told, _default(field), code(_example(paths, key, hint))]


def _type(hint: Any) -> str:
    """A type in words; a table is a link to where its keys are."""
    model, how = _inside(hint)
    if model is None or model is parts.Party:
        return said(hint, KNOWN)
    told = {"one": "table", "many": "tables", "named": "table for each key"}[how]
    told = "conditions" if hint == parts.Whens else told
    return f"[{told}](#{anchor(title(tables()[model][0]))})"


def _idle(where: tuple[str, ...]) -> str:
    return NOT_ACTED_ON.get(".".join(_plain(where)), "")


def _plain(where: tuple[str, ...]) -> Iterator[str]:
    for one in where:
        yield "*" if one == "KEY" else one.removesuffix("[]")
        if one.endswith("[]"):
            yield "*"


def _default(field: Any) -> str:
    if field.is_required():
        return "must be given"
    value = field.default
    if value is PydanticUndefined or value is None or value == ():
        return "none"
    if isinstance(value, BaseModel):
        return "its own defaults"
    if isinstance(value, int) and not isinstance(value, bool) and value >= 86_400_000:
        return code(f'"{value // 86_400_000}d"')
    return code(written(value))


# --- examples ------------------------------------------------------------------------------------


def _example(paths: Paths, key: str, hint: Any) -> str:
    found = next((one for path in paths for one in _values(_built_in(), (*path, key))), None)
    if found is None:
        if key == "url":
            return '"https://www.example.org/privacy"'
        return next((text for one, text in WRITTEN.items() if _is(hint, one)), _first(hint))
    text = written(found)
    return text if len(text) <= 90 else ""


def _is(hint: Any, one: Any) -> bool:
    return hint == one or one in get_args(hint)


def _first(hint: Any) -> str:
    """The first of the words that a key takes."""
    names = said(hint, KNOWN).split("`")
    if len(names) > 1:
        text = f'"{names[1]}"'
        return f"[{text}]" if names[0].startswith("list") else text
    return "true" if names[0] == "yes or no" else ""


@cache
def _built_in() -> Any:
    return tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))


def _values(raw: Any, where: tuple[str, ...]) -> Iterator[Any]:
    """What the built-in playbook writes at a path, first come first."""
    if not where:
        yield raw
        return
    first, rest = where[0], where[1:]
    if isinstance(raw, list):
        for one in raw:
            yield from _values(one, where)
    elif isinstance(raw, dict) and first == "KEY":
        for one in raw.values():
            yield from _values(one, rest)
    elif isinstance(raw, dict) and first.removesuffix("[]") in raw:
        yield from _values(raw[first.removesuffix("[]")], rest)


def written(value: Any) -> str:
    """A value as a file writes it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        inner = ", ".join(f"{name} = {written(one)}" for name, one in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
