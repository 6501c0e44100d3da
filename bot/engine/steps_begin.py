"""How a form that is asked question by question begins, or goes on where it was left."""

from collections.abc import Awaitable, Callable

from bot.core import steps as core
from bot.core.commands import Identity
from bot.core.forms import Value
from bot.core.report_words import BeginReport
from bot.core.steps import Walked
from bot.core.texts import t
from bot.engine.front_about import About
from bot.engine.front_forms import Forms
from bot.engine.front_people import Askers, Asking
from bot.engine.front_replies import GONE, Replies
from bot.engine.heard import Pointed
from bot.engine.machine import Machine
from bot.engine.ports import Opened, Reply
from bot.engine.reader import Reader
from bot.engine.steps_turns import Turn, Turns, is_gone
from bot.engine.steps_walks import Walk, Walks, Way
from bot.engine.there import place_of
from bot.engine.tokens import Token, Tokens
from bot.views.home import REPORT_FORM

ALONE = t("Let us do this between us: open it here.")
OPEN_ALONE = t("Open it")
BEGUN = t("Your report has begun already. Please answer the newest question.")

NameOf = Callable[[Identity], Awaitable[str]]


class Begins:
    """Begins walks."""

    def __init__(
        self,
        machine: Machine,
        reader: Reader,
        askers: Askers,
        forms: Forms,
        turns: Turns,
        walks: Walks,
        name_of: NameOf,
    ) -> None:
        self._engine = machine.engine
        self._channels = machine.parts.channels
        self._places = machine.parts.places
        self._tokens: Tokens = machine.deliveries.tokens
        self._reader = reader
        self._forms = forms
        self._replies = Replies(reader, askers)
        self._turns = turns
        self._walks = walks
        self._name_of = name_of

    async def begin(self, asking: Asking, who: str, opened: Opened) -> Reply:
        """The first question; alone with them where it is nobody else's business."""
        token = await self._tokens.find(opened.ref)
        about = None if token is None else await self._forms.about(token)
        if token is None or about is None or is_gone(about):
            return await self._replies.no(asking, GONE)
        if about.kind.alone and not asking.heard.private:
            aside = await self._aside(asking, opened.ref)
            if aside is not None:
                return aside
        if about.key == REPORT_FORM and not about.stream and not isinstance(asking.heard, Pointed):
            return await self._report(asking)
        return await self._walk(asking, who, opened, about, token)

    async def _aside(self, asking: Asking, ref: str) -> Reply | None:
        """How to come to us alone for it; None where there is no such link."""
        channel = self._channels.get(asking.heard.who.channel)
        link = None if channel is None else channel.way_in(f"p_{ref}")
        if not link:
            return None
        reply = await self._replies.with_link(asking, ALONE, "")
        say = await self._replies.plain(asking, OPEN_ALONE)
        return Reply(text=reply.text, link=link, link_label=say.text)

    async def _report(self, asking: Asking) -> Reply:
        """A report is asked for in the conversation itself."""
        place = asking.alone or asking.heard.place
        seat = self._engine.codec.seat_key(place.channel, place.address)
        current = await self._reader.current(asking.person, seat) if asking.person else None
        if current is not None and current.stage == "answering":
            return await self._replies.no(asking, BEGUN)
        command = BeginReport(again=True)
        answer = await self._engine.handle(asking.envelope(command, place=place))
        if answer.outcome == "done":
            return Reply()
        return await self._replies.refused(asking, command, answer)

    # --- a walk ----------------------------------------------------------------------------

    async def _walk(
        self, asking: Asking, who: str, opened: Opened, about: About, token: Token
    ) -> Reply:
        older = await self._older(who, about)
        known = dict(opened.state.answers)
        for one in older:
            known |= {k: v for k, v in one.way.walked.said.items() if v is not None}
        heard = asking.heard
        there = place_of(self._places, token.action, heard.who.channel) if heard.private else None
        walk = Walk(
            id=self._walks.new_id(),
            who=who,
            person=asking.person,
            form=about.key,
            target=about.target,
            subject=getattr(about.state, "subject", None) or await self._own(asking),
            at=self._engine.clock.now(),
            way=Way(
                ref=opened.ref,
                place=there or heard.place,
                private=heard.private and there is None,
                here=heard.place,
                within=heard.within,
                name="" if heard.private else await self._name(asking),
                seen=max(opened.state.changed_at.values(), default=0),
                sources=(heard.source,),
            ),
        )
        turn = Turn(heard, asking, walk, about, token)
        ops = [op for one in older for op in self._walks.dropped(one)]
        if ops:
            await self._engine.store.write(ops)
        reply = await self._turns.show(turn, _first(about, known))
        left = tuple(one.way.message for one in older if one.way.message)
        return Reply(cards=reply.cards, asks=reply.asks, drops=left)

    async def _older(self, who: str, about: About) -> list[Walk]:
        """The same form about the same thing, begun before: what was said in it stays."""
        every = await self._walks.of(who)
        same = (one for one in every if (one.form, one.target) == (about.key, about.target))
        return sorted((one for one in same if not one.way.over), key=lambda one: one.at)

    async def _own(self, asking: Asking) -> str | None:
        person = await self._reader.person(asking.person) if asking.person else None
        return None if person is None else person.subject

    async def _name(self, asking: Asking) -> str:
        """Whom it is asked of, where others read along; never nobody."""
        own = asking.staff.name if asking.staff is not None else ""
        return own or await self._name_of(asking.heard.who) or "…"


def _first(about: About, known: dict[str, Value]) -> Walked:
    """Where it begins: at the first question, or, where all of it is known already, with which
    answer is to be another one.
    """
    begun = Walked(known=known)
    form = about.form(known)
    if about.kind.again is None:
        return begun
    way = core.on_the_way(form, begun)
    kept = {one.key: core.kept(one, begun) for one in way}
    if any(one.required and kept[one.key] is None for one in way):
        return begun
    return Walked(known=known, given=kept, choosing=True)
