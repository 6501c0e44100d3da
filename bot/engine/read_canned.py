"""Ready answers as the desk offers them beside a conversation."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.canned import offered, ready
from bot.core.incident import Incident
from bot.core.report import Report
from bot.core.reporting import chosen
from bot.core.texts import Phrase, Ref, t
from bot.engine.read import Reads


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready answer: what the agent finds it by, and how this customer reads it."""

    key: str
    title: Phrase
    text: str


async def ready_answers(reads: Reads, state: Report) -> tuple[Ready, ...]:
    """Those that fit the report, in its customer's language; first what helps until the problem
    behind its incident is put right.
    """
    playbook = reads.playbook
    found = offered(playbook, chosen(state.known()))
    incident = None if state.incident is None else await reads.state(state.incident)
    known = tuple(_workaround(reads, incident)) if isinstance(incident, Incident) else ()
    rest = (
        Ready(key, one.title, ready(playbook, key, state.language)) for key, one in found.items()
    )
    return (*known, *rest)


def _workaround(reads: Reads, state: Incident) -> Iterator[Ready]:
    """By its incident alone, which knows of none that few may see."""
    said = reads.said(state.problem.workaround) if state.problem.of else None
    if said:
        ref = Ref(ref=state.problem.reference)
        yield Ready("", t("Workaround of problem {ref}", ref=ref), said)
