"""People: met, invited, joined, given roles; who can be asked.

Nobody takes the administrator's role from themselves, and only an administrator takes it from
another: so one always stays, without this stream having to know all others.
"""

from collections.abc import Iterator

from bot.core import desk_words
from bot.core import person_words as w
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.events import Recorded
from bot.core.free_text import words
from bot.core.ids import Millis
from bot.core.intents import Intent, Ring
from bot.core.meeting import NO_PERSON, met_first
from bot.core.person import Person
from bot.core.personal import Personal
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.texts import When, t

NAME_MOST = 80
ADMINISTRATOR = "administrator"

BAD_LINK = refuse(
    "bad_link", t("This link does not work. Ask whoever gave it to you for a new one.")
)
USED_LINK = refuse(
    "used_link", t("This link has been used already. Sign in, or ask for a new one.")
)
DISABLED = refuse(
    "disabled", t("This account was closed. Ask an administrator to invite the person again.")
)
NOT_YOURSELF = refuse(
    "not_yourself",
    t("You cannot do this to your own account. Ask another administrator to do it."),
)

KNOWN_HERE = refuse(
    "known_here",
    t("You are known here already from this account. Open the link in another browser."),
)
NOT_JOINED = refuse("not_joined", t("They have not joined yet. Withdraw the link and invite anew."))
NO_SUCH_SKILL = refuse(
    "unknown_skill",
    t("The playbook does not know one of these. Reload the page and choose again."),
)


# --- becoming a person -----------------------------------------------------------------------


def meet(state: Person | None, command: w.MeetPerson, ctx: Context) -> Decision:
    """Somebody new; whoever is known already stays as they are."""
    if state is not None:
        return []
    return [
        w.PersonMet(
            subject=command.subject,
            channel=command.channel,
            identity=command.identity,
            language=command.language,
        )
    ]


def invite(state: Person | None, command: w.InvitePerson, ctx: Context) -> Decision:
    """A place on staff for whoever opens the link in time."""
    if state is not None:
        open_link = state.invitation is not None and state.invitation.token == command.token
        taken = refuse("exists", t("This invitation exists already. Make a new one."))
        return [] if open_link else taken
    if not command.roles:
        return refuse("no_role", t("Choose at least one role for the person you invite."))
    if command.until <= ctx.at:
        return refuse("too_late", t("This link would end before it begins. Choose a later time."))
    return [
        w.PersonInvited(
            subject=ctx.mint_subject(),
            roles=tuple(dict.fromkeys(command.roles)),
            token=command.token,
            until=command.until,
        )
    ]


def accept(state: Person | None, command: w.AcceptInvite, ctx: Context) -> Decision:
    """Join by the link: once, in time, and under a name that colleagues will see."""
    refused = _no_way_in(state, command, ctx)
    if state is None or ctx.identity is None or refused is not None:
        return refused or BAD_LINK
    name = words(command.name, NAME_MOST)
    if isinstance(name, Refused):
        return name
    # The stranger who came with the link was given a subject; what is kept is the person's own.
    return [
        w.InviteAccepted(
            name=Personal(state.subject, " ".join(name.split())),
            identity=Personal(state.subject, ctx.identity.plain()),
        )
    ]


def _known_here(state: Person | None, ctx: Context) -> bool:
    """Whoever comes is somebody else already, whose account must not be carried away."""
    known = ctx.reads.get(ctx.actor.person or "")
    return isinstance(known, Person) and (state is None or known.stream != state.stream)


def _no_way_in(state: Person | None, command: w.AcceptInvite, ctx: Context) -> Refused | None:
    if state is None or state.disabled or state.subject in state.erased:
        return BAD_LINK
    if _known_here(state, ctx):
        return KNOWN_HERE
    if state.invitation is None:
        return USED_LINK if state.name is not None else BAD_LINK
    if state.invitation.token != command.token:
        return BAD_LINK
    if ctx.at >= state.invitation.until:
        return _ended_at(state.invitation.until)
    return None


def _ended_at(until: Millis) -> Refused:
    return refuse(
        "expired_link",
        t(
            "This link ended at {time}. Ask whoever gave it to you for a new one.",
            time=When(at=until),
        ),
    )


