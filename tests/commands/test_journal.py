"""An operator follows the work in the log, and reads nothing personal there."""

import random
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.commands import serve as house_command
from bot.commands.journal import TOLD, follow
from bot.core import ids
from bot.core.commands import Envelope, Identity, Place
from bot.core.personal import Personal
from bot.core.report_words import ReportDanger
from bot.settings import Settings
from bot.wiring import House
from tests.engine.kit import Desk, desk
from tests.proof.canaries import AGENT, Canary, canary, sings


async def a_life(house: Desk) -> Canary:
    """A report is sent, taken, resolved, disputed, resolved again, confirmed and rated."""
    follow(house.machine.engine)
    await house.join(AGENT)
    one = canary(1, random.Random(5))
    await sings(house, one)
    await house.settle()
    return one


async def test_each_change_that_an_operator_follows_is_one_line(tmp_path: Path) -> None:
    with capture_logs() as lines:
        async with desk(tmp_path) as house:
            await a_life(house)
    told = [line for line in lines if "reference" in line]
    assert [line["event"] for line in told] == [
        "report sent",
        "report linked",
        "incident opened",
        "incident acknowledged",
        "incident taken",
        "incident resolved",
        "incident reopened",
        "incident acknowledged",
        "incident taken",
        "incident resolved",
        "incident closed",
    ]
    assert all(line["log_level"] == "info" for line in told)
    assert all(ids.read_reference(line["reference"]) for line in told)
    opened = next(line for line in told if line["event"] == "incident opened")
    assert (opened["priority"], opened["category"]) == ("P2", "power")
    taken = next(line for line in told if line["event"] == "incident taken")
    assert taken["owner"] == house.people[AGENT]


async def test_no_personal_value_reaches_the_log(tmp_path: Path) -> None:
    with capture_logs() as lines:
        async with desk(tmp_path) as house:
            one = await a_life(house)
    said = repr(lines)
    assert "incident closed" in said
    needles = [*one.words.values(), one.who, AGENT, AGENT.title(), "Lane 3", "fuse", "web"]
    assert [word for word in needles if word in said] == []


def test_only_fields_without_personal_values_are_told() -> None:
    """A sealed value, or anything that may hold one, is never among the fields of a line."""
    words = {"note", "words", "reason", "what", "facts", "value"}
    for event, (_, fields) in TOLD.items():
        for name in fields:
            assert name not in words
            assert Personal.__name__ not in str(event.model_fields[name].annotation)


async def test_the_running_house_follows_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Once:
        """In the place of the HTTP server: somebody is in danger, then the house is to stop."""

        def __init__(self, served: House, closing: Any, proxies: Any) -> None:
            self.house, self.closing = served, closing

        async def serve(self, **_: Any) -> None:
            who = {"channel": "web", "address": "visitor"}
            answer = await self.house.engine.handle(
                Envelope(
                    entry="web",
                    source="1",
                    command=ReportDanger(),
                    identity=Identity(channel="web", opaque="visitor"),
                    place=Place(**who),
                )
            )
            assert answer.outcome == "done"
            self.closing()

    monkeypatch.setattr(house_command, "configure", lambda form, level: None)
    monkeypatch.setattr(house_command, "build_app", lambda served: served)
    monkeypatch.setattr(house_command, "Server", Once)
    monkeypatch.setattr(house_command, "keep_what_lasts", lambda: None)
    with capture_logs() as lines:
        await house_command.serve(Settings(data=tmp_path / "data", port=0))
    said = [line["event"] for line in lines]
    assert "danger reported" in said
    assert said.index("danger reported") < said.index("stopping: what is in is being finished")
    assert said[-1] == "stopped"
