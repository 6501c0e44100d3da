"""Forms where none opens on a sheet: asked question by question, each answer kept at once.

A walk is one form on its way (`engine.steps_walks`). Whoever began it is asked alone, or in the
place where they pressed; there only they answer, by the buttons or beneath the question. What
comes of it is decided by the same door as when a form comes back whole.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.core import steps as core
from bot.core.answers import FormError
from bot.core.cards import Action, Arg
from bot.core.forms import Form, Question
from bot.core.ids import Millis
from bot.core.playbook_suggest import distress
from bot.core.steps import Walked
from bot.core.texts import Phrase, t
from bot.engine.front_forms import Forms
from bot.engine.front_people import Askers, Asking
from bot.engine.front_replies import GONE, Replies
from bot.engine.heard import Arrived, Heard, Pressed, Wrote
from bot.engine.machine import Machine
from bot.engine.ports import Opened, Reply
from bot.engine.reader import Reader
from bot.engine.spots import names
from bot.engine.steps_begin import Begins, NameOf
from bot.engine.steps_turns import Turn, Turns
from bot.engine.steps_walks import Walk, Walks
from bot.engine.steps_words import FILES_LEFT, IN_WORDS, after, meant, raw
from bot.engine.talk_alone import SAYS_SOMETHING
from bot.views import steps as view
from bot.views.forms import FORMS

FRESH: Millis = 3_600_000
"""After so long without a word the next words are not taken for an answer."""

NOT_YOURS = t("This is asked of {name}.")
NOT_YOURS_EITHER = t("This is asked of somebody else.")
CLOSED = t("This was dealt with already. Nothing more was changed.")
RESUMED = t("You go on with this one. What you began after it is kept: press its buttons.")
TOO_LATE = t("That was sent before you changed it, so it stays as it was.")
PRESS_ONE = t("Please use the buttons: send it, change an answer, or cancel.")


class Steps:
    """Asks forms question by question. `name_of` tells how somebody is called where they are."""

    def __init__(
        self, machine: Machine, reader: Reader, askers: Askers, forms: Forms, name_of: NameOf
    ) -> None:
        parts = machine.parts
        self._channels = parts.channels
        self._codec = parts.codec
        self._clock = parts.clock
        self._engine = machine.engine
        self._askers = askers
        self._replies = Replies(reader, askers)
        self._walks = Walks(parts.store, parts.codec, parts.clock, parts.chance)
        self._turns = Turns(machine, askers, forms, self._replies, self._walks)
        self._begins = Begins(machine, reader, askers, forms, self._turns, self._walks, name_of)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def sweep(self) -> int:
        """Let go of what nobody went on with; how many there were."""
        return await self._walks.sweep()

    def are_for(self, heard: Heard) -> bool:
        """Whether forms are asked so where this was heard."""
        channel = self._channels.get(heard.who.channel)
        return channel is not None and not channel.capabilities.sheets

    def _lock(self, who: str) -> asyncio.Lock:
        """One person's answers are taken one after the other."""
        return self._locks.setdefault(who, asyncio.Lock())

    def _who(self, heard: Heard) -> str:
        return self._codec.identity_key(heard.who.channel, heard.who.opaque)

    # --- beginning -------------------------------------------------------------------------

    async def begin(self, asking: Asking, opened: Opened) -> Reply:
        """The first question of a form that would open on a sheet elsewhere."""
        who = self._who(asking.heard)
        async with self._lock(who):
            return await self._begins.begin(asking, who, opened)

    async def stood(self, asks: str, heard: Heard, message: str) -> None:
        """The question that was sent stands as `message`."""
        name, _, serial = asks.rpartition(":")
        who = self._who(heard)
        async with self._lock(who):
            walk = await self._walks.find(name)
            if walk is None or walk.who != who or walk.way.over:
                return
            if str(walk.way.serial) == serial:
                await self._walks.save(walk.after(message=message))

    async def arrive(self, arrived: Arrived, ref: str) -> Reply | None:
        """They come to us alone to go on with what they began by the button `ref` where others
        are; None where they began nothing by it.
        """
        who = self._who(arrived)
        async with self._lock(who):
            for walk in await self._live(who):
                way = walk.way
                if way.ref == ref and not way.private and self._is_fresh(walk):
                    moved = walk.after(here=arrived.place, name="", message="", trail=())
                    turn = await self._turns.standing(arrived, moved)
                    if isinstance(turn, Reply):
                        return turn
                    left = tuple(one for one in (*way.trail, way.message) if one)
                    reply = await self._turns.show(turn, way.walked)
                    return replace(reply, drops=(*reply.drops, *left))
        return None

    async def stop(self, asking: Asking) -> Reply | None:
        """Ends what they are asked at the moment in this place; None when that is nothing."""
        who = self._who(asking.heard)
        async with self._lock(who):
            for walk in await self._live(who):
                if walk.way.here == asking.heard.place and not walk.way.paused:
                    return await self._turns.cancel(asking, walk)
        return None

    async def _live(self, who: str) -> list[Walk]:
        return [one for one in await self._walks.of(who) if not one.way.over]

    def _is_fresh(self, walk: Walk) -> bool:
        return self._clock.now() - walk.at <= FRESH

    # --- presses ---------------------------------------------------------------------------

    async def press(self, pressed: Pressed, action: Action) -> Reply:
        """A button of a question."""
        who = self._who(pressed)
        async with self._lock(who):
            walk = await self._walks.find(str(action.args.get("walk")))
            if walk is None:
                return await self._no(pressed, GONE)
            if walk.who != who:
                named = NOT_YOURS.model_copy(update={"args": {"name": walk.way.name}})
                return await self._no(pressed, named if walk.way.name else NOT_YOURS_EITHER)
            if walk.way.over and walk.way.sending != pressed.source:
                return await self._no(pressed, CLOSED)
            return await self._pressed(pressed, walk, action.args)

    async def _pressed(self, pressed: Pressed, walk: Walk, args: Mapping[str, Arg]) -> Reply:
        known = walk.way.message
        message = known if names(known, pressed.message) else pressed.message
        if not message and pressed.place == walk.way.here:
            message = known  # The press was late, or said to be on something else.
        turn = await self._turns.standing(pressed, walk, message)
        if isinstance(turn, Reply):
            return turn
        if pressed.source in walk.way.sources:
            return await self._turns.repeated(turn)
        do = str(args.get("do"))
        if do == view.CANCEL:
            return await self._turns.cancel(turn.asking, walk, message)
        walked = walk.way.walked
        moved = after(turn.about.form(walked.said), walked, do, args)
        if isinstance(moved, FormError):
            return await self._no(pressed, moved.text)
        reply = await self._turns.go_on(turn, moved, sends=do == view.SEND)
        if walk.way.paused and not reply.text:
            reply = replace(reply, text=await self._askers.said(turn.asking, RESUMED))
        return reply

    async def _no(self, heard: Heard, phrase: Phrase) -> Reply:
        asking = await self._askers.asking(heard)
        return Reply(text=await self._askers.said(asking, phrase), refused=True)

    # --- words -----------------------------------------------------------------------------

    async def write(self, wrote: Wrote) -> Reply | None:
        """Words or whatever else they send; None where they answer no question of a form."""
        who = self._who(wrote)
        async with self._lock(who):
            walk = self._meant(wrote, await self._walks.of(who))
            if walk is None or await self._is_talk(wrote, walk):
                return None
            if wrote.edited:
                return await self._edited(wrote, walk)
            turn = await self._turns.standing(wrote, walk)
            if isinstance(turn, Reply):
                return turn
            if wrote.source in walk.way.sources:
                return await self._turns.repeated(turn)
            return await self._said(replace(turn, wrote=wrote.message), wrote)

    def _meant(self, wrote: Wrote, walks: list[Walk]) -> Walk | None:
        """Which question it answers: the one beneath which it stands, or what is open alone."""
        for one in walks:
            if wrote.source in one.way.sources:
                return one
        if wrote.edited:
            return next((one for one in walks if wrote.message in one.way.typed), None)
        live = [one for one in walks if not one.way.over]
        for one in live:
            if wrote.beneath and names(one.way.message, wrote.beneath):
                return one
        here = (x for x in live if wrote.private and x.way.here == wrote.place)
        return next((x for x in here if not x.way.paused and self._is_fresh(x)), None)

    async def _is_talk(self, wrote: Wrote, walk: Walk) -> bool:
        """Whether it is for the conversation, in which the same is asked, or for people: whoever is
        asked about their work may have to write of somebody's distress.
        """
        kind = FORMS.get(walk.form)
        if kind is None or kind.talked:
            return True
        playbook = self._engine.editions.current
        if not wrote.private or distress(playbook, wrote.words) is None:
            return False
        return (await self._askers.asking(wrote)).staff is None

    async def _said(self, turn: Turn, wrote: Wrote) -> Reply | None:
        """An answer, or a button in words."""
        walked, say = turn.walk.way.walked, self._askers.speak(turn.asking)
        form = turn.about.form(walked.said)
        question = _open(form, walked)
        do = meant(wrote.words, say, at_the_end=question is None)
        if do == view.CANCEL:
            return await self._turns.cancel(turn.asking, turn.walk)
        if not do and _is_for_people(turn, wrote, question):
            return None
        if not do and question is None:
            return await self._no(turn.asking.heard, PRESS_ONE)
        key = "" if question is None else question.key
        moved: Walked | FormError = after(form, walked, do, {"field": key})
        if not do and question is not None:
            moved = _taken(form, walked, key, raw(question, wrote, say))
        if isinstance(moved, FormError):
            story = _is_story(turn, wrote, question)
            return None if story else Reply(text=say(moved.text), refused=True)
        reply = await self._turns.go_on(turn, moved, sends=do == view.SEND)
        left = wrote.files and not reply.text
        return replace(reply, text=say(FILES_LEFT)) if left else reply

    async def _edited(self, wrote: Wrote, walk: Walk) -> Reply:
        """Other words than before, as an answer to the same question."""
        if walk.way.over:
            return await self._no(wrote, TOO_LATE)
        turn = await self._turns.standing(wrote, walk)
        if isinstance(turn, Reply):
            return turn
        walked, say = walk.way.walked, self._askers.speak(turn.asking)
        form, key = turn.about.form(walked.said), walk.way.typed[wrote.message]
        question = next((one for one in core.on_the_way(form, walked) if one.key == key), None)
        if question is None or key not in walked.given:
            return Reply()
        moved = _taken(form, walked, key, raw(question, wrote, say))
        if isinstance(moved, FormError):
            return Reply(text=say(moved.text), refused=True)
        return await self._turns.redrawn(turn, moved)


def _is_for_people(turn: Turn, wrote: Wrote, question: Question | None) -> bool:
    """Whether it belongs in the conversation: nothing is open alone, or it is a customer's file."""
    return wrote.private and (question is None or (bool(wrote.files) and turn.asking.staff is None))


def _is_story(turn: Turn, wrote: Wrote, question: Question | None) -> bool:
    """Whether a customer wrote more than a slip of the finger: that is for people."""
    outside = wrote.private and turn.asking.staff is None
    in_words = question is not None and question.type in IN_WORDS
    return outside and not in_words and len(wrote.words.strip()) >= SAYS_SOMETHING


def _taken(form: Form, walked: Walked, key: str, raw: object) -> Walked | FormError:
    return raw if isinstance(raw, FormError) else core.taken(form, walked, key, raw)


def _open(form: Form, walked: Walked) -> Question | None:
    """What words answer; a short form that could not be sent yet is answered once more."""
    question = core.asked_now(form, walked)
    if question is not None or not core.is_short(form) or walked.choosing:
        return question
    return next(reversed(core.on_the_way(form, walked)), None)
