"""Somebody sets the computer's clock while messages wait."""

from bot.core.ids import Millis
from bot.engine.deliver_lines import Job, Lines
from bot.engine.deliver_pace import Pacer
from bot.engine.deliver_pauses import Pauses
from bot.engine.deliver_set import SetClock
from bot.engine.ports import Limit, RateLimited

START: Millis = 1_767_225_600_000
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
PACE = Limit("all", 2, MINUTE)


class Wall:
    """A wall clock that somebody may set, beside one that goes on as ever."""

    def __init__(self) -> None:
        self.passed, self.by = 0, 0

    def now(self) -> Millis:
        return START + self.passed + self.by

    def ticks(self) -> float:
        return self.passed / SECOND

    async def wait_until(self, at: Millis) -> None:
        raise AssertionError("nobody waits here")


class Waiting:
    """What waits in delivery: a destination that is paused, a line that rests, a pace in use."""

    def __init__(self) -> None:
        self.wall = Wall()
        self.pauses = Pauses(bytes)
        self.lines = Lines()
        self.pacer = Pacer((PACE,), START - HOUR)
        self.set = SetClock(self.wall, [self.pacer], self.pauses, self.lines)
        self.pauses.paused("test", "anna", RateLimited(30), self.now)
        self.job = Job(key=1, kind="say", channel="test", seat="anna", lane="reply", at=self.now)
        self.lines.add(self.job, self.now + 30 * SECOND)
        for _ in range(2):
            self.pacer.take("send", "reply", self.now).at = self.now

    @property
    def now(self) -> Millis:
        return self.wall.now()

    def after(self, milliseconds: Millis, by: Millis) -> None:
        """So much time goes by, and the clock is set by so much meanwhile."""
        self.wall.passed += milliseconds
        self.wall.by += by
        self.set.look(self.now)
        self.lines.wake(self.now)


def test_an_hour_back_makes_no_wait_an_hour_longer() -> None:
    one = Waiting()
    one.after(10 * SECOND, -HOUR)
    assert one.pauses.free_at("test", "anna", one.now) == one.now + 20 * SECOND
    assert one.lines.pressing("test") is None
    assert one.pacer.shared_at("send", "reply", one.now) <= one.now + MINUTE
    one.after(20 * SECOND, 0)
    assert one.pauses.free_at("test", "anna", one.now) == one.now
    assert one.lines.pressing("test") is one.job


def test_what_a_pause_ends_at_is_written_anew_when_the_clock_is_set_back() -> None:
    one = Waiting()
    one.pauses.taken()
    one.after(0, -HOUR)
    assert [getattr(op, "row", {}).get("until") for op in one.pauses.taken()] == [
        one.now + 30 * SECOND
    ]


def test_an_hour_forward_makes_nobody_forget_what_was_just_sent() -> None:
    one = Waiting()
    one.after(SECOND, HOUR)
    assert one.pacer.shared_at("send", "reply", one.now) > one.now
    assert one.pauses.free_at("test", "anna", one.now) == one.now


def test_a_clock_that_is_put_right_little_by_little_changes_nothing() -> None:
    one = Waiting()
    for _ in range(10):
        one.after(SECOND, -SECOND)
    assert one.pauses.free_at("test", "anna", one.now) == START + 30 * SECOND
