"""From messages to words: gettext catalogues, plural forms, local time, names.

English is the key itself; every other language has `locale/LANGUAGE/LC_MESSAGES/muster.po`,
compiled in memory when it is loaded. `./dev sh python -m tests.catalogues` collects the marked
messages of the source and brings the catalogues up to date.

    catalogues = Catalogues.load()
    say = catalogues.speaker("ru", zone="Europe/London", now=now, name=names.get)
    say(t("{who} took it at {time}", who=Who(person="p1"), time=When(at=now)))
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal
from babel.units import format_unit

from bot.core.personal import Personal
from bot.core.texts import (
    PLACEHOLDER,
    Arg,
    Phrase,
    Ref,
    Span,
    Style,
    Text,
    When,
    Who,
    Words,
    fill,
    t,
)

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "muster"
SOURCE = "en"
PSEUDO = "xx"
# Plain English is British here, as its spelling is; en-US and others keep their own clock.
_REGIONS = {SOURCE: "en_GB", PSEUDO: "en_GB"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEK = timedelta(days=6)
_UNITS = (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000))


class _Pseudo(NullTranslations):
    """English with accents, brackets and a third more room: shows what is not translated."""

    _ACCENTS = str.maketrans("aceilnosuyACEILNOSUY", "àçéîļñöšûýÀÇÉÎĻÑÖŠÛÝ")

    def gettext(self, message: str) -> str:
        parts = PLACEHOLDER.split(message)
        parts[::2] = [part.translate(self._ACCENTS) for part in parts[::2]]
        parts[1::2] = [f"{{{name}}}" for name in parts[1::2]]
        return f"[{''.join(parts)}{'·' * (len(message) // 3)}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says phrases in one language, in one time zone, at one moment, to one reader.

    `now` (milliseconds) lets near times leave out the date. `name` gives the name of a person
    for this reader, or None when there is none to be shown.
    """

    language: str
    catalogue: NullTranslations
    locale: Locale
    zone: ZoneInfo
    now: int | None
    name: Callable[[str], str | None]

    def __call__(self, phrase: Phrase | str) -> str:
        """`phrase` in words. A plain string is a message key without arguments."""
        if isinstance(phrase, Words):
            return phrase.pick(self.language, self.language.partition("-")[0])
        message = t(phrase) if isinstance(phrase, str) else phrase
        values = {name: self._value(arg) for name, arg in message.args.items()}
        return fill(self._message(message), values)

    def _message(self, message: Text) -> str:
        if not message.key:  # gettext would answer with the head of the catalogue
            return ""
        count = message.args.get("n")
        if message.plural and isinstance(count, int):
            return self.catalogue.ngettext(message.key, message.plural, count)
        return self.catalogue.gettext(message.key)

    def _value(self, arg: Arg) -> str:
        match arg:
            case str():
                said = arg
            case int():
                said = format_decimal(arg, locale=self.locale)
            case When():
                said = self._time_in_sentence(arg)
            case Span():
                said = self.span(arg.ms)
            case Who():
                said = self.name(arg.person) or self(t("someone"))
            case Ref():
                said = arg.ref
            case Personal():
                said = self._personal(arg)
            case _:
                said = self(arg)
        return said

    def _personal(self, arg: Personal) -> str:
        """The words, when they are at hand. Raises LookupError for a value still sealed."""
        return self(t("[deleted]")) if arg.erased else str(arg.plain())

    def time(self, when: When) -> str:
        """A moment in local time."""
        local = (_EPOCH + timedelta(milliseconds=when.at)).astimezone(self.zone)
        clock = format_time(local, "short", locale=self.locale)
        if when.style is Style.TIME:
            return clock
        date = format_skeleton(self._skeleton(when.style, local), local, locale=self.locale)
        if when.style is Style.DATE:
            return date
        today = self.now is not None and local.date() == self._today()
        return clock if when.style is Style.NEAR and today else f"{date} {clock}"

    def _time_in_sentence(self, when: When) -> str:
        """The same where words such as "at" and "by" stand before it: "07:00 on Mon"."""
        clock = self.time(when.model_copy(update={"style": Style.TIME}))
        day = self.time(when).removesuffix(clock).rstrip()
        if when.style is not Style.NEAR or not day:
            return self.time(when)
        return self(t("{clock} on {day}", clock=clock, day=day))

    def _today(self) -> object:
        return (_EPOCH + timedelta(milliseconds=self.now or 0)).astimezone(self.zone).date()

    def _skeleton(self, style: Style, local: datetime) -> str:
        """How much of the date is needed."""
        if style is not Style.NEAR or self.now is None:
            return "yMMMEd"
        now = (_EPOCH + timedelta(milliseconds=self.now)).astimezone(self.zone)
        if abs(local - now) < _WEEK:
            return "E"
        return "MMMEd" if local.year == now.year else "yMMMEd"

    def span(self, ms: int) -> str:
        """A length of time in its two largest units: "1 hour 30 minutes"."""
        parts = []
        for unit, size in _UNITS:
            count, ms = divmod(ms, size)
            if count:
                parts.append(format_unit(count, f"duration-{unit}", "long", locale=self.locale))
        return " ".join(parts[:2]) or format_unit(0, "duration-second", "long", locale=self.locale)


def _nobody(person: str) -> None:
    """No names are shown."""


@dataclass(frozen=True, slots=True)
class Catalogues:
    """All languages at hand, English first."""

    by: Mapping[str, NullTranslations]

    @classmethod
    def load(cls, folder: Path = FOLDER, pseudo: bool = False) -> "Catalogues":
        """Read and compile every catalogue; `pseudo` adds the test language xx.

        Raises OSError when a file cannot be read, ValueError when one is damaged.
        """
        files = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
        found: dict[str, NullTranslations] = {SOURCE: NullTranslations()}
        for path in files:
            look = path.stat()
            found[path.parent.parent.name] = _compiled(path, look.st_mtime_ns, look.st_size)
        return cls(by=found | ({PSEUDO: _Pseudo()} if pseudo else {}))

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the product texts."""
        return tuple(self.by)

    def best(self, wanted: Iterable[str]) -> str:
        """The first of the wanted languages (`ru-RU`, `ru`) that is at hand, else English."""
        for tag in wanted:
            for one in (tag, tag.partition("-")[0].lower()):
                if one in self.by:
                    return one
        return SOURCE

    def speaker(
        self,
        language: str,
        zone: str = "UTC",
        now: int | None = None,
        name: Callable[[str], str | None] = _nobody,
    ) -> Speaker:
        """Somebody who speaks `language`, or English with its own words where it has none."""
        catalogue = self.by[self.best([language])]
        return Speaker(language, catalogue, _locale(language), ZoneInfo(zone), now, name)

    def text(self, phrase: Phrase | str, language: str, /, **args: Arg) -> str:
        """`phrase` in `language`, times in UTC; `args` belong to a plain message key."""
        said = Text(key=phrase, args=args) if isinstance(phrase, str) else phrase
        return self.speaker(language)(said)


@lru_cache(maxsize=16)
def _compiled(path: Path, changed: int, size: int) -> NullTranslations:
    """One file; whoever asks again for what has not changed gets the same."""
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parent.parent.name, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is damaged: {error}") from error
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return GNUTranslations(buffer)


@lru_cache(maxsize=256)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(_REGIONS.get(language, language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_REGIONS[SOURCE])
