"""The posts of a major incident (incident practice 3.4)."""

import random
from collections.abc import Callable, Iterable, Iterator

import pytest

from bot.core.commands import Actor, Command, Refused
from bot.core.context import Context
from bot.core.events import Event
from bot.core.ids import PersonId
from bot.core.iimarch import HEADINGS
from bot.core.incident import Incident
from bot.core.incident_commands import AskForResource, ClaimTask, CompleteTask, ReleaseTask
from bot.core.intents import Do, DropTimer, Members, Say
from bot.core.major import holder
from bot.core.major_rules import resolves
from bot.core.major_words import (
    AcceptPost,
    CancelMajor,
    DeclinePost,
    NotePersonLeft,
    NoteVacancy,
    OfferPost,
    ReleasePost,
    TakeBackOffer,
    WriteMethane,
)
from bot.core.person_words import DisablePerson
from bot.core.personal import Personal
from bot.core.playbook_major import DUTIES
from bot.core.texts import Arg, Text
from tests.workflows.desk import RITA_ACTS, staff
from tests.workflows.kit import (
    ADMIN_ACTS,
    ANA,
    ANA_ACTS,
    BEN,
    BEN_ACTS,
    CHIEF,
    CHIEF_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    PERSON,
    Story,
    actor,
    names,
)
from tests.workflows.majors import ALL_CLEAR, CREW, DECLARE, HERE, Crew, crew, declared, manned

POSTS = (
    "commander",
    "deputy",
    "scribe",
    "customer_liaison",
    "internal_liaison",
    "operations",
)
GONE = {**HERE, ANA: staff(ANA, "agent", disabled=True)}


def test_the_posts_of_the_playbook_are_there_and_all_but_command_are_empty() -> None:
    """Practice 3.4: commander, deputy, scribe, operations, customer liaison, internal liaison."""
    state = declared().incident
    assert tuple(one.post for one in state.major.posts) == POSTS
    assert [holder(state, one) for one in POSTS] == [ANA, *(None,) * 5]


def test_a_hand_over_takes_two_and_there_is_one_commander_all_the_while() -> None:
    """Practice 3.4: hand-over is two-step (offer, accept): no gap and no overlap of command."""
    desk = declared()
    assert names(desk.offers("commander", BEN)) == ["PostOffered"]
    assert holder(desk.incident, "commander") == ANA
    assert names(desk.accepts("commander", BEN_ACTS)) == ["PostAccepted"]
    assert holder(desk.incident, "commander") == BEN
    brief, word = [one.text for one in desk.wants(Say)]
    assert word.key == "{who} is {post} of {ref} now, instead of you."
    assert DUTIES["commander"] in list(nested(brief))


def nested(text: Text) -> Iterator[Arg]:
    """Everything that a text is made of."""
    for one in text.args.values():
        yield one
        if isinstance(one, Text):
            yield from nested(one)


def test_who_takes_a_post_gets_a_briefing_by_the_headings_of_iimarch() -> None:
    """Practice 3.3: information pulls the latest METHANE; hand-over uses it."""
    desk = declared()
    known = {"location": "Behind the mill", "hazards": "Live wires", "number": "Two, one hurt"}
    desk.do(WriteMethane(incident=INCIDENT, findings=known), ANA_ACTS)
    desk.offers("commander", BEN)
    desk.accepts("commander", BEN_ACTS)
    brief = list(nested(desk.wants(Say)[0].text))
    headings = [HEADINGS[one] for one in ("I", "N", "A", "R", "H")]
    assert all(one in brief for one in headings)
    said = {str(one.plain()) for one in brief if isinstance(one, Personal)}
    assert said >= set(known.values())
    assert HEADINGS["M"] not in brief, "what does not apply is left out"


def test_each_is_told_their_duty_in_one_sentence_when_they_are_asked() -> None:
    """Practice 3.4: whoever has a post knows what it is."""
    desk = declared()
    desk.offers("scribe", BEN)
    ((audience, said),) = desk.says()
    assert (audience, said.startswith("You are asked to be {post}")) == ("staff", True)


