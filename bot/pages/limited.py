"""From where a stranger comes, as far as limits need to know it."""

from starlette.requests import Request

from bot.core.commands import Refused
from bot.core.texts import t
from bot.engine.limits import household

TOO_FAST = Refused(
    code="too_fast",
    text=t("That was a little too much at once. Please wait a minute and try again."),
    transient=True,
)


def address_of(request: Request) -> str:
    """The address of the connection. Headers that claim another one are not believed."""
    return household(request.client.host if request.client else "")
