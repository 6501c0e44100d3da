"""docs/gallery-telegram.html: every card and form as Telegram shows it, from what it is sent."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape

from bot.adapters.telegram.render import Drawn, Labels, drawn
from bot.core.cards import Card, plain, spoken, with_tokens
from bot.core.forms import Form
from bot.core.playbook import Playbook
from bot.core.texts import Phrase
from bot.engine.ports import Post, Speak
from bot.texts import Catalogues
from bot.views.examples import AT, NAMES, examples
from bot.views.gallery import forms
from bot.wiring import read_playbook
from tests.docs.asked import asked
from tests.docs.markdown import MADE
from tests.docs.telegram_html import STYLE, Json, phone

TITLE = "How it looks in Telegram"
ABOUT = """
Every card and every form of the built-in playbook, with made-up people, drawn from the text, the
entities and the keyboard that Telegram is sent: by day in English, by night in Russian. A form is
asked question by question, each in place of the one before. What a button asks before it counts
is drawn below it.
""".strip()


@cache
def _playbook() -> Playbook:
    return read_playbook(None)


@cache
def _forms() -> Mapping[str, Form]:
    return forms(_playbook())


@cache
def _catalogues() -> Catalogues:
    return Catalogues.load()


def _say(language: str) -> Speak:
    zone = _playbook().organisation.time_zone
    return _catalogues().speaker(language, zone, AT, NAMES.get)


def hung(card: Card[Phrase], language: str) -> Drawn:
    """A card that hangs."""
    say = _say(language)
    said = spoken(card, say)
    tokens = {one.action.text: f"m{number:024}" for number, one in enumerate(said.buttons)}
    whole = with_tokens(said, tokens)
    return drawn(Post("card", plain(whole), whole), Labels.said(say))


def messages(made: Drawn) -> list[Json]:
    """What Telegram is sent of it."""
    sent: list[Json] = []
    for page in made.pages:
        entities = [one.to_dict() for one in page.entities]
        sent.append({"text": page.text, **({"entities": entities} if entities else {})})
    if made.keyboard is not None:
        sent[-1]["reply_markup"] = made.keyboard.to_dict()
    return sent


@cache
def telegram_gallery() -> str:
    """The page."""
    cards = [one for name, card in examples(_playbook()).items() for one in _card(name, card)]
    ask = [one for name in _forms() for one in _form(name)]
    head = (
        f'<!doctype html>\n{MADE}\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{TITLE}</title>\n<style>\n{STYLE}\n</style>"
    )
    about = f'<h1>{TITLE}</h1>\n<p>{ABOUT} <a href="README.md">The documentation</a>.</p>'
    return "\n".join([head, about, "<h2>Cards</h2>", *cards, "<h2>Forms</h2>", *ask]) + "\n"


def _card(name: str, card: Card[Phrase]) -> Iterator[str]:
    yield f"<h3>Card: {escape(name)}</h3>"
    yield _pair([hung(card, "en")], [hung(card, "ru")])
    shown = escape(
        json.dumps(messages(hung(card, "en")), indent=1, ensure_ascii=False), quote=False
    )
    yield f"<details><summary>JSON</summary><pre>{shown}</pre></details>"


def _form(name: str) -> Iterator[str]:
    several = list(asked(_forms()[name]))
    yield f"<h3>Form: {escape(name)}</h3>"
    yield _pair([hung(one, "en") for one in several], [hung(one, "ru") for one in several])


def _pair(day: Sequence[Drawn], night: Sequence[Drawn]) -> str:
    return f'<div class="pair">{_phone(day, False)}\n{_phone(night, True)}</div>'


def _phone(several: Sequence[Drawn], night: bool) -> str:
    sent = [message for one in several for message in messages(one)]
    questions = [words for one in several for words in one.questions.values()]
    return phone(sent, questions, night)
