"""Words stay words in Telegram: nothing in them calls anybody or leads anywhere, none is lost."""

import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram import limits, text
from bot.adapters.telegram.render import Drawn, Labels, drawn, linked
from bot.adapters.telegram.text import END, ISOLATE, JOINER, Look, Styled, pages, said, size
from bot.engine.ports import Post
from tests.adapters.slack.test_text import HOSTILE as ANYWHERE
from tests.adapters.slack.test_text import card_of
from tests.telegram.keyboards import inline
from tests.telegram.texts import detected, formatted, units

HERE = (
    *("/stop", "/stop@muster_bot", "hi /status now", "(/stop)", "a\n/help", "«/stop»"),
    *("@muster_bot", "x @ana_ruiz!", "(@ana_ruiz)", "tg://resolve?domain=ana", "tg:join?invite=x"),
    *("t.me/ana", "https://t.me/+abc", "www.evil.example", "evil.рф", "EVIL.COM/a?b#c", "a.b.c.de"),
    *(
        "ftp://evil.example",
        "ton://transfer/x",
        "192.168.0.1",
        "10.0.0.1:8080/x",
        "http://1.2.3.4.5",
    ),
    *(
        "#fire",
        "#пожар",
        "$USD",
        "x #a1 #1a",
        "a@b.example",
        "mailto:a@b.example",
        "user:p@evil.com",
    ),
    *(
        "<b>bold</b>",
        "*bold* _it_ ~no~ ||spoiler||",
        "`code`",
        "```\nblock\n```",
        "[a](https://e.com)",
    ),
    *(
        "\u202eevil.com",
        "e\u200bvil.com",
        "evil\u200d.com",
        "evil\u2024com",
        "\u2066evil.com\u2069",
    ),
)
HOSTILE = (*ANYWHERE, *HERE)
CALLED = ("url", "email", "mention", "bot_command", "hashtag", "cashtag")


def live(styled: Styled) -> list[str]:
    """What Telegram makes of it; a telephone number may be called."""
    given = [one.to_dict() for one in styled.entities]
    return [one.text for one in detected(styled.text, given) if one.kind in CALLED]


def faults(made: Drawn) -> list[str]:
    """What Telegram would refuse in it, or show otherwise than it was meant."""
    found = []
    for page in made.pages:
        given = [one.to_dict() for one in page.entities]
        shown, kept = formatted(page.text, given, limits.TEXT, "message")
        if (shown, kept) != (page.text, given):
            found.append(f"shown otherwise: {page.text!r}")
    if made.keyboard is not None:
        inline(made.keyboard.to_dict())
    return found


def read(words: str) -> str:
    """As people see it."""
    return re.sub(f"[{JOINER}{ISOLATE}{END}]", "", words)


def whole(made: Drawn) -> str:
    """All pages, as people see them, without blanks."""
    return "".join("".join(read(one.text).split()) for one in made.pages)


def messages(words: str) -> Iterator[Drawn]:
    """Every kind of message in which they can stand."""
    leave = "https://muster.example/leave?a=1&b=2"
    yield drawn(Post("d", words, repeat=True, leave=leave), Labels())
    yield drawn(Post("d", words, card_of(words)), Labels())
    yield drawn(Post("d", words), Labels(), limits.CAPTION)


def test_there_are_enough_hostile_words() -> None:
    assert len(set(HOSTILE)) >= 160


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_in_them_comes_alive_anywhere(words: str) -> None:
    for made in messages(words):
        assert faults(made) == []
        assert made.pages
        for page in made.pages:
            assert live(page) == []
            assert {one.type for one in page.entities} <= {"bold", "italic"}


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_they_are_shown_as_they_were_written(words: str) -> None:
    assert read(text.dead(words)) == read(text.seen(words))
    made = drawn(Post("d", words), Labels())
    assert whole(made) == "".join(read(text.seen(words)).split())


def test_the_oracle_sees_what_would_come_alive() -> None:
    for bad in ("/stop", "@ana_ruiz", "evil.com", "https://a.b", "#fire", "$USD", "a@b.example"):
        assert live(said(bad)), bad
    assert live(said("12 Mill Lane, 2. floor, and/or 10.30, 24/7, +44 20 7946 0018")) == []


def test_what_people_copy_is_left_alone() -> None:
    for words in ("+44 20 7946 0018", "N-7K4-M2QX", "22.11.2026, 10.30", "and/or", "24/7", "1.5 m"):
        assert text.dead(words) == words


ANY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("👩‍🚒🏴󠁧󠁢󠁳󠁣󠁴󠁿🇬🇧🇺🇦é\u0301\u0323ﷺשלוםمرحبا\u200f\u200d\ufe0f.@#/:$\n a1"),
    ),
    max_size=80,
)


