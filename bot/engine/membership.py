"""Who works here by being somewhere: what platforms say of places and groups, with its age.

It is asked for when it is first needed and kept in a list. News of a place only make us forget
what they are about, so late, doubled or misordered ones do no harm; after a gap in them
everything is asked anew when it is needed. What cannot be asked for is told by the list as long
as the gate takes something so old (`core/access`); what was never seen serves for nothing.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeVar, get_args

import structlog

from bot.core.calendar import DAY, HOUR, MINUTE
from bot.core.commands import Envelope, Grant, Identity, Place
from bot.core.errors import MusterError
from bot.core.ids import Millis
from bot.core.person import Person
from bot.core.person_words import CallMe
from bot.engine.handle import Engine
from bot.engine.heard import Changed
from bot.engine.ports import Channel, Membership, PlaceMoved, Profile, SendFault
from bot.store.base import Drop, Op, Put, Range, Row, number, text
from bot.workflows.people import NAME_MOST

log = structlog.get_logger(__name__)

WAITS: Millis = 1_000
"""So long a press waits for the platform."""
AGAIN: Millis = 12 * HOUR
JUST_NOW: Millis = 5_000
"""Seen so lately it is not asked for again, however grave the press."""
KEPT: Millis = 30 * DAY
AT_HAND = 20_000
PAGE = 500

NEVER: Millis = 0
MEMBERS: Mapping[str, Membership] = {one: one for one in get_args(Membership)}
Key = tuple[str, str]
Found = TypeVar("Found")


class Seen(NamedTuple):
    """What somebody is in a place, since when, and when the platform said so last."""

    member: Membership
    since: Millis
    seen_at: Millis


class Giving(NamedTuple):
    """A place or group whose members have `role`; `key` is the playbook's, "" for a group."""

    role: str
    key: str
    place: Place


