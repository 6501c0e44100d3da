"""What somebody follows, for whoever has the link to it; and where nothing is sent any more."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.following_words import Asked
from bot.core.hearing_words import Hears
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.person import Person, Subscription
from bot.core.texts import Phrase
from bot.engine.audience import BOUNCE_LASTS
from bot.engine.circles import everybody
from bot.engine.leaving import behind
from bot.engine.read import Reads
from bot.store.base import Range, number, text
from bot.views.following import manner_said, scope_said
from bot.views.look import Look


@dataclass(frozen=True, slots=True)
class Followed:
    """A subscription, and in which language its reader is written to."""

    person: PersonId
    subscription: Subscription
    language: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A place that takes nothing for good; of its address only what tells it from others."""

    channel: str
    address: str
    at: Millis
    reason: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that somebody hears of: by which of their accounts, what, where, and when."""

    person: PersonId
    number: int
    what: Phrase
    where: str
    when: Phrase


@dataclass(frozen=True, slots=True)
class Hearing:
    """All of it, and on which of the `channels` (titles by name) each update comes: on each, or
    once on `channel` ("": where they followed last).
    """

    heard: tuple[Heard, ...]
    channels: Mapping[str, str]
    each: bool
    channel: str


class FollowReads(Reads):
    """Queries about subscriptions."""

    async def hearing(self, person: PersonId) -> Hearing:
        """What somebody follows, with all accounts that are theirs."""
        family = await everybody(self.engine, person)
        found = [(x, one) for x in family for one in x.subscriptions]
        channels = {one.seat.channel: self._title(one.seat.channel) for _, one in found}
        hears = family[0].hears if family else Hears()
        heard = [await self._heard(each.stream, one) for each, one in found]
        return Hearing(tuple(heard), channels, hears.each, hears.channel)

    async def _heard(self, person: PersonId, one: Subscription) -> Heard:
        _, mark, stream = one.scope.partition("incident:")
        state = await self.state(stream) if mark else None
        reference = state.reference if isinstance(state, Incident) else ""
        look = Look(self.playbook, self.edition, {})
        what, when = scope_said(one.scope, look, reference), manner_said(one.wish)
        return Heard(person, one.number, what, self._title(one.seat.channel), when)

    def _title(self, channel: str) -> str:
        known = self.engine.parts.channels.get(channel)
        return channel if known is None else known.title

    async def asked(self, secret: str) -> tuple[PersonId, Asked] | None:
        """What waits for a yes by the link with this secret."""
        token = self.codec.token_hash(secret)
        rows = await self.store.select("links", {"token": token}, limit=1)
        person = text(rows[0], "person") if rows else ""
        state = await self.state(person) if rows else None
        asked = state.asked if isinstance(state, Person) else None
        if asked is None or asked.token != token or self.now >= asked.until:
            return None
        return person, asked

    async def followed(self, token: str) -> Followed | None:
        """What the link in a message stands for."""
        named = behind(self.codec, token)
        state = await self.state(named[0]) if named else None
        if named is None or not isinstance(state, Person):
            return None
        found = (one for one in state.subscriptions if one.number == named[1])
        one = next(found, None)
        if one is None:
            return None
        return Followed(state.stream, one, one.wish.language or state.language)

    async def bounces(self, limit: int = 100) -> list[Bounce]:
        """The newest places to which nothing is sent for now, since they took nothing for good."""
        lately = Range("at", above=self.now - BOUNCE_LASTS)
        rows = await self.store.select(
            "bounces", within=lately, order="at", descending=True, limit=limit
        )
        found = []
        for row in rows:
            subject = row["subject"]
            about = subject if isinstance(subject, str) else None
            address = self.codec.open_note(text(row, "body"), about)
            masked = _masked(address if isinstance(address, str) else "")
            found.append(
                Bounce(text(row, "channel"), masked, number(row, "at"), text(row, "reason"))
            )
        return found


def _masked(address: str) -> str:
    """The first sign and whatever stands behind the @."""
    name, mark, host = address.rpartition("@")
    return f"{name[:1]}…{mark}{host}" if mark else f"{address[:1]}…"
