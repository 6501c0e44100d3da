"""How long an incident took, in plain words: one line for each pair of milestones."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.core.cards import Button
from bot.core.incident import Incident
from bot.core.milestone_words import Milestone
from bot.core.milestones import Figure, FigureKey, Why, left_out
from bot.core.texts import Phrase, Span, Text, Who, t
from bot.views.look import Look, opens

FORM = "correct_milestone"

MILESTONES: Mapping[Milestone, Text] = {
    "opened": t("When it was reported"),
    "acknowledged": t("When somebody first saw to it"),
    "first_word": t("When the customer first heard from a person"),
    "restored": t("When it worked again"),
    "closed": t("When it was closed"),
}
_LABELS: Mapping[FigureKey, Text] = {
    "acknowledge": t("Until somebody saw to it"),
    "first_word": t("Until the customer heard from a person"),
    "restore": t("Until it worked again"),
    "close": t("Until it was closed"),
    "punctual": t("Updates in time"),
}
WHY: Mapping[Why, Text] = {
    "": t("it does not apply"),
    "kind": t("this is no incident, and only incidents are measured"),
    "exercise": t("this is an exercise"),
    "test": t("this is a test"),
    "merged": t("it was merged, and the other one is measured"),
    "cancelled": t("it was cancelled"),
    "distress": t("somebody was in distress, and nobody's time is measured there"),
    "ended": t("it ended without that"),
    "nobody": t("no customer is linked to it"),
    "before": t("they were spoken with before it was opened"),
    "reversed": t("the end lies before the beginning; correct one of the times"),
    "called_off": t("the task was called off"),
    "moved": t("the task went on at another incident"),
    "given_back": t("the place was given back"),
    "not_noted": t("nobody said when they were there"),
    "none_owed": t("no update was owed"),
}


@dataclass(frozen=True, slots=True)
class Took:
    """One line: what, how long it took or why that is not said, and what is to be known beside."""

    status: str
    label: Phrase
    said: Text
    beside: Text | None = None


def took(figures: Iterable[Figure]) -> tuple[Took, ...]:
    """The figures in words; one line alone where nothing is measured, all for the same reason."""
    found = tuple(figures)
    reasons = {(one.status, one.why) for one in found}
    if len(reasons) == 1 and found[0].status == "not_applicable":
        label = t("Nothing is measured here")
        return (Took(status="not_applicable", label=label, said=WHY[found[0].why]),)
    return tuple(Took(one.status, _label(one), _said(one), _beside(one)) for one in found)


def _label(one: Figure) -> Text:
    if one.key == "claim":
        return t("Task {n}: until somebody came forward", n=one.task)
    if one.key == "arrive":
        who = Who(person=one.person or "")
        return t("Task {n}: until {who} was there", n=one.task, who=who)
    return _LABELS[one.key]


def _said(one: Figure) -> Text:
    if one.status == "pending":
        return t("not yet")
    if one.status == "not_applicable":
        return t("does not apply: {why}", why=WHY[one.why])
    if one.status == "invalid":
        return t("cannot be: {why}", why=WHY[one.why])
    if one.key == "punctual":
        return t("{kept} of {due}", kept=one.kept, due=one.due)
    return t("{span}", span=Span(ms=one.ms or 0))


def _beside(one: Figure) -> Text | None:
    said = [*_details(one)]
    if not said:
        return None
    whole = said[0]
    for more in said[1:]:
        whole = t("{first}; {second}", first=whole, second=more)
    return whole


def _details(one: Figure) -> Iterator[Text]:
    if one.net_ms is not None and one.net_ms != one.ms:
        yield t("{span} without pauses", span=Span(ms=one.net_ms))
    if one.late_ms is not None and one.late_ms > 0:
        yield t("{span} later than first said", span=Span(ms=one.late_ms))
    if one.late_ms is not None and one.late_ms <= 0:
        yield t("in time")
    if one.corrected and one.status != "invalid":
        yield t("with a corrected time")


def offers(state: Incident, look: Look) -> Iterable[Button[Phrase]]:
    """To put a time right that was recorded late, or not at all."""
    if not left_out(state):
        yield opens(t("Correct a time"), FORM, incident=state.stream)
