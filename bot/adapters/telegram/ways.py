"""The way back to whoever did something."""

from dataclasses import dataclass

from bot.core.commands import Place
from bot.core.ids import Millis
from bot.engine.heard import Heard, Pressed, Wrote
from bot.untrusted import Payload, part, text


@dataclass(frozen=True, slots=True)
class Way:
    """How to answer. `query` is what a press is answered by, for some seconds from `came` on, and
    `token` what it carried. `message` is what was pressed or written, `language` what they read.
    After `by` nothing more is said (0: that is not settled).
    """

    place: Place
    alone: Place
    private: bool
    came: Millis
    within: str = ""
    message: str = ""
    query: str = ""
    token: str = ""
    language: str = ""
    by: Millis = 0


def way_of(update: Payload, one: Heard, came: Millis) -> Way:
    """The way back to whoever sent this, which is `one`."""
    query = part(update, "callback_query")
    message = update.get("message")
    theirs = message.get("message_id") if isinstance(message, dict) else None
    written = f"{one.place.address}/{theirs}" if isinstance(theirs, int) else ""
    return Way(
        place=one.place,
        alone=one.alone or one.place,
        private=one.private,
        came=came,
        within=one.within,
        message=one.message if isinstance(one, Pressed | Wrote) else written,
        query=text(query, "id"),
        token=one.token if isinstance(one, Pressed) else "",
        language=one.language,
    )
