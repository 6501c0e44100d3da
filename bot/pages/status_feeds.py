"""What everybody may read, for machines: Atom (RFC 4287) and JSON, in any language there is.

An entry is one update, or that something is over: each has a name for good, so that a reader
shows it once, and again when it was corrected.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core.ids import Millis, read_reference
from bot.core.playbook_labels import Labels
from bot.core.texts import t
from bot.core.wording import FALLBACK
from bot.engine.limits import Limiter
from bot.engine.read_status import PublicIncident, PublicUpdate
from bot.pages.base import Base
from bot.pages.fresh import kept, tag_of
from bot.pages.house import House
from bot.pages.labels import ERASED, iso
from bot.pages.limited import TOO_FAST, address_of
from bot.pages.live import DAY
from bot.pages.status import DAYS, READS, VARIES
from bot.pages.words import Words
from bot.texts import Speaker
from bot.views.labels import public_status

MEDIA = {"json": "application/json", "atom": "application/atom+xml; charset=utf-8"}
STANDS = {
    "open": "known",
    "acknowledged": "known",
    "in_progress": "working",
    "on_hold": "waiting",
    "resolved": "fixed",
    "closed": "fixed",
    "merged": "over",
    "cancelled": "over",
}
"""How it stands, for machines: no more than the page says."""
SPACE = UUID("6f1c2f0e-0f5b-5f0a-9a63-6d7573746572")
"""Names for good are made in here, from which nobody learns what they were made of."""
ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ENTRIES = 100
SHAPE = 1
"""The version of the JSON; it rises when something in it changes its meaning or goes."""
KEPT_MOST = 500
# What no XML may hold, in whatever spelling.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that everyone was told at a moment; it may have been changed since."""

    name: UUID
    title: str
    at: Millis
    changed_at: Millis
    words: str
    language: str
    reference: str


@dataclass(frozen=True, slots=True)
class Made:
    """A feed, what it was made of, and the mark by which it is known again."""

    now: Sequence[PublicIncident]
    past: Sequence[PublicIncident]
    body: bytes
    tag: str


