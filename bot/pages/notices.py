"""What stands above the board: how the house itself is, and what somebody is called to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from bot.core.handling import STAFF
from bot.core.ids import Millis, PersonId
from bot.core.texts import Phrase, Text, named_in, t
from bot.engine.live import AILING, MAJORS, Change, frame
from bot.engine.read import Staff
from bot.engine.read_calls import Calls, CallView
from bot.pages.house import House
from bot.pages.signed import Signed
from bot.pages.words import Words
from bot.texts import Speaker

LATE: dict[str, Text] = {
    "worker": t("A worker of the house hangs"),
    "store": t("Nothing can be saved"),
    "timers": t("Clocks are not looked at in time"),
    "orders": t("Steps between incidents and reports are late"),
    "audiences": t("Messages to many are not being sent"),
    "messages": t("Messages are not being sent"),
    "alarms": t("An alarm will not sound again"),
    "checkpoint": t("The log is not being sealed"),
    "watchdog": t("Nobody watches whether things happen in time"),
}


@dataclass(frozen=True, slots=True)
class Ill:
    """A channel that cannot be reached: since when, why, and who stands in for which place."""

    title: str
    since: Millis
    why: str
    instead: Sequence[tuple[Phrase, Phrase | None]]


class Notices:
    """Makes the piece, for one person at this moment."""

    def __init__(self, house: House, words: Words) -> None:
        self._house = house
        self._words = words
        self._calls = Calls(house.engine)

    def topics(self, person: PersonId) -> tuple[str, ...]:
        """What an open page follows for it."""
        return (AILING, MAJORS, self._calls.topic(person))

    async def html(self, staff: Staff, speaker: Speaker) -> str:
        """The piece; empty lists show nothing."""
        calls = await self._said(await self._calls.of(staff), speaker)
        beat = self._house.heartbeat
        return self._words.part(
            "part/notices.html",
            speaker,
            calls=calls,
            desk=staff.desk,
            acts=staff.has(*STAFF),
            newest=max((one.number for one in calls), default=0),
            late=self._late() if staff.desk else (),
            ill=self._ill() if staff.desk else (),
            heartbeat=beat.trouble if beat is not None and not beat.held and staff.desk else "",
            heartbeat_since=beat.since if beat is not None else 0,
        )

    async def _said(self, calls: Sequence[CallView], speaker: Speaker) -> list[CallView]:
        """Each in the language of the page, in which it may not have been said then."""
        people = [one for call in calls if call.phrase for one in named_in(call.phrase)]
        naming = replace(speaker, name=(await self._house.reader.names(people)).get)
        return [replace(x, text=naming(x.phrase)) if x.phrase else x for x in calls]

    async def bands(self, staff: Staff, speaker: Speaker) -> str:
        """The band of each declared major incident that they may see."""
        majors = await self._house.reader.bands(staff)
        return self._words.part("part/bands.html", speaker, majors=majors)

    def _late(self) -> list[tuple[Text, Millis, str]]:
        return [(LATE[one.what], one.since, one.about) for one in self._house.watchdog.late]

    def _ill(self) -> list[Ill]:
        engine = self._house.engine
        places, channels = engine.editions.current.places, engine.parts.channels
        return [
            Ill(
                title=channels[name].title,
                since=down.since,
                why=down.why,
                instead=[
                    (places[key].name, places[then].name if then in places else None)
                    for key, then in engine.standins.cut_off(name)
                    if key in places
                ],
            )
            for name, down in engine.standins.down.items()
        ]

    async def seen(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """They have read what needs no act of theirs."""
        through = request.state.given.get("through")
        if isinstance(through, str | int) and str(through).isdecimal():
            await self._calls.saw(signed.staff.person, int(str(through)[:15]))
        return Response(status_code=204)


class NoticesShown:
    """The piece on an open page, and the bands of major incidents: sent when they have something
    to say, or had until now.
    """

    def __init__(self, notices: Notices, speaker: Speaker) -> None:
        self._notices = notices
        self._speaker = speaker
        self._had = True
        self._bands = ""

    async def first(self, staff: Staff) -> list[bytes]:
        """As it is now."""
        return [*await self._called(staff), *await self._major(staff, anew=True)]

    async def _major(self, staff: Staff, anew: bool = False) -> list[bytes]:
        html = (await self._notices.bands(staff, self._speaker)).strip()
        if html == self._bands and not anew:
            return []
        self._bands = html
        return [frame("majors", {"html": html})]

    async def _called(self, staff: Staff) -> list[bytes]:
        html = await self._notices.html(staff, self._speaker)
        has = bool(html.strip())
        had, self._had = self._had, has
        return [frame("notices", {"html": html})] if has or had else []

    async def frames(self, staff: Staff, changes: list[Change]) -> list[bytes]:
        """As it is after these: what somebody is called to ends with what it is about."""
        own = self._notices.topics(staff.person)
        told = any(topic in own and topic != MAJORS for topic, _ in changes)
        moved = self._had and any(not topic.startswith("role:") for topic, _ in changes)
        called = await self._called(staff) if told or moved else []
        declared = any(topic == MAJORS for topic, _ in changes)
        return [*called, *(await self._major(staff) if declared else [])]
