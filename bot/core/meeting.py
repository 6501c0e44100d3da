"""Somebody unknown becomes a person with what they do first."""

from bot.core import person_words as w
from bot.core.context import Context
from bot.core.events import Event
from bot.core.person import Person
from bot.core.rules import refuse
from bot.core.texts import t

NO_PERSON = refuse("not_found", t("There is no such person. Check the link or the list."))


def met_first(state: Person | None, ctx: Context) -> list[Event]:
    """The first event of who is not known yet; nothing for who is, or who came from nowhere."""
    if state is not None or ctx.seat is None or ctx.identity is None:
        return []
    met = w.PersonMet(
        subject=ctx.identity.subject,
        channel=ctx.seat.channel,
        identity=ctx.identity,
        language=ctx.actor.language,
    )
    return [met]
