"""Addresses that take nothing: the desk sees them, and writes to them again where it was mended."""

from pathlib import Path

from bot.core.calendar import DAY, MINUTE
from tests.adapters.mail import Inbox
from tests.pages.kit import Web
from tests.pages.test_desk import reported
from tests.pages.test_subscribing import SAM, asks, follows, update
from tests.pages.test_way_back_mail import mailing, quiet


async def bounced(served: Web, inbox: Inbox) -> str:
    """An incident of which an update did not reach an address that is well again."""
    _, incident, _ = await reported(served)
    await follows(served, inbox)
    inbox.says[SAM] = "550 no such user"
    await update(served, incident, "The first.")
    del inbox.says[SAM]
    return incident


async def test_the_desk_sees_which_addresses_take_nothing_and_no_more_of_them(
    tmp_path: Path,
) -> None:
    async with mailing(tmp_path) as (served, inbox):
        ana = await served.staff("Ana", "agent")
        assert "takes nothing" not in (await ana.page("/desk/deliveries")).text
        await bounced(served, inbox)
        page = await ana.page("/desk/deliveries")
        assert "1 address takes nothing" in page.text
        assert "E-mail · s…@example.org" in page.text
        assert "no such mailbox (550)" in page.text
        assert SAM not in page.text
        served.desk.clock.jump(31 * DAY)
        ana = await served.staff("Ben", "agent")
        assert "takes nothing" not in (await ana.page("/desk/deliveries")).text


async def test_whom_a_link_to_confirm_was_for_is_told_as_far_as_needed(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        inbox.says[SAM] = "550 no such user"
        await asks(served)
        ana = await served.staff("Ana", "agent")
        page = await ana.page("/desk/deliveries")
        assert page.text.count("E-mail · s…@example.org") == 2
        assert SAM not in page.text


async def test_a_message_that_is_tried_again_lifts_what_its_address_was_marked_with(
    tmp_path: Path,
) -> None:
    async with mailing(tmp_path) as (served, inbox):
        incident = await bounced(served, inbox)
        many = len(inbox.mails)
        ana = await served.staff("Ben", "agent")
        order = {"id": ana.number(), "update": f"{incident}/1"}
        assert (await ana.post("/do/replay_deliveries", order)).json()["outcome"] == "done"
        await served.desk.machine.settling.idle()
        await served.desk.clock.advance(MINUTE)
        await quiet(served)
        assert ["The first." in one for one in inbox.words()[many:]] == [True]
        await update(served, incident, "The second.")
        assert "The second." in inbox.words()[-1]
        assert "takes nothing" not in (await ana.page("/desk/deliveries")).text