def test_in_a_small_incident_one_person_has_several_posts() -> None:
    """Practice 3.4: one person may hold several roles; the deputy is somebody else, though."""
    desk = declared()
    for post in ("scribe", "operations", "customer_liaison"):
        assert names(desk.offers(post, BEN, BEN_ACTS)) == ["PostAccepted"]
    assert names(desk.offers("scribe", ANA)) == ["PostOffered"]
    assert names(desk.offers("deputy", ANA)) == "standby"


def test_the_deputy_is_ready_to_take_command_and_is_then_deputy_no_more() -> None:
    """Practice 3.4: deputy, hot standby."""
    desk = manned()
    assert names(desk.offers("commander", BEN, BEN_ACTS)) == ["PostOffered"]
    assert names(desk.accepts("commander", BEN_ACTS)) == ["PostAccepted", "PostReleased"]
    assert holder(desk.incident, "commander") == BEN
    assert holder(desk.incident, "deputy") is None


REFUSED: tuple[tuple[Command, Actor, str], ...] = (
    (OfferPost(incident=INCIDENT, post="scribe", to=PERSON), ANA_ACTS, "not_staff"),
    (OfferPost(incident=INCIDENT, post="pilot", to=BEN), ANA_ACTS, "unknown_post"),
    (OfferPost(incident=INCIDENT, post="commander", to=BEN), BEN_ACTS, "not_yours"),
    (AcceptPost(incident=INCIDENT, post="commander"), BEN_ACTS, "not_offered"),
    (AcceptPost(incident=INCIDENT, post="scribe"), BEN_ACTS, "not_offered"),
    (ReleasePost(incident=INCIDENT, post="commander"), ANA_ACTS, "hand_over"),
    (ReleasePost(incident=INCIDENT, post="scribe"), RITA_ACTS, "not_allowed"),
)


@pytest.mark.parametrize(("command", "by", "code"), REFUSED)
def test_what_may_not_be_is_refused(command: Command, by: Actor, code: str) -> None:
    assert names(declared().ask(command, by, reads={**HERE, PERSON: None})) == code


def test_nothing_is_offered_where_nothing_is_declared() -> None:
    assert names(crew().offers("scribe", BEN)) == "not_declared"


def test_a_hand_over_is_not_offered_to_somebody_who_left() -> None:
    """Bad input: a hand-over offered to somebody who left."""
    desk = declared()
    left = {**HERE, BEN: staff(BEN, "agent", disabled=True)}
    offer = OfferPost(incident=INCIDENT, post="commander", to=BEN)
    assert names(desk.ask(offer, ANA_ACTS, reads=left)) == "not_staff"


def test_what_was_taken_back_is_not_accepted_any_more() -> None:
    """Bad input: accept after it was taken back."""
    desk = declared()
    desk.offers("commander", BEN)
    assert names(desk.takes_back("commander")) == ["OfferTakenBack"]
    refused = desk.accepts("commander", BEN_ACTS)
    assert names(refused) == "not_offered"
    assert holder(desk.incident, "commander") == ANA
    assert desk.takes_back("commander") == []


def test_who_declines_leaves_it_where_it_is_and_who_asked_is_told() -> None:
    desk = declared()
    desk.offers("commander", BEN)
    assert names(desk.do(DeclinePost(incident=INCIDENT, post="commander"), BEN_ACTS)) == [
        "PostDeclined"
    ]
    assert holder(desk.incident, "commander") == ANA
    assert desk.says() == [("staff", "{who} cannot be {post} of {ref}. Ask somebody else.")]


def test_one_is_asked_at_a_time() -> None:
    desk = declared()
    desk.offers("deputy", BEN)
    assert desk.offers("deputy", BEN) == []
    assert names(desk.offers("deputy", CHIEF)) == "offered"


def test_the_commander_gets_no_task_and_who_has_one_gets_no_command() -> None:
    """Practice 3.4: never a resolver, also by hand-over."""
    both = actor(BEN, "agent", "resource")
    desk = declared()
    desk.do(AskForResource(incident=INCIDENT, what="Look at the line"), ANA_ACTS)
    number = len(desk.incident.tasks)
    desk.offers("commander", BEN)
    claim = ClaimTask(incident=INCIDENT, task=number, eta=desk.at + HOUR)
    assert not isinstance(desk.do(claim, both), Refused)
    assert names(desk.accepts("commander", both)) == "resolver"
    desk.do(ReleaseTask(incident=INCIDENT, task=number, reason="I command"), both)
    assert names(desk.accepts("commander", both)) == ["PostAccepted"]
    assert names(desk.ask(claim, both)) == "commands"


