"""Every card fits into Slack: what is said stands there, what finds no room is told."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.adapters.slack import limits
from bot.adapters.slack.render import DOTS, MESSAGE, VIEW, Drawn, Labels, answered, drawn
from bot.adapters.slack.text import Json
from bot.core import cards
from bot.core.cards import (
    Action,
    Actions,
    Badge,
    Button,
    Card,
    Confirm,
    Field,
    Fields,
    Progress,
    Step,
    plain,
    spoken,
    with_tokens,
)
from bot.core.texts import Phrase
from bot.engine.ports import Post, Reply
from bot.views.examples import AT, NAMES, examples
from tests.slack.blocks import message_faults, view_faults, words
from tests.views.test_cards import PLAYBOOK, SPEECH

EXAMPLES = examples(PLAYBOOK)
LONG = "Long words & <many> of them, " * 104


def faults(made: Drawn) -> list[str]:
    """What Slack would refuse in it."""
    return message_faults({"text": made.text, "blocks": list(made.blocks)})


def tokens(card: Card[str]) -> Card[str]:
    """The card with a token on each button, as delivery hangs it up."""
    named = {one.action.text: f"m{n:024}" for n, one in enumerate(card.buttons)}
    return with_tokens(card, named)


def shown(card: Card[str], labels: Labels | None = None) -> Drawn:
    """The card as it is posted."""
    return drawn(Post("delivery", plain(card), card), labels or Labels())


def seen(made: Drawn) -> str:
    """All that people read in it."""
    text = "\n".join(words(list(made.blocks)))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("*", "")


def elements(made: Drawn) -> Iterator[Json]:
    """Every button and overflow."""
    for block in made.blocks:
        if block["type"] == "actions":
            yield from block["elements"]


def values(made: Drawn) -> list[str]:
    """What can be pressed, in order."""
    found: list[str] = []
    for one in elements(made):
        several = one.get("options", [one])
        found += [each["value"] for each in several if "value" in each and "url" not in each]
    return found


def links(made: Drawn) -> list[str]:
    """Where its buttons lead."""
    several = (each for one in elements(made) for each in one.get("options", [one]))
    return [each["url"] for each in several if "url" in each]


def example(name: str, language: str, longer: str = "") -> Card[str]:
    """One of the examples, every text of it `longer`."""
    say = SPEECH.speaker(language, "Europe/London", AT, NAMES.get)

    def said(phrase: Phrase) -> str:
        return say(phrase) + (f" {longer}" if longer else "")

    return tokens(spoken(EXAMPLES[name], said))


@pytest.mark.parametrize("name", list(EXAMPLES))
@pytest.mark.parametrize("language", SPEECH.languages)
def test_every_card_is_there_whole_in_every_language(name: str, language: str) -> None:
    card = example(name, language)
    made = shown(card)
    assert faults(made) == []
    assert made.losses == ()
    text = seen(made)
    for block in card.blocks:
        match block:
            case Fields():
                assert all(one.label in text and one.value in text for one in block.items)
            case Progress():
                assert all(one.text in text for one in block.steps)
            case Actions() | cards.Divider():
                pass
            case _:
                assert block.text in text
    assert sorted(values(made)) == sorted(one.token for one in card.buttons if not one.link)
    assert sorted(links(made)) == sorted(one.link for one in card.buttons if one.link)
    assert made.text.splitlines()[0].startswith(card.summary.split(":")[0])


@pytest.mark.parametrize("name", list(EXAMPLES))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_card_fits_with_the_longest_texts_and_says_that_it_was_shortened(
    name: str, language: str
) -> None:
    card = example(name, language, LONG)
    made = shown(card)
    assert faults(made) == []
    assert made.losses
    assert all(one.count > 0 and one.reason for one in made.losses)
    assert Labels().cut in seen(made)
    assert sorted(values(made)) == sorted(one.token for one in card.buttons if not one.link)
    assert sorted(links(made)) == sorted(one.link for one in card.buttons if one.link)


def test_a_card_of_the_largest_size_fits() -> None:
    step, field = Step(LONG, "now"), Field(LONG, LONG)
    sure = Confirm(LONG, LONG, LONG)
    row = tuple(Button(LONG, Action("a", {"n": n}), "danger", sure) for n in range(6))
    more = tuple(Button(LONG, Action("b", {"n": n}), confirm=sure) for n in range(5))
    parts: tuple[cards.Block[str], ...] = (
        cards.Header(LONG),
        Badge(LONG, "danger"),
        cards.Section(LONG),
        Fields((field,) * 10),
        Progress((step,) * 10),
        Actions(row, more),
        cards.Context(LONG),
        cards.Footer(LONG),
    )
    made = shown(tokens(Card(LONG, parts)))
    assert faults(made) == []
    assert {"header", "badge", "section", "field", "steps", "button"} <= {
        one.what for one in made.losses
    }
    assert len(values(made)) == 11
    several = answered(Reply(LONG, cards=(tokens(Card(LONG, parts)),) * 6), Labels())
    assert faults(several) == []
    assert {"cards", "blocks"} <= {one.what for one in several.losses}
    page = answered(Reply(LONG, cards=(tokens(Card(LONG, parts)),) * 6), Labels(), VIEW)
    assert view_faults({"type": "home", "blocks": list(page.blocks)}) == []
    assert len(several.blocks) <= limits.BLOCKS < len(page.blocks)


def test_cards_that_find_no_room_are_counted_and_the_others_stay_whole() -> None:
    card = example("incident, people on the way", "en")
    for room, most in ((MESSAGE, 5), (VIEW, 11)):
        made = answered(Reply("Yours.", cards=(card,) * 20), Labels(), room)
        assert faults(replace(made, blocks=made.blocks[:50])) == []
        assert [(one.what, one.count) for one in made.losses] == [("cards", 20 - most)]
        assert len([*values(made), *links(made)]) == most * len(card.buttons)
        assert Labels().cut in seen(made)


def test_a_status_is_told_in_words_and_by_a_dot_or_a_shape_of_its_own() -> None:
    assert len({dot for dot, _ in DOTS.values()}) == len({sign for _, sign in DOTS.values()}) == 5
    for tone, (dot, sign) in DOTS.items():
        usual = shown(Card("s", (Badge("Open, overdue", tone),))).blocks[0]["text"]
        assert usual["text"] == f":{dot}: *Open, overdue*"
        odd = shown(Card("s", (Badge("*Open*", tone),))).blocks[0]["text"]
        assert (odd["type"], odd["text"]) == ("plain_text", f"{sign} *Open*")


def test_fields_stand_two_by_two_and_long_ones_alone() -> None:
    items = (Field("Where", "here"), Field("What", "x" * 200), Field("Who", "Ana"))
    made = shown(Card("s", (Fields(items),)))
    alone, pairs = made.blocks
    assert alone["text"]["text"] == "*What*\n" + "x" * 200
    assert [one["text"] for one in pairs["fields"]] == ["*Where*\nhere", "*Who*\nAna"]


def test_what_asks_before_it_counts_is_a_button_of_its_own() -> None:
    sure = Confirm("Close it?", "Nobody is asked.", "Close")
    more = (
        Button("Close", Action("close"), confirm=sure, token="m1"),
        Button("Note", Action("note"), token="m2"),
        Button("Assess", Action("assess"), token="m3"),
    )
    over, close = elements(shown(Card("s", (Actions((), more),)), Labels(back="Zurück")))
    assert (close["value"], close["confirm"]["deny"]["text"]) == ("m1", "Zurück")
    assert [one["value"] for one in over["options"]] == ["m2", "m3"]
    (alone,) = elements(shown(Card("s", (Actions((), more[1:2]),))))
    assert (alone["type"], alone["value"]) == ("button", "m2")


def test_a_button_that_leads_somewhere_is_a_link_and_nothing_to_press() -> None:
    desk = Button("Open on the desk", Action("desk"), token="m1", link="https://muster.example/n")
    odd = Button("Odd", Action("odd"), token="m2", link="javascript:alert(1)")
    first, second = elements(shown(Card("s", (Actions((desk, odd)),))))
    assert first["url"] == "https://muster.example/n"
    assert "value" not in first
    assert (second["value"], "url" in second) == ("m2", False)
    more = (desk, replace(odd, link=""))
    (over,) = elements(shown(Card("s", (Actions((), more),))))
    assert [one.get("url") for one in over["options"]] == ["https://muster.example/n", None]


def test_blocks_are_called_otherwise_as_soon_as_anything_looks_otherwise() -> None:
    card = example("incident, just taken", "en")
    other = example("incident, people on the way", "en")

    def names(delivery: str, one: Card[str]) -> list[str]:
        made = drawn(Post(delivery, plain(one), one), Labels())
        return [block["block_id"] for block in made.blocks]

    assert names("a", card) == names("a", card)
    assert len({*names("a", card), *names("a", other), *names("b", card)}) == 3 * len(card.blocks)


def test_words_are_said_whole_as_far_as_slack_bears_and_the_rest_is_counted() -> None:
    short = drawn(Post("d", "Somebody is on the way.\nThey are there at 14:05."), Labels())
    assert [one["type"] for one in short.blocks] == ["section"]
    assert seen(short) == "Somebody is on the way.\nThey are there at 14:05."
    long = "\n".join(f"line {n} of very many" for n in range(350))
    whole = drawn(Post("d", long), Labels())
    assert faults(whole) == []
    assert seen(whole).split() == long.split()
    assert {one.what for one in whole.losses} == {"notification"}
    more = drawn(Post("d", long * 3), Labels())
    assert faults(more) == []
    assert Labels().cut in seen(more)
    assert next(one.count for one in more.losses if one.what == "words") > 0


def test_a_repeat_says_so_and_what_can_be_ended_has_its_link() -> None:
    labels = Labels(repeat="Perhaps again", leave="Enough")
    post = Post("d", "News.", repeat=True, leave="https://muster.example/leave/x?a=1&b=2")
    made = drawn(post, labels)
    assert faults(made) == []
    assert [one["type"] for one in made.blocks] == ["section", "context", "context"]
    said = [one["elements"][0]["text"] for one in made.blocks[1:]]
    assert said == ["Perhaps again", "<https://muster.example/leave/x?a=1&amp;b=2|Enough>"]


def test_a_reply_is_words_then_cards_then_where_it_leads() -> None:
    card = example("task, people wanted", "en")
    reply = Reply(
        "Two of them.", cards=(card, card), link="https://m.example/me", link_label="Join"
    )
    made = answered(reply, Labels())
    assert faults(made) == []
    kinds = [one["type"] for one in made.blocks]
    assert (kinds[0], kinds[1], kinds.count("divider"), kinds[-1]) == (
        "section",
        "divider",
        2,
        "actions",
    )
    assert made.text == "Two of them."
    assert made.blocks[-1]["elements"][0]["url"] == "https://m.example/me"
    assert len(json.dumps(made.blocks)) < 50_000
    assert limits.BLOCKS == 50
