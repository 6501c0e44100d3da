"""docs/gallery-slack.html: every card and form as Slack shows it, from the very JSON it is sent."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape

from bot.adapters.slack.modals import window
from bot.adapters.slack.render import Labels, drawn
from bot.core.cards import Card, plain, spoken, with_tokens
from bot.core.forms import Form, FormState
from bot.core.playbook import Playbook
from bot.core.texts import Phrase
from bot.engine.ports import Opened, Post, Speak
from bot.texts import Catalogues
from bot.views.examples import AT, NAMES, examples
from bot.views.gallery import forms
from bot.wiring import read_playbook
from tests.docs.markdown import MADE
from tests.docs.slack_html import STYLE, Json, message, modal

TITLE = "How it looks in Slack"
ABOUT = """
Every card and every form of the built-in playbook, with made-up people, drawn from the JSON that
Slack is sent: by day in English, by night in Russian. What a button opens is drawn below it.
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


def card_blocks(name: str, card: Card[Phrase], language: str) -> tuple[Json, ...]:
    """What Slack is sent of a card that hangs."""
    say = _say(language)
    said = spoken(card, say)
    tokens = {one.action.text: f"m{number:024}" for number, one in enumerate(said.buttons)}
    hung = with_tokens(said, tokens)
    return drawn(Post(name, plain(hung), hung), Labels.said(say)).blocks


def form_view(name: str, language: str) -> Json:
    """What Slack is sent of a form that nobody has filled in."""
    state = FormState(form=_forms()[name])
    return window(Opened(f"m{0:024}", state, _say(language))).view


@cache
def slack_gallery() -> str:
    """The page."""
    cards = [one for name, card in examples(_playbook()).items() for one in _card(name, card)]
    asked = [one for name in _forms() for one in _form(name)]
    head = (
        f'<!doctype html>\n{MADE}\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{TITLE}</title>\n<style>\n{STYLE}\n</style>"
    )
    about = f'<h1>{TITLE}</h1>\n<p>{ABOUT} <a href="README.md">The documentation</a>.</p>'
    return "\n".join([head, about, "<h2>Cards</h2>", *cards, "<h2>Forms</h2>", *asked]) + "\n"


def _card(name: str, card: Card[Phrase]) -> Iterator[str]:
    day, night = (card_blocks(name, card, language) for language in ("en", "ru"))
    yield f"<h3>Card: {escape(name)}</h3>"
    yield _pair(message(day), message(night), list(day))


def _form(name: str) -> Iterator[str]:
    day, night = (form_view(name, language) for language in ("en", "ru"))
    yield f"<h3>Form: {escape(name)}</h3>"
    yield _pair(modal(day), modal(night), day)


def _pair(day: str, night: str, sent: object) -> str:
    shown = escape(json.dumps(sent, indent=1, ensure_ascii=False), quote=False)
    return (
        f'<div class="pair"><div class="slack">{day}</div>\n'
        f'<div class="slack dark" lang="ru">{night}</div></div>\n'
        f"<details><summary>JSON</summary><pre>{shown}</pre></details>"
    )
