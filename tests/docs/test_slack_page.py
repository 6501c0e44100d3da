"""The page of Slack's cards shows all of them, every word, and nothing that could run."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from bot.views.examples import examples
from bot.views.gallery import forms
from tests.docs import slack_page
from tests.docs.slack_html import Json, blocks, message, modal
from tests.slack.blocks import faults, view_faults
from tests.views.test_cards import PLAYBOOK

EXAMPLES, FORMS = examples(PLAYBOOK), forms(PLAYBOOK)


def said(given: object) -> Iterator[str]:
    """Every word that Slack would show."""
    if isinstance(given, list | tuple):
        for one in given:
            yield from said(one)
    elif isinstance(given, dict):
        if given.get("type") in ("plain_text", "mrkdwn"):
            yield from re.split(r"[*\n]|:[a-z_]+:", unescape(given["text"]))
        else:
            for one in given.values():
                yield from said(one)


def read(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "\n", html))


@pytest.mark.parametrize("name", list(EXAMPLES))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_card_is_drawn_from_what_slack_takes_with_every_word(
    name: str, language: str
) -> None:
    sent = slack_page.card_blocks(name, EXAMPLES[name], language)
    assert faults(list(sent)) == []
    shown = read(message(sent))
    assert [one for one in said(sent) if one.strip() not in shown] == []


@pytest.mark.parametrize("name", list(FORMS))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_form_is_drawn_from_what_slack_takes_with_every_word(
    name: str, language: str
) -> None:
    sent = slack_page.form_view(name, language)
    assert view_faults(sent) == []
    shown = read(modal(sent))
    few = [one for one in sent["blocks"] if len(str(one)) < 4_000]
    assert [one for one in said(few) if one.strip() not in shown] == []


def test_the_page_names_all_of_them_and_nothing_in_it_runs() -> None:
    page = slack_page.slack_gallery()
    for name in EXAMPLES:
        assert f"<h3>Card: {name}</h3>" in page
    for name in FORMS:
        assert f"<h3>Form: {name}</h3>" in page
    assert page.count("<details>") == len(EXAMPLES) + len(FORMS)
    assert not re.search(r"<script|<img|\son\w+=|javascript:", page)


def test_words_that_break_html_are_words_here() -> None:
    bad = "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;"
    text: Json = {"type": "plain_text", "text": bad}
    shown = blocks([{"type": "section", "text": text}])
    assert shown == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;</p>"
