"""What pages ask of a name and a password, and how often somebody may try them."""

from collections import OrderedDict

from starlette.requests import Request

from bot.core.texts import Text, t
from bot.engine.accounts import LEAST, MOST, tidy_name, tidy_password
from bot.engine.limits import Limiter, Rate
from bot.engine.ports import Clock

BY_ADDRESS = Rate(burst=30, per_minute=30)
BY_NAME = Rate(burst=10, per_minute=2)
KNOWN_MOST = 10_000

BAD_NAME = t("Choose a name to sign in with, of at most 80 characters.")
TOO_SHORT = t("The password needs at least {least} characters.", least=LEAST)
TOO_LONG = t("The password may have {most} characters at most.", most=MOST)


def typed(request: Request, field: str) -> str | None:
    """The text in a field; None when there is none."""
    value = request.state.given.get(field)
    return value if isinstance(value, str) else None


def chosen(name: str, password: str) -> Text | None:
    """What is wrong with a name and password that somebody chose; None when nothing is."""
    if not tidy_name(name):
        return BAD_NAME
    if len(tidy_password(password)) < LEAST:
        return TOO_SHORT
    return TOO_LONG if len(tidy_password(password)) > MOST else None


class Tries:
    """How often names and passwords may be tried: from an address, and for a name.

    From where a name was right before, only the address counts: so nobody keeps somebody out
    of their own place by trying their name from elsewhere.
    """

    def __init__(self, clock: Clock) -> None:
        self._by_address = Limiter(clock, BY_ADDRESS)
        self._by_name = Limiter(clock, BY_NAME)
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def wait(self, key: str, address: str) -> float:
        """Take one try; 0 when there was one, else the seconds until there will be."""
        wait = self._by_address.wait(address)
        if wait or (key, address) in self._known:
            return wait
        return self._by_name.wait(key)

    def right(self, key: str, address: str) -> None:
        """The name was right from here."""
        self._known[key, address] = None
        self._known.move_to_end((key, address))
        if len(self._known) > KNOWN_MOST:
            self._known.popitem(last=False)
