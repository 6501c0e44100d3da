"""How things stand, for somebody who has just subscribed: the newest public update of each
incident that goes on and that they want to hear of.

What was published after that they hear anyway, so the log's position says which of the two it is.
"""

from collections.abc import Iterator, Sequence

from bot.core.calendar import DAY
from bot.core.following import Wish, held_until, reach_of, scopes_for
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident, Update
from bot.core.notices import as_it_stands
from bot.core.person import Person, Subscription
from bot.engine.audience import Audience, Member, copy_of, held, open_to_subscribers, states
from bot.engine.handle import Engine
from bot.store.base import Op, Patch, Put, Range, Row, number, text

LOOKED_BACK: Millis = 30 * DAY
MOST = 1_000


class Standing:
    """Makes the messages of which the picture consists; they go out as one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store

    async def unfold(self, row: Row, whom: Audience) -> None:
        """In one write, so that a crash neither misses nor repeats any."""
        person = (await states(self._engine, [whom.stream]))[whom.stream]
        one = _numbered(person, int(whom.scope))
        ops: list[Op] = [Patch("outbox", {"id": row["id"]}, {"state": "delivered", "body": ""})]
        if one is not None and isinstance(person, Person):
            earlier = [each for each in person.subscriptions if each.number < one.number]
            current = await self._current(row)
            ops += self._copies(row, person, one, earlier, current)
        await self._store.write(ops)

    async def _current(self, row: Row) -> list[tuple[Incident, Update]]:
        """What goes on, with its newest update from before the subscription."""
        position = row["position"] if isinstance(row["position"], int) else 0
        rows = await self._store.select(
            "updates",
            {"audience": "public", "withdrawn": 0},
            within=Range("at", above=self._engine.clock.now() - LOOKED_BACK),
            order="at",
            descending=True,
            limit=MOST,
        )
        newest: dict[StreamId, int] = {}
        for one in rows:
            if not isinstance(one["since"], int) or one["since"] < position:
                newest.setdefault(text(one, "incident"), number(one, "number"))
        known = await states(self._engine, newest)
        found = []
        for stream, which in newest.items():
            state = known[stream]
            if isinstance(state, Incident) and state.working and open_to_subscribers(state):
                update = state.update(which)
                if update is not None and not update.withdrawn:
                    found.append((state, update))
        return found

    def _copies(
        self,
        row: Row,
        person: Person,
        one: Subscription,
        earlier: Sequence[Subscription],
        current: list[tuple[Incident, Update]],
    ) -> Iterator[Op]:
        codec, now = self._engine.codec, self._engine.clock.now()
        seat = one.seat.key.open(codec.open)
        if not isinstance(seat, str):
            return
        heard = {each.scope for each in earlier if each.seat.channel == one.seat.channel}
        quiet = held_until(Wish(quiet=one.wish.quiet, zone=one.wish.zone), now) or now
        to = Member(f"{person.stream}/{one.number}", seat, one.seat.channel, one.seat.key.subject)
        for state, update in current:
            scopes = scopes_for(reach_of(state), (state.stream, *state.kin.absorbed))
            if one.scope not in scopes or heard.intersection(scopes):
                continue
            say = as_it_stands(state, update)
            copy = {
                **copy_of(row, to).row,
                "source": state.stream,
                "about": f"{state.stream}/{update.number}",
                "cause": f"{text(row, 'cause')}/{state.stream}",
                "body": codec.encode_row(say),
            }
            yield Put("outbox", held(copy, now if say.at_once else quiet))


def _numbered(person: object, which: int) -> Subscription | None:
    known = person.subscriptions if isinstance(person, Person) else ()
    return next((one for one in known if one.number == which), None)
