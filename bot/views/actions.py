"""From a pressed button to the command that it stands for, or the form that it opens."""

from pydantic import ValidationError

from bot.core.cards import Action
from bot.core.commands import Command
from bot.core.ids import Millis
from bot.core.registry import COMMANDS
from bot.views.look import OPEN_FORM, THERE

WITHIN = "within"


def form_of(action: Action) -> str | None:
    """The key of the form (see `bot.views.forms`) that the button opens, if it opens one."""
    return str(action.args["form"]) if action.name == OPEN_FORM else None


def command_of(action: Action, at: Millis) -> Command | None:
    """The command that a press at `at` stands for; None when it opens a form, or means nothing.

    A time of arrival on a button is counted from the press.
    """
    kind = COMMANDS.get(action.name)
    args = dict(action.args)
    within = args.pop(WITHIN, None)
    args.pop(THERE, None)
    if isinstance(within, int):
        args["eta"] = at + within
    try:
        return None if kind is None else kind.model_validate(args)
    except ValidationError:
        return None
