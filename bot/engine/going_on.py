"""Going on with a report on another channel, by a link that works once and not for long.

Whoever reports gets it where they are, and opens it where they want to go on. Opening it says
whose conversation it is; only the press after that joins the two, and the report moves along.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.core.calendar import MINUTE
from bot.core.commands import Answer, Command, Envelope
from bot.core.going_on import LINK_OVER
from bot.core.ids import Millis, PersonId
from bot.core.joining import HAS_OTHERS, TOO_MANY
from bot.core.joining_words import IssueLink, JoinIdentity
from bot.core.report import Report
from bot.core.texts import Phrase, Ref, Text, t
from bot.engine.front_cards import Cards
from bot.engine.front_following import ALONE
from bot.engine.front_people import Askers, Asking
from bot.engine.front_replies import Replies
from bot.engine.handle import Engine
from bot.engine.heard import Heard
from bot.engine.links import Secret, secret
from bot.engine.ports import Channel, Reply
from bot.engine.reader import Reader
from bot.store.base import text
from bot.views import welcome

LASTS: Millis = 15 * MINUTE
KIND = "g_"
SECRET_MOST = 100

NOTHING = t("You have no open report here to go on with. Report a problem at any time.")
NOWHERE = t("There is no other app here to go on in. We go on with you here.")
ONLY_ONCE = t("This link was made already, and it is shown only once. Please ask for a new one.")
OPEN_IT = t(
    "To go on with your report {ref} elsewhere, open the link there. It works once, for "
    "{n} minutes. Give it to nobody: whoever has it can read what is said here."
)
GO_ON_IN = t("Go on in {app}")
LISTED = t("{what}: {link}")
AT_ONCE = t("One moment, please. Your report comes here.")
OTHERS = t(
    "This account goes on with another conversation already, so this one cannot come here. "
    "Please go on where you were: nothing is lost."
)

GO_ON_PAGE = t("Go on in the browser")

NameOf = Callable[[Heard], Awaitable[str]]


def link_secret(engine: Engine) -> Secret:
    """A new secret by which a report goes on elsewhere."""
    return secret(engine.parts, LASTS)


def ways(engine: Engine, here: str, made: Secret) -> list[tuple[Text, str]]:
    """Where else a report can go on than on the channel `here`: what to do, and a link for it."""
    channels = engine.parts.channels
    found = (
        (_said(one), one.way_in(f"{KIND}{made.token}"))
        for name, one in channels.items()
        if name != here
    )
    return [(said, link) for said, link in found if link]


def _said(channel: Channel) -> Text:
    if channel.capabilities.pulled:
        return GO_ON_PAGE
    return GO_ON_IN.model_copy(update={"args": {"app": channel.title}})


def elsewhere(engine: Engine, here: str) -> list[Text]:
    """The same without a link for anybody."""
    return [said for said, _ in ways(engine, here, Secret("0" * 32, "", 0))]


def by_code(engine: Engine) -> bool:
    """Whether there are channels where a code must be typed, since no link leads there."""
    channels = engine.parts.channels.values()
    return any(one.join_link("") is not None and one.way_in(KIND) is None for one in channels)


async def issue(
    engine: Engine, report: Report, envelope: Callable[[Command], Envelope]
) -> tuple[Answer, Secret]:
    """A link for whoever `envelope` is of; it serves when the answer says that it is done."""
    made = link_secret(engine)
    command = IssueLink(token=made.key, until=made.until, report=report.stream)
    return await engine.handle(envelope(command)), made


async def behind(engine: Engine, typed: str) -> tuple[PersonId, str] | None:
    """Whose link it is, and its hash; None when it serves no more."""
    key = engine.codec.token_hash(typed[:SECRET_MOST])
    rows = await engine.store.select("links", {"token": key}, limit=1)
    return (text(rows[0], "person"), key) if rows else None


def why_not(answer: Answer) -> Phrase:
    """Why nothing came of a link."""
    if answer.code in (HAS_OTHERS.code, TOO_MANY.code):
        return OTHERS
    return answer.text or LINK_OVER.text


class GoingOn:
    """Gives such links out, and takes them."""

    def __init__(
        self, engine: Engine, reader: Reader, askers: Askers, cards: Cards, name_of: NameOf
    ) -> None:
        self._engine = engine
        self._reader = reader
        self._askers = askers
        self._replies = Replies(reader, askers)
        self._cards = cards
        self._name_of = name_of

    async def offer(self, asking: Asking) -> Reply:
        """The links, for who has a report here; whoever else is there must not read them."""
        if not asking.heard.private:
            return await self._replies.no(asking, ALONE)
        place = asking.alone or asking.heard.place
        seat = self._engine.codec.seat_key(place.channel, place.address)
        report = await self._reader.current(asking.person, seat) if asking.person else None
        if report is None or not report.is_open:
            return await self._replies.no(asking, NOTHING)
        here = asking.heard.who.channel
        if not elsewhere(self._engine, here):
            return await self._replies.no(asking, NOWHERE)
        answer, made = await issue(
            self._engine, report, lambda one: asking.envelope(one, "link", place=asking.alone)
        )
        if answer.outcome != "done" or answer.repeat:
            return await self._replies.no(asking, answer.text or ONLY_ONCE)
        return await self._given(asking, report, ways(self._engine, here, made))

    async def _given(self, asking: Asking, report: Report, links: list[tuple[Text, str]]) -> Reply:
        args = {"ref": Ref(ref=report.reference), "n": LASTS // MINUTE}
        told = await self._askers.said(asking, OPEN_IT.model_copy(update={"args": args}))
        said = [(await self._askers.said(asking, label), link) for label, link in links]
        if len(said) == 1:
            ((label, link),) = said
            return Reply(text=told, link=link, link_label=label)
        lines = [
            await self._askers.said(
                asking, LISTED.model_copy(update={"args": {"what": label, "link": link}})
            )
            for label, link in said
        ]
        return Reply(text="\n".join([told, *lines]))

    # --- opened --------------------------------------------------------------------------------

    async def open(self, asking: Asking, typed: str) -> Reply:
        """Somebody came by a link: whose conversation it is, and a button."""
        found = await behind(self._engine, typed)
        if found is None:
            return await self._replies.no(asking, LINK_OVER.text)
        return await self._follow(asking, *found, sure=False)

    async def press(self, asking: Asking, person: PersonId, key: str) -> Reply:
        """They made it themselves, and want to go on here."""
        return await self._follow(asking, person, key, sure=True)

    async def _follow(self, asking: Asking, person: PersonId, key: str, sure: bool) -> Reply:
        name = await self._name_of(asking.heard)
        command = JoinIdentity(person=person, token=key, name=name, sure=sure)
        acting = await self._askers.everywhere(asking)
        answer = await self._engine.handle(acting.envelope(command, place=asking.alone))
        if answer.code == "are_you_sure" and answer.text is not None:
            card = welcome.by_link(answer.text, person, key)
            return Reply(cards=await self._cards.own(asking, [card]))
        if answer.outcome == "done":
            return await self._replies.plain(asking, AT_ONCE)
        reply = await self._replies.no(asking, why_not(answer))
        return replace(reply, again=answer.unkept)
