"""What an incident's card says of the problem behind it, and a problem's card of itself."""

from collections.abc import Iterator, Mapping

from bot.core.cards import Button, Confirm, Field
from bot.core.incident import Incident
from bot.core.problem_words import Standing
from bot.core.texts import Phrase, Ref, Text, When, t, tn
from bot.views.look import Look, button, opens

PROBLEM, CAUSE, WORKAROUND, SEND = ("problem", "cause", "workaround", "send_workaround")
"""The forms that are opened from here."""
STANDING: Mapping[Standing, Text] = {
    "open": t("its cause is sought"),
    "known_error": t("known error"),
    "resolved": t("its cause is put right"),
    "ended": t("over"),
}
KNOWN_ERROR = t("Known error")


def is_known_error(state: Incident) -> bool:
    """Whether it is a problem that is not put right yet, and for which something helps."""
    known = state.incident_kind == "problem" and state.working
    return known and state.problem.workaround is not None


def fields(state: Incident) -> Iterator[Field[Phrase]]:
    """The cause, what helps meanwhile, and to how many incidents it belongs."""
    known = state.problem
    if known.reference and known.standing in STANDING:
        ref, how = Ref(ref=known.reference), STANDING[known.standing]
        yield Field(t("Problem behind it"), t("{ref}, {how}", ref=ref, how=how))
    if known.cause is not None:
        yield Field(t("What is known of the cause"), t("{words}", words=known.cause))
    if known.workaround is not None:
        yield Field(t("Workaround"), t("{words}", words=known.workaround))
    if known.incidents:
        count = len(known.incidents)
        yield Field(t("Its incidents"), tn("{n} incident", "{n} incidents", n=count))
    if known.workaround_at is not None:
        yield Field(t("Known error since"), t("{time}", time=When(at=known.workaround_at)))


def offers(state: Incident, look: Look) -> Iterator[Button[Phrase]]:
    """What can be done about the cause."""
    me = state.stream
    if state.status in ("merged", "cancelled"):
        return
    if state.incident_kind == "problem":
        yield opens(t("What is known of the cause"), CAUSE, incident=me)
        if state.working:
            yield opens(t("Workaround"), WORKAROUND, incident=me)
    elif state.problem.of is None:
        yield opens(t("Problem behind it"), PROBLEM, incident=me)
    else:
        yield from _linked(state)


def _linked(state: Incident) -> Iterator[Button[Phrase]]:
    me, report = state.stream, state.first_report
    if state.problem.workaround is not None and report is not None:
        yield opens(t("Send the workaround"), SEND, incident=me, report=report)
    yield button(
        t("Not of this problem"),
        "unlink_problem",
        confirm=Confirm(
            t("Take it out of the problem?"),
            t("The two do not know each other any more. Nothing else changes."),
            t("Take it out"),
        ),
        incident=me,
        problem=state.problem.of or "",
    )