class Memberships:
    """See the module. `groups` give a role wherever it is pressed, `guests`: also to guests."""

    def __init__(
        self,
        engine: Engine,
        groups: Mapping[str, Sequence[Place]] = MappingProxyType({}),
        guests: bool = False,
    ) -> None:
        self._engine = engine
        self._groups = groups
        self._guests = guests
        self._seen: dict[Key, Seen | None] = {}
        self._profiles: dict[Identity, tuple[Profile, Millis]] = {}
        self._called: dict[Identity, Millis] = {}
        self._asking: dict[Key, asyncio.Task[Seen | None]] = {}
        self._knowing: dict[Identity, asyncio.Task[Profile | None]] = {}
        # What was seen before it is asked for again: nobody told us of what happened meanwhile.
        self._began = engine.clock.now()
        self._gaps: dict[str, Millis] = {}

    # --- what is asked of it ---------------------------------------------------------------

    async def grants(self, who: Identity, place: Place, grave: bool) -> tuple[Grant, ...]:
        """The roles that `place`, and groups, give to `who`, each with when that was seen.

        Where it is `grave` the platform is asked, unless it just was. One that could not be seen
        comes along as never seen. Whoever has one is called by their name from now on.
        """
        giving = self._giving(who, place)
        if not giving:
            return ()
        seen = await asyncio.gather(*(self._look(who, one.place, grave) for one in giving))
        found = tuple(
            Grant(one.role, one.key, NEVER if was is None else was.seen_at)
            for one, was in zip(giving, seen, strict=True)
            if was is None or self._counts(was.member)
        )
        if any(one.seen_at for one in found):
            await self._call(who, place, found)
        return found

    async def member(self, who: Identity, place: Place) -> Membership:
        """What `who` is in `place`; "none" when it cannot be told."""
        seen = await self._look(who, place, grave=False)
        return "none" if seen is None else seen.member

    async def known(self, who: Identity) -> Profile:
        """How the platform describes them, as of today; empty when it does not say."""
        kept = self._profiles.get(who)
        if kept is not None and self._now - kept[1] < DAY:
            return kept[0]
        found = await self._within(self._profile_task(who))
        return found or (Profile() if kept is None else kept[0])

    async def change(self, changed: Changed) -> None:
        """Something about a place or somebody: what was known of that is asked for anew."""
        if changed.what == "lost" or (changed.place is None and changed.who is None):
            return
        who = {} if changed.who is None else {"who": self._who_key(changed.who)}
        if changed.who is not None and changed.place is None:
            self._profiles.pop(changed.who, None)
        for place in self._told_of(changed.place):
            key = self._place_key(place)
            if changed.what == "left":
                # Platforms may call the same person by another id elsewhere: ask for all there.
                self._gap(key)
            await self._forget({"place": key, **who})
        if changed.place is None:
            await self._forget(who)

    def _told_of(self, place: Place | None) -> list[Place]:
        """A place, and the groups there: who is in them may hang on who is in it. What happens
        where nothing of ours is makes us forget nothing: anybody can make it happen.
        """
        if place is None:
            return []
        every = (one for groups in self._groups.values() for one in groups)
        groups = (one for one in every if _is_part(one, place))
        return list(dict.fromkeys((place, *groups)))

    async def missed(self, channel: str) -> None:
        """For a while nobody told us what happened there."""
        self._gap(channel)

    def _gap(self, where: str) -> None:
        if len(self._gaps) >= AT_HAND:
            self._gaps.clear()
            self._began = self._now
        self._gaps[where] = self._now

    async def sweep(self) -> None:
        """Let go of what was seen so long ago that it says nothing any more."""
        old = Range("seen_at", below=self._now - KEPT)
        rows = await self._engine.store.select("memberships", within=old, limit=PAGE)
        for row in rows:
            await self._forget({"place": text(row, "place"), "who": text(row, "who")})

    async def stop(self) -> None:
        """Wait for no platform any more."""
        tasks = [*self._asking.values(), *self._knowing.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- what gives a role -----------------------------------------------------------------

    @property
    def _now(self) -> Millis:
        return self._engine.clock.now()

    def _giving(self, who: Identity, place: Place) -> list[Giving]:
        """Everything by which `who` may have a role in `place`."""
        named = self._engine.parts.places.items()
        known = self._engine.editions.current.places
        place = self._engine.parts.beside.get(place, place)
        found = [
            Giving(granted, key, place)
            for key, places in named
            if place in places and key in known and (granted := known[key].grants)
        ]
        for role, groups in self._groups.items():
            found += [Giving(role, "", one) for one in groups if one.channel == who.channel]
        return found

    def _counts(self, member: Membership) -> bool:
        return member in ("member", "owner") or (member == "guest" and self._guests)

    # --- what is known ---------------------------------------------------------------------

    def _place_key(self, place: Place) -> str:
        return self._engine.codec.seat_key(place.channel, place.address)

    def _who_key(self, who: Identity) -> str:
        return self._engine.codec.identity_key(who.channel, who.opaque)

    async def _look(self, who: Identity, place: Place, grave: bool) -> Seen | None:
        """What is known, asked for anew where that is too old; None: nothing is known."""
        key = self._place_key(place), self._who_key(who)
        kept = await self._kept(key)
        gap = max(self._began, *(self._gaps.get(one, NEVER) for one in (place.channel, key[0])))
        if kept is not None and self._serves(kept, gap, grave):
            return kept
        task = self._asking.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(who, place, key), name="membership")
            self._asking[key] = task
            task.add_done_callback(lambda done: self._asked(key, done))
        fresh = await self._within(task)
        # News may have come while we waited: then what was known before counts no more.
        return fresh or (kept if self._seen.get(key) is kept else None)

    def _asked(self, key: Key, done: "asyncio.Task[Seen | None]") -> None:
        if self._asking.get(key) is done:
            del self._asking[key]

    def _serves(self, kept: Seen, gap: Millis, grave: bool) -> bool:
        """Whether the platform need not be asked."""
        age = self._now - kept.seen_at
        # Who was not there may have come: that asks little, and denies much.
        usual = AGAIN if self._counts(kept.member) else MINUTE
        return kept.seen_at >= gap and 0 <= age < (JUST_NOW if grave else usual)

    async def _kept(self, key: Key) -> Seen | None:
        if key not in self._seen:
            where = {"place": key[0], "who": key[1]}
            try:
                rows = await self._engine.store.select("memberships", where, limit=1)
            except MusterError:
                return None
            self._keep(key, _seen_in(rows[0]) if rows else None)
        return self._seen[key]

    def _keep(self, key: Key, seen: Seen | None) -> None:
        if len(self._seen) >= AT_HAND:
            self._seen.clear()
        self._seen[key] = seen

    async def _forget(self, where: Mapping[str, str]) -> None:
        def about(key: Key) -> bool:
            return where.get("place", key[0]) == key[0] and where.get("who", key[1]) == key[1]

        for key in [one for one in self._asking if about(one)]:
            # What it is about to bring may be from before.
            self._asking.pop(key).cancel()
        self._let_go(about)
        if not await self._written([Drop("memberships", where)]):
            self._began = self._now
        self._let_go(about)  # Somebody may have read it meanwhile.

    def _let_go(self, about: Callable[[Key], bool]) -> None:
        for key in [one for one in self._seen if about(one)]:
            del self._seen[key]

    async def _written(self, ops: list[Op]) -> bool:
        try:
            await self._engine.store.write(ops)
        except MusterError as trouble:
            log.warning("a membership was not kept", reason=str(trouble))
            return False
        return True

    # --- asking the platform ---------------------------------------------------------------

    async def _within(self, task: "asyncio.Task[Found | None]") -> Found | None:
        """What it brings in time. It goes on all the same, so the next press finds it done."""
        limit = asyncio.ensure_future(self._engine.clock.wait_until(self._now + WAITS))
        try:
            await asyncio.wait({task, limit}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            limit.cancel()
        return task.result() if task.done() and not task.cancelled() else None

    async def _ask(self, who: Identity, place: Place, key: Key) -> Seen | None:
        channel, at = self._engine.parts.channels.get(place.channel), self._now
        if channel is None:
            return None
        try:
            member = await self._member_of(channel, place, who)
            # Of who is not there nothing more need be known.
            profile = Profile() if member == "none" else await self._profile(who)
        except SendFault as fault:
            log.warning("a membership cannot be seen", channel=channel.name, reason=str(fault))
            return None
        except Exception:  # An adapter's own trouble is nobody's press.
            log.exception("a membership cannot be seen", channel=channel.name)
            return None
        if profile is None:
            return None
        kept, member = self._seen.get(key), _judged(member, profile)
        since = kept.since if kept is not None and kept.member == member else at
        fresh = Seen(member, since, at)
        self._keep(key, fresh)
        row = {"place": key[0], "who": key[1], "channel": place.channel, **fresh._asdict()}
        await self._written([Put("memberships", row)])
        return fresh

    async def _member_of(self, channel: Channel, place: Place, who: Identity) -> Membership:
        """What the platform says, wherever the place is now."""
        try:
            address = self._engine.parts.moves.address(place)
            return await channel.membership(address, who.opaque)
        except PlaceMoved as moved:
            if any(place in groups for groups in self._groups.values()):
                raise  # A group is what the settings say, and not what has become of it.
            return await channel.membership(moved.address, who.opaque)

    async def _profile(self, who: Identity) -> Profile | None:
        """As of now; None when the platform does not say."""
        # Others may wait for the same.
        return await asyncio.shield(self._profile_task(who))

    def _profile_task(self, who: Identity) -> "asyncio.Task[Profile | None]":
        task = self._knowing.get(who)
        if task is None:
            task = asyncio.create_task(self._describe(who), name="profile")
            self._knowing[who] = task
            task.add_done_callback(lambda _: self._knowing.pop(who, None))
        return task

    async def _describe(self, who: Identity) -> Profile | None:
        channel = self._engine.parts.channels.get(who.channel)
        if channel is None:
            return None
        try:
            profile = await channel.profile(who.opaque)
        except SendFault as fault:
            log.warning("nobody describes them", channel=channel.name, reason=str(fault))
            return None
        except Exception:  # See above.
            log.exception("nobody describes them", channel=channel.name)
            return None
        if len(self._profiles) >= AT_HAND:
            self._profiles.clear()
        self._profiles[who] = (profile, self._now)
        return profile

    # --- how they are called ---------------------------------------------------------------

    async def _call(self, who: Identity, place: Place, grants: Sequence[Grant]) -> None:
        """Let colleagues read the name that the platform shows; looked at once a day."""
        kept = self._profiles.get(who)
        name = "" if kept is None else " ".join(kept[0].name.split())[:NAME_MOST]
        if kept is None or not name or self._now - self._called.get(who, NEVER) < DAY:
            return
        self._called[who], alone = self._now, kept[0].alone
        try:
            if not await self._is_new(who, name, bool(alone)):
                return
            by = next(one for one in grants if one.seen_at)
            envelope = Envelope(
                entry=who.channel,
                source=f"call-me:{self._now}",
                command=CallMe(name=name, place=by.place),
                identity=who,
                place=place,
                language=kept[0].language,
                grants=tuple(grants),
                alone=Place(who.channel, alone) if alone else None,
            )
            done = (await self._engine.handle(envelope)).outcome == "done"
        except MusterError as trouble:
            log.warning("a name was not kept", reason=str(trouble))
            done = False
        if not done:
            self._called.pop(who, None)

    async def _is_new(self, who: Identity, name: str, alone: bool) -> bool:
        """Whether they are not called so, or not known to be written to `alone`, yet; who gave a
        name of their own keeps it.
        """
        person = await self._engine.person_behind(who.channel, who.opaque)
        state = (await self._engine.live(person)).state if person else None
        if not isinstance(state, Person):
            return True
        if state.name is not None or state.disabled:
            return False
        shown = None if state.shown is None else state.shown.open(self._engine.codec.open)
        return shown != name or (alone and state.shown_alone is None)


def _is_part(group: Place, place: Place) -> bool:
    """Whether a group is that place, or some of those who are there."""
    whole = group.address.partition("/")[0]
    return group.channel == place.channel and whole == place.address


def _judged(member: Membership, profile: Profile) -> Membership:
    """What being there makes of them: programs and those who are gone are nobody there."""
    if profile.gone or not profile.person:
        return "none"
    return "guest" if profile.outside and member != "none" else member


def _seen_in(row: Row) -> Seen:
    member = MEMBERS.get(text(row, "member"), "none")
    return Seen(member, number(row, "since"), number(row, "seen_at"))
