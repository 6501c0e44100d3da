"""The page of Telegram's messages shows all of them, every word, and nothing that could run."""

import re
from html import unescape

import pytest

from bot.adapters.telegram.text import END, ISOLATE, JOINER
from bot.views.examples import examples
from bot.views.gallery import forms
from tests.docs import telegram_page
from tests.docs.asked import asked
from tests.docs.telegram_html import SIGNS, Json, message, text
from tests.telegram.keyboards import inline
from tests.telegram.texts import formatted
from tests.views.test_cards import PLAYBOOK

EXAMPLES, FORMS = examples(PLAYBOOK), forms(PLAYBOOK)


def said(sent: Json) -> list[str]:
    """Every word that Telegram would show."""
    rows = sent.get("reply_markup", {}).get("inline_keyboard", ())
    whole = sent["text"]
    for sign in (*SIGNS, END, ISOLATE, JOINER):
        whole = whole.replace(sign, " ")
    return [*whole.split(), *(one["text"] for row in rows for one in row)]


def read(html: str) -> str:
    words = unescape(re.sub(r"<[^>]*>", "\n", html))
    return re.sub(f"[{END}{ISOLATE}{JOINER}]", " ", words)


def check(sent: Json) -> None:
    """It is taken as it is, and drawn with every word."""
    shown, entities = formatted(sent["text"], sent.get("entities", []), 4_096, "message")
    assert (shown, entities) == (sent["text"], sent.get("entities", []))
    assert "reply_markup" not in sent or inline(sent["reply_markup"])
    words = read(message(sent))
    assert [one for one in said(sent) if one not in words] == []


@pytest.mark.parametrize("name", list(EXAMPLES))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_card_is_drawn_from_what_telegram_takes_with_every_word(
    name: str, language: str
) -> None:
    for sent in telegram_page.messages(telegram_page.hung(EXAMPLES[name], language)):
        check(sent)


@pytest.mark.parametrize("name", list(FORMS))
def test_every_question_is_drawn_from_what_telegram_takes_with_every_word(name: str) -> None:
    several = list(asked(FORMS[name]))
    assert len(several) >= 2
    for each in several:
        for sent in telegram_page.messages(telegram_page.hung(each, "ru")):
            check(sent)


def test_the_page_names_all_of_them_and_nothing_in_it_runs() -> None:
    page = telegram_page.telegram_gallery()
    for name in EXAMPLES:
        assert f"<h3>Card: {name}</h3>" in page
    for name in FORMS:
        assert f"<h3>Form: {name}</h3>" in page
    assert page.count('class="pair"') == len(EXAMPLES) + len(FORMS)
    assert not re.search(r"<script|<img|\son\w+=|javascript:", page)


def test_words_that_break_html_are_words_here() -> None:
    sent = {"text": "🔥<b>&amp;", "entities": [{"type": "bold", "offset": 2, "length": 3}]}
    assert text(sent) == "🔥<b>&lt;b&gt;</b>&amp;amp;"
