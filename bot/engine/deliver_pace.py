"""Pace: never more at once than a platform bears, and room left for what is pressing.

A limit is kept over any stretch of its length, not on average. What is bulk comes one by one,
evenly, and takes at most four fifths of what all destinations share; so whatever is more
pressing waits for one free place at most.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from math import ceil

import structlog

from bot.core.ids import Millis
from bot.core.intents import Lane
from bot.engine.ports import Act, Channel, Limit

log = structlog.get_logger(__name__)

BULK_SHARE = 0.8
LIMITS_KNOWN = 20_000
NEVER: Millis = -(1 << 60)


class Slot:
    """One act that was allowed: `at` is when it began, None while it has not."""

    __slots__ = ("at",)

    def __init__(self, at: Millis | None = None) -> None:
        self.at = at

    def give_back(self) -> None:
        """It will not happen."""
        self.at = NEVER


class Window:
    """One limit: the acts of the last `per` milliseconds."""

    def __init__(self, limit: Limit, began: Millis, now: Millis) -> None:
        self._most = limit.most
        self._per = limit.per
        self._even = limit.per / (limit.most * BULK_SHARE)
        self._bulk: Slot | None = None
        self._slots: deque[Slot] = deque()
        if now - began < limit.per:
            # Nobody knows what was sent before the start; places come free one by one.
            self._slots.extend(Slot(began - step) for step in self._spent())

    def _spent(self) -> Iterable[Millis]:
        return (self._per * left // self._most for left in range(self._most - 1, -1, -1))

    def free_at(self, now: Millis, bulk: bool) -> Millis:
        """When the next act may begin, `now` or later."""
        while self._slots and self._over(self._slots[0], now):
            self._slots.popleft()
        at = now
        if len(self._slots) >= self._most:
            at = self._later(self._slots[len(self._slots) - self._most], now, self._per)
        if bulk and self._bulk is not None:
            at = max(at, self._later(self._bulk, now, self._even))
        return at

    def take(self, slot: Slot, bulk: bool) -> None:
        """`slot` counts from now on."""
        self._slots.append(slot)
        if bulk:
            self._bulk = slot

    @property
    def idle(self) -> bool:
        """Nothing is known that a new window would not know."""
        return not self._slots

    def _over(self, slot: Slot, now: Millis) -> bool:
        return slot.at is not None and slot.at + self._per <= now

    def _later(self, slot: Slot, now: Millis, wait: float) -> Millis:
        return max(now, (now if slot.at is None else slot.at) + ceil(wait))


class Pacer:
    """The limits of one channel: those that all share, and those of each destination."""

    def __init__(self, shared: Iterable[Limit], began: Millis) -> None:
        self._shared = tuple(shared)
        self._windows: dict[str, Window] = {}
        self.begin(began)

    def begin(self, now: Millis) -> None:
        """What was sent before `now` is not known any more."""
        self._began = now
        self._windows.clear()

    def shared_at(self, act: Act, lane: Lane, now: Millis) -> Millis:
        """When what all destinations share has room for `lane`."""
        bulk = lane == "bulk"
        wanted = [one for one in self._shared if act in one.acts]
        return max((self._window(one, now).free_at(now, bulk) for one in wanted), default=now)

    def own_at(self, act: Act, limits: Iterable[Limit], now: Millis) -> Millis:
        """When the destination with these `limits` has room."""
        wanted = [one for one in limits if act in one.acts]
        return max((self._window(one, now).free_at(now, False) for one in wanted), default=now)

    def take(self, act: Act, lane: Lane, now: Millis) -> Slot:
        """Room for one act among all; the caller says with `slot.at` when it begins."""
        slot = Slot()
        for one in self._shared:
            if act in one.acts:
                self._window(one, now).take(slot, lane == "bulk")
        return slot

    def take_own(self, slot: Slot, act: Act, limits: Iterable[Limit], now: Millis) -> None:
        """Room for the same act at its destination."""
        for one in limits:
            if act in one.acts:
                self._window(one, now).take(slot, False)

    def _window(self, limit: Limit, now: Millis) -> Window:
        window = self._windows.get(limit.key)
        if window is None:
            window = self._windows[limit.key] = Window(limit, self._began, now)
        return window

    def forget(self, now: Millis) -> None:
        """Let go of windows in which nothing happened lately."""
        for key, window in list(self._windows.items()):
            window.free_at(now, False)
            if window.idle:
                del self._windows[key]


class Known:
    """What channels say of the limits of their destinations, kept by seat."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels
        self._limits: dict[str, Sequence[Limit]] = {}

    def of(self, seat: str) -> Sequence[Limit]:
        """As they were when something went there last."""
        return self._limits.get(seat, ())

    def ask(self, channel: str, seat: str, address: str) -> Sequence[Limit]:
        """As they are now."""
        try:
            limits = self._channels[channel].limits(address)
        except Exception:
            log.exception("a channel does not say its limits", channel=channel)
            limits = ()
        if len(self._limits) >= LIMITS_KNOWN:
            self._limits.clear()
        self._limits[seat] = limits
        return limits
