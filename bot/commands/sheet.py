"""`muster sheet`: an incident on paper, from the running process or, with none, from the data.

Each sheet that is printed is noted in the log, in the name of the account of this computer.
"""

import getpass
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.commands.data import whole_house
from bot.core.errors import MusterError
from bot.core.ids import read_reference

WIDTH = 78
LABEL = 24
RULE = "_" * WIDTH
_PAGE = Environment(
    loader=PackageLoader("bot", "commands"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is printed: one reference, or all that is open; in which language ("": its own)."""

    reference: str = ""
    every: bool = False
    html: bool = False
    language: str = ""


async def sheets(data: Path, wanted: Wanted) -> tuple[str, list[str]]:
    """The sheets as text or a page, and what is to be said beside them. Raises MusterError."""
    if bool(wanted.reference) == wanted.every:
        raise MusterError(
            "Give the reference of an incident or report, or --all for all open ones."
        )
    label = _label(wanted.reference) if wanted.reference else ""
    told: list[str] = []
    made: list[dict[str, Any]] = []
    async with whole_house(data) as asked:
        labels = [label]
        if wanted.every:
            found = await asked("open_sheets", {})
            labels = found["references"]
            told = _left_out(found["restricted"], len(labels))
        for one in labels:
            given = {"reference": one, "language": wanted.language, "who": getpass.getuser()}
            answer = await asked("sheet", given)
            made.append(answer["sheet"])
            told += [] if answer["noted"] else [NOT_NOTED]
    return (_html(made) if wanted.html else "\f".join(map(plain, made))), list(dict.fromkeys(told))


NOT_NOTED = "It could not be noted in the log that this was printed; write it down yourself."


def _label(typed: str) -> str:
    reference = read_reference(typed)
    if reference is None:
        raise MusterError(
            f"'{typed}' is no reference: a sign is wrong or missing. Look at it again; they look "
            "like N-7K4-M2QX for an incident and R-3HQ-T7BK for a report."
        )
    return reference


def _left_out(restricted: int, shown: int) -> list[str]:
    told = [] if shown else ["Nothing is open."]
    if restricted:
        told.append(f"{restricted} restricted left out: print each by its reference.")
    return told


# --- on paper ------------------------------------------------------------------------------


def plain(sheet: dict[str, Any]) -> str:
    """The sheet as plain text, to be read on any screen and printed by anything."""
    head = [f"{sheet['reference']}  {sheet['heading']}", sheet["printed"]]
    lines = [*(f"*** {one} ***" for one in sheet["marks"]), *head]
    for part in sheet["parts"]:
        lines += ["", part["title"].upper(), "-" * min(WIDTH, len(part["title"]))]
        for label, value in part["lines"]:
            lines += _two(label, value)
        lines += [f"\n{RULE}"] * part["blank"]
    return "\n".join(_shown(one) for one in lines) + "\n"


def _two(label: str, value: str) -> list[str]:
    """The label beside what it says; a long label stands above."""
    rows = [row for one in value.splitlines() or [""] for row in wrap(one, WIDTH - LABEL) or [""]]
    if len(label) >= LABEL:
        return [*wrap(label, WIDTH), *(" " * LABEL + row for row in rows)]
    return [f"{label:<{LABEL}}{rows[0]}", *(" " * LABEL + row for row in rows[1:])]


def _shown(line: str) -> str:
    """No sign of somebody's words steers the screen or the printer."""
    return "".join(one if one.isprintable() or one == "\n" else " " for one in line)


def _html(made: list[dict[str, Any]]) -> str:
    """A page for A4, a sheet on each."""
    first = made[0] if made else {"language": "en", "direction": "ltr"}
    return _PAGE.get_template("sheet.html").render(
        sheets=made, language=first["language"], direction=first["direction"]
    )
