"""The playbook's table `[duplicates]`: what makes two reports likely to be of one incident."""

from typing import Annotated

from pydantic import Field, StrictInt, model_validator

from bot.core.calendar import HOUR
from bot.core.playbook_parts import Part
from bot.core.playbook_words import Duration, Key

Weight = Annotated[StrictInt, Field(ge=0, le=100)]


class Weights(Part):
    """How much each likeness counts, of what can be compared at all."""

    category: Weight = Field(default=30, description="The same category.")
    place: Weight = Field(default=40, description="The same place, or an address much like it.")
    words: Weight = Field(default=30, description="Words in common, misspelt or not.")
    many: Weight = Field(
        default=10, description="Beside these: many reported it, or it is of the highest priority."
    )

    @model_validator(mode="after")
    def _something(self) -> "Weights":
        if not self.category + self.place + self.words:
            raise ValueError("at least one of category, place and words must count")
        return self


class Duplicates(Part):
    """Open incidents that may be the same: offered to customers, shown to agents."""

    at_least: Annotated[StrictInt, Field(ge=1, le=100)] = Field(
        default=65, description="From how many points of 100 two are likely the same."
    )
    within: Duration = Field(
        default=12 * HOUR, description="Only incidents that were opened in this time."
    )
    offer_most: Annotated[StrictInt, Field(ge=1, le=5)] = Field(
        default=3, description="How many are offered, the likeliest first."
    )
    same_place: tuple[str, ...] = Field(
        default=(),
        description="Questions whose equal answers mean the same place, beside those of type "
        "location: `where`, or `CATEGORY.QUESTION`.",
    )
    only_published: tuple[Key, ...] = Field(
        default=(),
        description="Categories of which customers are told nothing before a public update.",
    )
    weights: Weights = Field(default=Weights(), description="What counts how much.")
