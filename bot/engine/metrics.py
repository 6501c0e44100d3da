"""Counters of the house, on a registry of its own so that two houses never share one."""

from collections import Counter as Counted
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

OUTCOMES = ("done", "refused", "quarantined")


class Metrics:
    """What `/metrics` shows and the bench counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        reg = self.registry
        self._commits = Counter("muster_commits", "Durable transactions", registry=reg)
        self._units = Counter("muster_units", "Units committed", registry=reg)
        self._events = Counter("muster_events", "Events committed", registry=reg)
        self._answers = Counter("muster_answers", "Answers given", ["outcome"], registry=reg)
        self._outcomes = {name: self._answers.labels(name) for name in OUTCOMES}
        self._commit_time = Histogram(
            "muster_commit_seconds", "Time of one commit", buckets=BUCKETS, registry=reg
        )
        self._handle_time = Histogram(
            "muster_handle_seconds", "From the door to the answer", buckets=BUCKETS, registry=reg
        )
        self.queue_age = Gauge("muster_queue_age_seconds", "Oldest waiting send", registry=reg)
        self.delivery_lag = Histogram(
            "muster_delivery_lag_seconds", "From decision to delivery", registry=reg
        )
        self.timer_lag = Histogram(
            "muster_timer_lag_seconds", "How late a timer fired", registry=reg
        )
        self._late = Gauge(
            "muster_late", "What was due and has not happened", ["what"], registry=reg
        )
        self.streams = Gauge("muster_open_streams", "Open live streams to pages", registry=reg)

    def late(self, whats: Iterable[str]) -> None:
        """What the watchdog found, by what it is; nothing else is late."""
        self._late.clear()
        for what, many in Counted(whats).items():
            self._late.labels(what).set(many)

    def committed(self, units: int, seconds: float) -> None:
        """A batch of `units` was committed in `seconds`."""
        self._commits.inc()
        self._units.inc(units)
        self._commit_time.observe(seconds)

    def happened(self, events: int) -> None:
        """So many events are in the log now."""
        self._events.inc(events)

    def answered(self, outcome: str, seconds: float) -> None:
        """An answer was given after `seconds`."""
        self._outcomes[outcome].inc()
        self._handle_time.observe(seconds)
