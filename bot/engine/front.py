"""The house as every chat channel meets it: what was heard goes in, a reply comes out.

A press, a form and a line each become commands for the one door, and its answer a sentence in
the language of whoever asked. What is allowed and what still fits is for the door to say; here is
only settled who asks, what for, and how it is told.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, replace
from typing import TypeVar

import structlog

from bot.core.calendar import DAY, MINUTE
from bot.core.cards import Action
from bot.core.commands import Command, Identity, Place
from bot.core.errors import MusterError
from bot.core.ids import Millis, StreamId
from bot.core.joining_words import JoinIdentity
from bot.core.report import Report
from bot.core.report_words import GoBack
from bot.core.reveal_words import RevealCustomer, RevealReporter
from bot.core.texts import Phrase, t
from bot.engine.deliver_desk import DeliveryDesk
from bot.engine.deliver_follow import ASKED, BRIEFING
from bot.engine.front_cards import ALONE, HOME, Cards
from bot.engine.front_forms import Forms
from bot.engine.front_help import speaker, wants_help, with_help, without_store
from bot.engine.front_lines import SAID, Lines
from bot.engine.front_people import Askers, Asking, Members, Talks
from bot.engine.front_replies import GONE, TOO_FAST, TROUBLE, Replies
from bot.engine.heard import Arrived, Changed, Heard, Pointed, Pressed, Submitted, Typed, Wrote
from bot.engine.limits import Limiter, Rate
from bot.engine.machine import Machine
from bot.engine.ports import Reply, Speech
from bot.engine.reader import Reader
from bot.engine.resolve import family
from bot.engine.reveal import revealed
from bot.engine.steps import Steps
from bot.engine.there import as_there, key_of
from bot.engine.tokens import Token
from bot.views.actions import command_of, form_of
from bot.views.help import EVERYWHERE, HELP
from bot.views.home import REPORT_FORM
from bot.views.look import LEAD, MEAN, SHOW, STEP, TOOLS

log = structlog.get_logger(__name__)

H = TypeVar("H", bound=Heard)
Own = Callable[[Pressed, Action], Awaitable[Reply]]

BUTTONS_LAST: Millis = 90 * DAY
LATELY: Millis = 10 * MINUTE
LATELY_MOST = 10_000
PACE = Rate(burst=60, per_minute=120)
TOLD = Rate(burst=1, per_minute=1)
"""Whoever writes too fast is told so, and then left alone: each answer costs us a call."""

NO_WORDS = t("I cannot take words here yet. Please use the buttons.")
BY_HAND = t("Nothing was changed: please press the button itself, on its card.")
EARLIER = t("This is about an earlier report of yours. Please use the newest card.")


class Front:
    """Takes what channels hear (`bot.engine.heard.Hears`)."""

    def __init__(
        self,
        machine: Machine,
        reader: Reader,
        speech: Speech,
        members: Members | None = None,
        talks: Talks | None = None,
    ) -> None:
        self._engine = machine.engine
        self._tokens = machine.deliveries.tokens
        self._topics = machine.topics
        machine.sweep.also(self._sweep)
        self._desk = DeliveryDesk(machine.engine, machine.deliveries)
        self._reader = reader
        self._members = members
        self._talks = talks
        self._pace = Limiter(machine.engine.clock, PACE)
        self._told = Limiter(machine.engine.clock, TOLD)
        self._lately: OrderedDict[tuple[Identity, str], tuple[Millis, Place]] = OrderedDict()
        self.askers = Askers(reader, speech, members)
        self.replies = Replies(reader, self.askers)
        self.cards = Cards(machine, reader, self.askers)
        self.forms = Forms(machine, reader, self.askers)
        self.lines = Lines(machine, reader, self.askers, self.cards, self.forms, members)
        self.steps = Steps(machine, reader, self.askers, self.forms, self.lines.name_of)
        self.lines.stops = self.steps.stop
        self._own: Mapping[str, Own] = {
            **dict.fromkeys(SAID, self._said),
            SHOW: self._show,
            TOOLS: self._tools,
            MEAN: self._mean,
            STEP: self.steps.press,
        }

    async def _sweep(self) -> int:
        """Buttons that were shown to one person alone serve for a season."""
        await self.steps.sweep()
        before = self._engine.clock.now() - BUTTONS_LAST
        return await self._tokens.sweep((*ALONE, BRIEFING, ASKED), before)

    # --- what is heard ---------------------------------------------------------------------

    async def press(self, pressed: Pressed) -> Reply:
        """A button."""
        answer = self._said if pressed.token == EVERYWHERE else self._press
        return await self._walled(pressed, answer)

    async def submit(self, sent: Submitted) -> Reply:
        """A form."""
        return await self._walled(sent, self._submit)

    async def write(self, wrote: Wrote) -> Reply:
        """Words."""
        if not (wrote.private or wrote.beneath or await self._topics.is_ours(wrote)):
            return Reply()  # People talk among themselves.
        return await self._walled(wrote, self._write)

    async def line(self, typed: Typed) -> Reply:
        """A line for us."""
        return await self._walled(typed, self._line)

    async def arrive(self, arrived: Arrived) -> Reply:
        """They came by a link."""
        return await self._walled(arrived, self._arrive)

    async def stood(self, asks: str, heard: Heard, message: str) -> None:
        """Where the question of a reply stands now."""
        try:
            await self.steps.stood(asks, heard, message)
        except MusterError as trouble:
            log.warning("where a question stands is not known", reason=str(trouble))
        except Exception:
            log.exception("where a question stands is not known")

    async def point(self, pointed: Pointed) -> Reply:
        """Another's message."""
        return await self._walled(pointed, self._point)

    async def home(self, heard: Heard) -> Reply:
        """Their own page."""
        return await self._walled(heard, self._home)

    async def join(self, heard: Heard, code: str) -> Reply:
        """A code that joins their account to somebody's, sent to us in words."""
        return await self.lines.join(await self.askers.asking(heard), code)

    async def change(self, changed: Changed) -> None:
        """Something about a place."""
        try:
            changed = self._engine.parts.moves.changed_at_home(changed)
            await self._delivering(changed)
            if self._members is not None:
                await self._members.change(changed)
        except MusterError as trouble:
            log.warning("not taken in", what=changed.what, reason=str(trouble))
        except Exception:
            log.exception("what changed cannot be taken in", what=changed.what)

    async def _delivering(self, changed: Changed) -> None:
        """What it means for what hangs there, or waits to."""
        place = changed.place
        if place is not None and changed.what == "lost":
            await self._desk.lost(place, changed.message)
        elif place is not None and changed.what == "gone":
            self._desk.shut(place)
        elif place is not None and changed.what == "back":
            self._desk.mended(place)
            await self._topics.back(place)
        elif place is not None and changed.what == "moved" and changed.to is not None:
            self._desk.moved(place, changed.to)

    # --- walls -----------------------------------------------------------------------------

    async def _walled(self, heard: H, answer: Callable[[H], Awaitable[Reply]]) -> Reply:
        """Whatever goes wrong is a sentence for them, and a line for the operator."""
        who = f"{heard.who.channel}:{heard.who.opaque}"
        heard = self._engine.parts.moves.at_home(heard)
        if self._pace.wait(who):
            silent = isinstance(heard, Wrote) and not wants_help(heard) and self._told.wait(who)
            return Reply() if silent else self._in_need(heard, TOO_FAST)
        broken = False
        try:
            spoken = await self._spoken(heard)
            reply = await self._asked(spoken, await answer(spoken))
            return await with_help(self.askers, spoken, reply)
        except MusterError as trouble:
            log.warning("not answered", what=type(heard).__name__, reason=str(trouble))
        except Exception:
            log.exception("what was heard cannot be answered", what=type(heard).__name__)
            broken = True
        return replace(self._in_need(heard, TROUBLE), again=True, broken=broken)

    def _in_need(self, heard: Heard, phrase: Phrase) -> Reply:
        """Whatever is wrong with us, help is one press away."""
        return without_store(self.askers, self._reader.playbook, heard, phrase)

    async def _asked(self, heard: Heard, reply: Reply) -> Reply:
        """Where no form opens on a sheet it is asked question by question."""
        if reply.form is None or not self.steps.are_for(heard):
            return reply
        return await self.steps.begin(await self.askers.asking(heard), reply.form)

    async def _spoken(self, heard: H) -> H:
        """Who was never met is answered in the language in which they read their platform."""
        first = heard.private or isinstance(heard, Typed)
        if heard.language or self._members is None or not first:
            return heard
        if await self._engine.person_behind(heard.who.channel, heard.who.opaque):
            return heard
        return replace(heard, language=(await self._members.known(heard.who)).language)

    def _bare(self, heard: Heard, phrase: Phrase) -> Reply:
        """A sentence that needs nothing from the store."""
        return Reply(text=speaker(self.askers, self._reader.playbook, heard)(phrase), refused=True)

    # --- presses ---------------------------------------------------------------------------

    async def _press(self, pressed: Pressed) -> Reply:
        token = await self._desk.pressed(pressed.token, pressed.message)
        if token is None or not self._is_for(token, pressed):
            return self._bare(pressed, GONE)
        self._note_press(pressed)
        if token.action.name == LEAD:
            return Reply()
        pressed = as_there(self._engine.parts.places, pressed, token.action)
        if form_of(token.action) is not None:
            return await self._open(pressed, token)
        own = self._own.get(token.action.name)
        if own is not None:
            return await own(pressed, token.action)
        command = command_of(token.action, self._engine.clock.now())
        if command is None:
            return self._bare(pressed, GONE)
        return await self._do(pressed, token, command)

    async def _open(self, pressed: Pressed, token: Token) -> Reply:
        asking = await self.askers.asking(pressed)
        if self.steps.are_for(pressed) and form_of(token.action) == REPORT_FORM:
            listed = await self.lines.customers.changing(asking, token.action)
            if listed is not None:
                return listed
        return await self.forms.open(asking, token, pressed.token)

    async def _said(self, pressed: Pressed, action: Action = HELP.action) -> Reply:
        return await self.lines.press(await self.askers.asking(pressed), action)

    async def _show(self, pressed: Pressed, action: Action) -> Reply:
        asking = await self.askers.asking(pressed)
        stream = action.args.get("incident") or action.args.get("report")
        cards = await self.lines.shown(asking, stream) if isinstance(stream, str) else ()
        return Reply(cards=cards) if cards else await self.replies.no(asking, GONE)

    async def _tools(self, pressed: Pressed, action: Action) -> Reply:
        asking = await self.askers.asking(pressed)
        there = key_of(self._engine.parts.places, self._lately[pressed.who, pressed.token][1])
        cards = await self.cards.tools(asking, action, there)
        return Reply(cards=cards) if cards else await self.replies.no(asking, GONE)

    async def _mean(self, pressed: Pressed, action: Action) -> Reply:
        asking, report = await self.askers.asking(pressed), action.args.get("report")
        if self._talks is None or not isinstance(report, str):
            return await self.replies.no(asking, GONE)
        return await self._talks.mean(pressed, report, asking.grants)

    async def _do(self, pressed: Pressed, token: Token, command: Command) -> Reply:
        asking = await self.askers.asking(pressed, type(command))
        aim = self._engine.book.rules[type(command)].aim
        place = asking.alone if aim in ("own_report", "self") else None
        report = token.hung.stream
        of_another = aim == "own_report" and await self._is_of_another(asking, report)
        if of_another and not await self._goes_on(asking, report):
            return await self.replies.no(asking, EARLIER)
        if isinstance(command, JoinIdentity):
            name = await self.lines.name_of(pressed.who)
            command = command.model_copy(update={"name": name})
            asking, place = await self.askers.everywhere(asking), asking.alone
        envelope = asking.envelope(command, token.action.text, place=place)
        answer = await self._engine.handle(replace(envelope, report=report if of_another else ""))
        if isinstance(command, JoinIdentity):
            return await self.lines.joined(asking, answer)
        if isinstance(command, RevealCustomer | RevealReporter) and answer.outcome == "done":
            return Reply(text=await revealed(self._reader, command, self.askers.speak(asking)))
        reply = await self.replies.of(asking, command, answer)
        if isinstance(command, GoBack) and command.field and pressed.message and not reply.refused:
            # The list of answers has had its time: what is asked now stands elsewhere.
            return replace(reply, drops=(pressed.message,))
        return reply

    async def _goes_on(self, asking: Asking, report: StreamId) -> bool:
        """Whether a report of theirs is open, beside the one that words go to."""
        state = await self._reader.state(report)
        person = await self._reader.person(asking.person)
        mine = isinstance(state, Report) and state.person in (asking.person, *family(person))
        return isinstance(state, Report) and mine and state.is_open

    async def _is_of_another(self, asking: Asking, report: StreamId) -> bool:
        """Whether what they say now would be said to another report than the card's."""
        place = asking.alone or asking.heard.place
        if not asking.person or not isinstance(await self._reader.state(report), Report):
            return False
        person = await self._reader.person(asking.person)
        seat = self._engine.codec.seat_key(place.channel, place.address)
        directory = self._engine.directory
        current = await directory.current(asking.person, seat, family(person))
        return current is not None and current != report

    # --- the rest --------------------------------------------------------------------------

    async def _submit(self, sent: Submitted) -> Reply:
        token = await self._desk.pressed(sent.ref, "")
        if token is None or form_of(token.action) is None or not self._is_for(token, sent):
            return self._bare(sent, GONE)
        sent = as_there(self._engine.parts.places, sent, token.action)
        return await self.forms.submit(await self.askers.asking(sent), sent, token)

    async def _write(self, wrote: Wrote) -> Reply:
        taken = await self.steps.write(wrote)
        return await self._talk(wrote) if taken is None else taken

    async def _talk(self, wrote: Wrote) -> Reply:
        if self._talks is None:
            return self._bare(wrote, NO_WORDS) if wrote.private else Reply()
        asking = await self.askers.asking(wrote)
        # What is written to us alone does nothing that takes a role.
        grants = (*asking.grants, *asking.elsewhere)
        return await self._talks.write(wrote, grants)

    async def _point(self, pointed: Pointed) -> Reply:
        if self._talks is None:
            return self._bare(pointed, NO_WORDS)
        asking = await self.askers.asking(pointed)
        return await self._talks.point(pointed, asking.grants)

    async def _arrive(self, arrived: Arrived) -> Reply:
        kind, _, token = arrived.payload.partition("_")
        if kind == "p":
            return await self._pressed_alone(arrived, token)
        asking = await self.askers.asking(arrived)
        return await self.lines.arriving.arrive(asking, arrived.payload)

    async def _pressed_alone(self, arrived: Arrived, token: str) -> Reply:
        """The button that brought them here, pressed by them, alone with us."""
        gone_on = await self.steps.arrive(arrived, token)
        if gone_on is not None:
            return gone_on
        found = await self._tokens.find(token)
        does = found is not None and command_of(found.action, self._engine.clock.now()) is not None
        if does and not self._has_pressed(arrived, token):
            return self._bare(arrived, BY_HAND)
        heard = {one.name: getattr(arrived, one.name) for one in fields(Heard)}
        return await self._press(Pressed(**heard, token=token))

    # --- whose press it is -----------------------------------------------------------------

    def _is_for(self, token: Token, heard: Heard) -> bool:
        """What was shown to one person alone is for nobody else, however they came by it."""
        who = heard.who
        own = self._engine.codec.seat_key(who.channel, who.opaque)
        return token.hung.card not in ALONE or token.hung.seat == own

    def _note_press(self, pressed: Pressed) -> None:
        now, key = self._engine.clock.now(), (pressed.who, pressed.token)
        last = self._lately.pop(key, None)
        # Who was led to us from the place where they pressed has pressed there.
        led = pressed.private and last is not None and now - last[0] < LATELY
        self._lately[key] = now, last[1] if led and last else pressed.place
        if len(self._lately) > LATELY_MOST:
            self._lately.popitem(last=False)

    def _has_pressed(self, heard: Heard, token: str) -> bool:
        """A link may come from anybody: what a button does takes that they pressed it themselves
        a moment ago.
        """
        last = self._lately.get((heard.who, token))
        return last is not None and self._engine.clock.now() - last[0] < LATELY

    async def _line(self, typed: Typed) -> Reply:
        return await self.lines.answer(await self.askers.asking(typed), typed.line)

    async def _home(self, heard: Heard) -> Reply:
        asking = await self.askers.asking(heard)
        return Reply(
            cards=(
                *await self.cards.ways(asking, HOME),
                *await self.cards.mine(asking, HOME),
                *await self.cards.tasks(asking, HOME),
                *await self.cards.reports(asking, HOME),
                *await self.lines.following.cards(asking, HOME),
            )
        )
