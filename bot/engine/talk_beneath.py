"""Words beneath a card in a place of many: the team's are notes, nobody else's are kept.

Nothing that is written there reaches a customer. What hangs from something that went into
another incident is written down there.
"""

from bot.core.commands import Command
from bot.core.ids import StreamId, kind_of
from bot.core.incident import Incident
from bot.core.incident_commands import WriteIncidentNote
from bot.core.report_words import WriteNote
from bot.core.texts import t
from bot.engine.front_people import Askers, Asking
from bot.engine.handle import Engine
from bot.engine.heard import Wrote
from bot.engine.limits import Limiter, Rate
from bot.engine.ports import Reply
from bot.engine.reader import Reader
from bot.engine.spots import names
from bot.store.base import text

STAFF = ("agent", "supervisor")
OUTSIDERS = Rate(burst=3, per_minute=0.2)
MERGED_MOST = 10
CARDS_LOOKED_AT = 300

OUTSIDER = t(
    "What you write here is not kept with the incident: only what the team writes is. "
    "If you work here, join this account to yours."
)
ONLY_WORDS = t("Only words are kept with the incident. The files stay here.")
CHANGED = t("Changed to: {words}")


class Beneath:
    """Writes down what the team says beneath a card."""

    def __init__(self, engine: Engine, reader: Reader, askers: Askers, outsiders: Limiter) -> None:
        """`outsiders`: how often each of them is told that what they write is not kept."""
        self._engine = engine
        self._reader = reader
        self._askers = askers
        self._outsiders = outsiders

    async def write(self, asking: Asking, wrote: Wrote) -> Reply:
        """Words that stand beneath something; what stands elsewhere is not for us."""
        stream = await self._stream(wrote)
        if stream is None:
            return Reply()
        if asking.staff is None or not asking.staff.has(*STAFF):
            return await self._outsider(asking)
        if not wrote.words:
            return Reply(text=await self._askers.said(asking, ONLY_WORDS))
        answer = await self._engine.handle(asking.envelope(await self._note(asking, wrote, stream)))
        if answer.outcome != "done":
            text = await self._askers.said(asking, answer.text)
            return Reply(text=text, again=answer.unkept)
        if wrote.files:
            return Reply(text=await self._askers.said(asking, ONLY_WORDS))
        return Reply()

    async def _outsider(self, asking: Asking) -> Reply:
        who = asking.heard.who
        if self._outsiders.wait(f"{who.channel}:{who.opaque}"):
            return Reply()
        link = self._engine.parts.public_url
        text = await self._askers.said(asking, OUTSIDER)
        return Reply(text=text, link=f"{link}/me" if link else "")

    async def _note(self, asking: Asking, wrote: Wrote, stream: StreamId) -> Command:
        words = wrote.words
        if wrote.edited:
            changed = CHANGED.model_copy(update={"args": {"words": words}})
            words = await self._askers.said(asking, changed)
        if kind_of(stream) == "report":
            return WriteNote(report=stream, words=words, beneath=True)
        return WriteIncidentNote(incident=stream, words=words, beneath=True)

    def _seat(self, wrote: Wrote) -> str:
        return self._engine.codec.seat_key(wrote.place.channel, wrote.place.address)

    async def _found(self, wrote: Wrote, table: str, column: str, value: str) -> StreamId:
        key = {"seat": self._seat(wrote), column: value}
        rows = await self._engine.store.select(table, key, limit=1) if value else []
        return text(rows[0], "stream") if rows else ""

    async def _in_part(self, wrote: Wrote) -> StreamId:
        """What a card shows that is longer than one message, by any part of it."""
        if not wrote.beneath:
            return ""
        key = {"seat": self._seat(wrote)}
        store = self._engine.store
        rows = await store.select("cards", key, order="at", descending=True, limit=CARDS_LOOKED_AT)
        found = (text(x, "stream") for x in rows if names(text(x, "message"), wrote.beneath))
        return next(found, "")

    async def _stream(self, wrote: Wrote) -> StreamId | None:
        """What the card shows beneath which, or in whose topic, it was written; where that went."""
        stream = await self._found(wrote, "cards", "message", wrote.beneath)
        stream = stream or await self._found(wrote, "topics", "within", wrote.within)
        stream = stream or await self._in_part(wrote)
        if not stream or kind_of(stream) not in ("incident", "report"):
            return None
        for _ in range(MERGED_MOST):
            state = await self._reader.state(stream)
            if not isinstance(state, Incident) or state.kin.merged_into is None:
                break
            stream = state.kin.merged_into
        return stream
