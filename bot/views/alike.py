"""Likely duplicates as agents see them: which, why, and what can be said of them in one press."""

from collections.abc import Iterable
from typing import TypeGuard

from bot.core.cards import Button, Confirm, Context
from bot.core.fold import State
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.likely_words import Likely, Reason
from bot.core.texts import Phrase, Ref, Text, When, t, tn
from bot.views.look import Look, button, opens

SHOWN = 2


def reads(state: State) -> tuple[StreamId, ...]:
    """The others, since they may have ended, or be for few by now."""
    return tuple(one.incident for one in state.alike.found) if isinstance(state, Incident) else ()


def present(state: Incident, look: Look) -> tuple[tuple[Likely, Incident], ...]:
    """Those that are still open to everybody who works here."""
    if not state.working:
        return ()
    found = ((one, look.states.get(one.incident)) for one in state.alike.found)
    return tuple((one, other) for one, other in found if is_there(other))


def is_there(other: State | None) -> TypeGuard[Incident]:
    """Whether it can still be told of."""
    return isinstance(other, Incident) and other.working and other.visibility == "normal"


def line(state: Incident, look: Look) -> Context[Phrase] | None:
    """One line on the card, for the likeliest."""
    found = present(state, look)
    if not found:
        return None
    first, _ = found[0]
    said = t("Likely the same as {ref}: {why}", ref=Ref(ref=first.reference), why=why(first))
    if len(found) == 1:
        return Context(said)
    more = tn("{line}; and {n} more", "{line}; and {n} more", n=len(found) - 1, line=said)
    return Context(more)


def why(one: Likely) -> Text:
    """Every reason, in the order of what counts."""
    said: Text = t("opened {time}", time=When(at=one.opened_at))
    for reason in reversed(one.reasons):
        said = t("{reason}, {rest}", reason=_reason(reason), rest=said)
    return said


def _reason(one: Reason) -> Text:
    match one.what:
        case "place":
            return t("same place")
        case "address":
            return t("an address much like it")
        case "near":
            return tn("{n} metre away", "{n} metres away", n=one.n)
        case "category":
            return t("same category")
        case "words":
            return tn("{n} word in common", "{n} words in common", n=one.n)
        case "many":
            return tn("{n} person reported it", "{n} people reported it", n=one.n)


def goes_into(state: Incident, other: Incident) -> tuple[Incident, Incident]:
    """Which of two goes into which: the larger stays, else the older."""
    pair = sorted((state, other), key=lambda one: (-one.reports, one.opened_at, one.stream))
    return pair[1], pair[0]


def offer(state: Incident, look: Look) -> Iterable[Button[Phrase]]:
    """One press for the likeliest; the rest by a form."""
    found = present(state, look)
    if not found:
        return
    one, other = found[0]
    source, into = goes_into(state, other)
    ref = Ref(ref=one.reference)
    yield button(
        t("Merge with {ref}", ref=ref),
        "merge_incident",
        confirm=Confirm(
            t("Merge them?"),
            t(
                "{source} goes into {into}, with its customers and tasks.",
                source=Ref(ref=source.reference),
                into=Ref(ref=into.reference),
            ),
            t("Merge"),
        ),
        incident=source.stream,
        into=into.stream,
    )
    yield button(
        t("{ref} is not the same", ref=ref),
        "not_the_same",
        incident=state.stream,
        other=other.stream,
    )
    yield opens(t("Likely the same"), "alike", incident=state.stream)
