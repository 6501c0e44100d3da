"""Whether words of an update still stand, by the list of published updates, which forgets none."""

from collections.abc import Iterable, Mapping

import structlog

from bot.core.errors import Damaged
from bot.core.ids import Millis
from bot.core.incident import Update
from bot.core.incident_listed import UpdateRow
from bot.core.incident_words import Wording
from bot.core.intents import Say
from bot.core.personal import JsonValue, Personal
from bot.core.texts import Ref, t
from bot.store.base import Row, Store, number, text
from bot.store.codec import Codec

log = structlog.get_logger(__name__)

Standing = Mapping[str, UpdateRow | None]
"""How updates stand now, by `incident/number`; None for one that was taken back."""


async def standing(store: Store, codec: Codec, rows: Iterable[Row]) -> Standing:
    """How the updates stand that messages are `about`; what was erased is left out."""
    wanted: dict[str, list[int]] = {}
    for about in dict.fromkeys(text(row, "about") for row in rows if row["about"]):
        stream, _, which = about.rpartition("/")
        if not stream.startswith("inc_"):
            continue
        wanted.setdefault(stream, []).append(int(which))
    found: dict[str, UpdateRow | None] = {}
    for stream, numbers in wanted.items():
        many = len(numbers)
        kept = await store.select("updates", {"incident": stream, "number": numbers}, limit=many)
        for row in kept:
            try:
                body = None if row["withdrawn"] else codec.decode_row(UpdateRow, text(row, "body"))
            except Damaged:
                log.exception("a published update is damaged", incident=stream)
                continue
            found[f"{stream}/{number(row, 'number')}"] = body
    return found


def still_says(say: Say, now: UpdateRow | Update | None, codec: Codec) -> bool:
    """Whether a message of an update says what stands: its words, or that they were taken back."""
    if say.words is None or now is None:
        return say.words is None and now is None
    return _opened(say.words, say.language, say.also, codec) == _opened(
        now.words, now.language, now.also, codec
    )


def as_it_stands(say: Say, now: UpdateRow, at: Millis) -> Say:
    """The message with the words that stand now, and without a promise whose time has passed."""
    said: dict[str, object] = {"words": now.words, "language": now.language, "also": now.also}
    if overdue(now, at):
        ref = Ref(ref=now.reference)
        said["text"] = t("Incident {ref}: this is how things stand.", ref=ref)
    return say.model_copy(update=said)


def overdue(now: UpdateRow, at: Millis) -> bool:
    """Whether the next update was promised for a time that has passed."""
    return now.next_by is not None and now.next_by <= at


def _opened(
    words: Personal, language: str, also: tuple[Wording, ...], codec: Codec
) -> list[tuple[str, JsonValue]]:
    first = (language, words.open(codec.open))
    return [first, *((one.language, one.words.open(codec.open)) for one in also)]
