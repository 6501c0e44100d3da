"""Problems in a chat, and the words of a path that reach each customer of an incident once."""

from pathlib import Path

from bot.core.moving_words import SetKind
from bot.core.path_words import DoPathStep
from bot.core.problem_words import SetWorkaround
from bot.core.report_words import WriteMessage
from bot.store.base import Put
from tests.engine.delivery import office
from tests.engine.front_kit import Room, room
from tests.engine.test_audience import MINUTE, incident, told
from tests.engine.test_major_chat import hangs

WHAT = "One switch fails again and again"
SORRY = "We are sorry that you had to wait so long."


async def more(one: Room, label: str) -> str:
    """The token of what stands behind More, on whichever page."""
    token = one.button("More")
    for _ in range(3):
        (card,) = (await one.press("ana", token)).cards
        found = {x.label: x.token for x in card.buttons}
        if label in found:
            return found[label]
        token = found["What else there is"]
    raise AssertionError(label)


async def test_practice_2_1_a_problem_is_opened_linked_and_left_in_a_chat(tmp_path: Path) -> None:
    """By a form beside the card; its own card then hangs in the team's place."""
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        form = (await one.press("ana", await more(one, "Problem behind it"))).form
        assert form is not None
        await one.send("ana", form, {"which": "new", "what": WHAT})
        await one.office.quiet()
        problem = (await one.office.desk.incident(stream)).problem.of
        assert problem is not None
        assert any("Problem: " in text for text in one.office.channel.texts("team"))
        helps = SetWorkaround(incident=problem, words="Switch it off and on")
        assert (await one.office.press(helps, "ana")).outcome == "done"
        await one.office.quiet()
        form = (await one.press("ana", await more(one, "Send the workaround"))).form
        assert form is not None
        assert dict(form.state.answers) == {"words": "Switch it off and on"}
        await one.send("ana", form, dict(form.state.answers))
        await one.office.quiet()
        assert "Switch it off and on" in [x.words for x in await one.office.letters("carol")]
        await one.press("ana", await more(one, "Not of this problem"))
        await one.office.quiet()
        assert (await one.office.desk.incident(stream)).problem.of is None
        assert (await one.office.desk.incident(problem)).problem.incidents == ()
        form = (await one.press("ana", await more(one, "Problem behind it"))).form
        assert form is not None
        choices = {x.value for x in form.state.form.questions[0].choices}
        assert choices == {"new", problem}


async def test_practice_2_1_the_words_of_a_complaint_reach_each_of_its_customers_once(
    tmp_path: Path,
) -> None:
    """Two people, one of whom reported twice from the same conversation."""
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.desk.done(SetKind(incident=stream, incident_kind="complaint"), "ana")
        last = ""
        for who in ("dave", "erin"):
            answer = await one.press(WriteMessage(words="Nobody came here either"), who)
            last = str(answer.data["stream"])
            await hangs(one, last, stream)
            await one.quiet()
        state = await one.desk.incident(stream)
        rows = {x["report"]: x for x in await one.store.select("reports", {"incident": stream})}
        assert len(rows) == state.reports == 3
        # Erin reads where Carol does.
        here = rows[state.first_report]["seat"]
        await one.store.write([Put("reports", {**rows[last], "seat": here})])
        own = state.first_report
        step = DoPathStep(incident=stream, step="acknowledge", words=SORRY, report=own)
        await one.desk.done(step, "ana")
        await one.advance(MINUTE)
        heard = [told(one, who, SORRY) for who in ("carol", "dave", "erin")]
        assert (heard[1], heard[0] + heard[2]) == (1, 1)
