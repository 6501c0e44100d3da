"""What in a text for many would give away one: values known of an incident's people, and patterns.

A name's part that is short, or a word of everyday or of the playbook, counts only beside another
part of that name. Of a place its house and flat give away who lives there: the street, the
station, the platform may be said, and so may whatever the playbook itself says.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Literal

from bot.core.alike import STEM, forms, sought, sure
from bot.core.commands import Refused
from bot.core.disclosure_patterns import digits, looking_personal
from bot.core.folded import Folded, Word, folded, words
from bot.core.frozen import Frozen
from bot.core.ids import Millis
from bot.core.playbook import Playbook
from bot.core.texts import Text, Words, t

Kind = Literal["name", "number", "email", "place", "words"]

SHOWN = 5
NEAR = 3
"""A house number counts with a word of its street this many words away."""
TELLING = 4
"""A name's part of fewer letters says nothing alone."""
NUMBER_LEAST = 6
NUMBER_END = 8
"""Numbers are the same when this many last digits are, with or without a country's code."""

EVERYDAY = frozenset(
    words(
        "abel amber april august autumn baker banks bell best bill black blue bridge brook brooks "
        "brown bush carter case chance church coast cook cross dale dawn dean drew duke earl east "
        "faith field fields fisher ford forest frank frost gardener gardner gate glen good grace "
        "grant gray green grey hall harbour harper hart hill hills holly home hood hope house "
        "hunt hunter iris ivy jack joy june king knight lake lane laurel lily little long love "
        "lynn mark marsh martin mason max may melody mercy miles mill miller mills monday noble "
        "north olive page park parks porter potter price queen rich rivers robin rock rose rowan "
        "ruby rush sandy savage sharp shepherd short singer sky smith snow south spring star "
        "stone street strong summer summers sunday swift taylor temple town victor victoria "
        "violet walker ward waters wells west white will winter wise wolf wood woods work young "
        "вера воля гора зима весна лето лев любовь майя март мир мира надежда новый победа роза "
        "роман света светлана слава солнце север юг восток запад"
    )
)
"""Names that are words as well, and words that are names as well."""

_PUBLIC = frozenset(
    words(
        "platform terminal gate building block wing floor level storey room hall ward line route "
        "bus tram train track stop station exit entrance junction motorway road bay zone area "
        "sector dock pier berth lift stair site unit m a m4 tier stand stage section district "
        "платформа терминал выход вход здание этаж кабинет зал палата линия маршрут автобус "
        "трамвай поезд путь остановка станция зона участок сектор пирс причал лифт секция район "
        "подъезд"
    )
)
"""What stands before a number that anybody may know."""

_PLAIN = frozenset(words("the and for von van der den del ibn bin mrs miss"))


def _in_all_cases(of: Iterable[str]) -> frozenset[str]:
    """These words, and the stems of those that change with the case."""
    found = sorted(of)
    stems = (form for one in found for form in sought(one) if form.startswith(STEM))
    return frozenset((*found, *stems))


_EVERYDAY = _in_all_cases(EVERYDAY)


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """A value in clear that somebody of the incident gave, or that was written down of them."""

    kind: Kind
    value: str
    words: tuple[str, ...]
    forms: frozenset[str] = frozenset()

    @classmethod
    def of(cls, kind: Kind, value: str) -> "Known":
        """A value with its words and, of a name, how they are read, made comparable once."""
        parts = words(value)
        found = (form for one in parts for form in sought(one)) if kind == "name" else ()
        return cls(kind, value, parts, frozenset(found))


