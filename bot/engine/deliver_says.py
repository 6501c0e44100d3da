"""Says on their way out: read again, judged again, put into the recipient's language, sealed.

The words are fixed at the first try, and what is fixed is the record of what was sent. Whoever
belongs to an audience is looked at again at that moment: who has left, unsubscribed or may not
hear of it any more is told nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace as replace_in
from functools import partial

import structlog

from bot.core.errors import Damaged, KeyGone
from bot.core.fold import State
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.intents import Members, Say
from bot.core.personal import JsonValue, Personal
from bot.core.texts import N_, Arg, Text, named_in, replace
from bot.core.wording import FALLBACK, chosen
from bot.engine.audience import bounced, called, states
from bot.engine.deliver_beneath import Beneath, beneath_of
from bot.engine.deliver_follow import FollowCards
from bot.engine.deliver_jobs import Ended, Mail, Prepared, Ready
from bot.engine.deliver_lines import Job
from bot.engine.deliver_pages import PageCards, is_page
from bot.engine.deliver_whom import BOUNCED, NotTold, Recipient, is_outside, recipient, streams_of
from bot.engine.handle import Engine
from bot.engine.leaving import leave_token
from bot.engine.mailbox import letter_row, note_of, said_in
from bot.engine.ports import Post, Speak, Speech
from bot.engine.read import words_of
from bot.engine.tokens import Tokens
from bot.engine.wordings import still_says
from bot.store.base import Op, Patch, Put, Row, Scalar, number, text
from bot.views.help import numbers

log = structlog.get_logger(__name__)

States = dict[StreamId, State | None]
WAITS: Millis = 1_000
"""After so long it is looked again whether a card hangs."""
CHANGE = N_("To change what you hear, or to stop it: {link}")


class Voices:
    """One speaker per language for a moment, and what they said already to an audience."""

    def __init__(self, engine: Engine, speech: Speech) -> None:
        self._engine = engine
        self._speech = speech
        self._speakers: dict[tuple[str, bool], Speak] = {}
        self._names: dict[PersonId, str] = {}
        self._said: dict[tuple[str, str], tuple[str, str]] = {}
        self._says: dict[str, Say] = {}
        self._now = engine.clock.now()

    def say(self, body: str) -> Say:
        """The say in an outbox row; those of one audience share their body."""
        found = self._says.get(body)
        if found is None:
            found = self._says[body] = self._engine.codec.decode_row(Say, body)
        return found

    def speaker(self, language: str, inside: bool = False) -> Speak:
        """Somebody who speaks it, in the organisation's time zone; `inside`: to a colleague."""
        organisation = self._engine.editions.current.organisation
        language = language or organisation.default_language
        key = language, inside
        if key not in self._speakers:
            name = self._names.get if inside else _nobody
            self._speakers[key] = self._speech.speaker(
                language, organisation.time_zone, self._now, name
            )
        return self._speakers[key]

    async def learn(self, rows: Iterable[Row]) -> None:
        """The names that colleagues will read."""
        people: list[PersonId] = []
        for body in {text(row, "body"): None for row in rows if not row["member"]}:
            try:
                say = self.say(body)
            except Damaged:  # Its own turn says so, and hurts no other.
                continue
            people += named_in(say.text) if say.colleague else ()
        self._names |= await called(self._engine, people)

    def words(self, say: Say, body: str, language: str) -> tuple[str, str]:
        """What the recipient reads: the house's wording and somebody's words.

        Raises NotTold when the words were erased.
        """
        key = (body, language)
        found = self._said.get(key) if isinstance(say.to, Members) else None
        if found is None:
            found = self._said_in(say, language)
            self._said[key] = found
        return found

    def _said_in(self, say: Say, language: str) -> tuple[str, str]:
        own = language or self._engine.editions.current.organisation.default_language
        words, _, is_own = chosen(say.words, say.language, say.also, own)
        said = self._text(say, language)
        # A line of its own: the first one of a mail is its subject.
        label = "" if is_own else f"\n{self.speaker(language)(FALLBACK)}"
        return said + label, "" if words is None else str(self._plain(words))

    def _text(self, say: Say, language: str) -> str:
        args = say.text.args.values()
        bare = not any(isinstance(arg, Personal | Text) for arg in args)
        speak = self.speaker(language, say.colleague)
        return speak(say.text if bare else replace(say.text, self._opened))

    def _opened(self, arg: Arg) -> Arg:
        return words_of(self._plain(arg)) if isinstance(arg, Personal) else arg

    def _plain(self, value: Personal) -> JsonValue:
        opened = value.open(self._engine.codec.open)
        if opened is None:
            raise NotTold("erased")
        return opened