@given(ANY, st.integers(min_value=8, max_value=60))
def test_any_words_come_whole_through_any_number_of_pages(words: str, most: int) -> None:
    styled = said(text.dead(words), "bold") + said(f" {text.dead(words)}")
    split = pages(styled, most)
    assert "".join("".join(x.text.split()) for x in split) == "".join(styled.text.split())
    for page in split:
        assert 0 < units(page.text) == size(page.text) <= most
        assert page.text == page.text.strip()
        assert live(page) == []
        page.text.encode("utf-16-le")
        for one in page.entities:
            raw = page.text.encode("utf-16-le")[one.offset * 2 : (one.offset + one.length) * 2]
            assert raw.decode("utf-16-le")


@given(st.lists(st.tuples(ANY, st.sampled_from(["bold", "italic", None])), max_size=8))
def test_looks_lie_on_the_very_words_they_were_given_for(
    runs: list[tuple[str, Look | None]],
) -> None:
    parts = [said(text.dead(words), look) for words, look in runs]
    styled = sum(parts, Styled())
    raw = styled.text.encode("utf-16-le")
    marked = [
        (one.type, raw[one.offset * 2 : (one.offset + one.length) * 2].decode("utf-16-le"))
        for one in styled.entities
    ]
    assert marked == [(look, text.dead(words)) for words, look in runs if look]


def test_a_page_ends_where_a_reader_pauses() -> None:
    words = said("One. Two two.\n\nThree three three. Four four four four\nfive five")
    assert [one.text for one in pages(words, 40)] == [
        "One. Two two.",
        "Three three three. Four four four four",
        "five five",
    ]
    sentences = said("Alpha beta. Gamma delta. Epsilon zeta eta theta.")
    assert [one.text for one in pages(sentences, 30)] == [
        "Alpha beta. Gamma delta.",
        "Epsilon zeta eta theta.",
    ]
    assert [one.text for one in pages(said("aaaa bbbb cccc"), 10)] == ["aaaa bbbb", "cccc"]


@pytest.mark.parametrize("sign", ["👩‍🚒", "🇬🇧", "é\u0323", "👍🏽", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🙂"])
def test_no_sign_is_torn_into_two(sign: str) -> None:
    for most in range(2 * size(sign), 3 * size(sign)):
        for page in pages(said(sign * 20), most):
            assert page.text.replace(sign, "") == ""
        assert text.cut(sign * 20, most + 1).removesuffix("…").replace(sign, "") == ""


def test_words_of_nothing_but_marks_end_all_the_same() -> None:
    marks = "a" + "\u0301" * 10_000
    assert sum(len(one.text) for one in pages(said(marks))) == len(marks)
    assert size(text.cut(marks, 20)) <= 20


def test_a_long_paste_goes_out_in_few_parts_and_says_when_there_is_more() -> None:
    paste = "\n".join(f"line {n} of a very long paste" for n in range(340))
    made = drawn(Post("d", paste), Labels())
    assert (len(made.pages), made.losses) == (3, ())
    assert whole(made) == "".join(paste.split())
    more = drawn(Post("d", "🔥 " * 20_000), Labels())
    assert len(more.pages) == limits.PARTS
    assert faults(more) == []
    assert more.pages[-1].text.endswith(Labels().cut)
    assert [one.what for one in more.losses] == ["pages"]


def test_words_from_right_to_left_do_not_turn_round_what_stands_beside_them() -> None:
    assert text.aside("שלום") == f"{ISOLATE}שלום{END}"
    assert text.aside("12 Mill Lane") == "12 Mill Lane"
    assert text.aside("שלום\nשלום") == "שלום\nשלום"
    assert all(unicodedata.category(one) == "Cf" for one in (ISOLATE, END, JOINER))


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://muster.example/a?b=1&c=2#d", True),
        ('https://muster.example/a|b> <c"d\ne', True),
        ("http://127.0.0.1:8080/x", True),
        ("http://localhost:8080/x", False),
        ("javascript:alert(1)", False),
        ("tg://resolve?domain=x", False),
        ("//muster.example", False),
        ("https://[broken", False),
        ("https://muster.example/" + "a" * 3_000, False),
        ("", False),
    ],
)
def test_only_addresses_that_telegram_takes_become_buttons(url: str, known: bool) -> None:
    assert (text.href(url) is not None) is known
    keyboard = linked(None, "Open", url)
    assert (keyboard is not None) is known
    assert keyboard is None or inline(keyboard.to_dict())
