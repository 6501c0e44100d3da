"""Forms in a chat: opened on the state as it is, checked when they come back, kept when refused.

What a form is about, and which one it is, stands in the token that it carries; nothing else that
comes back with it is believed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite

from bot.core.access import NOT_FOUND, Behind, gate
from bot.core.answers import FormError, validate_all
from bot.core.cards import Action
from bot.core.commands import Actor, Answer, Command
from bot.core.errors import KeyGone
from bot.core.fold import State
from bot.core.forms import (
    Answers,
    Form,
    FormState,
    Location,
    Question,
    Value,
    changed_since,
)
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.personal import JsonValue
from bot.core.report import Report
from bot.core.texts import t
from bot.engine.choosing import named_crew, named_peers
from bot.engine.drafts import Drafts
from bot.engine.front_about import About, known_of, people_in
from bot.engine.front_cards import BESIDE
from bot.engine.front_people import Askers, Asking
from bot.engine.front_replies import GONE, Replies
from bot.engine.heard import Given, Submitted
from bot.engine.machine import Machine
from bot.engine.ports import Opened, Reply
from bot.engine.read_problems import open_problems
from bot.engine.reader import Reader
from bot.engine.tokens import Hung, Token, Tokens
from bot.views import alike, tools
from bot.views.actions import form_of
from bot.views.form_kinds import Filled, Unfit
from bot.views.forms import FORMS
from bot.views.kinds import KINDS
from bot.views.look import THERE, Look

LOOKED_BACK = 200
GIVEN_MOST = 100
CLOSING = ("prove", "not_allowed", "not_found")
"""Refusals that no other words in the form would change."""

PASSED = t("This does not fit any more: it has changed meanwhile. Its card shows how it stands.")
UNREADABLE = t("This could not be read. Please open the form again.")
CHANGED = t("Somebody changed this while you were filling it in. Check it, and send it again.")
MORE = t("There is a little more to fill in.")
NOW = t("It says meanwhile: {value}")


@dataclass(frozen=True, slots=True)
class Filling:
    """A form on its way back: who sends it, what it is about, as it is asked now, what came."""

    asking: Asking
    about: About
    form: Form
    sent: Submitted
    given: Mapping[str, Value]


class Forms:
    """Opens forms and takes them back."""

    def __init__(self, machine: Machine, reader: Reader, askers: Askers) -> None:
        self._engine = machine.engine
        self._store = machine.engine.store
        self._tokens: Tokens = machine.deliveries.tokens
        self._reader = reader
        self._askers = askers
        self._replies = Replies(reader, askers)
        self._drafts = Drafts(self._engine.store, self._engine.codec, self._engine.clock)

    # --- opening ---------------------------------------------------------------------------

    async def opened(
        self, asking: Asking, action: Action, stream: StreamId = "", answers: Answers | None = None
    ) -> Opened | None:
        """The form that `action` opens, without a button that stands anywhere; None for none.

        `answers` are given already. It hangs on `stream`, or on whoever asks for it.
        """
        token = await self.token(asking, action, stream)
        about = await self.about(Token(Hung(stream, "line", 0, ""), action))
        return None if about is None else await self._opened(asking, about, token, answers)

    async def token(self, asking: Asking, action: Action, stream: StreamId = "") -> str:
        """A token for something that this person alone is shown."""
        who = asking.heard.who
        seat = self._engine.codec.seat_key(who.channel, who.opaque)
        hung = Hung(stream or asking.person or "line", "line", 0, seat)
        tokens, ops = self._tokens.make(hung, [action], await self._tokens.of(hung))
        if ops:
            await self._store.write(ops)
        return tokens[action.text]

    async def open(self, asking: Asking, token: Token, ref: str) -> Reply:
        """The form behind a button, or why it cannot be opened."""
        about = await self.about(token)
        if about is None:
            return await self._replies.no(asking, GONE)
        refused = await self.refused(asking, about)
        if refused is not None:
            return refused
        if await self.passed(token, about):
            told = await self._replies.with_link(asking, PASSED, about.stream)
            return replace(told, refused=True)
        return Reply(form=await self._opened(asking, about, ref))

    async def about(self, token: Token) -> About | None:
        """What the form behind a button is about; None when that is gone, or opens none."""
        key = form_of(token.action) or ""
        kind = FORMS.get(key)
        if kind is None:
            return None
        stream = _target(token.action)
        live = await self._engine.live(stream) if stream else None
        if live is not None and live.state is None:
            return None
        editions = self._engine.editions
        desk = self._engine.parts.public_url.rstrip("/")
        state, version = (live.state, live.version) if live else (None, 0)
        others = await self._engine.look(list(alike.reads(state))) if state is not None else {}
        crew, names = await named_crew(self._reader, stream) if kind.crew else (None, {})
        hands, named = await named_peers(self._reader) if kind.hands else ((), {})
        names = {**names, **named}
        look = Look(editions.current, editions.edition, others, desk, crew=crew, hands=hands)
        if kind.problems and isinstance(state, Incident):
            look = replace(look, problems=await open_problems(self._reader, state.mode))
        known = known_of(kind, token.action, state, look, self._reader)
        about = About(key, kind, token.action, stream, state, version, look, names, known)
        people = list(people_in(about.form(known)))
        return replace(about, names={**names, **await self._reader.names(people)})

    async def refused(self, asking: Asking, about: About) -> Reply | None:
        """Who may not ask for what it brings, or know what it is about, is told so before."""
        state, staff, brings = about.state, asking.staff, about.kind.brings
        if brings is not None:
            rule = self._engine.book.rules[brings]
            acting = staff if rule.by_holder else asking.here
            behind = await self._behind(state)
            why = gate(rule, acting.actor if acting else Actor(), state, behind)
            if why is not None:
                return await self._replies.barred(asking, rule, why)
        if isinstance(state, Report) and state.person != asking.person:
            if staff is None:
                return await self._replies.stranger(asking)
            if not await self._reader.is_open_to(staff, state):
                return await self._replies.no(asking, NOT_FOUND.text)
        why_none = about.kind.empty(state, about.look, about.action.args)
        return None if why_none is None else await self._replies.no(asking, why_none)

    async def _behind(self, state: State | None) -> Behind:
        """The incident of a report."""
        incident = state.incident if isinstance(state, Report) else None
        return {} if incident is None else {incident: await self._reader.state(incident)}

    async def passed(self, token: Token, about: About) -> bool:
        """Whether the card that carried the button would not carry it as things stand now."""
        if token.hung.card == BESIDE:
            return await self._left(token, about)
        hung, kind = token.hung, KINDS.get(token.hung.card)
        state = await self._reader.state(hung.stream) if kind is not None else None
        if kind is None or state is None:
            return False
        look = replace(about.look, states=await self._engine.look(list(kind.reads(state))))
        drawn = kind.draw(state, hung.number, look)
        return drawn is None or token.action.text not in {x.action.text for x in drawn.buttons}

    async def _left(self, token: Token, about: About) -> bool:
        """Whether it is not offered any more beside the incident's card."""
        stream = token.action.args.get("incident")
        if stream is None and isinstance(about.state, Report):
            stream = about.state.incident
        state = await self._reader.state(stream) if isinstance(stream, str) else None
        if not isinstance(state, Incident):
            return True
        reads = list(KINDS["incident"].reads(state))
        look = replace(about.look, states=await self._engine.look(reads))
        offered = tools.offered(state, look, str(token.action.args.get(THERE) or ""))
        return token.action.text not in {one.action.text for one in offered}

    async def _opened(
        self, asking: Asking, about: About, ref: str, answers: Answers | None = None
    ) -> Opened:
        about = self._seen(asking, about)
        known = about.known
        typed = {**await self._draft(asking, about), **(answers or {})}
        form = about.form({**known, **typed})
        keys = {one.key for one in form.questions}
        filled = {key: value for key, value in {**known, **typed}.items() if key in keys}
        changed_at = {key: about.version for key in known if key in keys}
        decides = about.kind.decides
        state = FormState(form=form, answers=filled, changed_at=changed_at, decides=decides)
        return Opened(ref, state, self._askers.speak(asking, about.names))

    def _seen(self, asking: Asking, about: About) -> About:
        """The same, knowing whether the form is seen as a whole there."""
        channel = self._engine.parts.channels.get(asking.heard.who.channel)
        sheets = channel is None or channel.capabilities.sheets
        return replace(about, look=replace(about.look, sheets=sheets))

    # --- drafts ----------------------------------------------------------------------------

    async def _draft(self, asking: Asking, about: About) -> dict[str, Value]:
        if not asking.person:
            return {}
        typed = await self._drafts.load(asking.person, about.key, about.target)
        return {key: _value(one) for key, one in typed.items()}

    async def _keep(self, filling: Filling) -> bool:
        """Nothing typed is lost because it was refused; whether it is kept."""
        asking, about = filling.asking, filling.about
        subject = getattr(about.state, "subject", None) or await self._own_subject(asking)
        if not asking.person or subject is None:
            return False
        typed = {key: _typed(one) for key, one in filling.given.items()}
        try:
            await self._drafts.save(asking.person, about.key, about.target, subject, typed)
        except (KeyGone, ValueError):
            return False
        return True

    async def _own_subject(self, asking: Asking) -> str | None:
        person = await self._reader.person(asking.person) if asking.person else None
        return None if person is None else person.subject

    # --- taking back -----------------------------------------------------------------------

    async def submit(self, asking: Asking, sent: Submitted, token: Token) -> Reply:
        """What was filled in becomes commands, or comes back with what must be mended."""
        about = await self.about(token)
        if about is None:
            return await self._replies.no(asking, GONE)
        refused = await self.refused(asking, about)
        if refused is not None:
            return refused
        about, given = self._seen(asking, about), _fit(sent.given or {})
        filling = Filling(asking, about, about.form(given), sent, given)
        if sent.part:
            return Reply(form=self._again(filling))
        checked = validate_all(filling.form, given)
        if isinstance(checked, tuple):
            return await self._faulty(filling, checked)
        clash = await self._clash(filling, checked)
        return Reply(form=clash) if clash else await self._do(filling, checked)

    async def _faulty(self, filling: Filling, errors: tuple[FormError, ...]) -> Reply:
        await self._keep(filling)
        say = self._askers.speak(filling.asking)
        faults = {one.question: say(one.text) for one in errors}
        if all(key in filling.given for key in faults):
            return Reply(faults=faults)
        # Something is asked that did not stand there, since it depends on what was chosen; nobody
        # is told that they left out what they never saw.
        stood = {key: said for key, said in faults.items() if key in filling.given}
        return Reply(form=self._again(filling), faults={**stood, "": say(MORE)})

    def _again(self, filling: Filling) -> Opened:
        """The same form with what was typed; what its reader knew is what they knew before."""
        form, sent = filling.form, filling.sent
        keys = {one.key for one in form.questions}
        about = filling.about
        fills = about.kind.fills(about.state, about.look, filling.given)
        shown = {**fills, **filling.given}
        typed = {key: value for key, value in shown.items() if key in keys}
        changed_at = dict.fromkeys(keys, sent.seen) if sent.seen > 0 else {}
        decides = filling.about.kind.decides
        state = FormState(form=form, answers=typed, changed_at=changed_at, decides=decides)
        return Opened(sent.ref, state, self._askers.speak(filling.asking, about.names))

    async def _clash(self, filling: Filling, checked: Answers) -> Opened | None:
        """The form with both values, where somebody changed meanwhile what this would change."""
        about, form, sent = filling.about, filling.form, filling.sent
        known = about.known
        if not known or not about.kind.moved_by or sent.seen >= about.version:
            return None
        moved = await self._moved(about, sent.seen)
        was = FormState(form=form, answers=known, changed_at=dict.fromkeys(known, moved))
        fields = changed_since(was, checked, sent.seen)
        if not fields:
            return None
        questions = tuple(
            _noted(one, known[one.key]) if one.key in fields else one for one in form.questions
        )
        noted = form.model_copy(update={"intro": CHANGED, "questions": questions})
        changed_at = dict.fromkeys(known, about.version)
        state = FormState(form=noted, answers=dict(checked), changed_at=changed_at)
        return Opened(sent.ref, state, self._askers.speak(filling.asking, about.names))

    async def _moved(self, about: About, seen: int) -> int:
        """When it was changed last, as far as that is after `seen`; 0 if it was not."""
        if seen <= 0 or about.version - seen > LOOKED_BACK:
            return about.version
        log = await self._reader.log(about.stream, about.version, about.version - seen)
        return max((x.version for x in log if isinstance(x.event, about.kind.moved_by)), default=0)

    async def _do(self, filling: Filling, checked: Answers) -> Reply:
        asking, about = filling.asking, filling.about
        zone = self._reader.playbook.organisation.time_zone
        now, args = self._engine.clock.now(), about.action.args
        filled = Filled(args, checked, now, zone, about.known, about.names)
        try:
            command = about.kind.command(filled)
            commands = (*about.kind.before(filled), command)
        except (ValueError, LookupError, OverflowError) as wrong:
            why = wrong.text if isinstance(wrong, Unfit) else UNREADABLE
            return await self._open_still(filling, await self._askers.said(asking, why))
        answer = Answer()
        for number, one in enumerate(commands):
            answer = await self._ask(filling, one, "" if one is command else f":{number}")
            if answer.outcome != "done":
                return await self._declined(filling, one, answer)
        if asking.person:
            await self._drafts.drop(asking.person, about.key, about.target)
        return await self._replies.of(asking, command, answer)

    async def _ask(self, filling: Filling, command: Command, suffix: str) -> Answer:
        about, heard = filling.about, filling.asking.heard
        asking = await self._askers.asking(heard, type(command))
        said = json.dumps(filling.given, sort_keys=True, default=str) + about.action.text
        own = self._engine.book.rules[type(command)].aim == "self"
        place = asking.alone if about.kind.alone or own else None
        envelope = asking.envelope(command, said, f"{heard.source}{suffix}", place)
        return await self._engine.handle(replace(envelope, anew=True))

    async def _declined(self, filling: Filling, command: Command, answer: Answer) -> Reply:
        if answer.code in CLOSING:
            kept = await self._keep(filling)
            return await self._replies.refused(filling.asking, command, answer, kept)
        reply = await self._replies.refused(filling.asking, command, answer)
        return await self._open_still(filling, reply.text)

    async def _open_still(self, filling: Filling, why: str) -> Reply:
        """The form stays open with all that was typed, and says why."""
        await self._keep(filling)
        return Reply(form=self._again(filling), faults={"": why})


