"""What people order about messages that did not arrive: try them again, or let them go."""

from typing import ClassVar, Literal

from pydantic import Field

from bot.core.desk_words import DeskCommand
from bot.core.events import Event
from bot.core.ids import Kind, PersonId
from bot.core.texts import Text, t

What = Literal["replay", "discard"]
Because = Literal["", "mended", "told", "late", "wrong"]
BECAUSE: dict[Because, Text] = {
    "mended": t("What was in the way is mended."),
    "told": t("They were told another way."),
    "late": t("It is too late to help them."),
    "wrong": t("It should not be sent."),
}
"""Why, as a sentence; free words might name those whom it concerns."""


class Selection(DeskCommand):
    """Which dead letters: one (`letter`, its number), or those of an update (`update`, as in
    `incident/3`), of a reason (`fault`: expired, blocked or failed), or of both.
    """

    letter: int = Field(default=0, ge=0, lt=2**63)
    update: str = Field(default="", max_length=80)
    fault: Literal["", "expired", "blocked", "failed"] = ""
    because: Because = ""


class ReplayDeliveries(Selection):
    """Try them again, from the beginning; never those that arrived, nor words that were changed."""

    tag = "replay_deliveries"


class DiscardDeliveries(Selection):
    """Give them up for good."""

    tag = "discard_deliveries"


class DeliveriesOrdered(Event):
    """Somebody decided what becomes of dead letters; order `number` carries it out."""

    tag = "deliveries_ordered"
    kinds: ClassVar[tuple[Kind, ...]] = ("desk",)
    number: int
    what: What
    letter: int
    update: str
    fault: str
    because: Because
    by: PersonId
