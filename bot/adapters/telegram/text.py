"""Words as Telegram takes them: plain text, and beside it which stretches of it look otherwise.

No markup is ever parsed. Telegram makes links, mentions and commands of bare words by itself; a
sign that nobody sees keeps it from that. It counts in UTF-16 units, and so does `size`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, urlsplit

from telegram import MessageEntity

from bot.adapters.telegram import limits
from bot.core.answers import clean

Look = Literal["bold", "italic"]

JOINER = "\u2060"
"""Not seen, and no part of a name, a number or an address."""
ISOLATE, END = "\u2068", "\u2069"
"""Around words that may run from right to left, so that what stands beside them stays there."""
MORE = "…"
_LIVELY = re.compile(
    r"(?<=@)(?=\w)"  # somebody's name, or an address for mail
    r"|(?<=#)(?=[\w·])|(?<=\$)(?=[A-Za-z])"
    r"|(?<![\w/].)(?<=/)(?=\w)"  # a command
    r"|(?<=\S)(?=\.[^\W\d_])|(?<=\bwww)(?=\.)"  # the dots of a host
    r"|(?<=\d)(?=\.\d{1,3}\.\d{1,3}\.\d)"
    r"|(?<=\w:)(?=//)|(?<=\btg:)(?=\S)|(?<=\bton:)(?=\S)|(?<=\btonsite:)(?=\S)"
    r"|(?<=\bmailto:)(?=\S)|(?<=\btel:)(?=\S)|(?<=\bsms:)(?=\S)",
    re.IGNORECASE,
)
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_TAKEN = re.compile("[\r\u2028-\u202e]")
"""What Telegram takes out of every text."""
_IN_LINKS = "%/:?#[]@!$&'()*+,;=~-._"
_JOINING = ("Mn", "Mc", "Me", "Cf", "Sk")
_FAR = 64
"""No sign of a script is made of more."""
_SENTENCE = re.compile(r"[.!?…。！？؟]['\"”»)]*\s")


def size(words: str) -> int:
    """So many units Telegram counts."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def seen(words: str) -> str:
    """Without what nobody can see; a sign where nothing would be left, since Telegram wants one."""
    return _TAKEN.sub("", clean(words)).strip() or "-"


def dead(words: str) -> str:
    """The words as people see them, in which nothing comes alive.

    Telephone numbers stay as they are: who is on the way wants to call, and no harm is in them.
    """
    return _LIVELY.sub(JOINER, seen(words))


def aside(words: str) -> str:
    """The words so that they do not turn round what stands beside them in the same line."""
    if "\n" in words or not any(unicodedata.bidirectional(x) in _RIGHT_TO_LEFT for x in words):
        return words
    return f"{ISOLATE}{words}{END}"


def one_line(words: str) -> str:
    """The words in a line of their own."""
    return " ".join(seen(words).split())


def head(words: str, most: int) -> str:
    """The beginning that fits into `most` units, no sign of it broken."""
    end = _fitting(words, most)
    return words[: _whole(words, end)] if end < len(words) else words


def cut(words: str, most: int) -> str:
    """As much of it as fits into `most` units, "…" where it was longer."""
    if size(words) <= most:
        return words
    return head(words, most - size(MORE)).rstrip() + MORE


def href(url: str) -> str | None:
    """An address of a page that Telegram takes for a button; None for anything else."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "." not in host.strip("."):
        return None
    found = quote(url, safe=_IN_LINKS)
    return found if len(found) <= limits.URL else None


# --- texts that look somehow -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, by its characters, and how it looks."""

    start: int
    end: int
    look: Look


@dataclass(frozen=True, slots=True)
class Styled:
    """A text and how its stretches look; they lie apart and in order."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def __add__(self, other: "Styled") -> "Styled":
        far = len(self.text)
        later = (replace(one, start=one.start + far, end=one.end + far) for one in other.spans)
        return Styled(self.text + other.text, (*self.spans, *later))

    @property
    def entities(self) -> tuple[MessageEntity, ...]:
        """As Telegram takes them."""
        return tuple(self._entities())

    def _entities(self) -> Iterator[MessageEntity]:
        at = units = 0
        for one in self.spans[: limits.ENTITIES]:
            units += size(self.text[at : one.start])
            long = size(self.text[one.start : one.end])
            yield MessageEntity(type=one.look, offset=units, length=long)
            at, units = one.end, units + long

    def between(self, start: int, end: int) -> "Styled":
        """A part of it."""
        inside = (
            Span(max(one.start, start) - start, min(one.end, end) - start, one.look)
            for one in self.spans
            if one.start < end and one.end > start
        )
        return Styled(self.text[start:end], tuple(inside))


def said(words: str, look: Look | None = None) -> Styled:
    """Words, looking one way all through."""
    return Styled(words, (Span(0, len(words), look),) if look and words else ())


def joined(parts: Iterable[Styled], between: str) -> Styled:
    """All of them, with `between` between two."""
    whole = Styled()
    for number, one in enumerate(parts):
        whole = whole + said(between if number else "") + one
    return whole


def pages(whole: Styled, most: int = limits.TEXT) -> list[Styled]:
    """The text in pages of at most `most` units, split where a reader would pause."""
    made: list[Styled] = []
    text, start = whole.text, 0
    while size(rest := text[start:]) > most:
        found = start + _pause(rest, _fitting(rest, most))
        made.append(_trimmed(whole.between(start, found)))
        start = found + len(text[found:]) - len(text[found:].lstrip())
    made.append(_trimmed(whole.between(start, len(text))))
    return [one for one in made if one.text]


def _trimmed(page: Styled) -> Styled:
    return page.between(0, len(page.text.rstrip()))


def _fitting(words: str, most: int) -> int:
    """How many characters fit into `most` units."""
    raw = words[: max(0, most)].encode("utf-16-le", "surrogatepass")[: 2 * max(0, most)]
    return len(raw.decode("utf-16-le", "ignore"))


def _pause(words: str, end: int) -> int:
    """Where before `end` a page may end: after a paragraph, a line, a sentence, a word, a sign."""
    for mark, least in (("\n\n", end // 3), ("\n", end // 2)):
        if (found := words.rfind(mark, least, end + 1)) > 0:
            return found
    ends = [one.end() - 1 for one in _SENTENCE.finditer(words, end // 2, end + 1)]
    if ends:
        return ends[-1]
    found = words.rfind(" ", end // 2, end + 1)
    return found if found > 0 else _whole(words, end)


def _whole(words: str, end: int) -> int:
    """The last place at or before `end` that is not within a sign as people see it."""
    for at in range(end, max(0, end - _FAR), -1):
        if not _is_within(words, at):
            return at
    return max(1, end)


def _is_within(words: str, at: int) -> bool:
    """Whether what stands before and after `at` is one sign to the eye."""
    if not 0 < at < len(words):
        return False
    if unicodedata.category(words[at]) in _JOINING or "\ufe00" <= words[at] <= "\ufe0f":
        return True
    if words[at - 1] in ("\u200d", JOINER):
        return True
    flags = 0
    while at - flags > 0 and "\U0001f1e6" <= words[at - 1 - flags] <= "\U0001f1ff":
        flags += 1
    return flags % 2 == 1 and "\U0001f1e6" <= words[at] <= "\U0001f1ff"
