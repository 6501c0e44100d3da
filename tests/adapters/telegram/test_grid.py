"""Every card fits into Telegram: what is said stands there, what finds no room is told."""

from collections.abc import Iterator

import pytest
from telegram import InlineKeyboardButton

from bot.adapters.telegram import limits
from bot.adapters.telegram.payloads import token_of
from bot.adapters.telegram.render import CUT, DOTS, STEPS, Drawn, Labels, drawn
from bot.adapters.telegram.text import size
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
)
from bot.engine.ports import Post
from bot.views.examples import AT, NAMES
from bot.views.gallery import forms
from tests.adapters.slack.test_render import EXAMPLES, LONG, example, tokens
from tests.adapters.telegram.test_text import faults, live, read
from tests.docs.asked import asked
from tests.telegram.keyboards import inline
from tests.views.test_cards import PLAYBOOK, SPEECH

FORMS = forms(PLAYBOOK)


def shown(card: Card[str], labels: Labels | None = None) -> Drawn:
    """The card as it is sent."""
    return drawn(Post("delivery", plain(card), card), labels or Labels())


def seen(made: Drawn) -> str:
    """All that people read in it."""
    return "\n".join(read(one.text) for one in made.pages)


def buttons(made: Drawn) -> Iterator[InlineKeyboardButton]:
    """In order."""
    for row in made.keyboard.inline_keyboard if made.keyboard else ():
        yield from row


def pressed(made: Drawn) -> list[str]:
    """The tokens of what can be pressed."""
    return [token_of(str(x.callback_data))[0] for x in buttons(made) if x.callback_data]


def links(made: Drawn) -> list[str]:
    """Where its buttons lead."""
    return [one.url for one in buttons(made) if one.url]


def bold(made: Drawn) -> list[str]:
    """What stands out."""
    return [
        read(one.text[span.start : span.end])
        for one in made.pages
        for span in one.spans
        if span.look == "bold"
    ]


def has_all_buttons(made: Drawn, card: Card[str]) -> bool:
    """Nothing that can be pressed, and no link, got lost."""
    tokens = sorted(one.token for one in card.buttons if not one.link)
    urls = sorted(one.link for one in card.buttons if one.link)
    return (sorted(pressed(made)), sorted(links(made))) == (tokens, urls)


@pytest.mark.parametrize("name", list(EXAMPLES))
@pytest.mark.parametrize("language", SPEECH.languages)
def test_every_card_is_there_whole_in_every_language(name: str, language: str) -> None:
    card = example(name, language)
    made = shown(card)
    assert faults(made) == []
    assert made.losses == ()
    assert len(made.pages) == 1
    assert live(made.pages[0]) == []
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
    assert has_all_buttons(made, card)
    assert set(made.questions) == {one.token for one in card.buttons if one.confirm}


@pytest.mark.parametrize("name", list(EXAMPLES))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_card_goes_out_with_the_longest_texts_and_every_button(
    name: str, language: str
) -> None:
    card = example(name, language, LONG)
    made = shown(card)
    assert faults(made) == []
    assert 1 <= len(made.pages) <= limits.PARTS
    assert has_all_buttons(made, card)
    assert all(one.count > 0 and one.reason for one in made.losses)
    is_cut = any(one.what == "pages" for one in made.losses)
    assert seen(made).endswith(Labels().cut) is is_cut


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
    assert {one.what for one in made.losses} == {"pages", "button"}
    assert len(pressed(made)) == 11
    assert seen(made).endswith(CUT.key)
    assert all(size(one) <= limits.TOAST for one in made.questions.values())
    assert all(one.endswith(Labels().again) for one in made.questions.values())


def test_what_buttons_carry_fits_into_telegrams_bytes() -> None:
    sure = Confirm("Sure?", "It cannot be undone.", "Yes")
    row = (Button("Close", Action("a"), confirm=sure, token=f"m{'x' * 24}"),)
    (one,) = buttons(shown(Card("s", (Actions(row),))))
    assert one.callback_data == f"cm{'x' * 24}"
    assert len(str(one.callback_data).encode()) <= limits.DATA
    (one,) = buttons(shown(Card("s", (Actions((Button("Never hung", Action("a")),)),))))
    assert len(str(one.callback_data)) >= 1


def test_a_status_is_told_in_words_beside_its_dot_right_below_what_it_is_about() -> None:
    assert len(set(DOTS.values())) == 5
    for tone, dot in DOTS.items():
        card = Card("s", (cards.Header("N-1 Lift"), Badge("Open, overdue", tone)))
        made = shown(card)
        assert seen(made) == f"N-1 Lift\n{dot} Open, overdue"
        assert bold(made) == ["N-1 Lift", "Open, overdue"]


def test_what_is_asked_stands_out_where_a_card_has_no_title() -> None:
    answer = Actions((Button("Yes", Action("a")),))
    way = Actions((Button("There", Action("a"), link="https://desk.example.org"),))
    asked, told = cards.Section("Is anyone in danger?"), cards.Context("Hello.")
    assert bold(shown(Card("s", (told, asked, answer)))) == ["Is anyone in danger?"]
    assert bold(shown(Card("s", (asked, way)))) == []
    assert bold(shown(Card("s", (cards.Header("N-1"), asked, answer)))) == ["N-1"]
    assert bold(shown(Card("s", (cards.Section(LONG), answer)))) == []


