"""Drafts of updates: how the default playbook decides them, and one that waits."""

from typing import Any

from bot.core.approval_words import (
    ApproveUpdate,
    BreakGlass,
    ReviseDraft,
    SendBackDraft,
    WithdrawDraft,
)
from bot.core.commands import Actor, Command
from bot.core.disclosure import Known, People
from bot.core.incident_commands import (
    PublishUpdate,
)
from bot.core.incident_words import Audience
from bot.core.rules import Decision
from tests.workflows.desk import P2, Desk, taken
from tests.workflows.kit import (
    ANA_ACTS,
    CAREFUL,
    HOUR,
    INCIDENT,
    actor,
)

EVE_ACTS = actor("per_" + "E" * 26, "supervisor")
WORDS = "Half of the houses have power again. We mend the second cable. Keep fridges shut."
APPROVE = ApproveUpdate(incident=INCIDENT, draft=1, version=1)
BACK = SendBackDraft(incident=INCIDENT, draft=1, version=1, reason="Say what people should do")
GLASS = BreakGlass(incident=INCIDENT, draft=1, version=1, reason="No supervisor answers")
DROP = WithdrawDraft(incident=INCIDENT, draft=1)


def known(desk: Desk, *about: Known, reached: int = 1) -> People:
    """What the engine gathers: who is known, and the words of what waits."""
    waiting = {
        (one.number, one.version): (
            str(one.words.plain()),
            *(str(other.words.plain()) for other in one.also),
        )
        for one in desk.incident.drafting.open
    }
    return People(tuple(about), (), reached, 0, waiting)


def do(desk: Desk, command: Command, by: Actor, *about: Known, **more: Any) -> Decision:
    """Decided by the default playbook, approvals and all."""
    people = known(desk, *about, reached=more.pop("reached", 1))
    return desk.do(command, by, **{"playbook": CAREFUL, "people": people, **more})


def publish(desk: Desk, audience: Audience = "public", **more: Any) -> PublishUpdate:
    said = {"incident": INCIDENT, "words": WORDS, "audience": audience, "next_by": desk.at + HOUR}
    return PublishUpdate.model_validate({**said, **more})


def drafted(answers: dict[str, Any] | None = None, **more: Any) -> Desk:
    """A P2 of which Ana wrote an update for everybody."""
    desk = taken(P2 if answers is None else answers)
    do(desk, publish(desk), ANA_ACTS, **more)
    return desk


def revise(desk: Desk, words: str = "All houses have power again.", **more: Any) -> ReviseDraft:
    said = {"incident": INCIDENT, "draft": 1, "words": words, "next_by": desk.at + 2 * HOUR}
    return ReviseDraft.model_validate({**said, **more})
