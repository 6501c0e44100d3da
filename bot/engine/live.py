"""Open pages: each follows a few topics and is told which things under them changed.

What changed is kept as a set, not as a queue: ten quick changes of one thing are one item, a
slow reader holds no more than there are things, and nothing is dropped. What the reader then
shows is the newest state, read when it is about to be sent.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.report import Report
from bot.engine.handle import Engine
from bot.engine.hub import Ailed, Changed, Mailed, News, Rang, Settled, SignedOut, Typing
from bot.engine.loops import Loop

BEAT: Millis = 1_000
BEATS = 15
"""Every page hears something each 15 seconds, a fifteenth of them each second."""

TURN = 50
REST = 0.01
"""Of the customers of one incident 50 are told at once, and 5,000 in a second."""

BOARD = "board"
TASKS = "tasks"
STATUS = "status"
PEOPLE = "people"
TYPING = "typing"
AILING = "ailing"
MAJORS = "majors"
"""What is declared, or was: the band above every page of the staff."""

Change = tuple[str, str]
"""Topic and thing: (`board`, an incident's id), (`ring`, why)."""

_TOPICS = {
    "incidents": BOARD,
    "reports": BOARD,
    "tasks": TASKS,
    "updates": STATUS,
    "people": PEOPLE,
}


def customers_of(incident: StreamId) -> str:
    """The topic of those who reported it; they hear of a change after those who work on it."""
    return f"customers:{incident}"


class Feed:
    """One open page. `serial` tells it from others; `closed` for good."""

    def __init__(self, serial: int, topics: Iterable[str]) -> None:
        self.serial = serial
        self.topics = frozenset(topics)
        self.closed = False
        self._changes: dict[Change, None] = {}
        self._wake = asyncio.Event()

    def tell(self, topic: str, thing: str) -> None:
        """Something changed; telling it again before it was taken changes nothing."""
        self._changes[topic, thing] = None
        self._wake.set()

    def beat(self) -> None:
        """Come up for air, changed or not."""
        self._wake.set()

    def close(self) -> None:
        """No more changes will come."""
        self.closed = True
        self._wake.set()

    async def take(self) -> list[Change]:
        """What changed, as soon as something has; nothing at a beat or when it is closed."""
        if not self.closed:
            await self._wake.wait()
        self._wake.clear()
        taken = list(self._changes)
        self._changes.clear()
        return taken


class Feeds(Loop):
    """All open pages of this process; a worker whose turns are their heartbeats."""

    name = "feeds"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._feeds: dict[int, Feed] = {}
        self._by_topic: dict[str, dict[int, Feed]] = defaultdict(dict)
        self._serial = 0
        self._closing = False
        self._beats = 0
        self._settled: dict[StreamId, bool] = {}
        engine.hub.listen(self._hear)

    @contextmanager
    def open(self, *topics: str) -> Iterator[Feed]:
        """A page that follows `topics` for as long as the block lasts."""
        self._serial += 1
        feed = Feed(self._serial, ())
        self._feeds[feed.serial] = feed
        self.wake()
        self._engine.metrics.streams.inc()
        try:
            self.follow(feed, topics)
            if self._closing:
                feed.close()
            yield feed
        finally:
            self.follow(feed, ())
            del self._feeds[feed.serial]
            self._engine.metrics.streams.dec()

    def follow(self, feed: Feed, topics: Iterable[str]) -> None:
        """From now on these topics and no others."""
        fresh = frozenset(topics)
        for topic in feed.topics - fresh:
            self._by_topic[topic].pop(feed.serial, None)
            if not self._by_topic[topic]:
                del self._by_topic[topic]
        for topic in fresh - feed.topics:
            self._by_topic[topic][feed.serial] = feed
        feed.topics = fresh

    @property
    def count(self) -> int:
        """How many pages are open."""
        return len(self._feeds)

    def close(self) -> None:
        """Let every page go, and each that comes after; they find their way back by themselves."""
        self._closing = True
        for feed in list(self._feeds.values()):
            feed.close()

    async def turn(self) -> Millis | None:
        """The heartbeat of those whose turn it is."""
        self._beats += 1
        waiting = [stream for stream, waits in self._settled.items() if waits]
        self._settled = dict.fromkeys(waiting, False)
        for stream in waiting:
            self._tell(stream, stream)
        for feed in list(self._feeds.values()):
            if feed.serial % BEATS == self._beats % BEATS:
                feed.beat()
        return self._clock.now() + BEAT if self._feeds else None

    # --- what is heard -----------------------------------------------------------------------

    def _hear(self, news: News) -> None:
        if isinstance(news, Changed):
            for topic in self._topics(news):
                self._tell(topic, news.stream)
            self._tell_in_turns(customers_of(news.stream), news.stream)
        elif isinstance(news, Rang):
            self._tell(f"person:{news.person}" if news.person else f"role:{news.role}", news.why)
        elif isinstance(news, Mailed):
            self._tell(f"seat:{news.seat}", "mail")
        elif isinstance(news, SignedOut):
            self._tell(f"session:{news.session}", "ended")
        elif isinstance(news, Settled):
            self._settles(news.stream)
        elif isinstance(news, Ailed):
            self._tell(AILING, "")
        elif isinstance(news, Typing):
            self._typing(news)

    def _settles(self, stream: StreamId) -> None:
        """Its page counts what arrived: told at once, then once in a beat, however many arrive."""
        pages = [one for one in self._shown_on(stream) if one in self._by_topic]
        for page in pages:
            if page not in self._settled:
                self._tell(page, page)
            self._settled[page] = page in self._settled

    def _shown_on(self, stream: StreamId) -> Iterator[StreamId]:
        """The stream itself, and the incident on whose page it stands."""
        yield stream
        live = self._engine.streams.get(stream)
        if live is not None and isinstance(live.state, Report) and live.state.incident:
            yield live.state.incident

    def _typing(self, news: Typing) -> None:
        """The customer's pages hear it of the desk, the desk's of the customer. Lost unless the
        report is at hand.
        """
        live = self._engine.streams.get(news.report)
        report = None if live is None else live.state
        if not isinstance(report, Report):
            return
        if news.by == "customer":
            for stream in (report.stream, report.incident or ""):
                self._tell(f"{TYPING}:{stream}", report.reference)
        elif seat := self._seat(report):
            self._tell(seat, TYPING)

    def _tell(self, topic: str, thing: str) -> None:
        for feed in self._by_topic.get(topic, {}).values():
            feed.tell(topic, thing)

    def _tell_in_turns(self, topic: str, thing: str) -> None:
        """A crowd is told some at a time, so that it does not hold up those who work."""
        crowd = list(self._by_topic.get(topic, {}).values())
        for feed in crowd[:TURN]:
            feed.tell(topic, thing)
        for turn, start in enumerate(range(TURN, len(crowd), TURN), 1):
            some = crowd[start : start + TURN]
            asyncio.get_running_loop().call_later(turn * REST, _tell_all, some, topic, thing)

    def _topics(self, changed: Changed) -> Iterator[str]:
        yield from dict.fromkeys(
            topic for table, topic in _TOPICS.items() if table in changed.tables
        )
        yield changed.stream
        if STATUS in self._by_topic and "incidents" in changed.tables:
            yield STATUS
        live = self._engine.streams.get(changed.stream)
        if live is not None and isinstance(live.state, Report):
            yield from self._of_report(live.state)
        if live is not None and isinstance(live.state, Incident) and live.state.major.stage:
            yield MAJORS

    def _of_report(self, report: Report) -> Iterator[str]:
        """Its incident's page shows it, and so does every page of the customer."""
        if report.incident is not None:
            yield report.incident
            yield from self._left_behind(report.incident)
        if seat := self._seat(report):
            yield seat

    def _left_behind(self, incident: StreamId) -> Iterator[str]:
        """Pages of what was merged into it show that its reports have gone."""
        live = self._engine.streams.get(incident)
        if live is not None and isinstance(live.state, Incident):
            yield from live.state.kin.parts

    def _seat(self, report: Report) -> str:
        key = report.seat.key.open(self._engine.codec.open)
        return f"seat:{key}" if isinstance(key, str) else ""


def _tell_all(feeds: Sequence[Feed], topic: str, thing: str) -> None:
    for feed in feeds:
        feed.tell(topic, thing)


def frame(event: str, data: Any) -> bytes:
    """One frame of an event stream; data travels as JSON on one line."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {event}\ndata: {text}\n\n".encode()


HEARTBEAT = b": still here\n\n"
