"""`muster playbook check`, `explain` and `links`."""

from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import MusterError
from bot.core.playbook import Playbook
from bot.core.playbook_explain import explain, render
from bot.core.playbook_parse import check
from bot.core.starts import PAYLOAD, starts
from bot.texts import Catalogues
from bot.wiring import SystemClock, read_playbook


@dataclass(frozen=True, slots=True)
class FileReport:
    """What there is to say of a playbook file."""

    well: bool
    lines: tuple[str, ...]


def check_file(file: Path) -> FileReport:
    """Every error and warning, each with file, line and key."""
    try:
        content = file.read_bytes()
    except OSError as trouble:
        return FileReport(False, (f"'{file}' cannot be read: {trouble.strerror}.",))
    checked = check(content, file.name)
    warnings = tuple(f"warning: {one}" for one in checked.warnings)
    if isinstance(checked.result, Playbook):
        summary = f"{file.name}: {len(checked.result.categories)} categories, good to use."
        return FileReport(True, (*warnings, summary))
    return FileReport(False, (*(str(one) for one in checked.result.faults), *warnings))


def explain_file(file: Path, answers: list[str], language: str) -> str:
    """What the playbook makes of answers given as `key=value`. Raises MusterError."""
    playbook = read_playbook(file)
    given: dict[str, object] = {}
    for one in answers:
        key, sign, value = one.partition("=")
        if not sign:
            raise MusterError(f"'{one}' is not of the form key=value.")
        given[key] = _value(value)
    now = SystemClock().now()
    say = Catalogues.load().speaker(language, str(playbook.organisation.time_zone), now)
    return render(explain(playbook, given, now), say)


def links_of_file(file: Path, language: str) -> str:
    """A line for each answer that a report can begin with: what the link carries, and the answer.
    Raises MusterError.
    """
    playbook = read_playbook(file)
    now = SystemClock().now()
    say = Catalogues.load().speaker(language, str(playbook.organisation.time_zone), now)
    found = starts(playbook)
    return "\n".join(f"{PAYLOAD}{key}  {say(start.label)}" for key, start in found.items())


def _value(text: str) -> object:
    if text in ("yes", "no", "true", "false"):
        return text in ("yes", "true")
    return int(text) if text.isdecimal() else text
