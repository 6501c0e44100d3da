"""The question before a press counts, where the platform has no dialog.

A button that asks carries its token with a mark before it. Its first press is answered by a window
with the question, and counts for nothing; the same person's next press of it counts. Nobody else
sees any of it, no message changes, and after a restart one is asked once more.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.adapters.telegram.payloads import token_of
from bot.adapters.telegram.render import Labels, question

KNOWN_MOST = 10_000
READING = 0.7
"""Seconds before which nobody has read anything: a finger that bounced."""
LONGEST = 120.0
"""Seconds after which the question is asked anew."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a press comes to: `token` counts now, or ("") `question` is to be shown first."""

    token: str = ""
    question: str = ""


class Confirms:
    """Knows the questions of the cards that went out, and whom it asked."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._questions: OrderedDict[str, str] = OrderedDict()
        self._asked: OrderedDict[tuple[str, str], float] = OrderedDict()

    def note(self, questions: Mapping[str, str]) -> None:
        """Questions by the tokens of their buttons, as `Drawn.questions` has them."""
        for token, words in questions.items():
            self._questions.pop(token, None)
            self._questions[token] = words
            if len(self._questions) > KNOWN_MOST:
                self._questions.popitem(last=False)

    def weigh(self, data: str, who: str, label: str, now: float) -> Weighed:
        """The press of a button that carries `data` and is called `label`, by the user `who`, at
        `now` (seconds of a clock that never goes back).

        The question holds as asked from here on; call `unasked` when it could not be shown.
        """
        token, asks = token_of(data)
        if not asks:
            return Weighed(token)
        asked = self._asked.pop((token, who), None)
        if asked is not None and READING <= now - asked <= LONGEST:
            return Weighed(token)
        self._asked[token, who] = now
        if len(self._asked) > KNOWN_MOST:
            self._asked.popitem(last=False)
        return Weighed(question=self._questions.get(token) or question(f"{label}?", self._labels))

    def unasked(self, data: str, who: str) -> None:
        """The question did not reach them."""
        self._asked.pop((token_of(data)[0], who), None)
