"""What Slack is called, what it needs and what `muster slack` can do; nothing of it is loaded."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.core.errors import MusterError
from bot.declared import ChatAdapter, ChatWords, Found, Shape, Told
from bot.engine.ports import Clock, Speak
from bot.places import Where


def manifest(
    http: Annotated[
        str, typer.Option("--http", metavar="URL", help="Slack calls us at this public address.")
    ] = "",
    socket: Annotated[
        bool, typer.Option("--socket", help="We call Slack and keep a socket open; the default.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
    as_link: Annotated[
        bool, typer.Option("--link", help="Only the link that makes the app at one press.")
    ] = False,
) -> str:
    """Print what Slack has to know of the app, and the link that makes it."""
    from bot.adapters.slack.manifest import described

    if http and socket:
        raise MusterError("Choose one: --http URL, or --socket.")
    return described(http, "json" if as_json else "link" if as_link else "yaml")


def _open(told: Told, clock: Clock, say: Speak) -> ChatAdapter:
    from bot.adapters.slack.house import Slack, keys_in

    return Slack(keys_in(told), clock, say)


async def _look(told: Told, where: Where) -> Sequence[Found]:
    from bot.adapters.slack.doctor import looked
    from bot.adapters.slack.house import keys_in

    return await looked(keys_in(told), told.get("public_url", ""), where.places, where.groups)


SLACK = ChatWords(
    name="slack",
    title="Slack",
    help="Slack: make the app there, and see whether all is well.",
    needs="slack_bot_token",
    place=Shape(re.compile(r"[CG][A-Z0-9]{1,39}"), "C0123"),
    group=Shape(re.compile(r"S[A-Z0-9]{1,39}"), "S0123"),
    looks="Look at token, scopes, channels and user groups; say what to do for each that is wrong.",
    unset=(
        "Slack is not set up: SLACK_BOT_TOKEN is not set. `muster slack manifest` makes the app "
        "that gives it."
    ),
    open=_open,
    look=_look,
    commands={"manifest": manifest},
)