# --- empty -----------------------------------------------------------------------------------


def test_a_post_that_is_empty_for_five_minutes_raises_an_alarm() -> None:
    """Practice 3.4: a vacancy over 5 min (default) alarms."""
    desk = declared()
    timers = {one: desk.timer(f"vacancy:{one}") for one in POSTS}
    assert timers.pop("commander") is None
    assert {one.due for one in timers.values() if one} == {desk.at + 5 * MINUTE}
    empty = timers["scribe"]
    assert empty is not None
    desk.later(5 * MINUTE)
    assert names(desk.do(empty.command)) == ["PostStayedVacant"]
    assert desk.alarms() == [("raise_alarm", "vacancy", "scribe")]
    assert desk.do(empty.command) == []


def test_who_takes_it_ends_the_alarm() -> None:
    """Practice 3.4: the alarm of a vacancy ends when somebody has the post."""
    desk = declared()
    desk.offers("scribe", BEN, BEN_ACTS)
    assert desk.alarms() == [("stop_alarm", "vacancy", "scribe")]
    assert DropTimer(name="vacancy:scribe") in desk.intents


def test_a_late_timer_finds_it_filled_or_emptied_anew() -> None:
    desk = declared()
    first = NoteVacancy(incident=INCIDENT, post="scribe", since=desk.at)
    desk.later(MINUTE).do(OfferPost(incident=INCIDENT, post="scribe", to=BEN), BEN_ACTS, reads=HERE)
    assert desk.do(first) == []
    desk.later(MINUTE)
    desk.releases("scribe", BEN_ACTS)
    assert desk.do(first) == []
    again = desk.ask(NoteVacancy(incident=INCIDENT, post="scribe", since=desk.at))
    assert names(again) == ["PostStayedVacant"]


def test_who_gives_a_post_up_leaves_it_to_be_watched() -> None:
    desk = declared()
    desk.offers("scribe", BEN, BEN_ACTS)
    desk.later(HOUR)
    assert names(desk.releases("scribe", BEN_ACTS)) == ["PostReleased"]
    timer = desk.timer("vacancy:scribe")
    assert timer is not None
    assert timer.due == desk.at + 5 * MINUTE


def test_no_alarm_is_left_when_it_is_over() -> None:
    desk = declared()
    desk.later(5 * MINUTE)
    desk.do(NoteVacancy(incident=INCIDENT, post="scribe", since=desk.at - 5 * MINUTE))
    desk.do(ALL_CLEAR, ANA_ACTS)
    assert ("stop_alarm", "vacancy", "scribe") in desk.alarms()
    assert DropTimer(name="vacancy:deputy") in desk.intents


# --- people who leave ------------------------------------------------------------------------


def test_a_commander_who_leaves_commands_until_the_deputy_who_is_asked_at_once_accepts() -> None:
    """Practice 3.4: no gap, also when who commands is with us no more."""
    desk = manned()
    left = NotePersonLeft(incident=INCIDENT, person=ANA)
    assert names(desk.do(left, reads=GONE)) == ["CommanderLeft", "PostOffered"]
    assert holder(desk.incident, "commander") == ANA
    assert ("raise_alarm", "vacancy", "commander") in desk.alarms()
    assert desk.do(left, reads=GONE) == []
    assert names(desk.accepts("commander", BEN_ACTS)) == ["PostAccepted", "PostReleased"]
    assert (holder(desk.incident, "commander"), desk.incident.major.left) == (BEN, False)


def test_without_a_deputy_the_next_one_is_asked_as_soon_as_there_is_one() -> None:
    desk = declared()
    assert names(desk.do(NotePersonLeft(incident=INCIDENT, person=ANA), reads=GONE)) == [
        "CommanderLeft"
    ]
    assert names(desk.offers("commander", CHIEF, CHIEF_ACTS)) == ["PostOffered"]
    desk.offers("deputy", BEN, CHIEF_ACTS)
    assert names(desk.accepts("deputy", BEN_ACTS)) == [
        "PostAccepted",
        "OfferTakenBack",
        "PostOffered",
    ]


