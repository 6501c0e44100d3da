"""Who may what in Telegram: by looking after a group, and where nobody writes as themselves."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.commands import Place
from tests.line import tg
from tests.line.tg import ANN, CAL, FORUM, NEWS, SUE, Phones, phones
from tests.line.tg_story import begun
from tests.telegram.state import Message

BOARD = -1004


async def _hidden(one: Phones) -> str:
    """Somebody on the web lets few see the incident; its reference."""
    assert one.site is not None
    ada = await one.site.staff("Ada")
    incident = await one.incident()
    reason = {"visibility": "restricted", "reason": "A child is hurt"}
    await ada.done("restrict_incident", incident=incident.stream, **reason)
    await one.shown()
    return incident.reference


async def test_who_looks_after_a_group_has_a_role_by_it_for_as_long_as_they_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    led = {"supervisor": (Place("telegram", f"{FORUM}/admins"),)}
    monkeypatch.setattr(tg, "places", lambda slack, was=tg.places: replace(was(slack), groups=led))
    async with phones(tmp_path) as one:
        await begun(one)
        reference = await _hidden(one)

        async def sees() -> bool:
            before = len(one.telegram.ours(ANN))
            await one.telegram.commands(ANN, ANN, f"/show {reference}")
            await one.shown()
            (told,) = one.telegram.ours(ANN)[before:]
            return reference in told.text

        assert not await sees()
        await one.telegram.promotes(ANN, FORUM)
        assert await sees()
        await one.telegram.promotes(ANN, FORUM, "member")
        assert not await sees()
        await one.telegram.promotes(ANN, FORUM)
        await one.telegram.leaves(ANN, FORUM, by=CAL)
        assert not await sees()


def _of_ours(one: Phones) -> list[Message]:
    return one.telegram.ours(BOARD)


async def test_a_channel_follows_when_who_looks_after_it_says_so_to_us_alone(
    tmp_path: Path,
) -> None:
    async with phones(tmp_path) as one:
        one.telegram.channel(BOARD, "Board", admins=[SUE])
        await begun(one)
        for line in (f"/subscribe {NEWS}", f"/subscribe {BOARD} nonsense"):
            await one.telegram.commands(SUE, SUE, line)
        await one.telegram.commands(ANN, ANN, f"/subscribe {BOARD}")
        await one.shown()
        no = "Only somebody who works here and looks after a place there"
        told = (*one.telegram.ours(SUE)[-2:], one.telegram.last(ANN))
        assert [no in x.text for x in told] == [True] * 3
        assert _of_ours(one) == []
        await one.telegram.commands(SUE, SUE, f"/subscribe {BOARD}")
        await one.shown()
        assert "The whole place hears of it from now on." in one.said(SUE)
        assert one.site is not None
        ada = await one.site.staff("Ada")
        incident = (await one.incident()).stream
        update = {"words": "An electrician is there.", "audience": "public", "next_in": 30}
        await ada.done("publish_update", incident=incident, **update)
        await one.shown()
        (news,) = [x for x in _of_ours(one) if "An electrician is there." in x.text]
        await one.taps(SUE, news, "Tell this place no more of this")
        await ada.done("publish_update", incident=incident, **{**update, "words": "Half is done."})
        await one.shown()
        assert "Half is done." not in one.said(BOARD)