def test_labels_stand_before_values_and_questions_end_with_their_own_mark() -> None:
    items = (
        Field("Where", "12 Mill Lane"),
        Field("Is anybody in danger?", "No"),
        Field("What", "one\ntwo"),
        Field("N-7K4-M2QX: power outage in a lift", "Open"),
    )
    made = shown(Card("s", (Fields(items),)))
    assert seen(made).splitlines() == [
        "Where: 12 Mill Lane",
        "Is anybody in danger? No",
        "",
        "What:",
        "one",
        "two",
        "",
        "N-7K4-M2QX: power outage in a lift",
        "Open",
    ]
    assert bold(made)[:3] == ["Where:", "Is anybody in danger?", "What:"]


def test_steps_are_lines_and_the_one_of_now_stands_out() -> None:
    steps = (Step("Ask", "done"), Step("Go", "now"), Step("Mend"))
    made = shown(Card("s", (Progress(steps),)))
    assert len(set(STEPS.values())) == 3
    assert seen(made) == f"{STEPS['done']} Ask\n{STEPS['now']} Go\n{STEPS['open']} Mend"
    assert bold(made) == ["Go"]


def test_small_print_is_in_italics_and_apart_from_the_rest() -> None:
    blocks = (cards.Section("Words"), cards.Context("Since 10:39"), cards.Footer("Version 3"))
    (page,) = shown(Card("s", blocks)).pages
    assert page.text == "Words\n\nSince 10:39\nVersion 3"
    assert [page.text[one.start : one.end] for one in page.spans] == ["Since 10:39", "Version 3"]
    assert {one.look for one in page.spans} == {"italic"}


def labels_in(made: Drawn) -> list[list[str]]:
    """The keyboard as people see it."""
    rows = made.keyboard.inline_keyboard if made.keyboard else ()
    return [[one.text for one in row] for row in rows]


def hung(*labels: str, more: tuple[str, ...] = ()) -> Card[str]:
    """A card with these buttons."""
    return Card(
        "s",
        (
            Actions(
                tuple(Button(one, Action(one), token=f"m{one}") for one in labels),
                tuple(Button(one, Action(one), token=f"m{one}") for one in more),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("labels", "more", "rows"),
    [
        (("Take", "Reply"), (), [["Take", "Reply"]]),
        (("1", "2", "3"), (), [["1", "2", "3"]]),
        (("1", "2", "3", "4"), (), [["1", "2"], ["3", "4"]]),
        (("Take", "Take it backwards"), ("Note",), [["Take"], ["Take it backwards"], ["Note"]]),
        (("Take", "take it back"), ("Note",), [["Take", "take it back"], ["Note"]]),
        (("TAKE", "TAKE IT BACK"), ("Note",), [["TAKE", "TAKE IT BACK"], ["Note"]]),
        (("TAKE", "TAKE IT BACK!"), ("Note",), [["TAKE"], ["TAKE IT BACK!"], ["Note"]]),
        (
            ("Yes, it works again", "No, it does not work"),
            (),
            [["Yes, it works again"], ["No, it does not work"]],
        ),
        (("我在路上了我在", "到了"), (), [["我在路上了我在", "到了"]]),
        (("我在路上了我在路", "到了"), (), [["我在路上了我在路"], ["到了"]]),
    ],
)
def test_buttons_stand_beside_each_other_when_they_can_be_read_so(
    labels: tuple[str, ...], more: tuple[str, ...], rows: list[list[str]]
) -> None:
    assert labels_in(shown(hung(*labels, more=more))) == rows


def test_a_button_that_leads_somewhere_is_a_link_where_telegram_takes_it() -> None:
    desk = Button("Desk", Action("desk"), "primary", token="m1", link="https://muster.example/n")
    odd = Button("Odd", Action("odd"), "danger", token="m2", link="http://localhost/n")
    made = shown(Card("s", (Actions((desk, odd)),)))
    first, second = buttons(made)
    assert (first.url, first.callback_data) == ("https://muster.example/n", None)
    assert (second.url, second.callback_data, second.style) == (None, "m2", "danger")


def test_a_repeat_says_so_and_what_can_be_ended_has_its_button() -> None:
    labels = Labels(repeat="Perhaps again", leave="Enough")
    made = drawn(Post("d", "News.", repeat=True, leave="https://m.example/leave?a=1"), labels)
    assert seen(made) == "News.\n\nPerhaps again"
    assert made.keyboard is not None
    assert inline(made.keyboard.to_dict()) == {
        "inline_keyboard": [[{"text": "Enough", "url": "https://m.example/leave?a=1"}]]
    }
    (loss,) = drawn(Post("d", "News.", leave="http://localhost/x"), labels).losses
    assert loss.what == "link"


def test_a_card_of_nothing_but_buttons_says_what_it_is_about() -> None:
    assert seen(shown(hung("Take"))) == "s"


# --- forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(FORMS))
@pytest.mark.parametrize("language", SPEECH.languages)
def test_every_question_of_every_form_fits_with_all_its_answers(name: str, language: str) -> None:
    say = SPEECH.speaker(language, "Europe/London", AT, NAMES.get)
    for asked_of in ("", "Ana"):
        for each in asked(FORMS[name], asked_of):
            card = tokens(spoken(each, say))
            made = shown(card)
            assert faults(made) == []
            assert (len(made.pages), made.losses) == (1, ())
            assert live(made.pages[0]) == []
            assert has_all_buttons(made, card)


@pytest.mark.parametrize("name", list(FORMS))
def test_every_question_goes_out_with_the_longest_texts_too(name: str) -> None:
    say = SPEECH.speaker("ru", "Europe/London", AT, NAMES.get)
    for each in asked(FORMS[name]):
        card = tokens(spoken(each, lambda phrase: f"{say(phrase)} {LONG}"))
        made = shown(card)
        assert faults(made) == []
        assert len(made.pages) <= limits.PARTS
        assert has_all_buttons(made, card)
