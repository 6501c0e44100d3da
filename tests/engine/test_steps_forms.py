"""Every form, asked question by question, asks the house for the same as on a sheet."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from bot.core.cards import Action, Arg, Button
from bot.core.commands import Answer, Command, Envelope
from bot.core.forms import Question, QuestionType
from bot.core.incident_commands import AskForResource, OpenIncident
from bot.core.incident_words import Fact
from bot.core.major_words import DeclareMajor, OfferPost
from bot.core.report_words import AnswerQuestion, BeginReport
from bot.core.resource_words import BidForTask
from bot.core.steps import asked_now
from bot.engine.handle import Engine
from bot.engine.heard import Given, Submitted
from bot.engine.steps_walks import Walks
from bot.views.forms import FORMS
from bot.views.look import OPEN_FORM
from tests.engine.front_kit import MINUTE
from tests.engine.steps_kit import Steps, steps_room
from tests.engine.talking import asdict_of
from tests.views.test_forms import TYPED

OWN = {
    "report",
    "question",
    "reply",
    "ready_answer",
    "report_note",
    "sum_up_distress",
    "false_alarm",
    "vulnerability",
}
POSTS = {
    "take_post",
    "offer_post",
    "accept_post",
    "decline_post",
    "take_back_offer",
    "release_post",
}
ANA = "ana"


async def _named(one: Steps, key: str) -> dict[str, Arg]:
    """What the button of that form names."""
    stream = await one.incident()
    ask = AskForResource(incident=stream, what="Bring a ladder", skill="first_aid")
    await one.office.press(ask, ANA)
    answer = await one.office.press(BeginReport(), "dave", "web")
    report = str(answer.data["stream"])
    if key in OWN:
        return {"report": report, "field": "safety"} if key == "question" else {"report": report}
    other = {"step": "acknowledge", "holder": "per_" + "B" * 26, "report": report}
    return {"incident": stream, "task": 1, "draft": 1, "version": 1, **other}


async def _with_posts(one: Steps, stream: str) -> dict[str, str]:
    """It is a major incident: Ana commands, Ben is her deputy and is asked for another post."""
    ben = await one.joins("ben", "agent")
    await one.office.press(DeclareMajor(incident=stream, reason="The whole street"), ANA)
    await one.office.press(OfferPost(incident=stream, post="deputy"), "ben")
    await one.office.press(OfferPost(incident=stream, post="scribe", to=ben), ANA)
    return {"to": ben}


async def _with_colleague(one: Steps, stream: str) -> dict[str, str]:
    """Ben could come, too."""
    return {"to": await one.joins("ben", "resource")}


async def _with_agent(one: Steps, stream: str) -> dict[str, str]:
    """Ben is on, too."""
    return {"to": await one.joins("ben", "agent")}


async def _with_bid(one: Steps, stream: str) -> dict[str, str]:
    """Ben says when he could be there."""
    ben = await one.joins("ben", "resource")
    wanted = AskForResource(incident=stream, what="A lift", skill="first_aid", how="bids")
    await one.office.press(wanted, ANA)
    eta = one.office.clock.now() + 30 * MINUTE
    await one.office.press(BidForTask(incident=stream, task=2, eta=eta), "ben")
    return {"bid": f"2:{ben}:{eta}"}


async def _with_another(one: Steps, stream: str) -> dict[str, str]:
    """Ana has just opened another one in the same place."""
    said = {"what": "The lift is stuck", "where": "12 Mill Lane"}
    for field, value in said.items():
        await one.office.press(AnswerQuestion(field=field, value=value), "carol", "web")
    facts = tuple(Fact(field=field, value=value) for field, value in said.items())
    opened = OpenIncident(report=None, category="power", facts=facts)
    answer = await one.office.press(opened, ANA)
    return {"other": str(answer.data["stream"])}


BEFORE: Mapping[str, Callable[[Steps, str], Awaitable[dict[str, str]]]] = {
    **dict.fromkeys(POSTS, _with_posts),
    "offer_place": _with_colleague,
    "hand_over": _with_agent,
    "award": _with_bid,
    "alike": _with_another,
}
"""What has happened before a form makes sense, and which answer that makes."""


async def asked(one: Steps, who: str = ANA) -> Question | None:
    """The question that is open for somebody."""
    parts = one.office.desk.machine.parts
    walks = Walks(parts.store, parts.codec, parts.clock, parts.chance)
    (walk,) = await walks.of(parts.codec.identity_key("test", who))
    token = await one.office.deliveries.tokens.find(walk.way.ref)
    assert token is not None
    about = await one.front.forms.about(token)
    assert about is not None
    return asked_now(about.form(walk.way.walked.said), walk.way.walked)


async def _chosen(one: Steps, question: Question, value: object) -> None:
    """The choice of that value, on whichever page it is."""

    def found() -> Button[str] | None:
        buttons = one.newest(ANA).buttons
        return next((x for x in buttons if x.action.args.get("value") == value), None)

    while (button := found()) is None:
        await one.presses(ANA, "More choices")
    await one.presses_token(ANA, button.token, one.message(ANA))


async def answers(one: Steps, question: Question, typed: dict[str, object]) -> None:
    """Whoever is asked presses or writes what a sheet would hold."""
    value = typed.get(question.key)
    if value is None:
        await one.presses(ANA, "Skip")
    elif question.type is QuestionType.CHOICE:
        await _chosen(one, question, value)
    elif question.type is QuestionType.YES_NO:
        await one.presses(ANA, "Yes" if value == "yes" else "No")
    elif question.type is QuestionType.MULTI_CHOICE:
        for each in value if isinstance(value, list) else []:
            await _chosen(one, question, each)
        await one.presses(ANA, "Done")
    else:
        await one.writes(ANA, str(value))


@pytest.mark.parametrize("key", list(FORMS))
async def test_a_form_asked_question_by_question_brings_the_same_command(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with steps_room(tmp_path) as one:
        await one.joins(ANA, "agent", "resource", "supervisor")
        args = await _named(one, key)
        before = BEFORE.get(key)
        chosen = {} if before is None else await before(one, str(args["incident"]))
        await one.office.advance(MINUTE)
        brought: list[Command] = []

        async def handle(engine: Engine, envelope: Envelope) -> Answer:
            brought.append(envelope.command)
            return Answer()

        monkeypatch.setattr(Engine, "handle", handle)
        typed = {**(TYPED[key] or {"safety": "no"}), **chosen}
        given: dict[str, Given] = {
            name: tuple(one) if isinstance(one, list) else str(one) for name, one in typed.items()
        }
        heard = one.heard(ANA, ANA)
        asking = await one.front.askers.asking(heard)
        action = Action(OPEN_FORM, {"form": key, **args})
        opened = await one.front.forms.opened(asking, action)
        assert opened is not None
        token = await one.office.deliveries.tokens.find(opened.ref)
        assert token is not None
        seen = max(opened.state.changed_at.values(), default=0)
        sent = Submitted(**asdict_of(heard), ref=opened.ref, given=given, seen=seen)
        whole = await one.front.forms.submit(asking, sent, token)
        assert not whole.faults, whole.faults
        (command,) = brought
        brought.clear()

        await one.seen(await one.front.steps.begin(asking, opened), heard)
        for _ in range(30):
            question = None if brought else await asked(one)
            if question is None:
                break
            await answers(one, question, typed)
        if not brought:
            form = opened.state.form
            await one.presses(ANA, opened.say(form.submit))
        assert brought == [command]
