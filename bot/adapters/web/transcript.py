"""The conversation as a text to take away: what the chat shows, and nothing that it does not."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.adapters.web.render import report_json
from bot.core.ids import Millis
from bot.core.texts import Style, Text, When, t
from bot.engine.mailbox import Letter
from bot.engine.read_chat import Mine
from bot.texts import Speaker

Letters = Callable[[int], Awaitable[list[Letter]]]
"""The next letters after a number; none at the end."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AUTHORS = {"me": t("You"), "desk": t("Agent"), "house": t("Service desk")}
_DELETED = t("[deleted]")
_TOLD = t("What you told us")
_SAID = t("Conversation")


async def transcript(
    mine: Mine, letters: Letters, title: Text, say: Speaker, now: Millis
) -> AsyncIterator[str]:
    """The text, piece by piece: the report as it stands, its answers, everything that was said."""
    shown = report_json(mine, say, now, survey=False)
    as_of = say(t("As of {time}", time=moment(now, say)))
    yield f"{say(title)}\n{as_of}\n\n"
    yield f"{shown['headline']}\n"
    for label, text in (shown["progress"] or {"lines": ()})["lines"]:
        yield f"{label}: {_indented(text)}\n"
    yield f"\n{say(_TOLD)}\n\n"
    for one in shown["answers"]:
        said = _answer(one["erased"], one["skipped"], one["shown"], say)
        yield f"{one['label']}\n    {_indented(said)}\n"
    yield f"\n{say(_SAID)}\n\n"
    after = 0
    while found := await letters(after):
        after = found[-1].number
        for letter in found:
            if letter.at >= mine.started_at:
                yield _line(letter, say)


def _answer(erased: bool, skipped: bool, shown: str, say: Speaker) -> str:
    if erased:
        return say(_DELETED)
    return say(t("left out")) if skipped else shown


def _line(letter: Letter, say: Speaker) -> str:
    said = say(_DELETED) if letter.erased else letter.words or letter.text
    return f"{moment(letter.at, say)}, {say(_AUTHORS[letter.author])}\n    {_indented(said)}\n\n"


def _indented(said: str) -> str:
    """What people wrote stands apart from what the house says about it, on every line."""
    return "\n    ".join(said.splitlines())


def moment(at: Millis, say: Speaker) -> str:
    """Date, time and how far the clock is from UTC, which tells an hour that comes twice."""
    local = (_EPOCH + timedelta(milliseconds=at)).astimezone(say.zone)
    zone = local.strftime("%z")
    return f"{say.time(When(at=at, style=Style.FULL))} UTC{zone[:3]}:{zone[3:5]}"
