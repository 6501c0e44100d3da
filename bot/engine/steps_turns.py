"""One turn of a walk: what was said is kept; the next question, or what came of it, is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core import steps as core
from bot.core.cards import Card, with_tokens
from bot.core.forms import Question, advice
from bot.core.steps import Walked
from bot.core.texts import Phrase, t
from bot.engine.front_about import About
from bot.engine.front_forms import PASSED, Forms
from bot.engine.front_people import Askers, Asking
from bot.engine.front_replies import GONE, Replies
from bot.engine.heard import Heard, Submitted
from bot.engine.machine import Machine
from bot.engine.ports import Opened, Reply
from bot.engine.steps_walks import STEP_CARD, Walk, Walks
from bot.engine.tokens import Hung, Token, Tokens
from bot.store.base import Op
from bot.views import steps as view

CANCELLED = t("Cancelled. Nothing was sent.")


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody at their walk: what was heard, as whom they act, and what the form is about.

    `message` is what they pressed on, "" for words; `wrote` the message of their words; `was` the
    question that was open before.
    """

    heard: Heard
    asking: Asking
    walk: Walk
    about: About
    token: Token
    message: str = ""
    wrote: str = ""
    was: Question | None = None


def acting(heard: Heard, walk: Walk) -> Heard:
    """Whoever goes on alone with what they began where others are acts as if they were there."""
    way = walk.way
    if way.private or not heard.private:
        return heard
    alone = heard.place
    return replace(heard, place=way.place, private=False, within=way.within, alone=alone)


