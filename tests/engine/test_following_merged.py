"""Who was told of an incident is told how it goes on in the one that it was merged into."""

from pathlib import Path

from bot.core.ids import StreamId
from bot.core.incident_commands import OverridePriority
from bot.core.moving_words import MergeIncident
from bot.core.person_words import Subscribe
from bot.core.priority import Priority
from tests.engine.delivery import Office, office
from tests.engine.test_audience import MINUTE, incident, publish, told
from tests.engine.test_following import sorted_as

AFTER = "All of it is repaired."


async def of(one: Office, who: str, category: str, priority: Priority) -> StreamId:
    stream = await incident(one, who)
    await sorted_as(one, stream, category)
    level = OverridePriority(incident=stream, priority=priority, reason="looked at")
    await one.desk.done(level, "ana")
    return stream


async def test_who_followed_its_category_or_priority_hears_the_one_that_goes_on(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        stays = await of(one, "carol", "power", Priority.P3)
        second = await of(one, "carl", "it", Priority.P2)
        first = await of(one, "cora", "injury", Priority.P4)
        for who, scope in {
            "sam": "category:it",
            "sue": "priority:P2",
            "sid": "category:injury",
        }.items():
            await one.press(Subscribe(scope=scope), who)
        await publish(one, second, "public")
        await one.desk.done(MergeIncident(incident=first, into=second), "ana")
        await one.quiet()
        lower = OverridePriority(incident=second, priority=Priority.P3, reason="looked again")
        await one.desk.done(lower, "ana")
        await one.desk.done(MergeIncident(incident=second, into=stays), "ana")
        await one.quiet()
        await publish(one, stays, "public", AFTER)
        await one.advance(MINUTE)
        assert [told(one, who, AFTER) for who in ("sam", "sue", "sid")] == [1, 1, 0]
