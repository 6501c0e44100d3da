"""The playbook's table `[labels]`: what the states of an incident are called.

What a state means is its flags (`incident_words.FLAGS`), whatever it is called here.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.core.incident_words import FLAGS, IncidentKind, Status
from bot.core.playbook_parts import Part
from bot.core.playbook_words import at_most, worded
from bot.core.texts import Text, Words, t
from bot.core.toml_text import did_you_mean

LABEL_MOST = 30

STATUS: Mapping[Status, Text] = {
    "open": t("Open"),
    "acknowledged": t("Acknowledged"),
    "in_progress": t("In progress"),
    "on_hold": t("On hold"),
    "resolved": t("Resolved"),
    "closed": t("Closed"),
    "merged": t("Merged"),
    "cancelled": t("Cancelled"),
}
"""What staff call a state where a playbook has no word of its own."""

Label = Annotated[Words, BeforeValidator(worded), AfterValidator(at_most(LABEL_MOST))]


class StateWords(Part):
    """A word for each state; one that is left out keeps the product's."""

    open: Label | None = Field(default=None, description="Nobody has seen it yet.")
    acknowledged: Label | None = Field(default=None, description="Somebody has seen it.")
    in_progress: Label | None = Field(default=None, description="Somebody works on it.")
    on_hold: Label | None = Field(default=None, description="Work waits for something.")
    resolved: Label | None = Field(default=None, description="What was wrong is right.")
    closed: Label | None = Field(default=None, description="Nothing is left to do.")
    merged: Label | None = Field(default=None, description="It goes on as part of another one.")
    cancelled: Label | None = Field(default=None, description="It was none, or not ours.")

    @model_validator(mode="before")
    @classmethod
    def _known(cls, raw: Any) -> Any:
        odd = [one for one in raw if one not in cls.model_fields] if isinstance(raw, dict) else []
        if odd:
            states = tuple(FLAGS)
            near = did_you_mean(str(odd[0]), states)
            raise ValueError(f"there is no state {odd[0]!r} (there are: {', '.join(states)}){near}")
        return raw

    def own(self, state: Status) -> Words | None:
        """The playbook's word for `state`, if it has one."""
        found: Words | None = getattr(self, state)
        return found


class KindLabels(StateWords):
    """What the staff read, and what customers and everybody else do."""

    public: StateWords = Field(
        default=StateWords(), description="What customers and the status page are told."
    )

    @model_validator(mode="after")
    def _told_apart(self) -> "KindLabels":
        """Two states of one name cannot be told apart by those who work with them."""
        named = {state: self.own(state) for state in FLAGS}
        languages = dict.fromkeys(lang for own in named.values() if own for lang in own.by)
        for language in languages:
            said = {state: _said(state, own, language) for state, own in named.items()}
            counted = Counter(word.casefold() for word in said.values() if word)
            twice = [state for state, word in said.items() if counted[word.casefold()] > 1]
            if twice:
                word, both = said[twice[0]], " and ".join(twice[:2])
                raise ValueError(f"{word!r} ({language}) is the word for {both}; give one another")
        return self


def _said(state: Status, own: Words | None, language: str) -> str:
    """The word in that language; the product's, where that is known here."""
    if own is not None:
        return own.pick(language)
    return STATUS[state].key if language.partition("-")[0] == "en" else ""


class Labels(KindLabels):
    """What the states are called; tables of the kinds go before those for all of them."""

    service_request: KindLabels = Field(default=KindLabels(), description="Of service requests.")
    complaint: KindLabels = Field(default=KindLabels(), description="Of complaints.")
    enquiry: KindLabels = Field(default=KindLabels(), description="Of enquiries.")
    problem: KindLabels = Field(default=KindLabels(), description="Of problems.")

    def of(self, kind: IncidentKind) -> KindLabels | None:
        """The table of that kind; an incident has none beside this one."""
        return None if kind == "incident" else getattr(self, kind)
