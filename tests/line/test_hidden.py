"""What nobody may read any more stands in Slack no longer: restricted, or erased."""

import json
from pathlib import Path

from bot.core.person_words import ErasePerson
from tests.line.kit import ANA, BEN, CAT, CREW, LOBBY, NEWS, TEAM, Line, line
from tests.line.story import begun
from tests.line.test_reporting import POWER

SECRET = "Xanthippe"
REPORT = {
    "safety": "No, everyone is safe",
    "what": f"{SECRET} has no light",
    "category": "Power outage",
    "where": f"{SECRET} street 5",
}


async def test_what_is_restricted_is_hidden_wherever_it_hangs(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        await story.followed()
        await story.taken()
        await story.told()
        assert one.site is not None
        boss = await one.site.staff("Boss", "supervisor")
        await boss.done(
            "restrict_incident",
            incident=story.state.stream,
            visibility="restricted",
            reason="Asked for",
        )
        await one.shown()
        hangs = [one.reads(each) for place in (TEAM, CREW, NEWS) for each in one.cards(place)]
        assert len(hangs) == 5
        for said in ("lights", "Main street", "mend the fault", "An electrician is there"):
            assert not [each for each in hangs if said in each]
        await boss.done(
            "restrict_incident", incident=story.state.stream, visibility="normal", reason="Over"
        )
        await one.shown()
        assert "Main street" in one.reads(one.cards(CREW)[0])
        assert "An electrician is there" in one.reads(one.card(NEWS))


async def test_of_somebody_who_was_erased_no_word_of_ours_is_left(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        await _all_said(one)
        assert len(_ours(one)) == 7
        await one.desk.join("boss")
        person = await one.house.engine.person_behind("slack", f"T1:{CAT}")
        assert person is not None
        one.slack.fails("chat.delete", times=2, status=503, body="oops")
        await one.desk.done(ErasePerson(person=person, reason="asked"), "boss")
        await one.advance()
        await one.advance()
        assert _ours(one) == []
        assert not [each for each in one.slack.world.files.values() if each.user != CAT]
        assert await one.desk.store.select("removals", limit=1) == []
        assert one.cards(CREW)


async def _all_said(one: Line) -> None:
    """A report in Slack, and everything that is said about it, with the secret in each."""
    await one.types(CAT, "", LOBBY)
    await one.sends(CAT, **REPORT, **POWER)
    card = one.card(TEAM, ", N-")
    await one.writes(CAT, f"{SECRET} is afraid")
    await one.slack.says(CAT, CAT, "", files=((f"{SECRET}.txt", b"Xanthippe"),))
    await one.shown()
    await one.fills(ANA, card, "Reply", words=f"Dear {SECRET}")
    await one.presses(BEN, one.card(CREW, "task 1"), "I am there in 15 minutes")


def _ours(one: Line) -> list[str]:
    """Everything of ours in which the secret stands."""
    every = [json.dumps(each.body) for each in one.slack.everything()]
    return [each for each in every if SECRET in each]
