"""docs/reference/cli.md: every word of `muster` and of `./dev`."""

import re
from collections.abc import Iterator
from typing import Any

import typer

from bot.cli import app
from bot.settings import OPTIONS, option
from tests.docs.markdown import code, page, table
from tests.tidy import ROOT

ABOUT = """
In a checkout write `./dev sh muster ...`; where Muster is installed, `muster ...`. Words that look
at the data talk to the running Muster, or open the data themselves when none is running. They end
with 0 when all is well and with 1 when it is not. `--help` works after every word.
""".strip()
DEV_ABOUT = """
These need a Python 3.11 or newer and nothing else, on a fresh clone too. What each is good for is
told in [CONTRIBUTING](../../CONTRIBUTING.md).
""".strip()
SETTINGS = "every setting that is no secret, see [settings](settings.md)"


def cli() -> str:
    """The page."""
    parts = [part for words, command in commands() for part in _command(words, command)]
    rows = [(code(f"./dev {word}"), told) for word, told in dev_words()]
    dev = ("## ./dev", DEV_ABOUT, table(("Word", "What it does"), rows))
    return page("The command line", ABOUT, *parts, *dev)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command of `muster`, with its words: "muster person invite"."""

    def walk(words: str, one: Any) -> Iterator[tuple[str, Any]]:
        inner = getattr(one, "commands", None)
        if inner is None:
            yield words, one
        for name, sub in (inner or {}).items():
            yield from walk(f"{words} {name}", sub)

    return walk("muster", typer.main.get_command(app))


def dev_words() -> list[tuple[str, str]]:
    """Every word of `./dev`, and what its usage says of it."""
    usage = (ROOT / "dev").read_text().split("<<'WORDS'\n")[1].split("WORDS\n")[0]
    return re.findall(r"^ {2}(\w+) {2,}(.+)$", usage, re.MULTILINE)


def options(command: Any) -> list[str]:
    """The options of a command: "--role"."""
    return [name for one in command.params for name in one.opts if name.startswith("-")]


def _command(words: str, command: Any) -> Iterator[str]:
    shown = [one for one in command.params if not _is_setting(words, one)]
    names = " ".join(one.name.upper() for one in shown if not _is_option(one))
    yield f"## {words}"
    yield f"{_sentence(command.help)}\n\n    {f'{words} {names}'.strip()}"
    rows = [_row(one) for one in shown]
    if len(shown) < len(command.params):
        rows.append((f"{code(option(OPTIONS[0]))}, ...", SETTINGS, ""))
    if rows:
        yield table(("Argument or option", "Meaning", "Default"), rows)


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _is_option(one: Any) -> bool:
    return bool(one.opts[0].startswith("-"))


def _is_setting(words: str, one: Any) -> bool:
    """Of `run`, which takes all of them."""
    return words == "muster run" and any(option(name) in one.opts for name in OPTIONS)


def _row(one: Any) -> tuple[str, str, str]:
    name = ", ".join(map(code, one.opts)) if _is_option(one) else code(one.name.upper())
    if one.required:
        default = "must be given"
    else:
        default = code(str(one.default)) if one.default not in (None, False, ()) else ""
    variable = f" ({one.envvar})" if getattr(one, "envvar", None) else ""
    return name, (one.help or "") + variable, default
