"""The playbook's phone list: whom to call when nothing else works."""

from pydantic import Field

from bot.core.playbook_parts import Part
from bot.core.playbook_words import Long, Short


class PhonePart(Part):
    """A number that is printed on every incident sheet."""

    name: Short = Field(description="Who answers.")
    number: str = Field(min_length=2, max_length=40, description="As it is dialled.")
    note: Long | None = Field(default=None, description="When they answer, what for.")
