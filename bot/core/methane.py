"""METHANE: what is known of a major incident, letter by letter, each with who said it and when."""

from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.major_words import LETTERS, MethaneWritten
from bot.core.personal import Personal


class Letter(Frozen):
    """What was said of one letter last: None is "unknown". Without `by` it was reported."""

    letter: str
    words: Personal | None
    at: Millis
    by: PersonId | None
    late: bool = False


class Methane(Frozen):
    """The newest version; earlier ones are read from the log. 0: nothing was written yet."""

    version: int = 0
    letters: tuple[Letter, ...] = ()

    def of(self, letter: str) -> Letter | None:
        """What was said of `letter`; None when nobody said anything, which is unknown, too."""
        return next((one for one in self.letters if one.letter == letter), None)

    def words(self, letter: str) -> Personal | None:
        """What is known of `letter`."""
        found = self.of(letter)
        return None if found is None else found.words


def evolve(methane: Methane, event: MethaneWritten) -> Methane:
    """The version after `event`; letters that it does not name stay as they are."""
    said = {
        one.letter: Letter(
            letter=one.letter, words=one.words, at=event.known_at, by=event.by, late=event.late
        )
        for one in event.findings
    }
    known = {one.letter: one for one in methane.letters} | said
    return Methane(
        version=event.number, letters=tuple(known[one] for one in LETTERS if one in known)
    )
