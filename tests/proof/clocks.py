"""Business time against a watch that looks at the clock every minute (`./dev prove calendar`)."""

import random
from pathlib import Path

from tests.core.calendar_oracle import ANCHORS, WATCHED_DAYS, questions
from tests.workflows.kit import PLAYBOOK

SEED = 20261123


async def shown(folder: Path, full: bool) -> tuple[bool, list[str]]:
    """Ten thousand random cases when `full`, each of another calendar and moment."""
    calendars, each = (1_000, 10) if full else (135, 4)
    wrong: list[str] = []
    asked = 0
    try:
        for _ in questions(random.Random(SEED), calendars, each, PLAYBOOK):
            asked += 1
    except AssertionError as fault:
        wrong.append(str(fault)[:400])
    lines = [
        (
            f"{asked:,} random cases on {calendars:,} random calendars around {len(ANCHORS)} days "
            "on which a clock somewhere does something odd, or a year ends, or a leap day comes: "
            "is it open, when does it open, when is time up, how much has passed, when promises "
            "are due and what a hold makes of them"
        ),
        (
            "each compared with a watch that looked at the local clock every minute of "
            f"{WATCHED_DAYS} days"
        ),
        f"answers that differ: {len(wrong)}",
        *wrong,
    ]
    return not wrong, lines
