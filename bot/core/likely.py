"""How likely two are the same incident: points of what can be compared, and why in words.

Whatever somebody wrote is compared folded (`bot.core.folded`), by whole words and, where they are
misspelt, by how much they are alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from rapidfuzz import fuzz

from bot.core import alike, folded
from bot.core.forms import Location, QuestionType, Value
from bot.core.ids import Millis, StreamId
from bot.core.likely_words import Likely, Reason
from bot.core.playbook import ReportPlan
from bot.core.playbook_duplicates import Duplicates
from bot.core.playbook_forms import intake_form
from bot.core.priority import Priority

WORDS_MOST = 60
"""How many words of a story are compared."""
LEAST = 3
ALIKE = 78
"""From how many points of 100 two streets are one."""
CLOSE, NEAR = 60, 300
"""Metres within which a point on the map is the same place, or close by."""
TELLING = 3
"""So many words in common count in full."""
MANY = 3
_EARTH = 6_371_000
_SAYS_NOTHING = frozenset(
    folded.words(
        "the and for has have had was were with that this there from our out not are but can all "
        "cannot since you your they his her its been what when where who just still very please "
        "help все как это так что нет уже или для при под над она они оно его еще мне нас вас был "
        "была было быть меня тут там где когда весь вся помогите пожалуйста очень"
    )
)


@dataclass(frozen=True, slots=True, repr=False)
class Traits:
    """What of a report or an incident is compared. Words are folded; `spot` is in degrees."""

    category: str = ""
    place: str = ""
    spot: tuple[float, float] | None = None
    answers: tuple[tuple[str, Value], ...] = ()
    words: tuple[str, ...] = ()
    story: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """An open incident that is looked at."""

    incident: StreamId
    reference: str
    opened_at: Millis
    traits: Traits
    reports: int = 0
    priority: Priority = Priority.P4
    danger: bool = False
    published: bool = False


def traits(
    plan: ReportPlan, category: str, given: Mapping[str, object], places: Iterable[str] = ()
) -> Traits:
    """What can be compared of answers in clear; erased ones are None.

    `places` are questions whose equal answers mean the same place.
    """
    asked = {one.key: one.type for one in intake_form(plan, category).questions}
    where, spot, said = "", None, ""
    for key, value in given.items():
        if asked.get(key) is QuestionType.LOCATION:
            where, spot = _located(value) if not where else (where, spot)
        elif asked.get(key) is QuestionType.LONG_TEXT and isinstance(value, str):
            said = f"{said} {value}"
    words = tuple(dict.fromkeys(_telling(said)))[:WORDS_MOST]
    return Traits(
        category=category,
        place=" ".join(sorted(folded.words(where))),
        spot=spot,
        answers=tuple((key, _plain(given[key])) for key in places if given.get(key) is not None),
        words=words,
        story=" ".join(words),
    )


def _located(value: object) -> tuple[str, tuple[float, float] | None]:
    if isinstance(value, Location):
        value = value.model_dump()
    if not isinstance(value, dict):
        return (value, None) if isinstance(value, str) else ("", None)
    lat, lon = value.get("lat"), value.get("lon")
    spot = (float(lat), float(lon)) if lat is not None and lon is not None else None
    return str(value.get("text") or ""), spot


def _plain(value: object) -> Value:
    return value if isinstance(value, bool | int | float | str | tuple) else str(value)


def _telling(said: str) -> Iterable[str]:
    for word in folded.words(said):
        if len(word) >= LEAST and word not in _SAYS_NOTHING:
            plural = len(word) > LEAST and word.endswith("s") and not word.endswith("ss")
            yield alike.stem(word[:-1] if plural else word)


def queries(one: Traits) -> tuple[tuple[str, bool], ...]:
    """What to search for, the most telling first, and whether every word of it is wanted.

    The longest words are the rarest; the address counts whole, and then its street.
    """
    said = sorted(one.story.split(), key=len, reverse=True)
    streets = [word for word in one.place.split() if word.isalpha() and len(word) >= LEAST]
    asked = (
        (one.place, True),
        (" ".join(said[:3]), True),
        (" ".join(streets), True),
        (" ".join(said[:2]), True),
        (" ".join(said[:4]), False),
    )
    return tuple(pair for pair in dict.fromkeys(asked) if pair[0])


def compared(own: Traits, other: Other, by: Duplicates) -> Likely:
    """The points of `other`, and why."""
    parts = (_category(own, other, by), _place(own, other, by), _words(own, other, by))
    known = [one for one in parts if one is not None]
    most = sum(weight for weight, _, _ in known)
    got = sum(weight * share for weight, share, _ in known)
    score = round(100 * got / most) if most else 0
    reasons = [reason for *_, reason in known if reason is not None]
    if other.reports >= MANY or other.priority is Priority.P1:
        score = min(100, score + by.weights.many) if reasons else score
    if other.reports >= MANY:
        reasons.append(Reason(what="many", n=other.reports))
    return Likely(
        incident=other.incident,
        reference=other.reference,
        opened_at=other.opened_at,
        score=score,
        reasons=tuple(reasons),
        shown=other.published or _may_be_known(other, by),
    )


Part = tuple[int, float, Reason | None] | None
"""Weight, share of it, and why; None where one of the two says nothing of it."""


def _category(own: Traits, other: Other, by: Duplicates) -> Part:
    if not own.category or not other.traits.category:
        return None
    same = own.category == other.traits.category
    return by.weights.category, float(same), Reason(what="category") if same else None


def _place(own: Traits, other: Other, by: Duplicates) -> Part:
    theirs = other.traits
    if dict(own.answers).items() & dict(theirs.answers).items():
        return by.weights.place, 1.0, Reason(what="place")
    if own.spot and theirs.spot:
        metres = round(apart(own.spot, theirs.spot))
        if metres <= NEAR:
            why = Reason(what="place") if metres <= CLOSE else Reason(what="near", n=metres)
            return by.weights.place, 1.0 if metres <= CLOSE else 0.8, why
    if not own.place or not theirs.place:
        return None if not (own.spot and theirs.spot) else (by.weights.place, 0.0, None)
    (street, houses), (other_street, other_houses) = _split(own.place), _split(theirs.place)
    ratio = _ratio(street, other_street)
    if ratio < ALIKE:
        return by.weights.place, 0.0, None
    if houses == other_houses:
        return by.weights.place, 1.0, Reason(what="place")
    return by.weights.place, 0.9 * ratio / 100, Reason(what="address")


def _split(place: str) -> tuple[str, list[str]]:
    """The street, and the house and flat, which make two addresses of one street."""
    words = place.split()
    houses = [word for word in words if any(sign.isdigit() for sign in word)]
    return " ".join(word for word in words if word not in houses), houses


def _ratio(one: str, other: str) -> float:
    """Words that only one of them has count half: a city is no street, "street" says little."""
    return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 2


def _words(own: Traits, other: Other, by: Duplicates) -> Part:
    theirs = other.traits
    if not own.words or not theirs.words:
        return None
    there = dict.fromkeys(theirs.words)
    common = sum(word in there for word in own.words)
    ratio = fuzz.token_set_ratio(own.story, theirs.story) / 100
    needed = min(TELLING, len(own.words), len(theirs.words))
    share = ratio if common >= needed else ratio * common / needed
    return by.weights.words, share, Reason(what="words", n=common) if common else None


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points, as the crow flies."""
    north = sin(radians(other[0] - one[0]) / 2) ** 2
    east = sin(radians(other[1] - one[1]) / 2) ** 2
    inside = north + cos(radians(one[0])) * cos(radians(other[0])) * east
    return 2 * _EARTH * asin(sqrt(min(1.0, inside)))


def _may_be_known(other: Other, by: Duplicates) -> bool:
    """Whether customers may know that there is such a thing before anything was published."""
    return not other.danger and other.traits.category not in by.only_published


def _tells(one: Likely) -> bool:
    """A category alone, or that many reported it, makes no two the same."""
    return any(reason.what not in ("category", "many") for reason in one.reasons)


def _order(one: Likely) -> tuple[int, int, Millis]:
    many = max((reason.n for reason in one.reasons if reason.what == "many"), default=0)
    return -one.score, -many, one.opened_at


def likeliest(own: Traits, others: Iterable[Other], by: Duplicates) -> tuple[Likely, ...]:
    """Those that are likely the same: the likeliest, the largest, the oldest first."""
    found = [compared(own, other, by) for other in others]
    likely = [one for one in found if one.score >= by.at_least and _tells(one)]
    return tuple(sorted(likely, key=_order))[: by.offer_most]
