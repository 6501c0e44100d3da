"""The words by which whoever helped somebody in distress is asked how they are themselves."""

from typing import Literal

from bot.core.ids import Millis
from bot.core.person_words import PersonCommand, PersonEvent

HowTheyAre = Literal["fine", "pause", "talk"]
"""All is well; they need a break; they want to talk to somebody."""


class AskHowTheyAre(PersonCommand):
    """They helped somebody in distress (by the house)."""

    tag = "ask_how_they_are"


class SayHowIAm(PersonCommand):
    """Say how you are, to us alone. A break begins at once."""

    tag = "say_how_i_am"
    how: HowTheyAre


class WelfareAsked(PersonEvent):
    """They are asked how they are."""

    tag = "welfare_asked"


class WelfareAnswered(PersonEvent):
    """They said how they are; a break lasts until `until`."""

    tag = "welfare_answered"
    how: HowTheyAre
    until: Millis | None = None