class Turns:
    """Makes the turns."""

    def __init__(
        self, machine: Machine, askers: Askers, forms: Forms, replies: Replies, walks: Walks
    ) -> None:
        self._store = machine.parts.store
        self._tokens: Tokens = machine.deliveries.tokens
        self._askers = askers
        self._forms = forms
        self._replies = replies
        self._walks = walks

    async def standing(self, heard: Heard, walk: Walk, message: str = "") -> Turn | Reply:
        """The walk as it stands now; a reply where it cannot go on."""
        asking = await self._askers.asking(acting(heard, walk))
        token = await self._tokens.find(walk.way.ref)
        about = None if token is None else await self._forms.about(token)
        if token is None or about is None:
            return await self.end(asking, walk, await self._replies.no(asking, GONE), message)
        question = core.asked_now(about.form(walk.way.walked.said), walk.way.walked)
        turn = Turn(heard, asking, walk, about, token, message, was=question)
        if heard.source in walk.way.sources:  # What was taken once is not judged anew.
            return turn
        refused = await self._forms.refused(asking, about)
        if refused is not None:
            return refused
        if await self._forms.passed(token, about) or is_gone(about):
            told = await self._replies.with_link(asking, PASSED, about.stream)
            return await self.end(asking, walk, replace(told, refused=True), message)
        return turn

    # --- going on --------------------------------------------------------------------------

    async def go_on(self, turn: Turn, walked: Walked, sends: bool = False) -> Reply:
        """Keep what was said, and show what comes next; at the end of a short form, and where
        they say so (`sends`), it is sent.
        """
        walk = turn.walk.heard(turn.heard.source).after(walked=walked, paused=False)
        if turn.message:
            walk = walk.after(message=turn.message)
        if turn.wrote and turn.was is not None and turn.was.key in walked.given:
            walk = walk.after(typed={**walk.way.typed, turn.wrote: turn.was.key})
        turn = replace(turn, walk=walk)
        form = turn.about.form(walked.said)
        done = core.asked_now(form, walked) is None and not walked.choosing
        if done and (sends or core.is_short(form)):
            return await self._send(turn)
        reply = await self.show(turn, walked)
        return replace(reply, text=self._advised(turn, walked))

    def _advised(self, turn: Turn, walked: Walked) -> str:
        """What is told at once to whoever gives such an answer."""
        was, say = turn.was, self._askers.speak(turn.asking)
        value = None if was is None else walked.given.get(was.key)
        return "" if was is None else "\n".join(say(one) for one in advice(was, value))

    async def show(self, turn: Turn, walked: Walked, fault: Phrase | None = None) -> Reply:
        """What they are asked now: in place after a press, as a new message after words."""
        walk = turn.walk.after(walked=walked)
        if turn.message:
            card = await self.drawn(turn, walk, fault)
            await self._walks.save(walk, *await self._others(walk))
            return Reply(mends={turn.message: card}, asks=asks(walk))
        mends, drops = await self._closed(turn, walked)
        old = (walk.way.message,) if mends else ()
        walk = walk.after(message="", trail=(*walk.way.trail, *old), serial=walk.way.serial + 1)
        card = await self.drawn(turn, walk, fault)
        await self._walks.save(walk, *await self._others(walk))
        return Reply(cards=(card,), mends=mends, drops=drops, asks=asks(walk))

    async def repeated(self, turn: Turn) -> Reply:
        """The same event again: nothing is taken twice, and they hear the same."""
        walk = turn.walk
        if walk.way.sending == turn.heard.source:
            return await self._send(turn)
        card = await self.drawn(turn, walk)
        if turn.message:
            return Reply(mends={turn.message: card}, asks=asks(walk))
        return Reply() if walk.way.message else Reply(cards=(card,), asks=asks(walk))

    async def redrawn(self, turn: Turn, walked: Walked) -> Reply:
        """An answer reads otherwise now: what they are asked is drawn again where it stands."""
        walk = turn.walk.heard(turn.heard.source).after(walked=walked)
        await self._walks.save(walk)
        if not walk.way.message:
            return Reply()
        return Reply(mends={walk.way.message: await self.drawn(turn, walk)}, asks=asks(walk))

    async def _closed(
        self, turn: Turn, walked: Walked
    ) -> tuple[Mapping[str, Card[str]], tuple[str, ...]]:
        """The question that stood there until now: with its answer, or away."""
        message, was = turn.walk.way.message, turn.was
        if not message:
            return {}, ()
        if was is None or was.key not in walked.given:
            return {}, (message,)
        card = view.answered(was, walked.given[was.key])
        return {message: await self._askers.shown(turn.asking, card)}, ()

    async def _others(self, walk: Walk) -> list[Op]:
        """What else they began waits: their next words are for this one."""
        others = [one for one in await self._walks.of(walk.who) if one.id != walk.id]
        waiting = (x for x in others if not x.way.paused and not x.way.over)
        return [self._walks.row(one.after(paused=True)) for one in waiting]

    async def drawn(self, turn: Turn, walk: Walk, fault: Phrase | None = None) -> Card[str]:
        """What stands before them, with buttons of its own."""
        walked = walk.way.walked
        form = turn.about.form(walked.said)
        card = view.card(view.Shown(walk.id, form, walked, walk.way.name, fault))
        question = core.asked_now(form, walked)
        keys = [one.key for one in form.questions]
        number = 0 if question is None else keys.index(question.key) + 1
        return await self._marked(turn.asking, walk, card, number)

    async def _marked(
        self, asking: Asking, walk: Walk, card: Card[Phrase], number: int
    ) -> Card[str]:
        shown = await self._askers.shown(asking, card)
        hung = Hung(walk.id, STEP_CARD, number, walk.who)
        actions = [button.action for button in shown.buttons]
        tokens, ops = self._tokens.make(hung, actions, await self._tokens.of(hung))
        if ops:
            await self._store.write(ops)
        return with_tokens(shown, tokens)

    # --- the end ---------------------------------------------------------------------------

    async def _send(self, turn: Turn) -> Reply:
        """All of it goes through the door, as when a form comes back whole."""
        heard = turn.heard
        walk = await self._walks.save(turn.walk.after(sending=heard.source))
        turn = replace(turn, walk=walk)
        way, acts = walk.way, turn.asking.heard
        form = turn.about.form(way.walked.said)
        sent = Submitted(
            source=heard.source,
            who=heard.who,
            place=acts.place,
            private=acts.private,
            at=heard.at,
            language=heard.language,
            alone=acts.alone,
            within=acts.within,
            ref=way.ref,
            given=core.to_send(form, way.walked),
            seen=way.seen,
        )
        reply = await self._forms.submit(turn.asking, sent, turn.token)
        if reply.form is not None or reply.faults:
            return await self._once_more(turn, reply)
        if reply.again:
            return reply
        ended = await self.end(turn.asking, walk, reply, turn.message)
        mends, drops = await self._closed(turn, way.walked)
        if turn.message or walk.way.name:
            return ended
        return replace(ended, mends={**ended.mends, **mends}, drops=(*ended.drops, *drops))

    async def _once_more(self, turn: Turn, reply: Reply) -> Reply:
        """It was not taken as it is: why, beneath the question that it is about, or above all."""
        way, opened = turn.walk.way, reply.form
        form = turn.about.form(way.walked.said)
        shown = [one.key for one in core.on_the_way(form, way.walked)]
        named = next((key for key in reply.faults if key in shown), "")
        if not named and core.is_short(form) and shown:
            named = shown[-1]
        walked = core.again(way.walked, named) if named else way.walked
        changed = () if opened is None else opened.state.changed_at.values()
        seen = max((way.seen, *changed))
        told = "\n".join(why(reply, opened))
        walk = turn.walk.after(sending="", seen=seen)
        turn = replace(turn, walk=walk)
        fault = None if core.asked_now(form, walked) else t("{said}", said=told)
        again = await self.show(turn, walked, fault)
        return again if fault is not None else replace(again, text=told, refused=True)

    async def cancel(self, asking: Asking, walk: Walk, message: str = "") -> Reply:
        """They do not want to, and nothing of it is kept."""
        told = await self._replies.plain(asking, CANCELLED)
        return await self.end(asking, walk.after(walked=Walked()), told, message)

    async def end(self, asking: Asking, walk: Walk, reply: Reply, message: str) -> Reply:
        """What came of it, in the place of the question, or alone where others read along."""
        way = walk.way
        stood = tuple(dict.fromkeys(one for one in (message, way.message) if one))
        await self._walks.save(walk.after(over=True))
        if way.name:
            return replace(reply, drops=tuple(dict.fromkeys((*way.trail, *stood))))
        if not stood:
            return reply
        if not message:
            return reply if walk.way.sending else replace(reply, drops=stood)
        if not reply.text:
            return replace(reply, drops=stood)
        card = view.over(reply.text, reply.link, reply.link_label)
        mended = await self._marked(asking, walk, card, 0)
        return replace(reply, text="", link="", link_label="", mends={message: mended})


def asks(walk: Walk) -> str:
    """By which `Hears.stood` knows the question that was just sent."""
    return f"{walk.id}:{walk.way.serial}"


def is_gone(about: About) -> bool:
    """Whether the question that its button named is no longer asked."""
    field = about.action.args.get("field")
    return field is not None and field not in {one.key for one in about.form().questions}


def why(reply: Reply, opened: Opened | None) -> list[str]:
    """What does not do, or what somebody else changed meanwhile."""
    if reply.faults or opened is None:
        return list(reply.faults.values())
    form, say = opened.state.form, opened.say
    said = [] if form.intro is None else [say(form.intro)]
    noted = (one for one in form.questions if one.key in opened.state.answers and one.help)
    return [*said, *(f"{say(one.title)} {say(one.help)}" for one in noted if one.help)]
