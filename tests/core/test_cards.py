"""Cards: small enough for every channel, the same in words, and never without their text."""

import pytest

from bot.core.cards import (
    Action,
    Actions,
    Badge,
    Button,
    Card,
    Confirm,
    Context,
    Divider,
    Field,
    Fields,
    Footer,
    Header,
    Progress,
    Section,
    Step,
    plain,
    spoken,
    with_tokens,
)
from bot.core.texts import Phrase, Words


def press(name: str) -> Button[str]:
    return Button(name, Action(name, {}))


def phrase(text: str) -> Phrase:
    return Words(by={"en": text})


EVERYTHING: Card[Phrase] = Card(
    phrase("summary"),
    (
        Header(phrase("header")),
        Badge(phrase("badge"), "danger"),
        Section(phrase("section")),
        Fields((Field(phrase("label"), phrase("value")),)),
        Progress((Step(phrase("a"), "done"), Step(phrase("b"), "now"), Step(phrase("c")))),
        Divider(),
        Actions(
            (
                Button(
                    phrase("go"),
                    Action("go", {"n": 1}),
                    "danger",
                    Confirm(phrase("sure?"), phrase("really?"), phrase("yes")),
                ),
            ),
            (Button(phrase("more"), Action("more", {})),),
        ),
        Footer(phrase("footer")),
    ),
)


@pytest.mark.parametrize(
    ("blocks", "what"),
    [
        ([Context("x")] * 9, "blocks"),
        ([Fields(tuple(Field("l", "v") for _ in range(6)))] * 2, "fields"),
        ([Actions(tuple(press(str(n)) for n in range(7)))], "buttons"),
        ([Actions((), tuple(press(str(n)) for n in range(6)))], "more buttons"),
        ([Progress(tuple(Step("s") for _ in range(11)))], "steps"),
    ],
    ids=["blocks", "fields", "buttons", "more", "steps"],
)
def test_a_card_that_is_too_large_is_refused(blocks: list[Context[str]], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Card("summary", tuple(blocks))


def test_every_phrase_is_spoken_and_nothing_else_changes() -> None:
    def loud(phrase: Phrase) -> str:
        return phrase.pick("en").upper() if isinstance(phrase, Words) else ""

    card = spoken(EVERYTHING, loud)
    assert card.summary == "SUMMARY"
    lines = plain(card).splitlines()
    assert lines[:4] == ["HEADER", "BADGE", "SECTION", "LABEL: VALUE"]
    assert lines[4:] == ["[x] A", "[>] B", "[ ] C", "---", "FOOTER"]
    go, more = card.buttons
    assert (go.label, go.style, go.action) == ("GO", "danger", Action("go", {"n": 1}))
    assert go.confirm == Confirm("SURE?", "REALLY?", "YES")
    assert (more.label, more.confirm) == ("MORE", None)
    assert card.blocks[1] == Badge("BADGE", "danger")


@pytest.mark.parametrize(
    ("label", "line"),
    [("Where", "Where: here"), ("Where is it?", "Where is it? here"), ("أين؟", "أين؟ here")],
)
def test_a_question_in_a_plain_card_ends_with_one_mark(label: str, line: str) -> None:
    assert plain(Card("summary", (Fields((Field(label, "here"),)),))) == line


def test_tokens_go_to_their_own_buttons() -> None:
    card = Card("s", (Actions((press("a"), press("b")), (press("c"),)), Footer("f")))
    tokens = {Action(name, {}).text: f"token of {name}" for name in "abc"}
    marked = with_tokens(card, tokens)
    assert [one.token for one in marked.buttons] == ["token of a", "token of b", "token of c"]
    assert marked.blocks[1] == Footer("f")


def test_an_action_has_one_text_whatever_the_order_of_its_arguments() -> None:
    one, other = Action("x", {"a": 1, "b": True}), Action("x", {"b": True, "a": 1})
    assert one.text == other.text
    assert Action.read(one.text) == one
