"""Following in a chat: the form, what is followed, and one incident by its reference."""

from bot.core.access import may_see
from bot.core.cards import Action, Card
from bot.core.commands import Place
from bot.core.following import scope_of
from bot.core.ids import PersonId, kind_of
from bot.core.incident import Incident
from bot.core.person import Person
from bot.core.person_words import Subscribe
from bot.core.place_words import FollowInPlace, place_person
from bot.core.priority import Priority
from bot.core.texts import Phrase, t
from bot.engine.circles import everybody
from bot.engine.front_cards import LINE, Cards
from bot.engine.front_forms import Forms
from bot.engine.front_people import Asking, Members
from bot.engine.front_replies import Replies
from bot.engine.machine import Machine
from bot.engine.ports import Reply
from bot.engine.reader import Reader
from bot.views import following
from bot.views.look import OPEN_FORM

MAY_FOR_ALL = ("agent", "stakeholder", "supervisor", "administrator")
NO_PUBLIC = t("There is nothing here under that name that you could follow.")
ALONE = t("Please write this to me in a message of your own.")
NOT_YOURS = t(
    "Only somebody who works here and looks after a place there can let it hear of updates, and I "
    "must be in it, too. Write for example: subscribe {address}"
)
NOTHING = t("You follow nothing from here. To begin, write: {subscribe}")


class Following:
    """Opens the form and shows what is followed."""

    def __init__(
        self,
        machine: Machine,
        reader: Reader,
        cards: Cards,
        forms: Forms,
        replies: Replies,
        members: Members | None = None,
    ) -> None:
        self._engine = machine.engine
        self._reader = reader
        self._cards = cards
        self._forms = forms
        self._replies = replies
        self._members = members

    async def begin(self, asking: Asking, reference: str | None) -> Reply:
        """The form, or at once the one incident that is named."""
        if asking.alone is None:  # What is for them alone would be told to a whole place.
            return await self._replies.no(asking, ALONE)
        if reference is not None:
            return await self._one(asking, reference)
        place = self._place(asking)
        form = following.FORM if place is None else following.FORM_HERE
        args = {"form": form} if place is None else {"form": form, "person": place}
        return Reply(form=await self._forms.opened(asking, Action(OPEN_FORM, args)))

    async def _one(self, asking: Asking, reference: str) -> Reply:
        stream = await self._reader.stream_of(reference)
        state = await self._reader.state(stream) if stream else None
        if not isinstance(state, Incident) or not self.may_follow(asking, state):
            return await self._replies.no(asking, NO_PUBLIC)
        command = Subscribe(scope=f"incident:{state.stream}")
        envelope = asking.envelope(command, place=asking.alone)
        return await self._replies.of(asking, command, await self._engine.handle(envelope))

    def may_follow(self, asking: Asking, state: Incident) -> bool:
        """Who works here follows what they may see; others what was told to everybody."""
        if state.visibility != "normal":
            return False
        staff = asking.staff
        return bool(state.told) or (staff is not None and may_see(staff.actor, state))

    async def elsewhere(self, asking: Asking, line: str) -> Reply:
        """A whole place follows where nobody writes as themselves: whoever looks after it there
        says so to us alone, by its address and, if they like, how pressing it must be.
        """
        address, _, rest = line.partition(" ")
        place, staff = Place(asking.heard.who.channel, address), asking.staff
        least = rest.strip().upper()
        fits = not rest or least in list(Priority)
        if not fits or staff is None or not staff.has(*MAY_FOR_ALL) or self._members is None:
            return await self._not_yours(asking, address)
        if await self._members.member(asking.heard.who, place) != "owner":
            return await self._not_yours(asking, address)
        who = place_person(self._engine.codec.seat_key(place.channel, place.address))
        command = FollowInPlace(person=who, scope=scope_of("", "" if least == "P4" else least))
        answer = await self._engine.handle(asking.envelope(command, place=place))
        return await self._replies.of(asking, command, answer)

    async def _not_yours(self, asking: Asking, address: str) -> Reply:
        said = NOT_YOURS.model_copy(update={"args": {"address": address}})
        return await self._replies.no(asking, said)

    def _place(self, asking: Asking) -> PersonId | None:
        """The place that could follow as a whole, for who may decide that."""
        staff = asking.staff
        if asking.heard.private or staff is None or not staff.has(*MAY_FOR_ALL):
            return None
        where = asking.heard.place
        return place_person(self._engine.codec.seat_key(where.channel, where.address))

    # --- what is followed --------------------------------------------------------------------

    async def list(self, asking: Asking) -> Reply:
        """One's own, and what the place hears where one may decide that."""
        cards = await self.cards(asking)
        return Reply(cards=cards) if cards else await self._nothing(asking)

    async def _nothing(self, asking: Asking) -> Reply:
        return await self._replies.plain(asking, NOTHING, subscribe="subscribe")

    async def cards(self, asking: Asking, name: str = LINE) -> tuple[Card[str], ...]:
        """The same as cards, each subscription with a button that ends it; none for nothing."""
        own = await self._own(asking.person) if asking.person else ()
        if not own and name != LINE:
            own = (following.nothing(can=True),)
        place = None if name != LINE else self._place(asking)
        here = () if place is None else await self._of(place, whole_place=True)
        return await self._cards.own(asking, [*own, *here], name)

    async def _own(self, person: PersonId) -> tuple[Card[Phrase], ...]:
        """What any of their accounts follows, and where they hear it."""
        family = await everybody(self._engine, person)
        cards = [card for one in family for card in await self._of(one.stream, whole_place=False)]
        channels = {x.seat.channel for one in family for x in one.subscriptions}
        if len(channels) > 1:
            chosen = family[0].hears
            known = self._engine.parts.channels.get(chosen.channel)
            cards.append(following.where(chosen.each, "" if known is None else known.title))
        return tuple(cards)

    async def _of(self, person: PersonId, whole_place: bool) -> tuple[Card[Phrase], ...]:
        state = await self._reader.state(person)
        if not isinstance(state, Person) or not state.subscriptions:
            return ()
        some = state.subscriptions
        references: dict[str, str] = {}
        for one in some:
            prefix, _, stream = one.scope.partition(":")
            if prefix == "incident" and kind_of(stream) == "incident":
                known = await self._reader.state(stream)
                if isinstance(known, Incident):
                    references[one.scope] = known.reference
        return following.followed(person, some, references, self._cards.look, whole_place)