class StatusFeeds(Base):
    """Routes of the feeds."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        self._limit = Limiter(house.engine.clock, READS)
        self._made: dict[tuple[object, ...], Made] = {}

    def routes(self) -> list[BaseRoute]:
        """For everybody."""
        return [
            Route("/status.json", self.json, methods=["GET"]),
            Route("/status/feed.atom", self.atom, methods=["GET"]),
            Route("/status/{reference}/feed.atom", self.atom_of, methods=["GET"]),
        ]

    async def json(self, request: Request) -> Response:
        """What goes on and what was over lately, as data."""
        return await self._all(request, "json")

    async def atom(self, request: Request) -> Response:
        """The same as a feed."""
        return await self._all(request, "atom")

    async def atom_of(self, request: Request) -> Response:
        """A feed of one incident."""
        if self._limit.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        label = read_reference(request.path_params["reference"]) or ""
        found = await self.house.reader.public(label)
        if found is None:
            return self.words.missing(request)
        shown = replace(found, updates=tuple(one for one in found.updates if not one.withdrawn))
        return self._answer(request, "atom", (), (shown,))

    async def _all(self, request: Request, kind: str) -> Response:
        if self._limit.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        reader = self.house.reader
        # Whole days here and there differ by hours only; what is shown must not change with them.
        until = (self.now // DAY + 2) * DAY
        past = await reader.past(until - (DAYS + 1) * DAY, until)
        return self._answer(request, kind, await reader.status(), past.incidents)

    def _answer(
        self,
        request: Request,
        kind: str,
        now: Sequence[PublicIncident],
        past: Sequence[PublicIncident],
    ) -> Response:
        """Made once for everybody who reads the same, given out many times."""
        playbook = self.house.reader.playbook
        view = View(
            base=self.house.public_url or str(request.base_url).rstrip("/"),
            path=request.url.path,
            speaker=self.speaker(request),
            organisation=self.speaker(request)(playbook.organisation.name),
            labels=playbook.labels,
        )
        key = (kind, view.base, view.path, view.speaker.language, view.organisation)
        made = self._made.get(key)
        # While nothing public changes they are the very same, which is found out at no cost.
        if made is None or made.now is not now or made.past is not past:
            body = (view.json if kind == "json" else view.atom)(now, past)
            if len(self._made) >= KEPT_MOST:
                self._made.clear()
            made = self._made[key] = Made(now, past, body, tag_of(body))
        answer = kept(request, made.body, MEDIA[kind], VARIES, made.tag)
        # Everybody may read it, other sites' pages too.
        answer.headers["access-control-allow-origin"] = "*"
        answer.headers["cross-origin-resource-policy"] = "cross-origin"
        return answer


@dataclass(frozen=True, slots=True)
class View:
    """For readers of one language, who came by `base`."""

    base: str
    path: str
    speaker: Speaker
    organisation: str
    labels: Labels

    def _stands(self, one: PublicIncident) -> str:
        return self.speaker(public_status(one.status, "incident", self.labels))

    # --- Atom ----------------------------------------------------------------------------------

    def atom(self, now: Sequence[PublicIncident], past: Sequence[PublicIncident]) -> bytes:
        """The feed, the newest first."""
        every = [entry for one in (*now, *past) for entry in self._entries(one)]
        entries = sorted(every, key=lambda one: (-one.at, str(one.name)))[:ENTRIES]
        language, say = self.speaker.language, self.speaker
        feed = ET.Element("feed", {"xmlns": ATOM, XML_LANG: language})
        _put(feed, "id", uuid5(SPACE, f"{self.base}{self.path} {language}").urn)
        _put(feed, "title", say(t("{organisation}: status", organisation=self.organisation)))
        _put(feed, "updated", iso(max((one.changed_at for one in entries), default=0)))
        _put(_put(feed, "author"), "name", self.organisation)
        _link(feed, "self", self._at(self.path, language), "application/atom+xml")
        _link(feed, "alternate", self._at(self.path.removesuffix("/feed.atom"), language))
        for one in entries:
            self._entry(feed, one)
        made: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
        return made

    def _at(self, path: str, language: str) -> str:
        return f"{self.base}{path}?{urlencode({'lang': language})}"

    def _entries(self, one: PublicIncident) -> Iterator[Entry]:
        about = self._about(one)
        corrected = self.speaker(t("{about}, corrected", about=about))
        for update in one.updates:
            words, language = self._words(update)
            yield Entry(
                name=self._named(one, f"update {update.number}"),
                title=corrected if update.corrected else about,
                at=update.at,
                changed_at=update.changed_at,
                words=words,
                language=language,
                reference=one.reference,
            )
        if one.over and one.over_at is not None and not one.merged:
            said = self._stands(one)
            name = self._named(one, f"over {one.over_at}")
            language = self.speaker.language
            title, at = f"{about}: {said}", one.over_at
            yield Entry(name, title, at, at, said, language, one.reference)

    def _named(self, one: PublicIncident, what: str) -> UUID:
        """What is said in another language is another entry."""
        return uuid5(named(one), f"{what} {self.speaker.language}")

    def _about(self, one: PublicIncident) -> str:
        name = self.speaker(one.category or t("Incident"))
        return f"{name} ({one.reference})"

    def _words(self, update: PublicUpdate) -> tuple[str, str]:
        """The words, under a line that says so where they are in another language."""
        said, language, is_own = update.words.pick(self.speaker.language)
        plain = self.speaker(ERASED) if said is None else said
        label = "" if is_own else f"{self.speaker(FALLBACK)}\n"
        return label + plain, (language if is_own else "") or self.speaker.language

    def _entry(self, feed: ET.Element, one: Entry) -> None:
        entry = _put(feed, "entry")
        if one.language != self.speaker.language:
            entry.set(XML_LANG, one.language)
        _put(entry, "id", one.name.urn)
        _put(entry, "title", one.title)
        _put(entry, "published", iso(one.at))
        _put(entry, "updated", iso(one.changed_at))
        _link(entry, "alternate", self._at(f"/status/{one.reference}", self.speaker.language))
        _put(entry, "content", one.words).set("type", "text")

    # --- JSON ----------------------------------------------------------------------------------

    def json(self, now: Sequence[PublicIncident], past: Sequence[PublicIncident]) -> bytes:
        """As `docs/status.md` says."""
        found = {
            "version": SHAPE,
            "organisation": self.organisation,
            "language": self.speaker.language,
            "url": f"{self.base}/status",
            "feed": self._at("/status/feed.atom", self.speaker.language),
            "working": not now,
            "incidents": [self._incident(one) for one in now],
            "past": [self._incident(one) for one in past],
        }
        return json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8", "replace")

    def _incident(self, one: PublicIncident) -> dict[str, object]:
        return {
            "id": named(one).urn,
            "reference": one.reference,
            "url": f"{self.base}/status/{one.reference}",
            "category": None if one.category is None else self.speaker(one.category),
            "status": STANDS[one.status],
            "status_text": self._stands(one),
            "since": iso(one.opened_at),
            "over": None if one.over_at is None else iso(one.over_at),
            "goes_on_in": one.into or None,
            "updates": [self._update(one, update) for update in one.updates],
        }

    def _update(self, one: PublicIncident, update: PublicUpdate) -> dict[str, object]:
        said, language, is_own = update.words.pick(self.speaker.language)
        return {
            "id": uuid5(named(one), f"update {update.number}").urn,
            "at": iso(update.at),
            "corrected": iso(update.changed_at) if update.corrected else None,
            "next_by": None if update.next_by is None else iso(update.next_by),
            "language": language or None,
            "is_own_language": is_own,
            "text": said,
        }


def named(one: PublicIncident) -> UUID:
    """What an incident is called for machines."""
    return uuid5(SPACE, one.stream)


def _put(parent: ET.Element, name: str, words: str = "") -> ET.Element:
    """An element with a text of which everything is kept that XML can hold."""
    made = ET.SubElement(parent, name)
    made.text = _FORBIDDEN.sub("\ufffd", words) or None
    return made


def _link(parent: ET.Element, rel: str, href: str, media: str = "text/html") -> None:
    ET.SubElement(parent, "link", {"rel": rel, "type": media, "href": href})