def call(state: Person | None, command: w.CallMe, ctx: Context) -> Decision:
    """As the platform shows them; it may be the first that is known of them here."""
    subject = ctx.actor.subject if state is None else state.subject
    if subject is None or (state is None and not met_first(state, ctx)):
        return NO_PERSON
    if state is not None and state.program is not None:
        return NO_PERSON
    name = words(command.name, NAME_MOST)
    if isinstance(name, Refused):
        return name
    shown = Personal(subject, " ".join(name.split()))
    alone = ctx.alone or (None if state is None else state.shown_alone)
    return [*met_first(state, ctx), w.NameShown(name=shown, place=command.place, alone=alone)]


# --- roles -----------------------------------------------------------------------------------


def grant(state: Person | None, command: w.GrantRole, ctx: Context) -> Decision:
    """One role more, for whoever was invited to work here: never for a customer."""
    if state is None or state.program is not None:
        return NO_PERSON
    if state.disabled:
        return DISABLED
    if state.name is None and state.invitation is None:
        return NO_PERSON
    return [] if command.role in state.roles else [w.RoleGranted(role=command.role)]


def revoke(state: Person | None, command: w.RevokeRole, ctx: Context) -> Decision:
    """One role less."""
    if state is None:
        return NO_PERSON
    if command.role not in state.roles:
        return []
    if command.role == ADMINISTRATOR and ctx.actor.person == state.stream:
        return NOT_YOURSELF
    return [w.RoleRevoked(role=command.role)]


def disable(state: Person | None, command: w.DisablePerson, ctx: Context) -> Decision:
    """No way in any more."""
    if state is None:
        return NO_PERSON
    if state.disabled:
        return []
    return NOT_YOURSELF if ctx.actor.person == state.stream else [w.PersonDisabled()]


# --- signing in ------------------------------------------------------------------------------


def end_sign_ins(state: Person | None, command: w.EndSignIns, ctx: Context) -> Decision:
    """Signed out everywhere, at once."""
    refused = _not_theirs(state, ctx)
    if refused is not None:
        return refused
    return [w.SignInsEnded()]


def reset(state: Person | None, command: w.ResetSignIn, ctx: Context) -> Decision:
    """A way back for somebody who lost theirs; it replaces whatever they had."""
    refused = _not_theirs(state, ctx)
    if refused is not None:
        return refused
    if command.until <= ctx.at:
        return refuse("too_late", t("This link would end before it begins. Choose a later time."))
    return [w.SignInReset(token=command.token, until=command.until)]


def _not_theirs(state: Person | None, ctx: Context) -> Refused | None:
    """Only of a colleague who has joined and is still here; one's own are on one's own page."""
    if state is None or state.program is not None:
        return NO_PERSON
    if state.disabled:
        return DISABLED
    if state.name is None:
        return NOT_JOINED
    return NOT_YOURSELF if ctx.actor.person == state.stream else None


def renew(state: Person | None, command: w.RenewSignIn, ctx: Context) -> Decision:
    """Back by the link: once, and in time."""
    if state is None or ctx.identity is None or state.disabled or state.subject in state.erased:
        return BAD_LINK
    if state.reset is None or state.reset.token != command.token:
        return BAD_LINK
    if ctx.at >= state.reset.until:
        return _ended_at(state.reset.until)
    if _known_here(state, ctx):
        return KNOWN_HERE
    return [w.SignInRenewed(identity=Personal(state.subject, ctx.identity.plain()))]


def set_sign_in(state: Person | None, command: w.SetSignIn, ctx: Context) -> Decision:
    """Told for the record; what was chosen never comes this way."""
    return NO_PERSON if state is None else [w.SignInSet()]


def add_passkey(state: Person | None, command: w.AddPasskey, ctx: Context) -> Decision:
    """Told for the record, like a name and password."""
    return NO_PERSON if state is None else [w.PasskeyAdded()]


def remove_passkey(state: Person | None, command: w.RemovePasskey, ctx: Context) -> Decision:
    """Told for the record."""
    return NO_PERSON if state is None else [w.PasskeyRemoved()]


def add_login(state: Person | None, command: w.AddLogin, ctx: Context) -> Decision:
    """Told for the record, like a name and password."""
    return NO_PERSON if state is None else [w.LoginAdded()]


def remove_login(state: Person | None, command: w.RemoveLogin, ctx: Context) -> Decision:
    """Told for the record."""
    return NO_PERSON if state is None else [w.LoginRemoved()]


