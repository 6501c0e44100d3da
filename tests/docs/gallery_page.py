"""docs/gallery.md: every card and form as text, as the built-in playbook makes them."""

from collections.abc import Iterator
from functools import cache

from bot.core.cards import Actions, Card, plain, spoken
from bot.core.forms import Form, Question
from bot.core.playbook import Playbook
from bot.core.texts import Phrase
from bot.texts import Catalogues, Speaker
from bot.views.examples import AT, NAMES, examples
from bot.views.gallery import forms
from bot.wiring import read_playbook
from tests.docs.markdown import page

ABOUT = """
Every card and every form, in every language, as
[the built-in playbook](../bot/playbooks/default.toml) makes them with made-up people: what a
channel has to show, and what a change of the playbook changes. `[ Take ]` is a button, `( Note )`
one that lies behind "more". Whoever works at the desk sees the same, made by the playbook that is
running, on the page `/gallery`. Other pages show how each looks [in Slack](gallery-slack.html) and
[in Telegram](gallery-telegram.html).
""".strip()


@cache
def _playbook() -> Playbook:
    return read_playbook(None)


@cache
def _catalogues() -> Catalogues:
    return Catalogues.load()


def gallery() -> str:
    """The page."""
    cards = [part for name, card in examples(_playbook()).items() for part in _card(name, card)]
    asked = [part for name, form in forms(_playbook()).items() for part in _form(name, form)]
    return page("Gallery", ABOUT, "## Cards", *cards, "## Forms", *asked)


def _speakers() -> Iterator[Speaker]:
    for language in _catalogues().languages:
        zone = _playbook().organisation.time_zone
        yield _catalogues().speaker(language, zone, AT, NAMES.get)


def _card(name: str, card: Card[Phrase]) -> Iterator[str]:
    yield f"### Card: {name}"
    for say in _speakers():
        yield _block("\n".join(_drawn(spoken(card, say))))


def _drawn(card: Card[str]) -> Iterator[str]:
    yield f"* {card.summary}"
    yield ""
    yield plain(card)
    rows = [one for one in card.blocks if isinstance(one, Actions)]
    first = [one for row in rows for one in row.buttons]
    behind = [one for row in rows for one in row.more]
    if row := "  ".join(f"[ {one.label} ]" for one in first):
        yield row
    if row := "  ".join(f"( {one.label} )" for one in behind):
        yield row


def _form(name: str, form: Form) -> Iterator[str]:
    yield f"### Form: {name}"
    for say in _speakers():
        yield _block("\n".join(_asked(form, say)))


def _asked(form: Form, say: Speaker) -> Iterator[str]:
    yield say(form.title)
    for one in form.questions:
        needed = "" if one.required else ", may be skipped"
        yield f"\n{say(one.label)}  <{one.key}: {one.type.value}{needed}>"
        yield from _more(one, say)
    yield f"\n[ {say(form.submit)} ]"


def _more(one: Question, say: Speaker) -> Iterator[str]:
    if one.help:
        yield f"  {say(one.help)}"
    if one.when:
        wanted = " or ".join(map(str, one.when.any_of)) or f"at least {one.when.at_least}"
        yield f"  only if {one.when.question} is {wanted}"
    for choice in one.choices:
        told = [say(one) for one in (choice.hint, choice.advice) if one]
        yield f"  ( ) {say(choice.label)}" + (f": {' '.join(told)}" if told else "")


def _block(text: str) -> str:
    return f"```text\n{text}\n```"
