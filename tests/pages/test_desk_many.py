"""An incident of many: conversations in which nothing was said yet are folded."""

from pathlib import Path

from tests.pages.kit import web
from tests.pages.test_desk import reported

FOLDED = '<details class="folded" data-key="talk-'


async def test_with_many_customers_only_who_said_something_stands_open(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        first, one, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        for _ in range(3):
            _, other, _ = await reported(served)
            await ana.done("merge_incident", incident=other, into=one)
        await ana.done("take_incident", incident=one)
        page = await ana.page(f"/desk/incidents/{reference}")
        assert page.text.count("Reply to the customer") == 4
        assert (await ana.get(f"/desk/incidents/{reference}")).text.count(FOLDED) == 4
        await first.did("write_message", words="Is anybody coming?")
        assert (await ana.get(f"/desk/incidents/{reference}")).text.count(FOLDED) == 3


async def test_with_a_few_all_stand_open(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, one, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        _, other, _ = await reported(served)
        await ana.done("merge_incident", incident=other, into=one)
        assert FOLDED not in (await ana.get(f"/desk/incidents/{reference}")).text