@dataclass(frozen=True, slots=True, repr=False)
class People:
    """What is known of an incident's people at the log position `position`.

    `reached` tells how many of those who reported it can still be told something; `drafts` are
    the words of its updates that wait, by number and version. The values are in clear: they are
    gathered for one decision, never kept and never shown.
    """

    known: tuple[Known, ...] = ()
    staff: tuple[str, ...] = ()
    reached: int = 0
    position: int = 0
    drafts: Mapping[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """From where to where in the text, and what stands there."""

    start: int
    end: int
    why: Text


@dataclass(slots=True)
class _Text:
    """The text that is looked at, and what was found in it."""

    whole: Folded
    words: tuple[Word, ...]
    said: frozenset[str]
    read: tuple[frozenset[str], ...]
    numbers: tuple[tuple[int, int], ...]
    common: frozenset[str]
    forms: frozenset[str]
    hits: list[Hit] = field(default_factory=list)

    def hit(self, words: Sequence[Word], why: Text) -> None:
        """These words, which stand side by side, give something away."""
        self.hits.append(Hit(words[0].start, words[-1].end, why))

    def tells(self, word: str) -> bool:
        """Whether it is no word of everyday, of the playbook or of the staff, in any case."""
        return word not in self.common and self.common.isdisjoint(
            one for one in sought(word) if one.startswith(STEM)
        )

    def runs(self, wanted: Sequence[str]) -> Iterator[Sequence[Word]]:
        """Where these words stand one after another."""
        size = len(wanted)
        for start in range(len(self.words) - size + 1):
            run = self.words[start : start + size]
            if [one.text for one in run] == list(wanted):
                yield run


NAME = t("a name that we know from a report")
NUMBER = t("a phone number that we know from a report")
EMAIL = t("an e-mail address that we know from a report")
PLACE = t("the house number of somebody who reported")
WORDS = t("somebody's own answer")


def disclosed(text: str, people: People, playbook: Playbook, at: Millis) -> tuple[Hit, ...]:
    """Everything in `text` that would give somebody away, in order, none inside another."""
    whole = folded(text)
    own = _own(playbook)
    staff = frozenset(part for name in people.staff for part in words(name))
    read = tuple(_read(one, text) for one in whole.words())
    looked = _Text(
        whole=whole,
        words=whole.words(),
        said=frozenset(one.text for one in whole.words()),
        read=read,
        forms=frozenset(chain.from_iterable(read)),
        numbers=tuple(found.span() for found in _DIGITS.finditer(whole.text)),
        common=_EVERYDAY | own.common | _in_all_cases(staff),
    )
    for one in people.known:
        _FINDS[one.kind](looked, one)
    for (start, end), why in looking_personal(whole.text, at):
        if not own.says(whole.text[start:end]):
            looked.hits.append(Hit(*whole.span(start, end), why))
    return _apart(looked.hits)


def _read(word: Word, text: str) -> frozenset[str]:
    """The forms of a word; "Ann's" is Ann, too, though apostrophes are folded away."""
    found = forms(word.text)
    owns = _OWNS.search(text[word.start : word.end])
    return found | forms(word.text[:-1]) if owns else found


_OWNS = re.compile("\\w['’‘`´ʼ][sS]$")


def _apart(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The longest of those that overlap."""
    kept: list[Hit] = []
    for one in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def refused(text: str, hits: Sequence[Hit]) -> Refused:
    """Why `text` does not go out, with the words as their author wrote them."""
    told = [t("“{words}” ({why})", words=text[one.start : one.end], why=one.why) for one in hits]
    listed = told[0]
    for one in told[1:SHOWN]:
        listed = t("{first}, {second}", first=listed, second=one)
    if len(told) > SHOWN:
        listed = t("{first} and more", first=listed)
    return Refused(
        code="personal",
        text=t(
            "Nothing was sent. This would tell people something personal: {listed}. "
            "Say it without that, and publish again.",
            listed=listed,
        ),
    )


# --- values that are known -------------------------------------------------------------------


def _name(text: _Text, known: Known) -> None:
    if text.forms.isdisjoint(known.forms):
        return
    parts = [one for one in known.words if len(one) > 1 and one not in _PLAIN]
    telling = [one for one in parts if len(one) >= TELLING and text.tells(one)]
    met = [[one for one in parts if forms_of & sought(one)] for forms_of in text.read]
    for place, one in enumerate(text.words):
        beside = met[place + 1] if place + 1 < len(met) else []
        if any(part != other for part in met[place] for other in beside):
            text.hit(text.words[place : place + 2], NAME)
        elif any(_alone(text, place, part) for part in telling if part in met[place]):
            text.hit((one,), NAME)


def _alone(text: _Text, place: int, part: str) -> bool:
    """Whether the word there gives away this part of a name without another one beside it."""
    word, shared = text.words[place].text, text.read[place] & sought(part)
    if part in text.read[place]:
        return True
    return len(word) >= TELLING and text.tells(word) and any(map(sure, shared))


def _number(text: _Text, known: Known) -> None:
    if not text.numbers:
        return
    wanted = digits(folded(known.value.split("#")[0]).text).lstrip("0")
    for start, end in text.numbers if len(wanted) >= NUMBER_LEAST else ():
        if wanted[-NUMBER_END:] in digits(text.whole.text[start:end]):
            text.hits.append(Hit(*text.whole.span(start, end), NUMBER))


def _email(text: _Text, known: Known) -> None:
    if known.words and text.said >= set(known.words):
        for run in text.runs(known.words):
            text.hit(run, EMAIL)


def _place(text: _Text, known: Known) -> None:
    if text.said.isdisjoint(known.words):
        return
    streets = [one for one in known.words if len(one) > 2 and one.isalpha() and one not in _PUBLIC]
    for place, part in enumerate(known.words):
        before = known.words[place - 1] if place else ""
        if part[0].isdigit() and len(part) <= NUMBER_LEAST and before not in _PUBLIC:
            _house(text, part, streets)


def _house(text: _Text, house: str, streets: Sequence[str]) -> None:
    for place, one in enumerate(text.words):
        if one.text != house or (place and text.words[place - 1].text in _PUBLIC):
            continue
        start = max(0, place - NEAR)
        near = range(start, min(len(text.words), place + NEAR + 1))
        named = [index for index in near if _is_one_of(text.read[index], streets)]
        if named:
            first, last = min(*named, place), max(*named, place)
            text.hit(text.words[first : last + 1], PLACE)


def _is_one_of(readings: frozenset[str], streets: Sequence[str]) -> bool:
    return any(readings & sought(one) for one in streets)


def _words(text: _Text, known: Known) -> None:
    wanted = known.words
    if not text.said >= set(wanted):
        return
    marked = any(any(sign.isdigit() for sign in one) and len(one) > TELLING for one in wanted)
    if marked or (1 < len(wanted) <= NUMBER_LEAST and not text.common >= set(wanted)):
        for run in text.runs(wanted):
            text.hit(run, WORDS)


_FINDS: Mapping[Kind, Callable[[_Text, Known], None]] = {
    "name": _name,
    "number": _number,
    "email": _email,
    "place": _place,
    "words": _words,
}
_DIGITS = re.compile(r"\d(?:[\W_]{0,3}\d){5,}")


# --- what the playbook itself says -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Own:
    common: frozenset[str]
    numbers: frozenset[str]
    text: str

    def says(self, piece: str) -> bool:
        """It is the organisation's own number or address."""
        return piece in self.text or digits(piece) in self.numbers


@lru_cache(maxsize=4)
def _own(playbook: Playbook) -> _Own:
    texts = [folded(one).text for one in _texts(playbook)]
    numbers = {digits(found) for text in texts for found in _LINES.findall(text)}
    return _Own(
        common=_in_all_cases(one for text in texts for one in words(text)),
        numbers=frozenset(numbers),
        text="\n".join(texts),
    )


_LINES = re.compile(r"\d(?:[ ().\-/]{0,3}\d){2,}")


def _texts(value: object) -> Iterator[str]:
    """Every text of the organisation, wherever it stands in the playbook."""
    if isinstance(value, Words):
        yield from value.by.values()
    elif isinstance(value, str):
        return
    elif isinstance(value, Frozen):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one)
