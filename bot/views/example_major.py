"""A major incident for the gallery: declared, with some posts filled and some things unknown."""

from collections.abc import Callable, Sequence

from bot.core import major_words as w
from bot.core.events import Event
from bot.core.ids import Millis, PersonId
from bot.core.personal import Personal


def declaring(
    said: Callable[[str], Personal], at: Millis, posts: Sequence[str], people: Sequence[PersonId]
) -> tuple[Event, ...]:
    """The first declares, the second stands by as deputy, the third is asked for another post."""
    ana, ben, eva = people
    found = (
        w.Finding(letter="location", words=said("12 Mill Lane, the whole building")),
        w.Finding(letter="type", words=said("No power, and the lift has stopped")),
        w.Finding(letter="hazards", words=None),
        w.Finding(letter="number", words=said("Forty flats, one person in the lift")),
    )
    first = next((one for one in posts if one not in (w.COMMANDER, w.DEPUTY)), w.DEPUTY)
    return (
        w.MajorDeclared(by=ana, criteria=(), reason=said("No end in sight"), posts=tuple(posts)),
        w.PostAccepted(post=w.DEPUTY, person=ben, before=None),
        w.PostOffered(post=first, to=eva, by=ana),
        w.MethaneWritten(
            number=1, findings=found, by=ana, known_at=at, late=False, major="declared"
        ),
    )
