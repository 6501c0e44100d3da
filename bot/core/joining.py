"""Why an account cannot be joined, and who waits to be."""

from bot.core.ids import Millis
from bot.core.person import Guest, Person
from bot.core.rules import refuse
from bot.core.texts import Text, t

JOINED_MOST = 10
REMEMBERED_MOST = 30

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