def _target(action: Action) -> StreamId:
    """The stream that a form's button names, "" for none."""
    named = action.args.get("incident") or action.args.get("report") or ""
    return named if isinstance(named, str) else ""


def _fit(given: Mapping[str, Given]) -> dict[str, Value]:
    """What came, without what no form of ours could ask for."""
    fit: dict[str, Value] = {}
    for key, one in list(given.items())[:GIVEN_MOST]:
        if isinstance(one, float) and not isfinite(one):
            fit[str(key)] = str(one)
        elif one is None or isinstance(one, bool | int | float | str | Location):
            fit[str(key)] = one
        elif isinstance(one, tuple | list):
            fit[str(key)] = tuple(str(part) for part in one)
    return fit


def _typed(value: Value) -> JsonValue:
    """An answer as a draft keeps it."""
    if isinstance(value, Location):
        return value.text
    return list(value) if isinstance(value, tuple) else value


def _value(typed: JsonValue) -> Value:
    """A draft's value as an answer."""
    if isinstance(typed, list):
        return tuple(str(one) for one in typed)
    return None if isinstance(typed, dict) else typed


def _noted(question: Question, value: Value) -> Question:
    """The question with what it says meanwhile."""
    labels = (one.label for one in question.choices if one.value == value)
    shown = next(labels, None) or t("{value}", value=str(value))
    return question.model_copy(update={"help": NOW.model_copy(update={"args": {"value": shown}})})
