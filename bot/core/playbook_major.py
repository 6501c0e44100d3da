"""The playbook's table of major incidents: by what they are declared, who does what, how often
people hear.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StrictBool, model_validator

from bot.core.calendar import DAY, HOUR, MINUTE
from bot.core.ids import Millis
from bot.core.major_words import COMMANDER, DEPUTY
from bot.core.playbook_parts import Part
from bot.core.playbook_words import Duration, Key, Long, Short
from bot.core.texts import Phrase, Text, t


class PostPart(Part):
    """A post. What Muster has words for itself needs none here."""

    title: Short | None = Field(default=None, description="As people say it.")
    duty: Long | None = Field(default=None, description="What whoever has it does, in a sentence.")
    needed: StrictBool = Field(
        default=True, description="Whether somebody is called when nobody has it."
    )


TITLES: Mapping[str, Text] = {
    COMMANDER: t("Commander"),
    DEPUTY: t("Deputy"),
    "scribe": t("Scribe"),
    "customer_liaison": t("Customer liaison"),
    "internal_liaison": t("Internal liaison"),
    "operations": t("Operations"),
}
DUTIES: Mapping[str, Text] = {
    COMMANDER: t(
        "You decide and give tasks to others. You repair nothing yourself, and you command until "
        "somebody accepts the hand-over."
    ),
    DEPUTY: t("You stand by to take command at any moment, and you watch the times."),
    "scribe": t("You write down what is found, done and decided, with the time."),
    "customer_liaison": t("You tell customers how things stand, in time, in calm plain words."),
    "internal_liaison": t("You tell our own people and the management how things stand."),
    "operations": t("You lead those who repair it, and tell the commander what they need."),
}
KNOWN = tuple(TITLES)
"""Posts for which there are words."""


class MajorUpdates(Part):
    """How often people hear something, in clock time, counted from the declaration."""

    first: Duration = Field(default=5 * MINUTE, description="The first update.")
    scope: Duration = Field(
        default=5 * MINUTE, description="After the first, the one that says how far it reaches."
    )
    every: Duration = Field(default=20 * MINUTE, description="The time between updates then.")
    relax_after: Duration = Field(default=2 * HOUR, description="From when on less often.")
    relax_to: Duration = Field(default=HOUR, description="The time between them then.")

    @model_validator(mode="after")
    def _slower(self) -> "MajorUpdates":
        if self.relax_to < self.every:
            raise ValueError("relax_to is less than every")
        return self


Posts = Annotated[Mapping[Key, PostPart], Field(min_length=2, max_length=10)]


class MajorPart(Part):
    """Major incidents: declared by a press against written criteria."""

    criteria: Mapping[Key, Short] = Field(
        default_factory=dict, description="What makes one, in short; one that holds is enough."
    )
    posts: Posts = Field(
        default_factory=lambda: {one: PostPart() for one in KNOWN},
        description="Who does what; `commander` and `deputy` are always among them.",
    )
    vacancy: Duration = Field(
        default=5 * MINUTE, description="How long a post may be empty before somebody is called."
    )
    keep_place: Duration = Field(
        default=DAY,
        description="How long a place of its own stays open after the stand-down; then it is shut.",
    )
    updates: MajorUpdates = Field(
        default=MajorUpdates(), description="How often people hear something."
    )

    def title(self, post: str) -> Phrase:
        """What a post is called today; its key when it is called nothing any more."""
        found = self.posts.get(post)
        return (found and found.title) or TITLES.get(post) or t("{post}", post=post)

    def duty(self, post: str) -> Phrase:
        """What whoever has it does."""
        found = self.posts.get(post)
        return (found and found.duty) or DUTIES.get(post) or self.title(post)

    @model_validator(mode="after")
    def _whole(self) -> "MajorPart":
        if missing := [one for one in (COMMANDER, DEPUTY) if one not in self.posts]:
            raise ValueError(f"the post {missing[0]!r} is missing")
        for key, post in self.posts.items():
            if key not in KNOWN and not (post.title and post.duty):
                raise ValueError(f"the post {key!r} needs a title and a duty")
        return self


def next_by(
    updates: MajorUpdates, declared_at: Millis, heard: tuple[Millis, ...], at: Millis
) -> Millis:
    """By when people must hear again from somebody who tells them something at `at`; `heard` is
    when they heard since the declaration, before that.
    """
    if not heard:
        return at + updates.scope
    relaxed = at - declared_at >= updates.relax_after
    return at + (updates.relax_to if relaxed else updates.every)
