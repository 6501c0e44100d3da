"""Parts of the sheet that say what stands behind an incident: its problem, its steps, its files."""

from collections.abc import Iterator

from bot.core.texts import Phrase, Text, When, t, tn
from bot.engine.read import Said
from bot.engine.read_incident import IncidentPage
from bot.views import labels

Line = tuple[Phrase, Phrase | Said]
"""What it is, and what is known; None: it was deleted."""


def problem_lines(page: IncidentPage) -> Iterator[Line]:
    """The problem of an incident, or the cause and the incidents of a problem."""
    behind = page.problem
    if behind.of is not None:
        yield t("{ref}", ref=behind.of.card.reference), behind.of.card.what
    if behind.cause != "":
        yield t("What is known of the cause"), behind.cause
    if behind.workaround != "":
        yield t("Workaround"), behind.workaround
    for one in behind.incidents:
        yield t("{ref}", ref=one.card.reference), one.card.what
    if behind.hidden:
        count = behind.hidden
        yield t("Restricted"), tn("{n} more incident", "{n} more incidents", n=count)


def step_lines(page: IncidentPage) -> Iterator[Line]:
    """What was done of its path, and what is still to be done."""
    for one in page.path.steps:
        yield one.name, _done(one.done_at, one.by)


def _done(at: int | None, by: str) -> Text:
    if at is None:
        return t("[ ]")
    return t("{time}, {name}", time=When(at=at), name=by or labels.UNKNOWN)


def file_lines(page: IncidentPage) -> Iterator[Line]:
    """What customers sent, each with the digest under which it stands in the log."""
    for talk in page.conversations:
        for one in talk.messages:
            if one.file is not None and one.file.name is not None:
                yield t("{name}", name=one.file.name), one.file.digest