def test_whatever_else_somebody_had_is_empty_when_they_leave() -> None:
    desk = manned()
    desk.offers("scribe", BEN, BEN_ACTS)
    gone = {**HERE, BEN: staff(BEN, "agent", disabled=True)}
    assert names(desk.do(NotePersonLeft(incident=INCIDENT, person=BEN), reads=gone)) == [
        "PostReleased",
        "PostReleased",
    ]
    assert desk.timer("vacancy:deputy") is not None
    assert desk.do(NotePersonLeft(incident=INCIDENT, person=BEN), reads=HERE) == []


def test_whoever_is_disabled_is_looked_for_in_every_major_incident() -> None:
    story = Story("person")
    story.state = staff(PERSON, "agent")
    story.do(DisablePerson(person=PERSON), ADMIN_ACTS)
    (told,) = story.wants(Do)
    assert told.stream == Members(of="posts", stream=PERSON)
    assert told.command == NotePersonLeft(incident="", person=PERSON)


# --- whatever is pressed ---------------------------------------------------------------------


def presses(chance: random.Random, desk: Crew) -> tuple[Command, Actor]:
    """Somebody presses something."""
    post = chance.choice(("commander", "commander", "deputy", "scribe"))
    who = chance.choice((ANA, BEN, CHIEF))
    by = actor(who, *CREW[who].roles, "resource")
    task = max(1, len(desk.incident.tasks))
    about = {"incident": INCIDENT, "post": post}
    kinds: tuple[Callable[[], Command], ...] = (
        lambda: OfferPost(**about, to=chance.choice((ANA, BEN, CHIEF))),
        lambda: AcceptPost(**about),
        lambda: AcceptPost(**about),
        lambda: DeclinePost(**about),
        lambda: TakeBackOffer(**about),
        lambda: ReleasePost(**about),
        lambda: ClaimTask(incident=INCIDENT, task=task, eta=desk.at + HOUR),
        lambda: ReleaseTask(incident=INCIDENT, task=task, reason="I cannot"),
        lambda: CompleteTask(incident=INCIDENT, task=task),
        lambda: NotePersonLeft(incident=INCIDENT, person=who),
        lambda: CancelMajor(incident=INCIDENT, reason="It is none"),
        lambda: DECLARE,
        lambda: ALL_CLEAR,
    )
    weights = (6, 5, 5, 1, 2, 2, 2, 1, 1, 1, 0.1, 1, 0.1)
    command = chance.choices(kinds, weights)[0]()
    asked, commander = desk.incident.major.offer(post), holder(desk.incident, "commander")
    if isinstance(command, OfferPost) and commander and chance.random() < 0.7:
        by = CREW[commander]
    if isinstance(command, AcceptPost) and asked and chance.random() < 0.7:
        by = CREW[asked.to]
    return command, by


def commanders(state: Incident) -> list[PersonId | None]:
    return [one.person for one in state.major.posts if one.post == "commander"]


def test_whatever_anybody_presses_there_is_exactly_one_commander_at_every_version() -> None:
    """Practice 3.4: no gap and no overlap of command in any simulated seed; and never one who
    repairs. 6,000 presses in 120 stories, looked at after every single event.
    """
    changes = 0
    for seed in range(120):
        chance, desk = random.Random(seed), declared()
        desk.do(AskForResource(incident=INCIDENT, what="Look at the line", needed=2), ANA_ACTS)
        watched = Watched(desk)
        for _ in range(50):
            command, by = presses(chance, watched)
            here = dict(HERE)
            if isinstance(command, NotePersonLeft):
                here[command.person] = staff(command.person, "agent", disabled=True)
                by = watched.context().actor
            before = holder(watched.incident, "commander")
            watched.later(MINUTE).do(command, by, reads=here)
            changes += before != holder(watched.incident, "commander")
    assert changes > 100


class Watched(Crew):
    """Every version is looked at."""

    def __init__(self, desk: Crew) -> None:
        super().__init__("incident")
        self.state, self.events, self.at = desk.state, desk.events, desk.at

    def _happen(self, events: Iterable[Event], ctx: Context) -> None:
        for event in events:
            super()._happen([event], ctx)
            state = self.incident
            if state.major.declared:
                (commander,) = commanders(state)
                assert commander is not None
                assert not resolves(state, commander)
