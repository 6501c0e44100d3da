"""Forms: asked on the state as it is, checked, never overwriting, nothing typed ever lost."""

from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.cards import Action, Arg
from bot.core.incident_commands import AssessIncident, RestrictIncident
from bot.core.priority import Level
from bot.core.texts import t
from bot.engine.heard import Given
from bot.engine.ports import Opened, Reply
from bot.views.forms import FORMS
from bot.views.look import OPEN_FORM
from tests.engine.front_kit import MINUTE, Room, room

HOUR = 60 * MINUTE


async def opened(one: Room, who: str, label: str, place: str = "team") -> Opened:
    reply = await one.press(who, one.button(label, place), place=place)
    assert reply.form is not None, reply.text
    return reply.form


def values(form: Opened) -> dict[str, object]:
    return dict(form.state.answers)


async def test_what_is_missing_is_said_by_its_question_and_the_form_stays(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        form = await opened(one, "ana", "Update")
        reply = await one.send("ana", form, {"words": "", "audience": "staff", "next": "last"})
        assert reply.faults == {"words": "This one needs an answer before we can go on."}
        assert not reply.text


async def test_a_form_says_which_incident_it_is_about(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        form = await opened(one, "ana", "Update")
        reference = (await one.office.desk.incident(stream)).reference
        assert form.state.form.intro is not None
        assert form.say(form.state.form.intro).endswith(f", {reference}")


async def test_what_was_refused_stands_there_when_the_form_is_opened_again(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        form = await opened(one, "ana", "Update")
        long = "x" * 3_001
        reply = await one.send("ana", form, {"words": long, "audience": "staff", "next": None})
        assert "Please shorten this" in reply.faults["words"]
        again = await opened(one, "ana", "Update")
        assert values(again) == {"words": long, "audience": "staff", "next": None}
        sent = await one.send("ana", again, {"words": "Ok", "audience": "staff", "next": "last"})
        assert sent.text == "Published."
        assert values(await opened(one, "ana", "Update")) == {}


async def test_what_is_typed_is_kept_sealed(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        form = await opened(one, "ana", "Reply")
        await one.send("ana", form, {"words": "Dear Carol" * 400})
        (row,) = await one.office.store.select("drafts")
        assert "Dear Carol" not in str(row)
        assert row["subject"]


async def test_a_field_that_somebody_changed_is_shown_with_both_values(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.joins("ben", "agent")
        stream = await one.incident()
        form = await opened(one, "ana", "Assess")
        assert set(values(form)) == {"impact", "urgency"}
        change = AssessIncident(incident=stream, impact=Level.HIGH, urgency=Level.HIGH)
        await one.office.press(change, "ben")
        low: dict[str, Given] = {"impact": "low", "urgency": "low"}
        reply = await one.send("ana", form, low)
        assert reply.form is not None
        assert values(reply.form) == low
        helps = [reply.form.say(x.help) for x in reply.form.state.form.questions if x.help]
        assert helps == ["It says meanwhile: High"] * 2
        assert reply.form.say(reply.form.state.form.intro or t("")).startswith("Somebody changed")
        state = await one.office.desk.incident(stream)
        assert (state.impact, state.urgency) == (Level.HIGH, Level.HIGH)
        assert "Assessed" in (await one.send("ana", reply.form, low)).text
        assert (await one.office.desk.incident(stream)).impact is Level.LOW


async def test_what_nobody_else_changed_is_taken_at_once(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        form = await opened(one, "ana", "Assess")
        await one.press("ana", one.button("Take"))
        reply = await one.send("ana", form, {"impact": "low", "urgency": "low"})
        assert reply.form is None
        assert (await one.office.desk.incident(stream)).impact is Level.LOW


async def test_a_choice_shows_what_depends_on_it_and_keeps_what_was_typed(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        form = await opened(one, "ana", "Ask for resources")
        some: dict[str, Given] = {"template": "other", "needed": "2"}
        reply = await one.send("ana", form, some, part=True)
        assert reply.form is not None
        assert values(reply.form) == some
        assert reply.form.ref == form.ref
        # Sent without what had not been there to fill in: the form comes anew, and says so once.
        reply = await one.send("ana", form, some)
        assert reply.form is not None
        assert set(reply.faults) == {""}
        # What stood there and was left empty has its own sentence.
        form = reply.form
        reply = await one.send("ana", form, {**some, "what": "", "skill": None})
        assert set(reply.faults) == {"what", "skill"}


async def test_a_claim_by_the_clock_says_when(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.joins("rob", "resource")
        stream = await one.incident()
        form = await opened(one, "ana", "Ask for resources")
        asked: dict[str, Given] = {"template": "other", "what": "Ladder", "skill": "first_aid"}
        assert (await one.send("ana", form, asked)).text == "Resources are being asked."
        await one.office.advance(MINUTE)
        claim = await opened(one, "rob", "At another time", "crew")
        reply = await one.send("rob", claim, {"when": "other", "time": "25:00"}, place="crew")
        assert "such as 14:05" in reply.faults["time"]
        reply = await one.send("rob", claim, {"when": str(30 * MINUTE)}, place="crew")
        assert reply.text.startswith("It is yours. Thank you. Expected at")
        (place,) = (await one.office.desk.incident(stream)).tasks[0].places
        assert place.eta == one.office.clock.now() + 30 * MINUTE


async def test_a_form_sent_twice_counts_once(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        form = await opened(one, "ana", "Update")
        said: dict[str, Given] = {"words": "Soon.", "audience": "staff", "next": str(HOUR)}
        first = await one.send("ana", form, said, source="sent")
        again = await one.send("ana", form, said, source="sent")
        assert first.text == again.text == "Published."
        assert (await one.office.desk.incident(stream)).updates == 1


async def test_what_takes_a_proof_leads_to_the_desk_and_keeps_the_words(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        one.office.desk.machine.engine.beside.reach = _many
        form = await opened(one, "ana", "Update")
        said: dict[str, Given] = {"words": "Soon.", "audience": "public", "next": str(HOUR)}
        reply = await one.send("ana", form, said)
        assert "done on the desk" in reply.text
        assert reply.link.startswith("http://muster.test/desk/incidents/N-")
        assert not reply.faults
        assert (await one.office.desk.incident(stream)).updates == 0
        assert values(await opened(one, "ana", "Update")) == said


async def _many(*given: object) -> int:
    return 1_000_000


async def test_a_refusal_of_the_house_keeps_the_form_open(tmp_path: Path) -> None:
    """Personal data of the customer in a text for everybody."""
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        form = await opened(one, "ana", "Update")
        said: dict[str, Given] = {
            "words": "Call carol@example.org",
            "audience": "public",
            "next": str(HOUR),
        }
        reply = await one.send("ana", form, said)
        assert set(reply.faults) == {""}
        assert reply.faults[""]
        assert reply.form is not None
        assert values(reply.form) == said


async def test_a_restricted_incident_opens_no_form_for_who_may_not_see_it(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("sue", "supervisor")
        await one.joins("ana", "agent")
        stream = await one.incident()
        tokens = [one.button(label) for label in ("Assess", "Update", "Reply")]
        form = await opened(one, "ana", "Assess")
        hide = RestrictIncident(incident=stream, visibility="restricted", reason="asked for")
        await one.office.press(hide, "sue")
        for token in tokens:
            reply = await one.press("ana", token)
            assert reply.form is None
            assert "or you may not see it" in reply.text
        assert "may not see it" in (await one.send("ana", form, {"impact": "low"})).text


async def test_a_form_of_somebody_else_is_no_way_in(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        form = await opened(one, "ana", "Note")
        reply = await one.send("mallory", form, {"words": "haha"})
        assert "make a code" in reply.text
        assert (await one.office.desk.incident(stream)).status == "open"


@pytest.mark.parametrize("key", list(FORMS))
async def test_no_form_raises_whatever_stands_in_it(tmp_path: Path, key: str) -> None:
    """Every form, on every stream that it could be about, with anything in it."""
    async with room(tmp_path) as one:
        await one.joins("ana", "agent", "resource", "supervisor")
        stream = await one.incident()
        report = (await one.office.desk.incident(stream)).first_report
        asking = await one.front.askers.asking(one.heard("ana"))
        odd: list[dict[str, Given]] = [
            {},
            {"words": "\ud800", "reason": "\x00", "when": "9" * 30, "time": "::", "needed": "1e9"},
            {"words": inf, "needed": -inf, "when": nan, "next": inf},
            {"words": 7, "impact": ("low",), "note": True, "call_off": ("x", "1"), "next": "-1"},
            {"words": "x" * 70_000, "audience": "nobody", "when": "other", "template": "\u202e"},
        ]
        named: list[dict[str, Arg]] = [{"incident": stream, "task": n} for n in (1, -9)]
        for about in (*named, {}):
            action = Action(OPEN_FORM, {"form": key, "report": str(report), **about})
            form = await one.front.forms.opened(asking, action, stream)
            for given_ in odd if form else []:
                for part in (True, False):
                    reply = await one.send("ana", form, given_, part=part, seen=-5)
                    assert isinstance(reply, Reply)
            await one.office.clock.advance(MINUTE)


ANSWERS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.just(("a", "b"))
)
KEYS = st.sampled_from(["words", "audience", "next", "impact", "urgency", "note", "when", "x.y"])


async def test_nothing_that_is_given_raises(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        forms = [await opened(one, "ana", label) for label in ("Update", "Assess", "Note")]
        found: list[tuple[str, dict[str, Given], bool, int]] = []

        @settings(max_examples=40, suppress_health_check=list(HealthCheck), database=None)
        @given(
            st.one_of(st.text(max_size=30), st.sampled_from([x.ref for x in forms])),
            st.dictionaries(KEYS, ANSWERS, max_size=6),
            st.booleans(),
            st.integers(-5, 1 << 62),
        )
        def draw(ref: str, answers: dict[str, Given], part: bool, seen: int) -> None:
            found.append((ref, answers, part, seen))

        draw()
        for ref, answers, part, seen in found:
            form = Opened(ref, forms[0].state, forms[0].say)
            await one.send("ana", form, answers, part=part, seen=seen)
            await one.office.clock.advance(MINUTE)
