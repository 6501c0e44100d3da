"""People: met once, invited by a link that serves once, given roles, never locked out for good."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.core import desk_words
from bot.core import person_words as w
from bot.core.commands import SYSTEM, Actor
from bot.core.events import Erased, Event
from bot.core.intents import Ring
from bot.core.personal import Personal
from bot.workflows.table import RULES
from tests.workflows.kit import (
    ADMIN_ACTS,
    ANA_ACTS,
    AT,
    CHIEF_ACTS,
    DAY,
    INCIDENT,
    PERSON,
    REPORT,
    Story,
    actor,
    names,
    seat,
)

OWN = f"sub:{PERSON}"
SELF = actor(PERSON)
UNTIL = AT + DAY
MET = w.PersonMet(
    subject=OWN, channel="web", identity=Personal(OWN, f"hash of {PERSON}"), language="en"
)
INVITED = w.PersonInvited(subject=OWN, roles=("agent",), token="t" * 64, until=UNTIL)
JOINED = w.InviteAccepted(name=Personal(OWN, "Ana"), identity=Personal(OWN, "hash of ana"))
CHIEFS = w.PersonInvited(subject=OWN, roles=("administrator",), token="t" * 64, until=UNTIL)
GONE = Erased(subject=OWN, classes=(), through=1)
ANY_INCIDENT = f"incident:{INCIDENT}"


def person(*events: Event) -> Story:
    return Story("person", *events)


def asked(story: Story, command: w.PersonCommand, by: Actor) -> Any:
    return names(story.ask(command, by))


# --- met -------------------------------------------------------------------------------------

MEET = w.MeetPerson(subject=OWN, channel="web", identity=MET.identity, language="en")


def test_somebody_is_met_once() -> None:
    assert person().ask(MEET, SYSTEM) == [MET]
    assert person(MET).ask(MEET, SYSTEM) == []
    assert person(INVITED).ask(MEET, SYSTEM) == []


# --- invited ---------------------------------------------------------------------------------

INVITE = w.InvitePerson(person=PERSON, roles=("agent", "agent"), token="t" * 64, until=UNTIL)

INVITATIONS: list[tuple[Story, w.InvitePerson, list[str] | str]] = [
    (person(), INVITE, ["PersonInvited"]),
    (person(INVITED), INVITE, []),
    (person(INVITED, JOINED), INVITE, "exists"),
    (person(INVITED), INVITE.model_copy(update={"token": "u" * 64}), "exists"),
    (person(), INVITE.model_copy(update={"roles": ()}), "no_role"),
    (person(), INVITE.model_copy(update={"until": AT}), "too_late"),
]


@pytest.mark.parametrize("by", [SYSTEM, ADMIN_ACTS])
@pytest.mark.parametrize(("story", "command", "expected"), INVITATIONS)
def test_an_invitation_gives_roles_and_has_an_end(
    story: Story, command: w.InvitePerson, expected: list[str] | str, by: Actor
) -> None:
    assert asked(story, command, by) == expected


def test_the_person_invited_has_a_subject_of_their_own_and_each_role_once() -> None:
    story = person()
    story.do(INVITE, ADMIN_ACTS)
    assert story.state.roles == ("agent",)
    assert story.state.subject not in (ADMIN_ACTS.subject, OWN)
    assert story.state.invitation.until == UNTIL


ACCEPT = w.AcceptInvite(person=PERSON, token="t" * 64, name=" Ana \n Kovač ")
STRANGER = actor("per_" + "X" * 26)

ACCEPTANCES: list[tuple[Story, w.AcceptInvite, list[str] | str]] = [
    (person(INVITED), ACCEPT, ["InviteAccepted"]),
    (person(INVITED).later(DAY - 1), ACCEPT, ["InviteAccepted"]),
    (person(INVITED).later(DAY), ACCEPT, "expired_link"),
    (person(INVITED), ACCEPT.model_copy(update={"token": "u" * 64}), "bad_link"),
    (person(INVITED, JOINED), ACCEPT, "used_link"),
    (person(MET), ACCEPT, "bad_link"),
    (person(), ACCEPT, "bad_link"),
    (person(INVITED, w.PersonDisabled()), ACCEPT, "bad_link"),
    (person(INVITED, GONE), ACCEPT, "bad_link"),
    (person(INVITED), ACCEPT.model_copy(update={"name": " "}), "empty"),
    (person(INVITED), ACCEPT.model_copy(update={"name": "x" * 81}), "too_long"),
]


@pytest.mark.parametrize(("story", "command", "expected"), ACCEPTANCES)
def test_a_link_serves_once_in_time_and_only_with_its_token(
    story: Story, command: w.AcceptInvite, expected: list[str] | str
) -> None:
    assert asked(story, command, STRANGER) == expected


def test_who_joins_is_known_by_name_and_identity_under_their_own_subject() -> None:
    story = person(INVITED)
    story.do(ACCEPT, STRANGER)
    assert story.state.name == Personal(OWN, "Ana Kovač")
    assert story.state.identities == (Personal(OWN, f"hash of {STRANGER.person}"),)
    assert story.state.invitation is None


def test_the_house_cannot_join() -> None:
    assert asked(person(INVITED), ACCEPT, SYSTEM) == "not_allowed"


# --- roles -----------------------------------------------------------------------------------

AGENT = w.GrantRole(person=PERSON, role="agent")
NO_AGENT = w.RevokeRole(person=PERSON, role="agent")
NO_CHIEF = w.RevokeRole(person=PERSON, role="administrator")
OUT = w.DisablePerson(person=PERSON)
HIMSELF = actor(PERSON, "administrator")

CHANGES: list[tuple[Story, w.PersonCommand, Actor, list[str] | str]] = [
    # A customer's id, forged into the form.
    (person(MET), AGENT, ADMIN_ACTS, "not_found"),
    (person(INVITED, w.RoleRevoked(role="agent")), AGENT, ADMIN_ACTS, ["RoleGranted"]),
    (person(INVITED), AGENT, ADMIN_ACTS, []),
    (person(INVITED, w.PersonDisabled()), AGENT, ADMIN_ACTS, "disabled"),
    (person(), AGENT, ADMIN_ACTS, "not_found"),
    (person(INVITED), NO_AGENT, ADMIN_ACTS, ["RoleRevoked"]),
    (person(MET), NO_AGENT, ADMIN_ACTS, []),
    (person(), NO_AGENT, ADMIN_ACTS, "not_found"),
    (person(INVITED), OUT, ADMIN_ACTS, ["PersonDisabled"]),
    (person(INVITED, w.PersonDisabled()), OUT, ADMIN_ACTS, []),
    (person(), OUT, ADMIN_ACTS, "not_found"),
    # An administrator can be removed by another one, never by themselves.
    (person(CHIEFS), NO_CHIEF, ADMIN_ACTS, ["RoleRevoked"]),
    (person(CHIEFS), OUT, ADMIN_ACTS, ["PersonDisabled"]),
    (person(CHIEFS), NO_CHIEF, HIMSELF, "not_yourself"),
    (person(CHIEFS), OUT, HIMSELF, "not_yourself"),
    (person(CHIEFS, w.RoleGranted(role="agent")), NO_AGENT, HIMSELF, ["RoleRevoked"]),
]


@pytest.mark.parametrize(("story", "command", "by", "expected"), CHANGES)
def test_an_administrator_gives_and_takes_and_one_always_stays(
    story: Story, command: w.PersonCommand, by: Actor, expected: list[str] | str
) -> None:
    assert asked(story, command, by) == expected


@pytest.mark.parametrize("by", [ANA_ACTS, CHIEF_ACTS, SELF, STRANGER, SYSTEM])
@pytest.mark.parametrize("command", [AGENT, NO_AGENT, OUT])
def test_nobody_else_gives_or_takes_roles(command: w.PersonCommand, by: Actor) -> None:
    assert asked(person(INVITED), command, by) == "not_allowed"


def test_pages_of_whoever_gains_or_loses_a_role_are_rung() -> None:
    for command in (w.GrantRole(person=PERSON, role="supervisor"), NO_AGENT, OUT):
        story = person(INVITED)
        story.do(command, ADMIN_ACTS)
        assert story.wants(Ring) == [Ring(person=PERSON, why="access")]


def test_whoever_is_disabled_has_no_role_and_no_way_in() -> None:
    state = person(INVITED, w.PersonDisabled()).state
    assert (state.roles, state.invitation, state.disabled) == ((), None, True)


# --- availability ----------------------------------------------------------------------------

OFF = w.SetAvailability(available=False)
ON = w.SetAvailability(available=True)
RESOURCE = actor(PERSON, "resource")

AVAILABLE: list[tuple[Sequence[Event], w.SetAvailability, list[str]]] = [
    ((MET,), OFF, ["AvailabilitySet"]),
    ((MET,), ON, []),
    ((MET, w.AvailabilitySet(available=False)), OFF, []),
    ((MET, w.AvailabilitySet(available=False)), ON, ["AvailabilitySet"]),
    # A role may come with the place, so this may be somebody's first word.
    ((), OFF, ["PersonMet", "AvailabilitySet"]),
    ((), ON, []),
]


@pytest.mark.parametrize(("events", "command", "expected"), AVAILABLE)
def test_staff_say_whether_they_can_be_asked(
    events: Sequence[Event], command: w.SetAvailability, expected: list[str]
) -> None:
    assert asked(person(*events), command, RESOURCE) == expected
    assert asked(person(*events), command, SELF) == "not_allowed"


# --- signing in ------------------------------------------------------------------------------

ENDED = w.EndSignIns(person=PERSON)
RESET = w.ResetSignIn(person=PERSON, token="r" * 64, until=UNTIL)
WAS_RESET = w.SignInReset(token="r" * 64, until=UNTIL)
RENEW = w.RenewSignIn(person=PERSON, token="r" * 64)
HERE_NOW = (INVITED, JOINED)
SHUT = (INVITED, JOINED, w.PersonDisabled())

SIGN_INS: list[tuple[Story, w.PersonCommand, Actor, list[str] | str]] = [
    (person(*HERE_NOW), ENDED, ADMIN_ACTS, ["SignInsEnded"]),
    (person(*HERE_NOW), ENDED, CHIEF_ACTS, "not_allowed"),
    (person(*HERE_NOW), ENDED, HIMSELF, "not_yourself"),
    (person(*SHUT), ENDED, ADMIN_ACTS, "disabled"),
    (person(INVITED), ENDED, ADMIN_ACTS, "not_joined"),
    (person(MET), ENDED, ADMIN_ACTS, "not_joined"),
    (person(), ENDED, ADMIN_ACTS, "not_found"),
    (person(*HERE_NOW), RESET, ADMIN_ACTS, ["SignInReset"]),
    (person(*HERE_NOW, WAS_RESET), RESET, ADMIN_ACTS, ["SignInReset"]),
    (person(*HERE_NOW), RESET.model_copy(update={"until": AT}), ADMIN_ACTS, "too_late"),
    (person(*HERE_NOW), RESET, HIMSELF, "not_yourself"),
    (person(*HERE_NOW), RESET, CHIEF_ACTS, "not_allowed"),
    (person(*SHUT), RESET, ADMIN_ACTS, "disabled"),
    (person(INVITED), RESET, ADMIN_ACTS, "not_joined"),
    (person(), RESET, ADMIN_ACTS, "not_found"),
    (person(*HERE_NOW, WAS_RESET), RENEW, STRANGER, ["SignInRenewed"]),
    (person(*HERE_NOW, WAS_RESET).later(DAY - 1), RENEW, STRANGER, ["SignInRenewed"]),
    (person(*HERE_NOW, WAS_RESET).later(DAY), RENEW, STRANGER, "expired_link"),
    (person(*HERE_NOW, WAS_RESET), RENEW.model_copy(update={"token": "x"}), STRANGER, "bad_link"),
    (person(*HERE_NOW), RENEW, STRANGER, "bad_link"),
    (person(*HERE_NOW, WAS_RESET, w.PersonDisabled()), RENEW, STRANGER, "bad_link"),
    (person(*HERE_NOW, WAS_RESET, GONE), RENEW, STRANGER, "bad_link"),
    (person(), RENEW, STRANGER, "bad_link"),
    (person(*HERE_NOW), w.SetSignIn(), actor(PERSON, "resource"), ["SignInSet"]),
    (person(*HERE_NOW), w.SetSignIn(), SELF, "not_allowed"),
    (person(), w.SetSignIn(), actor(PERSON, "agent"), "not_found"),
]


@pytest.mark.parametrize(("story", "command", "by", "expected"), SIGN_INS)
def test_who_ends_resets_and_renews_sign_ins(
    story: Story, command: w.PersonCommand, by: Actor, expected: list[str] | str
) -> None:
    assert asked(story, command, by) == expected


def test_the_way_back_is_used_up_and_adds_an_identity_of_their_own() -> None:
    story = person(*HERE_NOW)
    story.do(RESET, ADMIN_ACTS)
    assert (story.state.reset.until, story.state.signed_out_at) == (UNTIL, story.state.reset_at)
    story.do(RENEW, STRANGER)
    assert story.state.reset is None
    assert story.state.identities[-1] == Personal(OWN, f"hash of {STRANGER.person}")
    assert asked(story, RENEW, STRANGER) == "bad_link"


@pytest.mark.parametrize("event", [w.SignInsEnded(), WAS_RESET, w.PersonDisabled()])
def test_sign_ins_from_before_serve_no_more(event: Event) -> None:
    assert person(*HERE_NOW, event).state.signed_out_at > 0
    assert person(*HERE_NOW).state.signed_out_at == 0


# --- what they can do ------------------------------------------------------------------------

SKILLED = w.DescribePerson(person=PERSON, skills=("lift",), languages=("ru",), teams=("it",))
DESCRIBED = w.PersonDescribed(skills=("lift",), languages=("ru",), teams=("it",))
NOTHING = w.DescribePerson(person=PERSON)

ABILITIES: list[tuple[Story, w.PersonCommand, Actor, list[str] | str]] = [
    (person(*HERE_NOW), SKILLED, CHIEF_ACTS, ["PersonDescribed"]),
    (person(INVITED), SKILLED, ADMIN_ACTS, ["PersonDescribed"]),
    (person(*HERE_NOW, DESCRIBED), SKILLED, CHIEF_ACTS, []),
    (person(*HERE_NOW, DESCRIBED), NOTHING, CHIEF_ACTS, ["PersonDescribed"]),
    (person(*HERE_NOW), NOTHING, CHIEF_ACTS, []),
    (person(*HERE_NOW), SKILLED, ANA_ACTS, "not_allowed"),
    (person(*HERE_NOW), SKILLED, SELF, "not_allowed"),
    (person(*SHUT), SKILLED, CHIEF_ACTS, "disabled"),
    (person(), SKILLED, CHIEF_ACTS, "not_found"),
    *(
        (person(*HERE_NOW), NOTHING.model_copy(update={field: ("magic",)}), CHIEF_ACTS, code)
        for field, code in (
            ("skills", "unknown_skill"),
            ("languages", "unknown_skill"),
            ("teams", "unknown_skill"),
        )
    ),
]


@pytest.mark.parametrize(("story", "command", "by", "expected"), ABILITIES)
def test_skills_languages_and_teams_are_said_by_those_who_lead(
    story: Story, command: w.PersonCommand, by: Actor, expected: list[str] | str
) -> None:
    assert asked(story, command, by) == expected


def test_what_somebody_can_do_stands_in_the_playbooks_order_and_once() -> None:
    story = person(*HERE_NOW)
    story.do(SKILLED.model_copy(update={"skills": ("lift", "electrical", "lift")}), CHIEF_ACTS)
    assert story.state.skills == ("electrical", "lift")


# --- subscriptions ---------------------------------------------------------------------------

ALL = w.Subscribe(scope="all")
HERE = w.Subscribed(number=1, scope="all", seat=seat(PERSON))
CHAT = w.Subscribed(number=2, scope="all", seat=seat(PERSON, "chat"))
MANY = [w.Subscribed(number=n, scope=f"s{n}", seat=seat(PERSON)) for n in range(1, 101)]

SUBSCRIPTIONS: list[tuple[Sequence[Event], w.PersonCommand, list[str] | str]] = [
    ((MET,), ALL, ["Subscribed"]),
    ((), ALL, ["PersonMet", "Subscribed"]),
    ((MET, HERE), ALL, []),
    ((MET, CHAT), ALL, ["Subscribed"]),
    ((MET, HERE), w.Subscribe(scope=ANY_INCIDENT), ["Subscribed"]),
    ((MET, HERE, w.Unsubscribed(number=1)), ALL, ["Subscribed"]),
    ((MET, *MANY), ALL, "too_many"),
    ((MET,), w.Subscribe(scope=""), "no_scope"),
    ((MET,), w.Subscribe(scope=f"incident:{REPORT}"), "no_scope"),
    ((MET,), w.Subscribe(scope="incident:nonsense"), "no_scope"),
    ((MET,), w.Subscribe(scope=INCIDENT), "no_scope"),
    ((MET, HERE, CHAT), w.Unsubscribe(scope="all"), ["Unsubscribed", "Unsubscribed"]),
    ((MET, HERE, CHAT), w.Unsubscribe(scope="all", number=2), ["Unsubscribed"]),
    ((MET, HERE), w.Unsubscribe(scope=ANY_INCIDENT), []),
    ((MET, HERE), w.Unsubscribe(scope="all", number=7), []),
    ((), w.Unsubscribe(scope="all"), []),
]


@pytest.mark.parametrize(("events", "command", "expected"), SUBSCRIPTIONS)
def test_anybody_may_follow_and_stop_at_once(
    events: Sequence[Event], command: w.PersonCommand, expected: list[str] | str
) -> None:
    assert asked(person(*events), command, SELF) == expected


def test_subscriptions_are_numbered_and_a_number_is_never_used_twice() -> None:
    story = person(MET)
    for command in (ALL, w.Unsubscribe(scope="all"), ALL):
        story.do(command, SELF)
    assert [one.number for one in story.state.subscriptions] == [2]
    assert story.state.subscribed == 2


@pytest.mark.parametrize("story", [person(), person(MET)])
def test_without_a_place_there_is_nothing_to_follow_from(story: Story) -> None:
    nowhere = replace(story.context(SELF), seat=None)
    assert names(RULES[w.Subscribe].decide(story.state, ALL, nowhere)) == "no_place"


def test_who_has_neither_place_nor_name_cannot_be_asked() -> None:
    nowhere = replace(person().context(RESOURCE), seat=None)
    assert names(RULES[w.SetAvailability].decide(None, OFF, nowhere)) == "not_found"


# --- the desk --------------------------------------------------------------------------------


def test_an_edition_is_adopted_once() -> None:
    adopt = desk_words.AdoptPlaybook(version="abc", name="default.toml")
    story = Story("desk")
    assert story.do(adopt) == [desk_words.PlaybookAdopted(version="abc", name="default.toml")]
    assert story.do(adopt, ADMIN_ACTS) == []
    newer = desk_words.AdoptPlaybook(version="def", name="default.toml")
    assert names(story.do(newer, ADMIN_ACTS)) == ["PlaybookAdopted"]
    assert story.state.playbook == "def"
    assert names(story.ask(newer, ANA_ACTS)) == "not_allowed"
