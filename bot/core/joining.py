"""Why an account cannot be joined, and who waits to be."""

from bot.core import joining_words as j
from bot.core.calendar import MINUTE
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.ids import Millis, StreamId
from bot.core.person import Guest, Person
from bot.core.personal import Personal
from bot.core.rules import refuse
from bot.core.texts import Text, When, Who, t

JOINED_MOST = 10
REMEMBERED_MOST = 30
NAME_MOST = 80
CONFIRM: Millis = 30 * MINUTE

BAD_CODE = refuse("bad_link", t("This code does not work. Make a new one and send that."))
USED_CODE = refuse("used_link", t("This code has been used already. Make a new one and send that."))
YOURS_ALREADY = refuse("yours_already", t("This account is yours already. There is nothing to do."))
CLOSED = refuse("disabled", t("This account was closed, so nothing can be joined to it."))
WORKS_HERE = refuse(
    "works_here",
    t(
        "Whoever writes from this account works here by a name of their own, so it cannot become "
        "another person's. Make the code there instead, and send it from the other account."
    ),
)
STAFF_TO_CUSTOMER = refuse(
    "staff_to_customer",
    t(
        "This account works here, and the code was made by a customer. "
        "They cannot be joined: ask whoever gave you the code what it is for."
    ),
)
HAS_OTHERS = refuse(
    "has_others",
    t("Other accounts are joined to this one. Part them first, or make the code here instead."),
)
JOINED_ELSEWHERE = refuse(
    "joined_elsewhere", t("This account is joined to another person. Part it there first.")
)
NOT_HERE = refuse(
    "own_sign_in",
    t("Do this where you made the first of your accounts, not from one that was joined to it."),
)
NOBODY_ASKS = refuse("nobody_asks", t("No account waits to be joined any more. Make a new code."))
NOT_JOINED = refuse("not_found", t("There is no such account. Reload the page."))
TOO_MANY = refuse(
    "too_many", t("{most} accounts are joined already. Part one of them first.", most=JOINED_MOST)
)
AT_ONCE = refuse(
    "at_once", t("Something else is being joined at this moment. Make a new code and try again.")
)

FAILED: dict[str, Text] = {
    one.code: one.text
    for one in (CLOSED, WORKS_HERE, HAS_OTHERS, JOINED_ELSEWHERE, AT_ONCE, NOBODY_ASKS)
}
"""Why nothing came of a join, by the code that `JoinDropped` keeps."""


def guest_of(state: Person, at: Millis) -> Guest | None:
    """Who waits for a yes now."""
    guest = state.guest
    return guest if guest is not None and (guest.confirmed or at < guest.until) else None


def no_use(state: Person, command: j.JoinIdentity, ctx: Context) -> Refused | None:
    """Why this code does nothing for whoever brings it."""
    if state.disabled or state.joined_into or state.subject in state.erased:
        return BAD_CODE
    if ctx.actor.person == state.stream:
        return YOURS_ALREADY
    if state.link is None or state.link.token != command.token:
        return BAD_CODE if state.guest is None else USED_CODE
    if ctx.at < state.link.until:
        return None
    return refuse(
        "expired_link",
        t("This code ended at {time}. Make a new one.", time=When(at=state.link.until)),
    )


def cannot_end(guest: Person) -> Refused | None:
    """Why somebody cannot go on as another person."""
    if guest.disabled or guest.subject in guest.erased:
        return CLOSED
    if guest.name is not None or guest.roles or guest.invitation is not None:
        return WORKS_HERE
    if guest.joined_into:
        return JOINED_ELSEWHERE
    if guest.own:
        return HAS_OTHERS
    return AT_ONCE if guest.guest is not None and guest.guest.confirmed else None


def cannot_take(state: Person) -> Refused | None:
    """Why somebody cannot take in one account more."""
    full = len(state.own) >= JOINED_MOST or len(state.joined) >= REMEMBERED_MOST
    return TOO_MANY if full else None


def not_to_be_taken(state: Person, ctx: Context) -> Refused | None:
    """Why whoever asks cannot go on as `state`."""
    guest = ctx.reads.get(ctx.actor.person or "")
    refused = cannot_end(guest) if isinstance(guest, Person) else None
    if refused is not None:
        return refused
    return STAFF_TO_CUSTOMER if ctx.actor.roles and not state.roles else cannot_take(state)


def asked(
    state: Person, command: j.JoinIdentity, ctx: Context, check: str, report: StreamId = ""
) -> j.JoinAsked:
    """The account of whoever asks waits to be joined. They come by an account and from a place."""
    assert ctx.identity is not None
    assert ctx.seat is not None
    subject = ctx.identity.subject
    return j.JoinAsked(
        number=state.joins + 1,
        person=ctx.actor.person or "",
        subject=subject,
        seat=ctx.seat,
        identity=ctx.identity,
        name=Personal(subject, " ".join(command.name.split())[:NAME_MOST]),
        check=check,
        until=ctx.at + CONFIRM,
        report=report,
    )


def are_you_sure(state: Person) -> Refused:
    """Nothing happens to who was sent a code by somebody else and only looks what it does."""
    if state.roles:
        told = t(
            "With this code, this account becomes one of {who}. What is done from it counts as "
            "done by them, and what you have reported from it is theirs. "
            "Go on only if you are {who} and made this code yourself.",
            who=Who(person=state.stream),
        )
    else:
        told = t(
            "With this code, this account is joined to the conversation in which the code was "
            "made. Whoever made it can then read what you have reported here. "
            "Go on only if you made this code yourself."
        )
    return refuse("are_you_sure", told, transient=True)
