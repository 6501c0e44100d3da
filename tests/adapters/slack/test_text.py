"""Words stay words in Slack: nothing in them calls anybody, leads anywhere or changes its look."""

import re
from collections.abc import Iterator

import pytest

from bot.adapters.slack import limits, text
from bot.adapters.slack.render import Labels, answered, drawn
from bot.adapters.slack.text import Json
from bot.core import cards
from bot.core.cards import Action, Actions, Badge, Button, Card, Confirm, Field, Fields, Progress
from bot.engine.ports import Post, Reply
from tests.pages.hostile import CORPUS
from tests.slack.alive import alive
from tests.slack.blocks import message_faults

CALLS = ("channel", "here", "everyone", "subteam^S1", "subteam^S1|@team", "date^1^{date}|x")
CALLED = ("@U123", "@W123|Ana", "#C123", "#C123|general", "https://evil.example|your bank")
MARKS = ("*", "_", "~", "`", "```")
BEGINNINGS = ("", "a ", "a\n", "(", "\u200b", "\u2060", "é", ":", "&", ">")
HOSTILE = (
    *CORPUS,
    *(f"<!{one}>" for one in CALLS),
    *(f"<{one}>" for one in CALLED),
    *(f"{begin}{mark}loud{mark}" for mark in MARKS for begin in BEGINNINGS),
    *(f"{mark}{mark}loud{mark}{mark}" for mark in MARKS),
    *(f"{mark}two\nlines{mark}" for mark in MARKS),
    *("@here", "@channel", "@everyone", "hi @ana!", "#general", "x@y.example", "a #b @c"),
    *(":x:", ":+1:", ":skin-tone-2:", "a:x:b", "10:30:15", ":bob's_face:", "::x::", ":ж:"),
    *("http://evil.example", "https://evil.example/a|b", "www.evil.com", "evil.com", "a.b.io/x"),
    *("mailto:x@y.example", "tel:+441234", "slack://user?team=T1&id=U1", "HTTPS://EVIL.COM"),
    *("> quoted", ">>> all of it", "a\n> quoted", "&gt; quoted", " \t> quoted", "a\n\n>b"),
    *("&lt;!channel&gt;", "&amp;lt;!here&amp;gt;", "&#60;!here&#62;", "&", "&&amp;", "<", ">"),
    *("<", "<>", "<<!here>>", "<!here", "!here>", "<\n!here>", "<\u200b!here>", "＜!here＞"),
    *("\\*no\\*", "|", "a|b>", "*a* _b_ ~c~ `d`", "*_~all~_*", "`<!here>`", "```<!here>```"),
    *("\u202e<!here>", "\x00<!here>", "\ud800", "\u200b", "", " ", "\n\n", "\u2060"),
    *("[click](https://evil.example)", "**bold**", "- a\n- b", "1. a", "# head", "| a | b |"),
    *("a" * 5_000, "&" * 5_000, "<!here>" * 900, "*a* " * 2_000, "🙂" * 4_000),
)


def objects(given: object) -> Iterator[Json]:
    """Every text object in it."""
    if isinstance(given, list | tuple):
        for one in given:
            yield from objects(one)
    elif isinstance(given, dict):
        if given.get("type") in ("mrkdwn", "plain_text"):
            yield given
        for one in given.values():
            yield from objects(one)


def marked(said: str) -> list[str]:
    """What Slack would draw otherwise than as words in a text with marks, but for bold labels,
    dots and links of ours; by rules that are wider than Slack's own.
    """
    ours = re.sub(
        r"^\*[^*\n]+\*(?=\n)|^:[a-z_]+: \*[^*\n]+\*$|^<https?://[^<>|]+\|[^<>|]+>$", "", said
    )
    lively = r"[*_~`]|<|(?<!&lt);?>|:[^\s:]+:|^\s*&gt;|://|www\.|[@#]\w"
    return re.findall(lively, ours, re.MULTILINE)