def _nobody(person: str) -> None:
    """People outside the house hear roles, never names."""


class Says:
    """Prepares says, and keeps the books of their outbox rows."""

    def __init__(self, engine: Engine, speech: Speech, tokens: Tokens) -> None:
        self._engine = engine
        self._speech = speech
        self._codec = engine.codec
        self._tokens = tokens

    async def prepare(self, jobs: Sequence[Job], fresh: Mapping[int, Row]) -> list[Prepared]:
        """What is to be done with each job; those whose row has ended meanwhile are `Ended`.

        `fresh` are the rows that were read a moment ago.
        """
        rows = {**fresh, **await self._rows([job for job in jobs if job.key not in fresh])}
        voices = Voices(self._engine, self._speech)
        wanted = [rows[int(job.key)] for job in jobs if job.key in rows]
        known = await states(self._engine, streams_of(wanted))
        await voices.learn(wanted)
        beneath = Beneath(self._engine, self._speech)
        pages = PageCards(self._engine, self._speech, self._tokens)
        await pages.look((row, voices.say(text(row, "body"))) for row in wanted if row["member"])
        pairs = [(row, text(row, "body")) for row in wanted if beneath_of(row)]
        await beneath.look((row, pages.whole(row, voices.say(body))) for row, body in pairs if body)
        follows = FollowCards(self._engine, self._tokens)
        alone = [text(row, "source") for row in wanted if not row["member"]]
        members = (row for row in wanted if row["member"])
        await follows.look(((row, voices.say(text(row, "body"))) for row in members), alone)
        seats = (row["target"] for row in wanted if self._bounces(text(row, "channel")))
        gone = await bounced(self._engine.store, seats, self._engine.clock.now())
        prepare = partial(self._one, rows, voices, known, gone, (beneath, follows, pages))
        return [prepare(job) for job in jobs]

    async def _rows(self, jobs: Sequence[Job]) -> dict[int, Row]:
        if not jobs:
            return {}
        ids = [int(job.key) for job in jobs]
        found = await self._engine.store.select("outbox", {"id": ids}, limit=len(ids))
        return {number(row, "id"): row for row in found if row["state"] == "waiting"}

    def _bounces(self, channel: str) -> bool:
        return self._engine.parts.channels[channel].capabilities.bounces

    def _one(
        self,
        rows: dict[int, Row],
        voices: Voices,
        known: States,
        gone: frozenset[Scalar],
        hangers: tuple[Beneath, FollowCards, PageCards],
        job: Job,
    ) -> Prepared:
        row = rows.get(int(job.key))
        if row is None:
            return Ended(job)
        try:
            if row["target"] in gone:
                raise NotTold("refused", BOUNCED)
            if job.thread:
                return self._beneath(row, voices, known, hangers, job)
            pages = is_page(voices.say(text(row, "body")))
            judge = partial(self._paged if pages else self._judged, row, voices, known)
            return judge(hangers[2] if pages else hangers[1], job)
        except NotTold as end:
            return Ended(job, end.state, end.reason, self.ended(job, end.state, end.reason))
        except KeyGone:
            return Ended(job, "erased", "", self.ended(job, "erased", ""))
        except Exception as fault:  # The wall: whatever is wrong with one hurts no other.
            log.exception("a message cannot be put into words")
            reason = f"failed: {type(fault).__name__}"
            return Ended(job, "dead", reason, self.ended(job, "dead", reason))

    def _judged(
        self, row: Row, voices: Voices, known: States, follows: FollowCards, job: Job
    ) -> Prepared:
        body, record = text(row, "body"), text(row, "record")
        say = voices.say(body)
        who = recipient(row, say, known)
        if not record and self._is_mended(row, say, known):
            raise NotTold("superseded")
        pulled = self._engine.parts.channels[job.channel].capabilities.pulled
        if say.own and not pulled:
            return Ended(job, "delivered", "own words", self.ended(job, "delivered", "own words"))
        said, words = self._fixed(row) if record else voices.words(say, body, who.language)
        record = record or self._codec.seal_note(_note(said, words, say), _about(row))
        if pulled:
            return Mail(job, text(row, "target"), [letter_row(row, say, record), _mailed(row)])
        ready = self._ready(row, who, said, words, record, job)
        if (numbers := self._numbers(row, say)) is not None:
            foot = voices.speaker(who.language)(numbers)
            ready.post = replace_in(ready.post, text=f"{ready.post.text}\n\n{foot}")
        if (leave := self._leave(row, say)) is not None:
            foot = voices.speaker(who.language)(Text(key=CHANGE, args={"link": leave[1]}))
            whole = f"{ready.post.text}\n\n{foot}"
            ready.post = replace_in(ready.post, text=whole, leave=leave[0])
        if (card := follows.card(row, say, said, words, voices.speaker(who.language))) is not None:
            ready.post = replace_in(ready.post, card=card[0])
            ready.ops += card[1]
            ready.hangs = follows.stays(row, say, ready.address, who.language) if words else None
        elif is_outside(row, say, known):
            speak = voices.speaker(who.language)
            ready.post = follows.helped(row, ready.post, (said, words), speak)
        return ready

    def _beneath(
        self,
        row: Row,
        voices: Voices,
        known: States,
        hangers: tuple[Beneath, FollowCards, PageCards],
        job: Job,
    ) -> Ready:
        """Words beneath a card: as it hangs at this moment."""
        say, record = voices.say(text(row, "body")), text(row, "record")
        spoken = hangers[0].spoken(row, hangers[2].whole(row, say), known)
        if spoken is None:
            raise NotTold("refused", "no card stands for it")
        said, words = hangers[2].beneath(row, spoken.said), spoken.words
        if record:
            said, words = self._fixed(row)
        record = record or self._codec.seal_note(_note(said, words, say), _about(row))
        ready = self._sealed(row, spoken.address, said, words, record, job)
        ready.post = replace_in(ready.post, beneath=spoken.message, within=spoken.within)
        ready.rests = self._engine.clock.now() + WAITS if spoken.waits else 0
        ready.load = spoken.load
        return ready

    def _paged(
        self, row: Row, voices: Voices, known: States, pages: PageCards, job: Job
    ) -> Prepared:
        """A call to somebody of the staff."""
        say, record = voices.say(text(row, "body")), text(row, "record")
        found = pages.told(row, say, known)
        if found is None:
            raise NotTold("refused", "may not be told any more")
        say, language = pages.whole(row, say, found.person), found.person.language
        hidden = pages.hidden(say, found.person)
        if hidden is not None:
            record = ""
        said = hidden or (self._fixed(row)[0] if record else pages.said(row, say, language))
        if self._engine.parts.channels[job.channel].capabilities.pulled:
            again = pages.again(row, say) if hidden is None else {}
            record = self._codec.seal_note({**note_of(said, ""), **again}, _about(row))
            return Mail(job, text(row, "target"), [letter_row(row, say, record), _mailed(row)])
        record = record or self._codec.seal_note(_note(said, "", say), _about(row))
        card = pages.card(row, say, said, found.person)
        ready = self._ready(row, Recipient(found.seat, language), said, "", record, job)
        if card is None:
            ready.post = replace_in(ready.post, text=pages.line(say, said, language))
        else:
            ready.post = replace_in(ready.post, card=card[0])
            ready.ops += card[1]
        return ready

    def _fixed(self, row: Row) -> tuple[str, str]:
        """What was fixed at the first try. Raises NotTold where it was erased."""
        said, words = said_in(self._codec.open_note(text(row, "record"), _about(row)))
        if said is None or words is None:
            raise NotTold("erased")
        return said, words

    def _is_mended(self, row: Row, say: Say, known: States) -> bool:
        """Whether it is of an update whose words were changed before anybody tried to send it: what
        mends it comes behind it, and says all that holds.
        """
        state = known.get(text(row, "source"))
        update = state.update(say.update) if isinstance(state, Incident) else None
        if update is None or not update.as_of or say.words is None:
            return False
        return update.withdrawn or not still_says(say, update, self._codec)

    def _numbers(self, row: Row, say: Say) -> Text | None:
        """Whom to call for help now, where nothing can be pressed; colleagues know it."""
        staff = isinstance(say.to, Members) and say.to.of == "staff"
        mailed = self._engine.parts.channels[text(row, "channel")].capabilities.leaves
        return numbers(self._engine.editions.current) if mailed and not staff else None

    def _leave(self, row: Row, say: Say) -> tuple[str, str] | None:
        """Links to end at one press, and to change, what a subscriber's message came by."""
        parts = self._engine.parts
        subscribed = isinstance(say.to, Members) and say.to.of in ("subscribers", "newcomers")
        can = parts.channels[text(row, "channel")].capabilities.leaves
        if not (subscribed and can and parts.public_url):
            return None
        token = leave_token(self._codec, text(row, "member"))
        return f"{parts.public_url}/hooks/leave/{token}", f"{parts.public_url}/status/mail/{token}"

    def _ready(
        self, row: Row, who: Recipient, said: str, words: str, record: str, job: Job
    ) -> Ready:
        address = who.seat.address.open(self._codec.open)
        if not isinstance(address, str):
            raise NotTold("erased")
        return self._sealed(row, address, said, words, record, job)

    def _sealed(
        self, row: Row, address: str, said: str, words: str, record: str, job: Job
    ) -> Ready:
        whole = "\n".join(part for part in (said, words) if part)
        lease: dict[str, Scalar] = {"sending": self._engine.clock.now(), "record": record}
        return Ready(
            job=job,
            address=address,
            post=Post(delivery=text(row, "cause"), text=whole),
            ops=[Patch("outbox", {"id": row["id"]}, lease)],
            subject=_about(row),
            said=(said, words),
        )

    # --- books -----------------------------------------------------------------------------

    def sent(self, ready: Ready, message: str, reason: str) -> list[Op]:
        """It arrived as `message`."""
        # What is about somebody is taken away there once they are erased.
        at = ready.address if ready.subject is not None else ""
        record = self._codec.seal_note(note_of(*ready.said, message, at=at), ready.subject)
        arrived: dict[str, Scalar] = {"record": record, "body": "", "due": self._engine.clock.now()}
        ended = self._patched(ready.job, "delivered", reason, **arrived)
        stays = [] if ready.hangs is None else [Put("cards", {**ready.hangs, "message": message})]
        return [*ended, *stays]

    def ended(self, job: Job, state: str, reason: str) -> list[Op]:
        """It will not go out; those that may be tried again keep what they would say."""
        return self._patched(job, state, reason)

    def again(self, job: Job, due: Millis) -> list[Op]:
        """It is tried again at `due`, knowing or not whether it arrived."""
        changes: dict[str, Scalar] = {"tries": job.tries, "due": due}
        changes["sending"] = self._engine.clock.now() if job.unknown else 0
        return [Patch("outbox", {"id": job.key}, changes)]

    def _patched(self, job: Job, state: str, reason: str, **more: Scalar) -> list[Op]:
        # Whoever tries it again must know that it may have arrived.
        doubt = self._engine.clock.now() if state == "dead" and job.unknown else 0
        changes = {"state": state, "reason": reason, "tries": job.tries, "sending": doubt, **more}
        return [Patch("outbox", {"id": job.key, "state": "waiting"}, changes)]


def _mailed(row: Row) -> Op:
    """The letter is the record; the row remains as the note that it went out."""
    key = {"id": row["id"], "state": "waiting"}
    return Patch("outbox", key, {"state": "delivered", "body": ""})


def _note(said: str, words: str, say: Say) -> JsonValue:
    return note_of(said, words, number=say.message)


def _about(row: Row) -> str | None:
    subject = row["subject"]
    return subject if isinstance(subject, str) else None
