"""Mailboxes: what people find who fetch their messages by themselves, such as a page does.

A mailbox belongs to one seat and is read by cursor: the numbers of its letters rise in the
order in which they were put in. Its owner's own words lie in it too, in their place.
"""

from dataclasses import dataclass
from typing import Literal

from bot.core.ids import Millis
from bot.core.intents import Say
from bot.core.personal import JsonValue
from bot.engine.one_way import OneWay
from bot.engine.ports import Capabilities, Health, Limit, Post
from bot.store.base import Put, Range, Row, Scalar, Store, number, text
from bot.store.codec import Codec

Author = Literal["me", "desk", "house"]
_AUTHORS: dict[str, Author] = {"me": "me", "desk": "desk"}
PAGE = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in a mailbox; `number` is the cursor.

    `author`: the owner, a human at the desk, or the house. `text` is the house's wording,
    `words` what somebody wrote. Both are empty and `erased` is True once they were deleted.
    `pressing`: it keeps somebody safe. `message` is its number in the conversation, 0 for what is
    not of it.
    """

    number: int
    at: Millis
    author: Author
    text: str
    words: str
    pressing: bool = False
    erased: bool = False
    message: int = 0


class Mailbox:
    """Reads letters; delivery alone writes them."""

    def __init__(self, store: Store, codec: Codec) -> None:
        self._store = store
        self._codec = codec

    async def read(self, seat: str, after: int = 0, limit: int = PAGE) -> list[Letter]:
        """The letters of `seat` (its keyed hash) with a number above `after`, in order."""
        rows = await self._store.select(
            "mailbox", {"seat": seat}, within=Range("id", above=after), order="id", limit=limit
        )
        return [self._letter(row) for row in rows]

    async def newest(self, seat: str, limit: int = PAGE) -> list[Letter]:
        """The last letters of `seat`, in order: where a page begins that knows none."""
        rows = await self._store.select(
            "mailbox", {"seat": seat}, order="id", descending=True, limit=limit
        )
        return [self._letter(row) for row in reversed(rows)]

    def _letter(self, row: Row) -> Letter:
        subject = row["subject"]
        about = subject if isinstance(subject, str) else None
        note = self._codec.open_note(text(row, "body"), about)
        said, words = said_in(note)
        return Letter(
            number=number(row, "id"),
            at=number(row, "at"),
            author=_AUTHORS.get(text(row, "author"), "house"),
            text=said or "",
            words=words or "",
            pressing=row["lane"] == "safety",
            erased=said is None,
            message=_number_in(note),
        )


def letter_row(row: Row, say: Say, sealed: str) -> Put:
    """The letter that the outbox row `row` becomes."""
    written = say.words is not None and not say.as_desk
    author: Author = "me" if say.own else "desk" if written else "house"
    # News that soon is none keeps nobody safe, however quickly it was sent.
    is_news = row["lane"] == "safety" and say.until is not None
    fresh: dict[str, Scalar] = {
        "id": None,
        "seat": row["target"],
        "at": row["at"],
        "lane": "reply" if is_news else row["lane"],
        "author": author,
        "intent": row["cause"],
        "subject": row["subject"],
        "body": sealed,
    }
    return Put("mailbox", fresh)


def note_of(
    said: str, words: str, message: str = "", number: int = 0, at: str = ""
) -> dict[str, JsonValue]:
    """What is sealed of a message: the house's wording, somebody's words, the platform's id, its
    number in a conversation, the address that it went to.
    """
    numbered: dict[str, JsonValue] = {"number": number} if number else {}
    placed: dict[str, JsonValue] = {"address": at} if at else {}
    return {"text": said, "words": words, "message": message, **numbered, **placed}


def said_in(note: JsonValue) -> tuple[str | None, str | None]:
    """Wording and words of a note; both None when it was erased."""
    if not isinstance(note, dict):
        return None, None
    return str(note["text"]), str(note["words"])


def _number_in(note: JsonValue) -> int:
    found = note.get("number") if isinstance(note, dict) else None
    return found if isinstance(found, int) else 0


class Pulled(OneWay):
    """A channel that nothing is sent to: its people come for their mailbox themselves. `way` is
    the beginning of a link that leads there, "" for none.
    """

    capabilities = Capabilities(pulled=True, hears=False, edits=False, deletes=False)

    def __init__(self, name: str, way: str = "") -> None:
        self.name = name
        self.title = name.capitalize()
        self._way = way

    def way_in(self, payload: str) -> str | None:
        """To the page where they would write."""
        return f"{self._way}{payload}" if self._way else None

    def limits(self, address: str) -> tuple[Limit, ...]:
        """None: there is nothing to be paced."""
        return ()

    async def send(self, address: str, post: Post) -> str:
        """Nothing is sent."""
        self._never()

    def health(self) -> Health:
        """As well as the house itself."""
        return Health(sound=True)
