"""Practice 1.4: a bid with three ETAs, on the web, in Slack and in Telegram, through the real door:
the dispatcher chooses one, who is told everything, the others are told that they are free, and the
customer hears who comes without anybody typing it.
"""

from pathlib import Path

import pytest

from bot.core.calendar import MINUTE
from bot.core.commands import Place
from bot.places import Where
from tests.line import kit, tg
from tests.line.tg import BO, CREW, phones

SOON, LATER = "I could be there in 15 minutes", "I could be there in 1 hour"


usual = tg.places


def places(slack: bool) -> Where:
    """The crew is in both."""
    found = usual(slack)
    crew = (Place("slack", kit.CREW), Place("telegram", str(CREW)))
    return Where({**found.places, "field_crew": crew, "safety_crew": crew}, found.groups)


async def test_a_bid_with_three_etas_on_three_channels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tg, "places", places)
    async with phones(tmp_path, slack=True) as one:
        assert one.site is not None
        customer, incident = await one.team.incident()
        dana = await one.site.staff("Dana", "agent")
        rita = await one.site.staff("Rita", "resource")
        me = {"incident": incident.stream}
        wanted = {"what": "Find the fault", "skill": "electrical", "whom": "bids"}
        await dana.done("ask_for_resource", **me, **wanted)
        await one.shown()
        task = len((await one.incident()).tasks)
        on = {**me, "task": task}

        await rita.done("bid_for_task", **on, minutes=45, note="With a ladder")
        in_slack = one.team.card(kit.CREW, f"task {task}")
        await one.team.presses(kit.BEN, in_slack, SOON)
        in_telegram = one.card(CREW, f"task {task}")
        await one.taps(BO, in_telegram, LATER)

        call = (await one.incident()).tasks[-1].call
        assert [round((x.eta - one.clock.now()) / MINUTE) for x in call.nearest] == [15, 45, 60]
        ben = call.nearest[0]
        page = (await dana.page(f"/desk/incidents/{incident.reference}")).text
        assert "Rita" in page
        assert "With a ladder" in page

        await dana.done("award_task", **on, person=ben.person, eta=ben.eta)
        await one.shown()
        (place,) = (await one.incident()).tasks[-1].places
        assert place.person == ben.person
        assert any("You took task" in x for x in one.team.direct(kit.BEN)), "briefed"
        assert "You are free" in one.said(BO)
        assert "You are free" not in "\n".join(one.team.direct(kit.BEN))
        late = await rita.do("bid_for_task", **on, minutes=5)
        assert late["outcome"] == "refused"
        assert late["text"].startswith("Ben took it at")
        heard = str(await customer.state())
        assert "Help is coming" in heard