def card_of(words: str) -> Card[str]:
    """A card that says it wherever something can be said."""
    sure = Confirm(words, words, words)
    row = tuple(Button(words, Action("a", {"n": n}), "danger", sure, f"t{n}") for n in range(2))
    more = tuple(Button(words, Action("b", {"n": n}), token=f"m{n}") for n in range(3))
    return Card(
        words,
        (
            cards.Header(words),
            Badge(words, "danger"),
            cards.Section(words),
            Fields((Field(words, words), Field("Label", words), Field(words, "value"))),
            Progress((cards.Step(words, "now"), cards.Step(words))),
            cards.Context(words),
            Actions(row, more),
            cards.Footer(words),
        ),
    )


def messages(words: str) -> Iterator[Json]:
    """Every kind of message in which it can stand."""
    leave = "https://muster.example/leave?a=1&b=2"
    told = Post("d", words, repeat=True, leave=leave)
    for made in (
        drawn(told, Labels()),
        drawn(Post("d", words, card_of(words)), Labels()),
        answered(Reply(words, link="https://muster.example/me", link_label=words), Labels()),
        answered(Reply(words, cards=(card_of(words), card_of(words))), Labels()),
    ):
        yield {"text": made.text, "blocks": list(made.blocks), "unfurl_links": False}


def test_there_are_enough_hostile_words() -> None:
    assert len(set(HOSTILE)) >= 130


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_in_them_comes_alive_anywhere(words: str) -> None:
    for payload in messages(words):
        assert message_faults(payload) == []
        links = [one for one in alive(payload).links if not one.startswith("https://muster.")]
        assert links == []
        assert (alive(payload).mentions, alive(payload).broadcasts) == ((), ())
        assert marked(payload["text"]) == []
        for one in objects(payload["blocks"]):
            if one["type"] == "mrkdwn":
                assert one["verbatim"] is True
                assert marked(one["text"]) == [], one
            else:
                assert one["emoji"] is False
                assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", one["text"])


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_they_are_shown_as_they_were_written(words: str) -> None:
    said = text.plain(words, limits.SECTION)["text"]
    shown = said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    whole = text.seen(words)
    assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1].rstrip()))
    assert len(said) <= limits.SECTION


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_the_name_of_a_file_holds_nothing_that_slack_reads(words: str) -> None:
    name = text.file_name(f"{words}.png", 100)
    assert 0 < len(name) <= 100
    assert not re.search(r"[<>@*`~\n\x00]|:[^\s:]+:", name)
    assert text.file_name("my_photo (2) & more.png", 100) == "my_photo (2) & more.png"


def test_the_oracle_sees_what_would_come_alive() -> None:
    for bad in ("*a*", "_a_", "`a`", "<!here>", ":x:", "&gt; a", "https://a", "@here", "a\n&gt; b"):
        assert marked(bad), bad
    assert marked("*Where*\n12 Mill Lane &amp; 3, second floor") == []


@pytest.mark.parametrize("most", [1, 5, 20, 75])
@pytest.mark.parametrize("words", ["&&&&&&&&&&", "<a> & <b>" * 9, "short", "x" * 75, "x" * 76])
def test_a_cut_never_breaks_an_escaped_sign_and_never_exceeds_its_room(
    words: str, most: int
) -> None:
    said = text.escaped(text.cut(words, most))
    assert len(said) <= max(most, 1)
    assert re.sub(r"&(amp|lt|gt);", "", said).count("&") == 0
    assert ("…" in said) == (text.size(words) > most)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://muster.example/a?b=1&c=2", True),
        ('https://muster.example/a|b> <c"d\ne', True),
        ("javascript:alert(1)", False),
        ("//muster.example", False),
        ("ftp://muster.example", False),
        ("https://[broken", False),
        ("https://muster.example/" + "a" * 3_000, False),
        ("", False),
    ],
)
def test_only_addresses_of_pages_become_links(url: str, known: bool) -> None:
    made = text.link(url, "Open | <here> *now*", limits.CONTEXT)
    assert (made is not None) is known
    if made is not None:
        assert re.fullmatch(r"<https://[^<>|\s\"]+\|[^<>|*]+>", made["text"])
