"""Lines that somebody types to us: a word that says what, and the rest. One table knows all."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.core.answers import clean
from bot.core.cards import Action, Card
from bot.core.commands import Answer, Command, Envelope, Identity
from bot.core.ids import kind_of, read_reference
from bot.core.joining_words import JoinIdentity
from bot.core.language_words import ChooseLanguage
from bot.core.playbook_suggest import distress
from bot.core.texts import Text, t
from bot.engine.arriving import Arriving
from bot.engine.front_cards import Cards
from bot.engine.front_customers import Customers
from bot.engine.front_following import Following
from bot.engine.front_forms import Forms
from bot.engine.front_people import Askers, Asking, Members
from bot.engine.front_replies import Replies
from bot.engine.going_on import GoingOn
from bot.engine.heard import Heard
from bot.engine.links import NO_SUCH_CODE, Codes
from bot.engine.machine import Machine
from bot.engine.ports import Reply
from bot.engine.reader import Reader
from bot.views import home, labels
from bot.views.forms import FORMS
from bot.views.help import LINE as LINE_OF_HELP
from bot.views.help import LINES as LINES_OF_HELP
from bot.views.help import screen
from bot.views.look import BY_LINK, OPEN_FORM, SPEAK, START

LINE_MOST = 500
SAID = (SPEAK, START, BY_LINK, ChooseLanguage.tag)
CLOSE = 0.75

NOTHING = t("There is nothing here under that name, or you may not see it.")
NOT_FOUND = t("Nothing was found for “{words}”.")
WHICH = t("Which one? Write its reference, such as {show} N-7K4-M2QX.")
WHAT_WORDS = t("Which words? Write for example: {search} lift.")
WHICH_CODE = t("Which code? Write {join} and the code, for example: {join} ABCDE-23456.")
NO_REPORTING = t("Nothing can be reported from here yet. Please use the chat on our pages.")
NOBODYS = t(
    "This account stands for nobody in particular, so it cannot become yours. Write to me from "
    "your own account, please."
)
ALMOST = t("Almost done. Now agree to it where you made the code.")
MEANT = t("I do not know “{words}”. Did you mean {meant}?")
UNKNOWN = t("I do not know “{words}”.")
NOTHING_OWN = t("You have no open report here. Report a problem at any time.")

HELP_ALL = (
    ("", "", t("You can write to me:")),
    ("", "report", t("{line}: tell us about a problem")),
    ("customer", LINE_OF_HELP, t("{line}: numbers to call at once, and a person for you")),
    ("customer", "status", t("{line}: your reports, and how they stand")),
    ("customer", "go on", t("{line}: go on with your report in another app")),
    ("customer", "stop", t("{line}: end what you are doing here, or what you hear of")),
    ("", "language", t("{line}: in which language we write to you")),
    ("works", "list", t("{line}: what is yours, and what is due next")),
    ("", "show", t("{line} REFERENCE: how one stands, such as {line} N-7K4-M2QX")),
    ("desk", "search", t("{line} WORDS: find incidents and reports")),
    ("", "subscribe", t("{line}: hear of updates")),
    ("", "subscriptions", t("{line}: what you hear of, and to end it")),
    ("", "join", t("{line} CODE: this account becomes yours, with a code from your own page")),
    ("", "who am i", t("{line}: what I know of you")),
)
"""Who is told of it, which line it is, and what it does."""

Run = Callable[[Asking, str], Awaitable[Reply]]
Stops = Callable[[Asking], Awaitable[Reply | None]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its words, the first being its name, and what it does with the rest."""

    words: tuple[str, ...]
    run: Run


