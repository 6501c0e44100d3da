"""Posts and cards as Slack's blocks.

What Slack has no room for is cut by us, never by Slack: each loss is noted, and whoever reads it is
told that there is more.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from bot.adapters.slack import limits
from bot.adapters.slack.text import (
    Json,
    cut,
    fallback,
    head,
    href,
    labelled,
    link,
    plain,
    seen,
    size,
    standing,
)
from bot.core import cards
from bot.core.cards import Actions, Badge, Block, Button, Card, Confirm, Field, Progress, StepState
from bot.core.texts import t
from bot.engine.ports import Post, Reply, Speak
from bot.losses import Loss

DOTS: dict[cards.Tone, tuple[str, str]] = {
    "plain": ("white_circle", "○"),
    "good": ("large_green_circle", "✓"),
    "notice": ("large_blue_circle", "●"),
    "warning": ("large_orange_circle", "◆"),
    "danger": ("red_circle", "▲"),
}
"""A coloured dot by its name in Slack, and a sign of another shape where no dot can be."""
STEPS: dict[StepState, str] = {"open": "○", "now": "◐", "done": "●"}
SCALES = (1.0, 0.5, 0.25, 0.1, 0.05)
MORE = "more"
WIDE = 120
"""A longer value is hard to read in half the width."""
LINK = "link"


SAID = {
    "back": t("Back"),
    "repeat": t("You may have had this before."),
    "leave": t("Stop telling me here"),
    "cut": t("Shortened: there is more than fits here."),
}
"""What the channel itself says on what it shows."""


@dataclass(frozen=True, slots=True)
class Labels:
    """`SAID`, in one language; as it is written where none is chosen."""

    back: str = SAID["back"].key
    repeat: str = SAID["repeat"].key
    leave: str = SAID["leave"].key
    cut: str = SAID["cut"].key

    @classmethod
    def said(cls, say: Speak) -> "Labels":
        """In the language of `say`."""
        return cls(**{name: say(text) for name, text in SAID.items()})


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is sent: blocks, the text for notifications, and what found no room."""

    blocks: tuple[Json, ...]
    text: str
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """How many blocks fit, and how many characters in all of them together."""

    blocks: int
    text: int


MESSAGE = Room(limits.BLOCKS, limits.BLOCK_TEXT)
VIEW = Room(limits.VIEW_BLOCKS, limits.VIEW_TEXT)
AROUND = 8
"""Blocks that are kept free for what stands before and after cards."""


def drawn(post: Post, labels: Labels) -> Drawn:
    """A post as a message."""
    if post.card is None:
        return _fitted((post.text,), (), post, labels)
    summary = post.card.summary
    text = summary if post.text == summary else f"{summary}\n{post.text}"
    return _fitted((), (post.card,), replace(post, text=text), labels)


def answered(reply: Reply, labels: Labels, room: Room = MESSAGE) -> Drawn:
    """What is said to whoever pressed, without the form: words, cards, and where they lead.

    In a message, or with the `room` of a window or of somebody's own page.
    """
    words = (reply.text,) if reply.text else ()
    told = Post("reply", reply.text or "\n".join(one.summary for one in reply.cards))
    return _fitted(words, reply.cards, told, labels, reply, room)


def _fitted(
    words: Sequence[str],
    shown: Sequence[Card[str]],
    post: Post,
    labels: Labels,
    reply: Reply | None = None,
    room: Room = MESSAGE,
) -> Drawn:
    """As many cards as there are blocks for, at the first scale at which Slack takes the words."""
    maker, blocks = _Maker(labels, 0), list[Json]()
    kept = _that_fit(shown, labels, room)
    for scale in SCALES:
        maker = _Maker(labels, scale)
        blocks = [*maker.all(words, kept), *maker.around(post, reply)]
        if _measured(blocks) <= room.text:
            break
    else:
        blocks = maker.first(blocks, room)
    if len(kept) < len(shown):
        maker.lose("cards", len(shown) - len(kept), f"more than {room.blocks} blocks")
    if size(post.text) > limits.FALLBACK:
        maker.lose("notification", 1, "more than 4,000 characters")
    if any(one.what != "notification" for one in maker.losses):
        blocks.append(_small(labels.cut))
    text = fallback(post.text, limits.FALLBACK)
    return Drawn(_named(post.delivery, blocks), text, tuple(maker.losses))


def _that_fit(shown: Sequence[Card[str]], labels: Labels, room: Room) -> Sequence[Card[str]]:
    """The first cards, whole ones."""
    left = room.blocks - AROUND
    for number, one in enumerate(shown):
        left -= len(_Maker(labels, 1).card(one)) + 1
        if left < 0 and number:
            return shown[:number]
    return shown


