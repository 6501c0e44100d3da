"""What Slack sends, read without trust: a part that is not there or not fit is empty."""

import re
from dataclasses import dataclass
from typing import Any

from bot.core.commands import Identity, Place
from bot.core.ids import Millis
from bot.untrusted import part, text

CHANNEL = "slack"
ID = re.compile(r"[A-Z][A-Z0-9]{1,39}")
MOMENT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")
LONGEST: Millis = 1 << 48
MARKED = re.compile(r"<([^<>]*)>")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""In this order: what was written as `&lt;` comes as `&amp;lt;`."""


@dataclass(frozen=True, slots=True)
class Me:
    """Who we are in Slack; "" where it is not known yet."""

    team: str = ""
    user: str = ""
    bot: str = ""
    app: str = ""


def ident(payload: Any, *keys: str) -> str:
    """The id of something in Slack under `keys`, "" when there is none that could be one."""
    found = text(payload, *keys)
    return found if ID.fullmatch(found) else ""


def idents(payload: Any, *keys: str) -> list[str]:
    """The ids in the list under `keys`, each once."""
    found = part(payload, *keys[:-1]).get(keys[-1])
    listed = found if isinstance(found, list) else ()
    return list(dict.fromkeys(x for x in listed if isinstance(x, str) and ID.fullmatch(x)))


def moment(payload: Any, *keys: str) -> Millis | None:
    """A time in Slack (seconds, as a number or as text) in milliseconds."""
    found = part(payload, *keys[:-1]).get(keys[-1])
    if isinstance(found, int) and not isinstance(found, bool):
        at = found * 1000
    elif isinstance(found, str) and MOMENT.fullmatch(found):
        at = int(float(found) * 1000)
    else:
        return None
    return at if 0 <= at < LONGEST else None


def person(user: str, team: str) -> Identity:
    """Somebody in Slack."""
    return Identity(CHANNEL, f"{team}:{user}")


def alone(user: str) -> Place:
    """The direct conversation with somebody, whatever number it has."""
    return Place(CHANNEL, user)


def at(channel: str, user: str) -> tuple[Place, bool]:
    """Where something was done, and whether nobody else is there."""
    if not channel or channel.startswith("D"):
        return alone(user), True
    return Place(CHANNEL, channel), False


def message_id(channel: str, stamp: str) -> str:
    """How we call a message; "" when it cannot be told which."""
    return f"{channel}/{stamp}" if channel and MOMENT.fullmatch(stamp) else ""


def plain(words: str) -> str:
    """Words as somebody wrote them, without Slack's marks for links, mentions and dates."""
    shown = MARKED.sub(lambda found: _shown(found[1]), words)
    for entity, sign in ENTITIES:
        shown = shown.replace(entity, sign)
    return shown


def _shown(mark: str) -> str:
    """What stands between `<` and `>`, as people see it."""
    target, _, label = mark.partition("|")
    if target.startswith(("@", "#")):
        return target[0] + label if label else target
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    address = target.removeprefix("mailto:").removeprefix("tel:")
    return address if not label or label in target else f"{label} ({address})"
