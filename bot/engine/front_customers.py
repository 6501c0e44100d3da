"""What customers ask of us in a line: their reports, a language, to stop, to go on elsewhere."""

from babel import Locale, UnknownLocaleError

from bot.core.asking import open_question, questions
from bot.core.cards import BUTTONS_MOST, Action
from bot.core.going_on_words import GoOnHere
from bot.core.ids import read_reference
from bot.core.incident import Incident
from bot.core.language_words import ChooseLanguage
from bot.core.report import Report
from bot.core.report_words import BeginReport, FillReport
from bot.core.starts import Start, starts
from bot.core.texts import Phrase, Ref, t
from bot.engine.front_cards import Cards, Drawn
from bot.engine.front_following import Following
from bot.engine.front_people import Askers, Asking
from bot.engine.front_replies import Replies
from bot.engine.going_on import GoingOn, elsewhere
from bot.engine.machine import Machine
from bot.engine.ports import Reply
from bot.engine.reader import Reader
from bot.engine.resolve import family
from bot.engine.talk_which import Which
from bot.store.base import text
from bot.views import welcome
from bot.views.asking import changing
from bot.views.help import screen

NONE_OWN = t("You have no report here. To report a problem, write: {report}")
NOTHING = t("There is nothing here under that name, or you may not see it.")
HERE_NOW = t("What you write here goes to your report {ref} from now on.")
NO_SUCH_LANGUAGE = t("We do not speak “{words}” here. Choose one of these.")
SPOKEN = t("We write to you in English from now on.")
NOTHING_RUNS = t("Nothing is going on here that could be stopped.")
NO_MORE = t("If you want to hear no more of updates, end them here:")
FOR = t("You are reporting for: {what}")
MANY = t("You have several reports with us already. Please go on with one of them.")