# --- what they can do ------------------------------------------------------------------------


def describe(state: Person | None, command: w.DescribePerson, ctx: Context) -> Decision:
    """What of the playbook's skills, languages and teams is theirs."""
    if state is None or state.program is not None:
        return NO_PERSON
    if state.disabled:
        return DISABLED
    playbook = ctx.playbook
    known = (playbook.skills, playbook.organisation.languages, playbook.teams, playbook.areas)
    wanted = (command.skills, command.languages, command.teams, command.areas)
    if any(one not in all_ for few, all_ in zip(wanted, known, strict=True) for one in few):
        return NO_SUCH_SKILL
    skills, languages, teams, areas = (
        tuple(one for one in all_ if one in few) for few, all_ in zip(wanted, known, strict=True)
    )
    if (skills, languages, teams, areas) == _described(state):
        return []
    return [w.PersonDescribed(skills=skills, languages=languages, teams=teams, areas=areas)]


def _described(state: Person) -> tuple[tuple[str, ...], ...]:
    return (state.skills, state.languages, state.teams, state.areas)


def cover(state: Person | None, command: w.CoverAreas, ctx: Context) -> Decision:
    """Which areas they cover, by their own words; all else stays as it was said."""
    if state is None:
        return NO_PERSON
    if any(one not in ctx.playbook.areas for one in command.areas):
        return NO_SUCH_SKILL
    areas = tuple(one for one in ctx.playbook.areas if one in command.areas)
    if areas == state.areas:
        return []
    skills, languages, teams, _ = _described(state)
    return [w.PersonDescribed(skills=skills, languages=languages, teams=teams, areas=areas)]


# --- the desk --------------------------------------------------------------------------------


def adopt(state: Desk | None, command: desk_words.AdoptPlaybook, ctx: Context) -> Decision:
    """Work by this edition; the one in force already is no news."""
    if state is not None and state.playbook == command.version:
        return []
    return [desk_words.PlaybookAdopted(version=command.version, name=command.name)]


# --- what follows ----------------------------------------------------------------------------


def on_access_changed(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """Pages that the person has open show at once what they may do now."""
    yield Ring(person=state.stream, why="access")


def _by_administrator(command: type[Command], decide: Decider) -> Rule:
    return Rule(command, decide, "named", roles=(ADMINISTRATOR,), named_by="person", proof="always")


WORKFLOW = Workflow(
    rules=(
        Rule(w.MeetPerson, meet, "named", by_system=True),
        Rule(
            w.InvitePerson,
            invite,
            "named",
            roles=(ADMINISTRATOR,),
            by_system=True,
            named_by="person",
            proof="always",
        ),
        Rule(w.AcceptInvite, accept, "named", by_anyone=True, named_by="person"),
        Rule(w.CallMe, call, "self", roles=w.ROLES),
        _by_administrator(w.GrantRole, grant),
        _by_administrator(w.RevokeRole, revoke),
        _by_administrator(w.DisablePerson, disable),
        _by_administrator(w.EndSignIns, end_sign_ins),
        _by_administrator(w.ResetSignIn, reset),
        Rule(w.RenewSignIn, renew, "named", by_anyone=True, named_by="person"),
        Rule(w.SetSignIn, set_sign_in, "self", roles=w.ROLES),
        Rule(w.AddPasskey, add_passkey, "self", roles=w.ROLES, proof="always"),
        Rule(w.RemovePasskey, remove_passkey, "self", roles=w.ROLES, proof="always"),
        Rule(w.AddLogin, add_login, "self", roles=w.ROLES, proof="always"),
        Rule(w.RemoveLogin, remove_login, "self", roles=w.ROLES, proof="always"),
        Rule(w.CoverAreas, cover, "self", roles=w.ROLES),
        Rule(
            w.DescribePerson,
            describe,
            "named",
            roles=("supervisor", ADMINISTRATOR),
            named_by="person",
        ),
        Rule(
            desk_words.AdoptPlaybook,
            adopt,
            "desk",
            roles=(ADMINISTRATOR,),
            by_system=True,
            proof="always",
        ),
    ),
    reactors=(
        (w.RoleGranted, on_access_changed),
        (w.RoleRevoked, on_access_changed),
        (w.PersonDisabled, on_access_changed),
        (w.SignInsEnded, on_access_changed),
        (w.SignInReset, on_access_changed),
    ),
)
