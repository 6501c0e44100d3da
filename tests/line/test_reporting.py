"""Somebody reports in Slack alone: question by question, by the form, of a message."""

from pathlib import Path

from tests.line.kit import ANA, CAT, LOBBY, SAM, TEAM, Line, line
from tests.slack.hands import Where

QUESTIONS_MOST = 12
ALL_AT_ONCE = {
    "safety": "No, everyone is safe",
    "what": "The lights went out",
    "category": "Power outage",
    "where": "Main street 5",
}
POWER = {
    "power.extent": "A whole floor or flat",
    "power.hazards": ["None of these"],
    "power.depends": ["Nothing of that kind"],
}
PRESSED = (
    "No, everyone is safe",
    "Something is broken or wrong",
    "Power outage",
    "A whole floor or flat",
    "Skip",
)
TICKED = ("None of these", "Nothing of that kind")


async def test_somebody_is_asked_question_by_question_in_a_direct_message(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        await one.writes(CAT, "The lights went out on the whole floor")
        card = one.cards(CAT)[-1]
        for _ in range(QUESTIONS_MOST):
            if "Send the report" not in one.slack.labels(card):
                await _answers(one, card)
            card = one.cards(CAT)[-1]
        assert "The lights went out" in one.reads(card)
        await one.presses(CAT, card, "Send the report")
        card = one.card(TEAM, ", N-")
        assert "Main street 5" in one.reads(card)
        await one.fills(ANA, card, "Reply", words="We are on our way")
        assert "We are on our way" in one.direct(CAT)[-1]
        await one.writes(CAT, "Thank you!")
        assert "Thank you!" in one.beneath(card)[-1]


async def _answers(one: Line, card: Where) -> None:
    """Whatever is asked last."""
    labels = one.slack.labels(card)
    if pressed := next((each for each in PRESSED if each in labels), None):
        await one.presses(CAT, card, pressed)
    elif "Choose" in labels:
        await one.presses(CAT, card, "Choose")
        shown = str(one.slack.modal(CAT).blocks)
        (asked,) = (each["block_id"] for each in one.slack.modal(CAT).blocks if "element" in each)
        wanted = next(each for each in TICKED if each in shown)
        await one.sends(CAT, **{asked.removeprefix("q."): [wanted]})
    else:
        await one.writes(CAT, "Main street 5")


async def test_the_form_asks_all_at_once_by_a_line_and_by_a_shortcut(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        await one.types(CAT, "", LOBBY)
        await one.chooses(CAT, "category", ALL_AT_ONCE["category"])
        asked = {each["block_id"] for each in one.slack.modal(CAT).blocks if "element" in each}
        assert {f"q.{each}" for each in POWER} <= asked, "what it adds is asked at once"
        await one.sends(CAT, **ALL_AT_ONCE, **POWER)
        assert one.slack.view(CAT) is None
        assert "Main street 5" in one.reads(one.card(TEAM, ", N-"))
        await one.slack.shortcut(SAM, "report")
        await one.rest()
        assert "q.what" in str(one.slack.modal(SAM).blocks)


async def test_an_incident_is_made_of_a_colleague_s_message(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        await one.slack.says(SAM, TEAM, "The lift has stopped <!here>, somebody is in it")
        (said,) = (each for each in one.slack.messages(TEAM) if each.user == SAM)
        await one.slack.message_shortcut(ANA, said, "incident")
        await one.rest()
        (told,) = await one.sends(ANA, category="Power outage", where="Main street 5")
        assert "Opened" in told
        card = one.card(TEAM, ", N-")
        assert "The lift has stopped" in one.reads(card)
        assert not one.slack.alive(card)
