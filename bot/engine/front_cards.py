"""Cards for one person alone: drawn as things are now, with buttons of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.access import calls_anybody, may_see
from bot.core.cards import BUTTONS_MOST, Action, Card, with_tokens, without_sheets
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.report import Report
from bot.core.texts import Phrase
from bot.engine.audience import states
from bot.engine.front_people import Askers, Asking
from bot.engine.machine import Machine
from bot.engine.read import Staff
from bot.engine.reader import Reader
from bot.engine.roster import EVERY_ROW
from bot.engine.tokens import Hung, Tokens
from bot.store.base import Op, text
from bot.views import distress_forms, home, tools
from bot.views.forms import FORMS
from bot.views.help import with_help
from bot.views.incident import curtain
from bot.views.kinds import KINDS
from bot.views.look import THERE, Look

HOME, LINE, BESIDE = "home", "line", "tools"
ALONE = (HOME, LINE, BESIDE)
"""Cards that are shown to one person alone; the last stands beside an incident's card."""
LISTED = 30
TASKS_MOST = 3
WANTED_MOST = 2
REPORTS_MOST = 3
LAST: Millis = 1 << 60

Drawn = tuple[Card[str], ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """An incident whose next promise is due at `at`."""

    at: Millis
    incident: StreamId


class Cards:
    """Draws them. `name` of a method tells where the card stands: on one's own page, or alone."""

    def __init__(self, machine: Machine, reader: Reader, askers: Askers) -> None:
        self._engine = machine.engine
        self._store = machine.engine.store
        self._tokens: Tokens = machine.deliveries.tokens
        self._reader = reader
        self._askers = askers

    @property
    def look(self) -> Look:
        """What views may know beside the state."""
        editions = self._engine.editions
        desk = self._engine.parts.public_url.rstrip("/")
        return Look(editions.current, editions.edition, {}, desk)

    async def own(
        self,
        asking: Asking,
        cards: Sequence[Card[Phrase] | None],
        name: str = LINE,
        named: bool = False,
    ) -> Drawn:
        """Cards in words, each button with a token that hangs on what it is about."""
        channel = self._engine.parts.channels.get(asking.heard.who.channel)
        sheets = channel is None or channel.capabilities.sheets
        some = [one if sheets else without_sheets(one) for one in cards if one is not None]
        if asking.staff is None:
            some = [with_help(one) for one in some]
        shown = [await self._askers.shown(asking, one, named) for one in some]
        actions = [button.action for card in shown for button in card.buttons]
        tokens = await self._marks(asking, actions, name)
        return tuple(with_tokens(card, tokens) for card in shown)

    async def _marks(self, asking: Asking, actions: Sequence[Action], name: str) -> dict[str, str]:
        who = asking.heard.who
        seat = self._engine.codec.seat_key(who.channel, who.opaque)
        by: dict[Hung, list[Action]] = {}
        for one in actions:
            stream, task = _about(one) or asking.person or name, one.args.get("task")
            hung = Hung(stream, name, task if isinstance(task, int) else 0, seat)
            by.setdefault(hung, []).append(one)
        tokens: dict[str, str] = {}
        ops: list[Op] = []
        for hung, some in by.items():
            made, puts = self._tokens.make(hung, some, await self._tokens.of(hung))
            tokens |= made
            ops += puts
        if ops:
            await self._store.write(ops)
        return tokens

    # --- one thing -------------------------------------------------------------------------

    async def incident(self, asking: Asking, stream: StreamId) -> Drawn:
        """An incident's card, for who may see it; empty for anybody else."""
        state = await self._reader.state(stream)
        staff = asking.staff
        if staff is None or not isinstance(state, Incident):
            return ()
        if not _may(staff, state):
            return await self._coming(asking, state)
        await self._reader.looks.note(staff.person, state, "chat")
        look = replace(await self._seeing(state), alone=asking.heard.private)
        return await self.own(asking, [KINDS["incident"].draw(state, 0, look)])

    async def _coming(self, asking: Asking, state: Incident) -> Drawn:
        """Nothing of it but the way to come, for whoever may be called to it."""
        if asking.staff is None or not asking.staff.desk or not calls_anybody(state):
            return ()
        return await self.own(asking, [curtain(state, self.look, distress_forms.take(state))])

    async def tools(self, asking: Asking, action: Action, there: str = "") -> Drawn:
        """What else can be done with an incident, for who works on it; empty for anybody else.

        It counts as pressed in `there`, a place of the playbook ("": where it is pressed), or
        where the page before counted as pressed.
        """
        there = str(action.args.get(THERE) or there)
        page = int(action.args.get(tools.PAGE) or 0)
        state = await self._reader.state(str(action.args["incident"]))
        staff = asking.staff
        if staff is None or not isinstance(state, Incident) or not _may(staff, state):
            return ()
        card = tools.card(state, await self._seeing(state), there, page)
        return await self.own(asking, [card], BESIDE)

    async def _seeing(self, state: Incident) -> Look:
        """With the other incidents of which its card tells."""
        others = await states(self._engine, KINDS["incident"].reads(state))
        return replace(self.look, states=others)

    async def report(self, asking: Asking, stream: StreamId, name: str = LINE) -> Drawn:
        """A report: the desk's card of it for staff, its own person's for them; else nothing."""
        state = await self._reader.state(stream)
        if not isinstance(state, Report):
            return ()
        if await self._is_own(asking, state):
            return await self.own(asking, [await self._progress(state)], name)
        staff = asking.staff
        if staff is None:
            return ()
        if not await self._reader.is_open_to(staff, state):
            # Whoever is called to it may come, though they see nothing of it yet.
            return await self.incident(asking, state.incident) if state.incident else ()
        if state.incident is not None:
            return await self.incident(asking, state.incident)
        return await self.own(asking, [KINDS["report"].draw(state, 0, self.look)], name)

    async def _is_own(self, asking: Asking, state: Report) -> bool:
        if not asking.person:
            return False
        person = await self._reader.person(asking.person)
        also = () if person is None else tuple(one.person for one in person.own)
        return state.person in (asking.person, *also)

    async def _progress(self, state: Report) -> Card[Phrase] | None:
        if state.incident is None:
            return home.report_line(state)
        kind, look = KINDS["progress"], self.look
        others = await states(self._engine, kind.reads(state))
        known = Look(look.playbook, look.edition, others, look.desk)
        return kind.draw(state, 0, known)

    # --- many things -----------------------------------------------------------------------

    async def mine(self, asking: Asking, name: str = LINE) -> Drawn:
        """What somebody of the staff owns, and what is due next beside that."""
        staff = asking.staff
        if staff is None or not staff.desk:
            return ()
        owned = await self._owned(staff)
        due, more = await self._due(staff)
        cards = (
            home.lines(home.MINE, owned, self.look, home.NOTHING_MINE),
            home.lines(home.PRESSING, due, self.look, home.NOTHING_PRESSING, more),
        )
        return await self.own(asking, cards, name)

    async def _owned(self, staff: Staff) -> list[Incident]:
        rows = await self._store.select(
            "incidents", {"ended": 0, "owner": staff.person}, limit=LISTED
        )
        found = [await self._reader.state(text(row, "incident")) for row in rows]
        own = [one for one in found if isinstance(one, Incident) and _may(staff, one)]
        return sorted(own, key=lambda one: home.next_due(one) or (LAST, ""))

    async def _due(self, staff: Staff) -> tuple[list[Incident], int]:
        """What is due next of what others or nobody has, and how many more there are."""
        owed = await self._reader.shared.get(("owed",), self._owed)
        found: list[Incident] = []
        more = 0
        for one in owed:
            state = await self._reader.state(one.incident)
            if not isinstance(state, Incident) or state.owner == staff.person:
                continue
            if not _may(staff, state):
                continue
            if len(found) < BUTTONS_MOST:
                found.append(state)
            else:
                more += 1
        return found, more

    async def _owed(self) -> list[Owed]:
        """Every open promise, the first one of each incident, by when it is due."""
        rows = await self._store.select("incidents", {"ended": 0}, limit=EVERY_ROW)
        found: list[Owed] = []
        for row in rows:
            state = await self._reader.state(text(row, "incident"))
            due = home.next_due(state) if isinstance(state, Incident) else None
            if due is not None:
                found.append(Owed(due[0], text(row, "incident")))
        return sorted(found, key=lambda one: one.at)

    async def tasks(self, asking: Asking, name: str = LINE) -> Drawn:
        """One's own tasks, with what comes next; for resources also what waits for somebody."""
        staff = asking.staff
        if staff is None:
            return ()
        board = await self._reader.task_board(staff)
        cards = [await self._task(staff, x.incident, x.number) for x in board.mine[:TASKS_MOST]]
        offers = staff.has("resource") and (name == HOME or not staff.desk)
        for one in board.open[:WANTED_MOST] if offers else ():
            state = await self._reader.state(one.incident)
            if isinstance(state, Incident) and not one.declined:
                alone = one.asked or one.offered
                asked = home.asked_task(state, one.number, staff.person, self.look)
                drawn = KINDS["task"].draw(state, one.number, self.look)
                cards.append(asked if alone else drawn)
        return await self.own(asking, cards, name)

    async def _task(self, staff: Staff, incident: StreamId, task: int) -> Card[Phrase] | None:
        state = await self._reader.state(incident)
        if not isinstance(state, Incident):
            return None
        return home.own_task(state, task, staff.person, self.look)

    async def reports(self, asking: Asking, name: str = LINE) -> Drawn:
        """What they reported themselves and is not over."""
        if not asking.person:
            return ()
        person = await self._reader.person(asking.person)
        also = () if person is None else tuple(one.person for one in person.own)
        rows = await self._store.select(
            "reports",
            {"person": [asking.person, *also], "settled": 0},
            order="report",
            descending=True,
            limit=REPORTS_MOST,
        )
        found = [await self._reader.state(text(row, "report")) for row in rows]
        cards = [await self._progress(one) for one in found if isinstance(one, Report)]
        return await self.own(asking, cards, name)

    async def ways(self, asking: Asking, name: str = HOME) -> Drawn:
        """What can always be done."""
        works_here = asking.staff is not None and asking.staff.desk
        card = home.ways(home.REPORT_FORM in FORMS, self.look, works_here)
        return await self.own(asking, [card], name)

    async def found(self, asking: Asking, words: str) -> Drawn:
        """What words or a reference lead to."""
        staff = asking.staff
        if staff is None or not staff.desk:
            return ()
        hits = await self._reader.search(staff, words)
        things = [await self._reader.state(one.stream) for one in hits]
        incidents = [one for one in things if isinstance(one, Incident)]
        if len(incidents) == 1:
            return await self.incident(asking, incidents[0].stream)
        if not incidents:
            return ()
        card = home.lines(home.FOUND, incidents, self.look, home.NOTHING_MINE)
        return await self.own(asking, [card])


def _about(action: Action) -> StreamId:
    """The stream that an action names, "" for none."""
    named = action.args.get("incident") or action.args.get("report")
    return named if isinstance(named, str) else ""


def _may(staff: Staff, state: Incident) -> bool:
    return staff.desk and may_see(staff.actor, state)