class Customers:
    """Answers whoever reports here."""

    def __init__(
        self,
        machine: Machine,
        reader: Reader,
        askers: Askers,
        cards: Cards,
        following: Following,
        going: GoingOn,
    ) -> None:
        self._engine = machine.engine
        self._reader = reader
        self._askers = askers
        self._cards = cards
        self._following = following
        self._replies = Replies(reader, askers)
        self._which = Which(machine.engine, reader, cards.own)
        self.going = going

    # --- their reports -----------------------------------------------------------------------

    async def status(self, asking: Asking, rest: str) -> Reply:
        """Their reports; by its reference one of them, which words go to from then on."""
        if rest:
            return await self._chosen(asking, rest)
        mine = await self._mine(asking)
        if not mine:
            return await self._replies.plain(asking, NONE_OWN, report="report")
        pairs = [(one, await self._incident(one)) for one in mine]
        ways = elsewhere(self._engine, asking.heard.who.channel)
        can = bool(ways) and any(one.is_open for one in mine)
        card = welcome.reports(pairs, self._cards.look, can)
        return Reply(cards=await self._cards.own(asking, [card]))

    async def _mine(self, asking: Asking) -> list[Report]:
        """The newest first, those that are not over before the others."""
        if not asking.person:
            return []
        person = await self._reader.person(asking.person)
        rows = await self._engine.store.select(
            "reports",
            {"person": [asking.person, *family(person)]},
            order="report",
            descending=True,
            limit=BUTTONS_MOST,
        )
        found = [await self._reader.state(text(row, "report")) for row in rows]
        latest = [one for one in found if isinstance(one, Report) and not one.erased]
        running = [x for x in await self._which.running(asking) if not x.erased]
        return list({one.stream: one for one in (*running, *latest)}.values())[:BUTTONS_MOST]

    async def _incident(self, report: Report) -> Incident | None:
        state = await self._reader.state(report.incident) if report.incident else None
        return state if isinstance(state, Incident) else None

    async def _chosen(self, asking: Asking, rest: str) -> Reply:
        reference = read_reference(rest)
        stream = await self._reader.stream_of(reference) if reference else None
        mine = await self._mine(asking)
        report = next((one for one in mine if stream in (one.stream, one.incident)), None)
        if report is None:
            return await self._replies.no(asking, NOTHING)
        cards = await self._cards.report(asking, report.stream)
        if not report.is_open or len([one for one in mine if one.is_open]) < 2:
            return Reply(cards=cards)
        place = asking.alone or asking.heard.place
        seat = self._engine.codec.seat_key(place.channel, place.address)
        await self._engine.directory.choose(asking.person, seat, report.stream)
        told = HERE_NOW.model_copy(update={"args": {"ref": Ref(ref=report.reference)}})
        return Reply(text=await self._askers.said(asking, told), cards=cards)

    # --- language ----------------------------------------------------------------------------

    async def language(self, asking: Asking, rest: str) -> Reply:
        """The languages to choose from, or the one that is named."""
        names = [(one, name_of(one)) for one in self._tags]
        if not rest:
            card = welcome.languages(names)
            return Reply(cards=await self._cards.own(asking, [card]))
        wanted = rest.strip(" .!").casefold()
        for tag, name in names:
            if wanted in {tag.casefold(), tag.partition("-")[0], name.casefold(), *in_all(tag)}:
                return await self.speak(asking, tag)
        told = NO_SUCH_LANGUAGE.model_copy(update={"args": {"words": rest}})
        cards = await self._cards.own(asking, [welcome.languages(names)])
        return Reply(text=await self._askers.said(asking, told), cards=cards)

    @property
    def _tags(self) -> tuple[str, ...]:
        return tuple(self._reader.playbook.organisation.languages)

    async def speak(self, asking: Asking, tag: str) -> Reply:
        """From now on in that language, about a report that runs, too."""
        command = ChooseLanguage(language=tag)
        place = asking.alone
        answer = await self._engine.handle(asking.envelope(command, place=place))
        if answer.outcome != "done":
            return await self._replies.of(asking, command, answer)
        report = await self._current(asking)
        if report is not None and report.seat.channel == asking.heard.who.channel:
            source, here = f"{asking.heard.source}:report", GoOnHere(language=tag)
            await self._engine.handle(asking.envelope(here, source=source, place=place))
        changed = await self._askers.asking(asking.heard)
        return await self._replies.plain(changed, SPOKEN)

    # --- stopping ----------------------------------------------------------------------------

    async def stop(self, asking: Asking, rest: str) -> Reply:
        """What could be stopped: the report, never without a question, and what they hear of."""
        cards = await self._stopping(asking)
        follows = await self._following.cards(asking)
        if not cards and not follows:
            return await self._replies.plain(asking, NOTHING_RUNS)
        note = await self._askers.said(asking, NO_MORE) if follows else ""
        return Reply(text=note, cards=(*cards, *follows))

    async def cancel(self, asking: Asking, rest: str) -> Reply:
        """The same of the report alone."""
        cards = await self._stopping(asking)
        return Reply(cards=cards) if cards else await self._replies.plain(asking, NOTHING_RUNS)

    async def _stopping(self, asking: Asking) -> Drawn:
        report = await self._current(asking)
        if report is None or not report.is_open:
            return ()
        if report.care.unclocked:
            return await self._cards.own(asking, [screen(self._reader.playbook)])
        is_asked = report.stage == "answering" and report.incident is None
        card = welcome.stopping(report) if is_asked else welcome.at_work(report)
        return await self._cards.own(asking, [card])

    async def _current(self, asking: Asking) -> Report | None:
        place = asking.alone
        if not asking.person or place is None:
            return None
        seat = self._engine.codec.seat_key(place.channel, place.address)
        return await self._reader.current(asking.person, seat)

    # --- changing an answer ------------------------------------------------------------------

    async def changing(self, asking: Asking, action: Action) -> Reply | None:
        """Their answers to choose from, where a button would open all of them on a sheet."""
        stream = action.args.get("report")
        state = await self._reader.state(str(stream)) if stream else None
        mine = isinstance(state, Report) and state in await self._mine(asking)
        if not mine or not isinstance(state, Report):
            return None
        look = self._cards.look
        form = questions(state, look.edition(state.playbook), look.playbook)
        if not state.asking or open_question(state, form) is not None:
            return None
        return Reply(cards=await self._cards.own(asking, [changing(state, look)]))

    # --- beginning ---------------------------------------------------------------------------

    async def welcome(self, asking: Asking) -> Reply:
        """The first words, before anything was said."""
        card = welcome.welcome(self._reader.playbook)
        return Reply(cards=await self._cards.own(asking, [card]))

    async def start(self, asking: Asking, key: str, sure: bool = False) -> Reply:
        """A report about what a link names; whoever has one already is asked first."""
        start = starts(self._reader.playbook).get(key)
        running = await self._which.running(asking)
        current = await self._current(asking)
        if start is not None and current is not None and _is_about(current, start):
            return await self._replies.plain(asking, self._for(start.label))
        if start is not None and running and not sure:
            card = welcome.or_another(running[0], start.label, key)
            return Reply(cards=await self._cards.own(asking, [card]))
        if len(running) >= BUTTONS_MOST - 1:
            return await self._replies.no(asking, MANY)
        over = current is not None and not current.is_open
        if start is not None and not over and not running:
            return await self._filled(asking, start)
        begin = BeginReport(again=over and not running, beside=bool(running) and start is not None)
        answer = await self._engine.handle(asking.envelope(begin, place=asking.alone))
        if answer.outcome != "done":
            return await self._replies.of(asking, begin, answer)
        return Reply() if start is None else await self._filled(asking, start)

    async def _filled(self, asking: Asking, start: Start) -> Reply:
        fill = FillReport(answers=start.answers, send=False)
        source = f"{asking.heard.source}:start"
        answer = await self._engine.handle(asking.envelope(fill, source=source, place=asking.alone))
        if answer.outcome != "done":
            return Reply(again=answer.unkept)  # The question is asked as any other.
        return await self._replies.plain(asking, self._for(start.label))

    def _for(self, label: Phrase) -> Phrase:
        return FOR.model_copy(update={"args": {"what": label}})

    # --- one incident ------------------------------------------------------------------------

    async def about(self, asking: Asking, state: Incident) -> Reply:
        """An incident that they may not look into: their own report of it, or what all may hear."""
        for one in await self._mine(asking):
            if one.incident == state.stream:
                return Reply(cards=await self._cards.report(asking, one.stream))
        if not self._following.may_follow(asking, state):
            return await self._replies.no(asking, NOTHING)
        card = welcome.to_follow(state)
        return Reply(cards=await self._cards.own(asking, [card]))


def _is_about(report: Report, start: Start) -> bool:
    """Whether it is being reported already, as by the same link opened again."""
    known = report.known()
    same = all(known.get(field) == value for field, value in start.answers.items())
    return report.asking and report.is_open and same


def name_of(tag: str) -> str:
    """A language by its own name."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return tag
    return (locale.get_display_name(tag.replace("-", "_")) or tag).capitalize()


def in_all(tag: str) -> set[str]:
    """A language by its English name."""
    try:
        english = Locale.parse(tag, sep="-").get_display_name("en")
    except (UnknownLocaleError, ValueError):
        return set()
    return {english.casefold()} if english else set()
