"""Who said what to whom: every sentence has a mark, and marks must not turn up where they may not.

So the words of one customer never reach another, notes of the staff reach none, and what was
acknowledged is in the log once.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.core.commands import Command
from bot.core.incident_commands import WriteIncidentNote
from bot.core.report_words import ReplyToCustomer, WriteMessage, WriteNote

MARK = re.compile(r"m\d+m")
STAFF = "*staff*"


def marks_in(text: str) -> list[str]:
    """The marks of the sentences in a text."""
    return MARK.findall(text)


@dataclass
class Marks:
    """`meant` says for whom a sentence is (an account, or STAFF); `kept` what was acknowledged."""

    meant: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    def said(self, who: str, command: Command, customer: bool) -> None:
        """Somebody sends a command."""
        said = marks_in(command.model_dump_json())
        if customer:
            self._mean(said, who)
        elif isinstance(command, WriteNote | WriteIncidentNote):
            self._mean(said, STAFF)
        elif isinstance(command, ReplyToCustomer):
            self._mean(said, self.owners.get(command.report, STAFF))

    def wrote(self, who: str, words: str) -> None:
        """A customer writes in a chat."""
        self._mean(marks_in(words), who)

    def _mean(self, said: Iterable[str], whom: str) -> None:
        for mark in said:
            self.meant.setdefault(mark, whom)

    def done(self, command: Command) -> None:
        """It was acknowledged."""
        if isinstance(command, WriteMessage | ReplyToCustomer | WriteNote | WriteIncidentNote):
            about = self.owners.get(getattr(command, "report", ""), "")
            for mark in marks_in(command.model_dump_json()):
                self.kept[mark] = about or self.meant.get(mark, STAFF)

    def forget(self, who: str) -> None:
        """Whatever was said by or about somebody is erased."""
        self.kept = {mark: whom for mark, whom in self.kept.items() if whom != who}

    def astray(self, text: str, reader: str) -> list[str]:
        """The marks in a text that its reader, a customer, may not see."""
        return [one for one in marks_in(text) if self.meant.get(one, reader) != reader]

    def faults(self, events: Iterable[tuple[str, str, str]]) -> list[str]:
        """What was lost or doubled, by all events of the log (stream, tag, text)."""
        found: Counter[tuple[str, str, str]] = Counter()
        there: set[str] = set()
        for stream, tag, text in events:
            for mark in set(marks_in(text)):
                found[stream, tag, mark] += 1
                there.add(mark)
        said = [
            f"I2 {mark} is {n} times {tag} of {at}" for (at, tag, mark), n in found.items() if n > 1
        ]
        lost = [
            f"I1 {mark} of {who} is lost" for mark, who in self.kept.items() if mark not in there
        ]
        return said + lost
