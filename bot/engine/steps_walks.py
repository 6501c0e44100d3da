"""Walks: forms on their way, one row each, so that a restart finds everybody where they were.

A row belongs to whoever is asked, by a keyed hash, so it serves somebody who was never met, too;
what was answered so far is sealed under whom it is about.
"""

from collections.abc import Mapping

from pydantic import Field, ValidationError

from bot.core.commands import Place
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId, SubjectId
from bot.core.steps import Walked
from bot.engine.ports import Chance, Clock
from bot.store.base import Drop, Op, Put, Range, Row, Store, number, text
from bot.store.codec import Codec

STEP_CARD = "step"
"""As what the buttons of a question hang."""
LASTS: Millis = 7 * 24 * 3600 * 1000
LASTS_UNMET: Millis = 24 * 3600 * 1000
"""For who was never met, and for what is over: as long as a platform may bring an event again."""
MOST = 50
PAGE = 500
KEPT = 12
"""So many events are remembered, so that one that comes again is known."""


class Way(Frozen):
    """What is kept of a walk, sealed.

    `ref` is the button that opened it, pressed in `place` (`private`: alone with us; `within` its
    topic); the question stands in `here` as `message` ("": not known), the ones before it as
    `trail`. `serial` counts the questions that were sent; `typed` says by the message in which it
    was written which question was answered. `sources` are the newest events that were taken,
    `sending` the one with which it is sent; `seen` is what its reader knows. `paused`: they began
    something else meanwhile. `over`: it has come to its end.
    """

    ref: str
    place: Place
    private: bool
    here: Place
    within: str = ""
    name: str = ""
    seen: int = 0
    walked: Walked = Walked()
    message: str = ""
    trail: tuple[str, ...] = ()
    serial: int = 0
    typed: Mapping[str, str] = Field(default_factory=dict)
    sources: tuple[str, ...] = ()
    sending: str = ""
    paused: bool = False
    over: bool = False


class Walk(Frozen):
    """A form on its way: `who` is asked (a keyed hash), at `at` they were heard last."""

    id: str
    who: str
    person: PersonId
    form: str
    target: str
    subject: SubjectId | None
    at: Millis
    way: Way

    def after(self, **changes: object) -> "Walk":
        """The same with other parts of its way."""
        return self.model_copy(update={"way": self.way.model_copy(update=changes)})

    def heard(self, source: str) -> "Walk":
        """The same after one more event was taken."""
        return self.after(sources=(*self.way.sources, source)[-KEPT:])


class Walks:
    """Keeps them a week from the last word; a day when they are over, or of who was never met."""

    def __init__(self, store: Store, codec: Codec, clock: Clock, chance: Chance) -> None:
        self._store = store
        self._codec = codec
        self._clock = clock
        self._chance = chance

    def new_id(self) -> str:
        """A name for one more."""
        return f"walk_{self._chance(12).hex()}"

    async def find(self, id_: str) -> Walk | None:
        """The one of that name; None when there is none any more."""
        rows = await self._store.select("walks", {"walk": id_}, limit=1)
        return self._read(rows[0]) if rows else None

    async def of(self, who: str) -> list[Walk]:
        """Those of somebody, the newest first."""
        rows = await self._store.select(
            "walks", {"who": who}, order="at", descending=True, limit=MOST
        )
        return [one for row in rows if (one := self._read(row)) is not None]

    async def save(self, walk: Walk, *others: Op) -> Walk:
        """Keep it as it is now. Raises KeyGone when whom it is about was erased."""
        walk = walk.model_copy(update={"at": self._clock.now()})
        await self._store.write([self.row(walk), *others])
        return walk

    def row(self, walk: Walk) -> Op:
        """What is written of it, without a look at the clock."""
        lasts = LASTS if walk.person and not walk.way.over else LASTS_UNMET
        row: Row = {
            "walk": walk.id,
            "who": walk.who,
            "person": walk.person,
            "form": walk.form,
            "target": walk.target,
            "at": walk.at,
            "until": walk.at + lasts,
            "subject": walk.subject,
            "body": self._codec.seal_note(walk.way.model_dump(mode="json"), walk.subject),
        }
        return Put("walks", row)

    def dropped(self, walk: Walk) -> tuple[Op, ...]:
        """It is no more, nor are its buttons."""
        tokens = {"stream": walk.id, "card": STEP_CARD}
        return Drop("walks", {"walk": walk.id}), Drop("tokens", tokens)

    async def sweep(self) -> int:
        """Let go of those whose time is over; how many there were."""
        gone, over = 0, Range("until", below=self._clock.now() + 1)
        while rows := await self._store.select("walks", within=over, order="until", limit=PAGE):
            for row in rows:
                tokens = {"stream": text(row, "walk"), "card": STEP_CARD}
                named = {"walk": text(row, "walk")}
                await self._store.write([Drop("walks", named), Drop("tokens", tokens)])
            gone += len(rows)
        return gone

    def _read(self, row: Row) -> Walk | None:
        subject = row["subject"]
        about = subject if isinstance(subject, str) else None
        if number(row, "until") <= self._clock.now():
            return None
        try:
            way = Way.model_validate(self._codec.open_note(text(row, "body"), about))
        except ValidationError:  # Whom it is about was erased, or an older version wrote it.
            return None
        return Walk(
            id=text(row, "walk"),
            who=text(row, "who"),
            person=text(row, "person"),
            form=text(row, "form"),
            target=text(row, "target"),
            subject=about,
            at=number(row, "at"),
            way=way,
        )
