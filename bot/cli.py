"""`muster`: start the house, or ask something of its data.

Data commands talk to the running process over the control socket; when nobody answers they
open the data themselves, under the same lock.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from functools import wraps
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot import __version__
from bot.chats import CHATS
from bot.core.errors import MusterError
from bot.declared import ChatWords
from bot.settings import FILE_VARIABLE, OPTIONS, Settings, load, option, read, strangers, variable

app = typer.Typer(
    name="muster",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
people = typer.Typer(help="People: invite them to the staff, erase what is held of them.")
playbooks = typer.Typer(help="The organisation's procedure, a file of data.")
app.add_typer(people, name="person", no_args_is_help=True)
app.add_typer(playbooks, name="playbook", no_args_is_help=True)


def _told(name: str) -> Any:
    """The option of a setting, with its variable and default; its value is read as settings are."""
    field = Settings.model_fields[name]
    default = f", default {field.default}" if field.default else ""
    words = f"{field.description} ({variable(name)}{default})"
    return typer.Option(option(name), help=words, metavar="VALUE")


Data = Annotated[Path | None, _told("data")]
File = Annotated[
    Path | None, typer.Option("--settings", envvar=FILE_VARIABLE, help="TOML file with settings.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def _version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@app.callback()
def house(
    wanted: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say which version."),
    ] = False,
) -> None:
    """The incident desk of a contact centre, in chat."""


def run(*, settings: Path | None, demo: bool, **given: Any) -> None:
    """Start Muster and serve until it is told to stop."""
    from bot.commands.serve import serve

    _finish(serve(_settings(given, settings), demo))


Demo = Annotated[
    bool, typer.Option("--demo", help="Play a made-up shift, in a data folder of its own.")
]


def _taking_settings(command: Callable[..., None]) -> Callable[..., None]:
    """`command` with every setting as an option, but for secrets."""
    told = [(name, Annotated[str | None, _told(name)]) for name in OPTIONS]
    demo = Parameter("demo", Parameter.KEYWORD_ONLY, default=False, annotation=Demo)
    settings = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in (*told, ("settings", File))
    ]
    vars(command)["__signature__"] = Signature([demo, *settings])
    command.__annotations__ = {}
    return command


app.command()(_taking_settings(run))


@app.command()
def verify(data: Data = None, settings: File = None, as_json: AsJson = False) -> None:
    """Check that the stored data agrees with itself; names the first entry that does not."""
    from bot.commands.data import verify as check

    answer = _await(check(_settings({"data": data}, settings).data))
    if as_json:
        _print(json.dumps(answer, indent=2))
    else:
        _print(
            f"{answer['events']} events in {answer['streams']} streams, "
            f"{answer['checkpoints']} checkpoints"
        )
        for line in answer["found"]:
            _print(line)
        _print("Everything agrees." if answer["sound"] else "The data does not agree with itself.")
    raise typer.Exit(0 if answer["sound"] else 1)


@app.command()
def doctor(data: Data = None, settings: File = None) -> None:
    """Say what is wrong with settings, disk, database and playbook, and what to do."""
    from bot.commands.doctor import examine

    _warn()
    found = _await(examine(*read({"data": data}, settings)))
    for line in found:
        _print(str(line))
    raise typer.Exit(0 if all(line.well for line in found) else 1)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="New folder for the copy.")],
    data: Data = None,
    settings: File = None,
) -> None:
    """Copy the database while Muster runs. Keys are not in it: back them up apart."""
    from bot.commands.data import backup as copy

    _await(copy(_settings({"data": data}, settings).data, target))
    _print(
        f"The database was copied to {target}. Keys are not in it: copy keys.db and master.key "
        "to another place."
    )


@app.command()
def sheet(
    reference: Annotated[
        str, typer.Argument(help="Of an incident or a report; none with --all.")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Every open incident.")] = False,
    html: Annotated[bool, typer.Option("--html", help="A page to print on A4.")] = False,
    language: Annotated[str, typer.Option(help="Unset: the organisation's.")] = "",
    data: Data = None,
    settings: File = None,
) -> None:
    """Print an incident on paper, with the server up or down; who printed it is noted."""
    from bot.commands.sheet import Wanted, sheets

    wanted = Wanted(reference, every, html, language)
    text, told = _await(sheets(_settings({"data": data}, settings).data, wanted))
    _print(text)
    for line in told:
        sys.stderr.write(f"{line}\n")


@app.command()
def version() -> None:
    """Say which version this is."""
    _print(f"muster {__version__}")


@people.command()
def invite(
    role: Annotated[list[str], typer.Option(help="A role; give the option again for more.")],
    data: Data = None,
    settings: File = None,
) -> None:
    """Print a one-time link for somebody to join the staff."""
    from bot.commands.data import invite as make

    chosen = _settings({"data": data}, settings)
    answer = _await(make(chosen.data, role))
    _print(f"{answer['url'] or chosen.url_at(chosen.port)}/join/{answer['token']}")


@people.command()
def erase(
    who: Annotated[str, typer.Argument(help="A person's id, or the reference of a report.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the log.")] = "asked by the person",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    data: Data = None,
    settings: File = None,
) -> None:
    """Delete everything personal that is held about somebody. This cannot be undone."""
    from bot.commands.data import erase as remove

    if not yes:
        typer.confirm(f"Delete everything personal about {who}? This cannot be undone", abort=True)
    answer = _await(remove(_settings({"data": data}, settings).data, who, reason))
    _print(f"Erased: {answer['streams']} streams hold nothing personal of {answer['person']}.")


@playbooks.command()
def check(file: Annotated[Path, typer.Argument(help="The playbook.")]) -> None:
    """Name file, line and key of every error at once."""
    from bot.commands.playbook import check_file

    report = check_file(file)
    for line in report.lines:
        _print(line)
    raise typer.Exit(0 if report.well else 1)


@playbooks.command()
def explain(
    file: Annotated[Path, typer.Argument(help="The playbook.")],
    answer: Annotated[
        list[str] | None, typer.Option("--answer", "-a", help="key=value; again for more.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the texts.")] = "en",
) -> None:
    """Say what the playbook makes of these answers, each point with its reason."""
    from bot.commands.playbook import explain_file

    _print(_plain(explain_file, file, answer or [], language))


@playbooks.command()
def links(
    file: Annotated[Path, typer.Argument(help="The playbook.")],
    language: Annotated[str, typer.Option(help="Language of the texts.")] = "en",
) -> None:
    """Say what a link to the bot carries so that a report begins with an answer given."""
    from bot.commands.playbook import links_of_file

    _print(_plain(links_of_file, file, language))


# --- channels ----------------------------------------------------------------------------------


def _channel(words: ChatWords) -> None:
    """What a channel declares to be said on the command line, under its name."""
    group = typer.Typer(help=words.help)
    app.add_typer(group, name=words.name, no_args_is_help=True)
    for name, command in words.commands.items():
        group.command(name=name)(_printing(command))
    group.command(name="doctor", help=words.looks)(_looking(words))


def _printing(command: Callable[..., str]) -> Callable[..., None]:
    @wraps(command)
    def printed(**given: Any) -> None:
        _print(_plain(lambda: command(**given)))

    return printed


def _looking(words: ChatWords) -> Callable[..., None]:
    def looked(settings: File = None) -> None:
        from bot.commands.doctor import chat_alone

        found = _await(chat_alone(words, _settings({}, settings)))
        for line in found:
            _print(str(line))
        if not found:
            _print(words.unset)
        raise typer.Exit(0 if found and all(line.well for line in found) else 1)

    return looked


for one in CHATS:
    _channel(one)


# --- the edge ----------------------------------------------------------------------------------


def _settings(given: dict[str, Any], file: Path | None) -> Settings:
    _warn()
    settings: Settings = _plain(load, given, file)
    return settings


def _warn() -> None:
    for line in strangers():
        sys.stderr.write(f"warning: {line}\n")


def _plain(call: Any, *given: Any) -> Any:
    try:
        return call(*given)
    except MusterError as refused:
        _refuse(refused)


def _await(work: Coroutine[Any, Any, Any]) -> Any:
    try:
        return asyncio.run(work)
    except MusterError as refused:
        _refuse(refused)


def _finish(work: Coroutine[Any, Any, None]) -> None:
    _await(work)


def _refuse(refused: MusterError) -> NoReturn:
    sys.stderr.write(f"{refused}\n")
    raise SystemExit(1)


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    """The `muster` command."""
    app()