def _measured(blocks: object) -> int:
    """The characters of all text objects in it."""
    if isinstance(blocks, dict):
        own = blocks.get("text")
        rest = sum(_measured(one) for key, one in blocks.items() if key != "text")
        return rest + (len(own) if isinstance(own, str) else _measured(own))
    return sum(map(_measured, blocks)) if isinstance(blocks, list | tuple) else 0


def _named(delivery: str, blocks: Sequence[Json]) -> tuple[Json, ...]:
    """Each with a name that is another one as soon as anything looks otherwise."""
    looks = f"{delivery}|{json.dumps(blocks, sort_keys=True)}"
    mark = sha256(looks.encode()).hexdigest()[:16]
    return tuple({**one, "block_id": f"{mark}.{number}"} for number, one in enumerate(blocks))


def _small(words: str, room: int = limits.CONTEXT) -> Json:
    return {"type": "context", "elements": [plain(words, room)]}


@dataclass(slots=True)
class _Maker:
    """Makes blocks at one scale, and keeps account of what it cuts."""

    labels: Labels
    scale: float
    losses: list[Loss] = field(default_factory=list)

    def lose(self, what: str, count: int, reason: str) -> None:
        """Something found no room."""
        self.losses.append(Loss(what, count, reason))

    def fit(self, what: str, words: str, most: int, scaled: bool = True) -> int:
        """How long `words` may be; noted when that is too short for them."""
        room = max(limits.LABEL, int(most * self.scale)) if scaled else most
        if size(seen(words)) > room:
            self.lose(what, 1, f"more than {room:,} characters")
        return room

    def first(self, blocks: list[Json], room: Room) -> list[Json]:
        """As many of them as fit; the last resort."""
        left = room.text
        for number, one in enumerate(blocks):
            left -= _measured(one)
            if left < 0:
                self.lose("blocks", len(blocks) - number, "no room in one message")
                return blocks[:number]
        return blocks

    def all(self, words: Sequence[str], shown: Sequence[Card[str]]) -> list[Json]:
        """Words, then cards, with a line between them."""
        made = [block for one in words for block in self.words(one)]
        for number, one in enumerate(shown):
            made += [{"type": "divider"}] if number or words else []
            made += self.card(one)
        return made

    # --- words ---------------------------------------------------------------------------------

    def words(self, words: str) -> list[Json]:
        """Paragraphs, each as long as Slack takes it."""
        rest, made = seen(words), list[Json]()
        while rest and len(made) < 3:
            part = _page(rest, int(limits.SECTION * min(1.0, self.scale * 2)))
            made.append({"type": "section", "text": plain(part, limits.SECTION)})
            rest = rest[len(part) :].strip("\n")
        if rest:
            self.lose("words", len(rest), "more than three paragraphs of 3,000 characters")
        return made

    def around(self, post: Post, reply: Reply | None) -> list[Json]:
        """What belongs to the message and not to what it says."""
        made = [_small(self.labels.repeat)] if post.repeat else []
        if post.leave and (leave := link(post.leave, self.labels.leave, limits.CONTEXT)):
            made.append({"type": "context", "elements": [leave]})
        if reply is not None and reply.link and href(reply.link):
            made.append(_actions([self.leads(reply.link_label or reply.link, reply.link)]))
        if reply is not None and reply.help is not None:
            made.append(_actions([self.button(reply.help)]))
        return made

    # --- cards ---------------------------------------------------------------------------------

    def card(self, card: Card[str]) -> list[Json]:
        """A card's blocks."""
        return [made for block in card.blocks for made in self.block(block)]

    def block(self, block: Block[str]) -> Iterator[Json]:
        """One block of a card."""
        match block:
            case cards.Header():
                room = limits.HEADER
                yield {"type": "header", "text": plain(block.text, room)}
                if size(seen(block.text)) > room:
                    room = self.fit("header", block.text, limits.SECTION)
                    yield {"type": "section", "text": plain(block.text, room)}
            case cards.Section():
                room = self.fit("section", block.text, limits.SECTION)
                yield {"type": "section", "text": plain(block.text, room)}
            case cards.Fields():
                yield from self.fields(block.items)
            case cards.Divider():
                yield {"type": "divider"}
            case cards.Context() | cards.Footer():
                yield _small(block.text, self.fit("context", block.text, limits.CONTEXT))
            case Badge():
                yield self.badge(block)
            case Progress():
                yield self.progress(block)
            case Actions():
                yield from self.actions(block)

    def badge(self, badge: Badge[str]) -> Json:
        """The status in words, with a dot of its tone before them."""
        room = self.fit("badge", badge.text, limits.SECTION)
        dot, sign = DOTS[badge.tone]
        return {"type": "section", "text": standing(dot, sign, badge.text, room)}

    def fields(self, items: Sequence[Field[str]]) -> Iterator[Json]:
        """Labels above their values, two by two; a long value has the whole width."""
        pairs: list[Json] = []
        for item in items:
            room = self.fit("field", f"{item.label}\n{item.value}", limits.FIELD)
            made = labelled(item.label, item.value, room)
            if len(item.value) > WIDE:
                yield {"type": "section", "text": made}
            else:
                pairs.append(made)
        for start in range(0, len(pairs), limits.FIELDS):
            yield {"type": "section", "fields": pairs[start : start + limits.FIELDS]}

    def progress(self, progress: Progress[str]) -> Json:
        """A line for each step, its state as a sign that is no emoji."""
        lines = [f"{STEPS[one.state]} {one.text}" for one in progress.steps]
        each = max(limits.LABEL, int(limits.SECTION * self.scale) // max(1, len(lines)) - 1)
        whole = "\n".join(lines)
        if size(whole) > limits.SECTION * self.scale:
            lost = [one for one in lines if size(one) > each]
            self.lose("steps", len(lost), f"more than {each:,} characters")
            whole = "\n".join(cut(one, each) for one in lines)
        return {"type": "section", "text": plain(whole, limits.SECTION)}

    # --- buttons -------------------------------------------------------------------------------

    def actions(self, actions: Actions[str]) -> Iterator[Json]:
        """A row of buttons and an overflow for the rest.

        An overflow asks one question for all of it; so what has a question of its own is a button,
        the last one.
        """
        behind = [one for one in actions.more if one.confirm is None]
        over = behind[: limits.OVERFLOW_MOST]
        before = [*actions.buttons, *behind[limits.OVERFLOW_MOST :]]
        if len(over) < limits.OVERFLOW_LEAST:
            before, over = [*before, *over], []
        made = [self.button(one) for one in before]
        if over:
            made.append(self.overflow(over))
        made += [self.button(one) for one in actions.more if one.confirm is not None]
        for start in range(0, len(made), limits.ELEMENTS):
            yield _actions(made[start : start + limits.ELEMENTS])

    def button(self, button: Button[str]) -> Json:
        """One button; its token is its value."""
        room = self.fit("button", button.label, limits.LABEL, scaled=False)
        if button.link and href(button.link):
            return self.leads(button.label, button.link)
        made: Json = {
            "type": "button",
            "text": plain(button.label, room),
            "action_id": button.token or "none",
            "value": button.token or "none",
        }
        if button.style != "normal":
            made["style"] = button.style
        if button.confirm is not None:
            made["confirm"] = self.confirm(button.confirm, button.style == "danger")
        return made

    def leads(self, label: str, url: str) -> Json:
        """A button that opens a page."""
        room = self.fit("button", label, limits.LABEL, scaled=False)
        return {"type": "button", "text": plain(label, room), "action_id": LINK, "url": href(url)}

    def confirm(self, asked: Confirm[str], danger: bool) -> Json:
        """The question before a press counts."""
        parts = (
            ("title", asked.title, limits.CONFIRM_TITLE),
            ("text", asked.text, limits.CONFIRM_TEXT),
            ("confirm", asked.button, limits.CONFIRM_BUTTON),
            ("deny", self.labels.back, limits.CONFIRM_BUTTON),
        )
        made: Json = {
            name: plain(words, self.fit(name, words, most, scaled=False))
            for name, words, most in parts
        }
        return {**made, "style": "danger"} if danger else made

    def overflow(self, buttons: Sequence[Button[str]]) -> Json:
        """What is wanted less often, in the order of the card."""
        options = []
        for number, one in enumerate(buttons):
            room = self.fit("button", one.label, limits.OPTION, scaled=False)
            made = {"text": plain(one.label, room), "value": one.token or f"none{number}"}
            options.append({**made, "url": href(one.link)} if href(one.link) else made)
        return {"type": "overflow", "action_id": MORE, "options": options}


def _actions(elements: list[Json]) -> Json:
    """A row; no two elements of it have one name."""
    known: dict[str, int] = {}
    for one in elements:
        name = one["action_id"]
        known[name] = number = known.get(name, 0) + 1
        if number > 1:
            one["action_id"] = f"{name}.{number}"
    return {"type": "actions", "elements": elements}


def _page(words: str, most: int) -> str:
    """The beginning of it that fits, up to the end of a line or a word where there is one."""
    if size(words) <= most:
        return words
    end = len(head(words, most))
    found = max(words.rfind("\n", end // 2, end), words.rfind(" ", end // 2, end))
    return words[: found + 1 if found > 0 else end]