class Lines:
    """Reads lines and answers them. `stops` ends what somebody is being asked, if that is all."""

    stops: Stops | None = None

    def __init__(
        self,
        machine: Machine,
        reader: Reader,
        askers: Askers,
        cards: Cards,
        forms: Forms,
        members: Members | None = None,
    ) -> None:
        self._engine = machine.engine
        self._reader = reader
        self._askers = askers
        self._replies = Replies(reader, askers)
        self._cards = cards
        self._forms = forms
        self._members = members
        self.following = Following(machine, reader, cards, forms, self._replies, members)
        self._codes = Codes(machine.engine)
        going = GoingOn(machine.engine, reader, askers, cards, self._named)
        self.customers = Customers(machine, reader, askers, cards, self.following, going)
        self.arriving = Arriving(
            machine.engine.clock, reader, self._replies, self.customers, self.join, self._seen
        )
        every = (
            Line(("report", "new", "start"), self._report),
            Line(("help", "?"), self._help),
            Line(("list", "mine"), self._list),
            Line(("show",), self._show),
            Line(("search", "find"), self._search),
            Line(("subscribe", "follow"), self._subscribe),
            Line(("unsubscribe", "unfollow", "subscriptions"), self._unsubscribe),
            Line(("join",), self._join),
            Line(LINES_OF_HELP, self._help_now),
            Line(("status", "my reports"), self.customers.status),
            Line(("language", "lang"), self.customers.language),
            Line(("stop",), self._stop),
            Line(("cancel",), self._cancel),
            Line(("go on", "elsewhere", "move"), self._go_on),
            Line(("who am i", "whoami", "who", "me"), self._who),
        )
        self._by: Mapping[str, Run] = {word: one.run for one in every for word in one.words}

    async def answer(self, asking: Asking, line: str) -> Reply:
        """What comes of a line; an empty one is the beginning of a report."""
        typed = " ".join(clean(line[:LINE_MOST]).split())
        if not typed:
            return await self._report(asking, "")
        whole = typed.casefold()
        if whole in self._by:
            return await self._by[whole](asking, "")
        word, _, rest = typed.partition(" ")
        run = self._by.get(word.casefold())
        if run is not None:
            return await run(asking, rest)
        if asking.staff is None and distress(self._reader.playbook, typed) is not None:
            return await self._help_now(asking, "")
        return await self._bare(asking, typed, word)

    async def _bare(self, asking: Asking, typed: str, word: str) -> Reply:
        """A reference, words to look for, or a slip of the finger."""
        if read_reference(typed):
            return await self._show(asking, typed)
        found = await self._cards.found(asking, typed)
        if found:
            return Reply(cards=found)
        close = get_close_matches(word.casefold(), list(self._by), 1, CLOSE)
        missed = UNKNOWN.model_copy(update={"args": {"words": typed}})
        if close:
            meant = self._askers.line(asking, close[0])
            missed = MEANT.model_copy(update={"args": {"words": word, "meant": meant}})
        text = await self._askers.said(asking, missed)
        return Reply(text=f"{text}\n\n{await self._helping(asking)}")

    async def press(self, asking: Asking, action: Action) -> Reply:
        """A button that stands for a line, or is answered as one (`SAID`)."""
        args = {key: str(value) for key, value in action.args.items()}
        if action.name == SPEAK:
            return await self.answer(asking, args["line"])
        if action.name == START:
            return await self.customers.start(asking, args["key"], sure=True)
        if action.name == BY_LINK:
            return await self.customers.going.press(asking, args["person"], args["token"])
        return await self.customers.speak(asking, args["language"])

    # --- reporting, following --------------------------------------------------------------

    async def _report(self, asking: Asking, rest: str) -> Reply:
        return await self._form(asking, home.REPORT_FORM, NO_REPORTING)

    async def _subscribe(self, asking: Asking, rest: str) -> Reply:
        reference = read_reference(rest) if rest else None
        if rest and reference is None and asking.heard.private:
            return await self.following.elsewhere(asking, rest)
        return await self.following.begin(asking, reference)

    async def _unsubscribe(self, asking: Asking, rest: str) -> Reply:
        return await self.following.list(asking)

    async def _form(self, asking: Asking, key: str, otherwise: Text) -> Reply:
        action = Action(OPEN_FORM, {"form": key})
        opened = await self._forms.opened(asking, action) if key in FORMS else None
        if opened is None:
            return await self._replies.plain(asking, otherwise)
        return Reply(form=opened)

    async def _stop(self, asking: Asking, rest: str) -> Reply:
        ended = await self.stops(asking) if self.stops is not None else None
        return ended or await self.customers.stop(asking, rest)

    async def _cancel(self, asking: Asking, rest: str) -> Reply:
        ended = await self.stops(asking) if self.stops is not None else None
        return ended or await self.customers.cancel(asking, rest)

    async def _go_on(self, asking: Asking, rest: str) -> Reply:
        return await self.customers.going.offer(asking)

    # --- looking ---------------------------------------------------------------------------

    async def _help(self, asking: Asking, rest: str) -> Reply:
        return Reply(text=await self._helping(asking))

    async def _helping(self, asking: Asking) -> str:
        staff = asking.staff
        kinds = ("", "customer") if staff is None else ("", "works", "desk" * staff.desk)
        told = [
            await self._askers.told(asking, phrase, line=line)
            for who, line, phrase in HELP_ALL
            if who in kinds
        ]
        return "\n".join(told)

    async def _help_now(self, asking: Asking, rest: str) -> Reply:
        """Nothing is asked before the numbers are there."""
        card = screen(self._reader.playbook)
        return Reply(cards=await self._cards.own(asking, [card]))

    async def _list(self, asking: Asking, rest: str) -> Reply:
        cards = (
            *await self._cards.mine(asking),
            *await self._cards.tasks(asking),
            *await self._cards.reports(asking),
        )
        if not cards:
            return await self._replies.plain(asking, NOTHING_OWN)
        return Reply(cards=cards)

    async def _show(self, asking: Asking, rest: str) -> Reply:
        reference = read_reference(rest)
        if reference is None:
            return await self._replies.plain(asking, WHICH, show="show")
        stream = await self._reader.stream_of(reference)
        cards = await self.shown(asking, stream) if stream else ()
        return Reply(cards=cards) if cards else await self._replies.plain(asking, NOTHING)

    async def _seen(self, asking: Asking, stream: str) -> Reply:
        return Reply(cards=await self.shown(asking, stream))

    async def shown(self, asking: Asking, stream: str) -> tuple[Card[str], ...]:
        """An incident or a report, for who may see it."""
        kind = kind_of(stream)
        if kind == "incident":
            return await self._cards.incident(asking, stream)
        return await self._cards.report(asking, stream) if kind == "report" else ()

    async def _search(self, asking: Asking, rest: str) -> Reply:
        if asking.staff is None or not asking.staff.desk:
            return await self._replies.stranger(asking)
        if not rest:
            return await self._replies.plain(asking, WHAT_WORDS, search="search")
        found = await self._cards.found(asking, rest)
        missed = NOT_FOUND.model_copy(update={"args": {"words": rest}})
        return Reply(cards=found) if found else await self._replies.plain(asking, missed)

    # --- who it is -------------------------------------------------------------------------

    async def _who(self, asking: Asking, rest: str) -> Reply:
        if asking.staff is None:
            return await self._replies.stranger(asking)
        said = [await self._askers.said(asking, one) for one in self._known_as(asking)]
        return Reply(text=" ".join(said))

    def _known_as(self, asking: Asking) -> Iterator[Text]:
        """What they are here, and where else they are something."""
        staff, say = asking.here, self._askers.speak(asking)
        if staff is not None:
            roles = ", ".join(say(labels.ROLE[one]) for one in staff.roles if one in labels.ROLE)
            if staff.name:
                yield t(
                    "You are {name}, and you are here as: {roles}.", name=staff.name, roles=roles
                )
            else:
                yield t("You are here as: {roles}.", roles=roles)
        if asking.grants:
            yield t("Some of that is because you belong to this place.")
        known = self._reader.playbook.places
        keys = dict.fromkeys(one.place for one in asking.elsewhere if one.place in known)
        if keys:
            places = ", ".join(say(known[key].name) for key in keys)
            yield t(
                "You belong to {places}: here you read what you see there, and what you do you "
                "press there.",
                places=places,
            )

    async def _join(self, asking: Asking, rest: str) -> Reply:
        return await self.join(asking, rest)

    async def join(self, asking: Asking, code: str) -> Reply:
        """Bring a code: first whose the account becomes is said, and asked."""
        if not code:
            return await self._replies.plain(asking, WHICH_CODE, join="join")
        if not await self._is_somebody(asking.heard.who):
            return await self._replies.no(asking, NOBODYS)
        brought: list[Command] = []
        acting = await self._askers.everywhere(asking)

        def envelope(command: Command) -> Envelope:
            brought.append(command)
            return acting.envelope(command, place=asking.alone)

        name = await self.name_of(asking.heard.who)
        answer = await self._codes.bring(code, name, False, asking.heard.who, envelope)
        if answer.code == "are_you_sure" and brought and answer.text is not None:
            return await self._sure(asking, brought[0], answer.text)
        return await self.joined(asking, answer)

    async def joined(self, asking: Asking, answer: Answer) -> Reply:
        """What came of a code."""
        said = ALMOST if answer.outcome == "done" else answer.text or NO_SUCH_CODE.text
        text = await self._askers.said(asking, said, named=True)
        return Reply(text=text, again=answer.unkept, refused=answer.outcome != "done")

    async def _sure(self, asking: Asking, command: Command, told: Text) -> Reply:
        if not isinstance(command, JoinIdentity):
            return await self._replies.plain(asking, told)
        card = home.asked_to_join(told, command.person, command.token)
        return Reply(cards=await self._cards.own(asking, [card], named=True))

    async def _is_somebody(self, who: Identity) -> bool:
        """Whether one person writes by it, and not a program or whoever looks after a place."""
        return self._members is None or (await self._members.known(who)).person

    async def _named(self, heard: Heard) -> str:
        return await self.name_of(heard.who)

    async def name_of(self, who: Identity) -> str:
        """What the account is called where it is."""
        return (await self._members.known(who)).name if self._members is not None else ""
