"""Lines: who goes first, who waits for whom, who is replaced, who is over."""

from itertools import count

from bot.core.intents import Lane
from bot.engine.deliver_lines import Job, Lines

_serial = count(1)


def job(
    seat: str = "anna", lane: Lane = "reply", *, family: str = "", until: int | None = None
) -> Job:
    key = next(_serial)
    return Job(key, "say", "test", seat, lane, 0, (key, key), until, family)


def order(lines: Lines) -> list[Job]:
    """Everything that goes, each ending at once."""
    gone: list[Job] = []
    while (one := lines.pressing("test")) is not None:
        lines.begin(one)
        gone.append(one)
        lines.drop(one)
    return gone


def added(*jobs: Job) -> Lines:
    lines = Lines()
    for one in jobs:
        lines.add(one)
    return lines


def test_the_most_pressing_lane_goes_first_and_in_it_the_oldest() -> None:
    bulk, card, reply, safety = (job(lane, lane) for lane in ("bulk", "card", "reply", "safety"))
    later = job("other", "reply")
    assert order(added(bulk, card, reply, later, safety)) == [safety, reply, later, card, bulk]


def test_within_a_conversation_the_order_of_decision_is_kept_across_lanes() -> None:
    first, second, third = job(lane="bulk"), job(lane="reply"), job(lane="card")
    assert order(added(first, second, third)) == [first, second, third]


def test_an_answer_does_not_wait_behind_other_peoples_newsletters() -> None:
    """The newsletter before it in the same conversation goes first, ahead of all others."""
    newsletters = [job(f"p{n}", "bulk") for n in range(5)]
    own, answer = job("anna", "bulk"), job("anna", "reply")
    assert order(added(*newsletters, own, answer)) == [own, answer, *newsletters]


def test_a_message_that_is_tried_again_holds_back_its_conversation_alone() -> None:
    first, second, other = job(), job(), job("ben")
    lines = added(first, second, other)
    lines.begin(first)
    lines.again(first, due=1_000)
    assert order(lines) == [other]
    lines.wake(999)
    assert order(lines) == []
    lines.wake(1_000)
    assert order(lines) == [first, second]


def test_safety_waits_for_no_order() -> None:
    stuck, safety = job(), job(lane="safety")
    lines = added(stuck, safety)
    lines.begin(stuck)
    lines.again(stuck, due=60_000)
    assert order(lines) == [safety]


def test_safety_messages_keep_their_order_until_one_must_be_tried_again() -> None:
    first, second = job(lane="safety"), job(lane="safety")
    lines = added(first, second)
    lines.begin(first)
    assert lines.pressing("test") is None
    lines.again(first, due=60_000)
    later = job(lane="safety")
    lines.add(later)
    assert order(lines) == [second, later]
    lines.wake(60_000)
    assert order(lines) == [first]


def test_only_one_of_a_conversation_is_under_way() -> None:
    first, second = job(), job()
    lines = added(first, second)
    assert lines.begin(first) == [first]
    assert lines.busy(first)
    assert lines.pressing("test") is None
    lines.drop(first)
    assert lines.pressing("test") is second


def test_those_who_fetch_take_several_of_a_line_at_once() -> None:
    jobs = [job() for _ in range(5)]
    lines = added(*jobs)
    assert lines.begin(jobs[0], most=3) == jobs[:3]
    for one in jobs[:3]:
        lines.drop(one)
    assert lines.pressing("test") is jobs[3]


def test_a_newer_one_replaces_what_waits_of_its_family_and_of_no_other() -> None:
    old, other = job(family="update:1"), job(family="update:2")
    safety = job(lane="safety", family="update:1")
    lines = added(old, other, safety)
    assert lines.add(job("ben", family="update:1")) == []
    assert lines.add(job(family="update:1")) == [old]


def test_what_is_under_way_or_may_have_arrived_is_not_replaced() -> None:
    flying, unknown = job(family="update:1"), job(family="update:1")
    lines = added(flying)
    lines.begin(flying)
    unknown.unknown = True
    assert lines.add(unknown) == []
    assert lines.add(job(family="update:1")) == []


def test_what_is_over_is_named_once_unless_it_is_under_way() -> None:
    first, second, third = job(until=100), job(until=100), job(until=5_000)
    lines = added(first, second, third)
    lines.begin(first)
    assert lines.expired(99) == []
    assert lines.expired(100) == [second]
    lines.drop(second)
    lines.again(first, due=900)
    assert lines.expired(1_100) == [first]
    lines.drop(first)
    assert order(lines) == [third]


def test_the_next_moment_to_look_is_the_earliest_of_rest_and_end() -> None:
    one, other = job(until=700), job("ben")
    lines = added(one, other)
    assert lines.next_due() == 700
    lines.begin(other)
    lines.back(other, 300)
    assert lines.next_due() == 300


def test_a_replayed_message_does_not_disturb_the_one_under_way() -> None:
    old, flying = job(), job()
    lines = added(flying)
    lines.begin(flying)
    lines.add(old)
    assert lines.busy(flying)
    lines.drop(flying)
    assert order(lines) == [old]


def test_the_same_job_is_taken_in_only_once() -> None:
    one = job()
    lines = added(one, one)
    assert len(lines) == 1
    assert order(lines) == [one]


def test_a_card_has_a_line_of_its_own_beside_the_conversation() -> None:
    first = job()
    card = Job("card", "card", "test", "anna", "card", 0)
    lines = added(first, card)
    lines.begin(first)
    assert lines.pressing("test") is card


def test_who_waits_longer_goes_first_however_long_each_rested_meanwhile() -> None:
    first, second = job("anna", "card"), job("ben", "card")
    first.order = second.order = (0, 0)
    lines = added(first)
    lines.begin(first)
    lines.back(first, due=300)
    lines.add(second)
    lines.begin(second)
    lines.back(second, due=200)
    lines.wake(300)
    assert lines.pressing("test") is first
    lines.begin(first)
    lines.back(first, due=0)
    assert order(lines) == [second, first]


def test_it_is_known_how_many_wait_for_a_destination() -> None:
    first, second, other = job(), job(), job("ben")
    lines = added(first, second, other)
    assert (lines.at("anna"), lines.at("ben"), lines.at("carl")) == (2, 1, 0)
    order(lines)
    assert (lines.at("anna"), lines.at("ben")) == (0, 0)
