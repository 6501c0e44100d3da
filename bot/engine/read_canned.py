"""Ready answers as the desk offers them beside a conversation."""

from dataclasses import dataclass

from bot.core.canned import offered, ready
from bot.core.report import Report
from bot.core.reporting import chosen
from bot.core.texts import Words
from bot.engine.read import Reads


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready answer: what the agent finds it by, and how this customer reads it."""

    key: str
    title: Words
    text: str


def ready_answers(reads: Reads, state: Report) -> tuple[Ready, ...]:
    """Those that fit the report, in its customer's language."""
    playbook = reads.playbook
    found = offered(playbook, chosen(state.known()))
    return tuple(
        Ready(key, one.title, ready(playbook, key, state.language)) for key, one in found.items()
    )
