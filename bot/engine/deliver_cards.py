"""Cards on their way to where they hang: only the newest look is drawn, ten changes cost one edit.

A wish to show something is a row per card and place name, overwritten by the next one; a hung
card is a row per card and seat. When a wish is noticed, each card of it becomes a job; the job
draws the state as it is when its turn has come, sends nothing when that looks no different,
and the wish is fulfilled once all its cards are.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence

import structlog

from bot.core.cards import plain, with_tokens
from bot.core.errors import KeyGone, StoreDown
from bot.core.fold import State
from bot.core.ids import Millis
from bot.core.intents import Lane, Show
from bot.core.places import Seat
from bot.engine.audience import states
from bot.engine.deliver_draw import Drawer, digest
from bot.engine.deliver_jobs import Ended, Prepared, Ready
from bot.engine.deliver_lines import Job
from bot.engine.deliver_own import left, standing
from bot.engine.deliver_wants import PLACES, Hanging, Wanted, Wish, key_of
from bot.engine.handle import Engine
from bot.engine.ports import Post, Speech
from bot.engine.prepare import Planned
from bot.engine.tokens import Hung, Tokens
from bot.store.base import Drop, Op, Patch, Put, Range, Row, Scalar, number, text
from bot.views.kinds import KINDS
from bot.views.look import Look

log = structlog.get_logger(__name__)

PAGE = 500
NEVER: Millis = -(1 << 60)
SENDS, EDITS = (0, 0), (1 << 60, 0)
"""Within a lane what is new goes first, and what is there already last."""
CALM: Millis = 10_000
PRESSED = 20_000
WAITS: Millis = 1_000
Within = Callable[[Hanging, State | None], Awaitable[str | None]]
_LANES: dict[str, Lane] = {"safety": "safety", "reply": "reply", "bulk": "bulk"}


class Cards:
    """Which cards are wanted, where they hang, and what they look like."""

    def __init__(self, engine: Engine, speech: Speech, tokens: Tokens) -> None:
        self._engine = engine
        self._store = engine.store
        self._codec = engine.codec
        self._tokens = tokens
        self._drawer = Drawer(engine, speech)
        self._wanted: dict[Wish, Wanted] = {}
        self._hanging: dict[str, Hanging] = {}
        self._pressed: dict[str, Millis] = {}
        self.within: Within = _nowhere

    # --- what is wanted --------------------------------------------------------------------

    def look(self) -> Look:
        """What views may know at this moment."""
        return self._drawer.look()

    def wishes(self, planned: Planned) -> Iterator[Wanted]:
        """What a committed unit wants shown."""
        for count, (rec, show) in enumerate(planned.work.intents if planned.work else ()):
            if isinstance(show, Show) and self._engine.parts.hangs(show):
                wish = Wish(show.stream, show.card, show.number, self._name(show.place))
                yield Wanted(wish, f"{rec.id}:{count}", show.lane, rec.at)

    def _name(self, place: Seat | str) -> str:
        return str(place.key.open(self._codec.open)) if isinstance(place, Seat) else place

    async def unfulfilled(self) -> list[Wanted]:
        """What was wanted before the start."""
        found: list[Wanted] = []
        above = ""
        while True:
            rows = await self._store.select(
                "shows",
                {"state": "waiting"},
                within=Range("stream", above=above),
                order="stream",
                limit=PAGE,
            )
            last = text(rows[-1], "stream") if len(rows) == PAGE else None
            # The page may have cut the last stream; it begins the next one.
            whole = [row for row in rows if row["stream"] != last] or rows
            found += map(_wanted, whole)
            if last is None:
                return found
            above = text(whole[-1], "stream")

    async def jobs(self, wanted: Wanted) -> tuple[list[Job], list[Op]]:
        """The cards of a wish as jobs, those to be hung anew among them.

        Without any the wish is fulfilled, and what says so must be written.
        """
        cards = await self._cards(wanted.wish)
        wanted.left = {one.key: None for one in cards}
        if not cards:
            self._wanted.pop(wanted.wish, None)
            return [], [_fulfilled(wanted)]
        self._wanted[wanted.wish] = wanted.instead_of(self._wanted.get(wanted.wish))
        return [self._job(one, wanted) for one in cards], []

    def _job(self, one: Hanging, wanted: Wanted) -> Job:
        return Job(
            key=one.key,
            kind="card",
            channel=one.channel,
            seat=one.hung.seat,
            lane=self._lane(one, wanted),
            at=wanted.at,
            order=EDITS if one.message else SENDS,
            act="edit" if one.message else "send",
            stream=one.hung.stream,
            unknown=one.unsure,
        )

    def _lane(self, one: Hanging, wanted: Wanted) -> Lane:
        """What is pressing goes ahead, and then takes its turn for a while: otherwise one card
        that changes without end would keep all others of its place as they are.
        """
        again = self._engine.clock.now() - self._pressed.get(one.key, NEVER) < CALM
        return "card" if again and one.message and wanted.lane == "safety" else wanted.lane

    async def _cards(self, wish: Wish) -> list[Hanging]:
        rows = await self._store.select("cards", wish.key, limit=PAGE)
        state = (await states(self._engine, [wish.stream]))[wish.stream] if rows else None
        gone = left(state, self._codec.open)
        found = {one.key: one for one in map(self._hung, rows) if one.hung.seat not in gone}
        for fresh in await self._fresh(wish):
            found.setdefault(fresh.key, fresh)
        return [self._hanging.setdefault(key, one) for key, one in found.items()]

    def _hung(self, row: Row) -> Hanging:
        subject = row["subject"]
        about = subject if isinstance(subject, str) else None
        key = (text(row, "stream"), text(row, "card"), number(row, "number"), text(row, "seat"))
        return Hanging(
            hung=Hung(*key),
            channel=text(row, "channel"),
            place=text(row, "place"),
            address=str(self._codec.open_note(text(row, "body"), about) or ""),
            subject=about,
            body=text(row, "body"),
            message=text(row, "message"),
            shown=number(row, "shown"),
            digest=text(row, "digest"),
            posts=number(row, "posts"),
            unsure=bool(row["sending"]) and not row["message"],
        )

    async def _fresh(self, wish: Wish) -> list[Hanging]:
        """The cards as they would hang anew, where that may be."""
        state = (await states(self._engine, [wish.stream]))[wish.stream]
        kind = KINDS.get(wish.card)
        if kind is None or state is None or not kind.hangs(state, wish.number):
            return []
        if wish.place not in PLACES:
            return await self._personal(wish)
        found = [
            self._new(wish, at.channel, at.address, None)
            for name in kind.places(state, wish.number, self._drawer.look())
            for at in self._engine.standins.at(name, state)
        ]
        own = standing(state, self._codec.open) if wish.place == "team" else ()
        return [*found, *(self._new(wish, channel, at, None) for channel, at in own)]

    async def _personal(self, wish: Wish) -> list[Hanging]:
        rows = await self._store.select("shows", wish.key, limit=1)
        if not rows or not rows[0]["body"]:
            return []
        seat = self._codec.decode_row(Seat, text(rows[0], "body"))
        address = seat.address.open(self._codec.open)
        if not isinstance(address, str):
            return []
        return [self._new(wish, seat.channel, address, seat.address.subject)]

    def _new(self, wish: Wish, channel: str, address: str, subject: str | None) -> Hanging:
        seat = self._codec.seat_key(channel, address)
        hung = Hung(wish.stream, wish.card, wish.number, seat)
        body = self._codec.seal_note(address, subject)
        return Hanging(hung, channel, wish.place, address, subject, body)

    # --- preparing -------------------------------------------------------------------------

    async def prepare(self, jobs: Sequence[Job]) -> list[Prepared]:
        """Each card as it should look now; one that looks so already is `Ended`."""
        return [await self._prepared(job) for job in jobs]

    async def _prepared(self, job: Job) -> Prepared:
        one = self._hanging[str(job.key)]
        wanted = self._wanted.get(one.wish)
        cause = "" if wanted is None else wanted.cause
        try:
            return await self._drawn(job, one, cause)
        except KeyGone:
            return Ended(job, "erased", "", self.ended(job, "erased", ""))
        except StoreDown:
            raise  # Nothing is wrong with the card: all are drawn again once the store is back.
        except Exception as fault:  # The wall: whatever is wrong with one hurts no other.
            log.exception("a card cannot be drawn", card=one.hung.card)
            reason = f"failed: {type(fault).__name__}"
            return Ended(job, "dead", reason, self.ended(job, "dead", reason))

    async def _drawn(self, job: Job, one: Hanging, cause: str) -> Prepared:
        hung = one.hung
        outside = one.subject is not None
        named = (hung.stream, hung.card, hung.number)
        drawn, version = await self._drawer.draw(*named, outside, one.channel)
        sound = one.message and not one.doubted
        if drawn is None or (sound and digest(drawn) == one.digest):
            return Ended(job, ops=self._ended(one, cause))
        one.doubted = False
        if not one.message and not KINDS[hung.card].anew:
            return Ended(job, ops=[*self.dropped(hung), *self._ended(one, cause)])
        within = await self._within(one)
        if within is None:
            return Ready(job, one.address, Post("", ""), [], rests=self._engine.clock.now() + WAITS)
        known = await self._tokens.of(hung)
        actions = [button.action for button in drawn.buttons]
        tokens, ops = self._tokens.make(hung, actions, known)
        if one.message and not self._engine.parts.channels[one.channel].capabilities.edits:
            ops += self._replaced(job, one)
        if one.message:
            # Until the answer is there nobody knows what it looks like, whatever happens.
            ops.append(Patch("cards", hung.key, {"digest": ""}))
        else:
            one.posts += not job.unknown
            ops.append(self._row(one, state="waiting", sending=self._engine.clock.now()))
        card = with_tokens(drawn, tokens)
        return Ready(
            job=job,
            address=one.address,
            post=Post(f"{one.key}:{one.posts}", plain(card), card, within=within),
            ops=ops,
            message=one.message,
            version=version,
            digest=digest(drawn),
            wanted=cause,
        )

    def _replaced(self, job: Job, one: Hanging) -> list[Op]:
        """Where nothing can be changed it is hung anew; what stands there is taken away."""
        now = self._engine.clock.now()
        key = {"channel": one.channel, "message": one.message}
        self.gone(job)
        return [Put("removals", {**key, "at": now, "due": now, "tries": 0, "body": one.body})]

    async def _within(self, one: Hanging) -> str | None:
        """In which topic of its place it stands; None while nobody knows."""
        return await self.within(one, (await self._engine.live(one.hung.stream)).state)

    # --- books -----------------------------------------------------------------------------

    def sent(self, ready: Ready, message: str, reason: str) -> list[Op]:
        """It hangs as `message` and looks as drawn."""
        one = self._hanging[str(ready.job.key)]
        one.message, one.shown, one.digest = message, ready.version, ready.digest
        if ready.job.lane == "safety":
            self._press(one.key)
        return [self._row(one, reason=reason), *self._ended(one, ready.wanted)]

    def _press(self, key: str) -> None:
        if len(self._pressed) >= PRESSED:
            self._pressed.clear()
        self._pressed[key] = self._engine.clock.now()

    def ended(self, job: Job, state: str, reason: str) -> list[Op]:
        """It cannot be shown; the next change tries again."""
        one = self._hanging[str(job.key)]
        wanted = self._wanted.get(one.wish)
        row = self._row(one, state=state, reason=reason, tries=job.tries)
        return [row, *self._ended(one, "" if wanted is None else wanted.cause)]

    def again(self, job: Job, due: Millis) -> list[Op]:
        """It is tried again, knowing or not whether it arrived."""
        one = self._hanging[str(job.key)]
        one.digest = ""
        sending = self._engine.clock.now() if job.unknown else 0
        return [self._row(one, state="waiting", tries=job.tries, sending=sending)]

    def gone(self, job: Job) -> None:
        """Its message is no longer there: hang it anew."""
        one = self._hanging[str(job.key)]
        one.message, one.digest = "", ""
        job.act, job.order, job.unknown = "send", SENDS, False

    def next_try(self, job: Job) -> None:
        """Make the job of a card what its next try will be."""
        one = self._hanging[str(job.key)]
        job.act, job.order = ("edit", EDITS) if one.message else ("send", SENDS)
        job.tries, job.unknown = 0, False

    def lane(self, job: Job) -> Lane:
        """The lane of a card's job at this moment."""
        one = self._hanging[str(job.key)]
        wanted = self._wanted.get(one.wish)
        return job.lane if wanted is None else self._lane(one, wanted)

    def stale(self, job: Job) -> bool:
        """Whether something asked for the card again since it was drawn; else it is let go."""
        one = self._hanging[str(job.key)]
        wanted = self._wanted.get(one.wish)
        if wanted is not None and one.key in wanted.left:
            return True
        del self._hanging[one.key]
        return False

    def _ended(self, one: Hanging, cause: str) -> list[Op]:
        """The card fulfils the wish as it was at `cause`; with the last one it is fulfilled."""
        wanted = self._wanted.get(one.wish)
        if wanted is None or wanted.cause != cause:
            return []
        wanted.left.pop(one.key, None)
        if wanted.left:
            return []
        del self._wanted[one.wish]
        return [_fulfilled(wanted)]

    def _row(self, one: Hanging, **more: Scalar) -> Put:
        row: dict[str, Scalar] = {
            **one.hung.key,
            "place": one.place,
            "channel": one.channel,
            "message": one.message,
            "shown": one.shown,
            "digest": one.digest,
            "posts": one.posts,
            "state": "shown",
            "reason": "",
            "tries": 0,
            "sending": 0,
            "at": self._engine.clock.now(),
            "subject": one.subject,
            "body": one.body,
        }
        return Put("cards", {**row, **more})

    def adopted(self, hung: Hung, message: str) -> list[Op]:
        """Somebody pressed a button on `message`: so that is where the card hangs."""
        one = self._hanging.get(key_of(hung))
        if one is not None:
            one.message, one.unsure = message, False
        return [Patch("cards", {**hung.key, "message": ""}, {"message": message, "sending": 0})]

    async def doubted(self, row: Row, gone: bool = False) -> Wanted | None:
        """Whether the card of this row still hangs is not known: it is wanted as if it had
        changed, or (`gone`: it does not) hung anew. None where nobody wants it, or it need hang
        there no more.
        """
        one = self._hung(row)
        wishes = await self._store.select("shows", one.wish.key, limit=1)
        if not wishes or one.key not in [each.key for each in await self._fresh(one.wish)]:
            return None
        hanging = self._hanging.get(one.key, one)
        hanging.doubted = True
        changes: dict[str, Scalar] = {"digest": ""}
        if gone:
            hanging.message, changes["message"] = "", ""
        wanted = _wanted(wishes[0])
        wanted.cause = f"lost:{one.message}"  # What is on its way was wanted before that.
        again = {"state": "waiting", "wanted": wanted.cause}
        await self._store.write(
            [
                Patch("cards", one.hung.key, changes),
                Patch("shows", one.wish.key, again),
            ]
        )
        return wanted

    def dropped(self, hung: Hung) -> list[Op]:
        """The card is no longer ours, and its buttons mean nothing any more."""
        return [Drop("cards", hung.key), self._tokens.dropped(hung)]


async def _nowhere(one: Hanging, state: State | None) -> str:
    """No place has topics."""
    return ""


def _wanted(row: Row) -> Wanted:
    wish = Wish(text(row, "stream"), text(row, "card"), number(row, "number"), text(row, "place"))
    lane = _LANES.get(text(row, "lane"), "card")
    return Wanted(wish, text(row, "wanted"), lane, number(row, "at"))


def _fulfilled(wanted: Wanted) -> Op:
    """It is shown, unless something newer was asked for meanwhile."""
    return Patch("shows", {**wanted.wish.key, "wanted": wanted.cause}, {"state": "shown"})
