"""Markdown, and how the types of the source are said in words."""

import types
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from inspect import cleandoc
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, StrictBool, StrictFloat, StrictInt, StrictStr

from bot.core.personal import Personal

MADE = "<!-- Made by ./dev docs from the code. Change the words there and run it again. -->"
PLAIN: Mapping[Any, str] = {
    str: "text",
    int: "number",
    float: "number",
    bool: "yes or no",
    Any: "anything",
    Personal: "personal",
    types.NoneType: "none",
    StrictBool: "yes or no",
    StrictInt: "number",
    StrictFloat: "number",
    StrictStr: "text",
}


def page(title: str, about: str, *parts: str) -> str:
    """A whole page."""
    return "\n\n".join((MADE, f"# {title}", about, *parts)).rstrip() + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; what would break its cells is written so that it does not."""
    lines = [head, ["---"] * len(head), *([_cell(one) for one in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split()) or " "


def code(text: str) -> str:
    """As it is typed."""
    return f"`{text}`" if text else ""


def meaning(thing: type) -> str:
    """The first paragraphs of a docstring, as one line."""
    return " ".join(cleandoc(vars(thing).get("__doc__") or "").split())


def anchor(heading: str) -> str:
    """The name under which a heading can be linked to, as the usual renderers make it."""
    kept = (one for one in heading.strip().lower() if one.isalnum() or one in " -_")
    return "".join(kept).replace(" ", "-")


def said(kind: Any, known: Mapping[Any, str] = PLAIN) -> str:
    """A type in words: "text", "list of number", "`a` or `b`"."""
    named = (words for one, words in known.items() if _same(kind, one))
    return next(named, None) or _composed(kind, known)


def _same(kind: Any, one: Any) -> bool:
    return kind is one or (get_origin(kind) is not None and bool(kind == one))


def _composed(kind: Any, known: Mapping[Any, str]) -> str:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return said(parts[0], known)
    if origin is Literal:
        return " or ".join(code(str(one)) if one != "" else "nothing" for one in parts)
    if origin in (Union, types.UnionType):
        some = [said(one, known) for one in parts if one is not types.NoneType]
        return " or ".join(dict.fromkeys(some))
    if origin is tuple:
        inner = list(dict.fromkeys(said(one, known) for one in parts if one is not Ellipsis))
        return f"list of {' and '.join(inner)}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"table of {said(parts[1], known)}"
    return _named(kind)


def _named(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return " or ".join(code(one.value) for one in kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.__name__
    return str(getattr(kind, "__name__", kind))
