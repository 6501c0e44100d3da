"""What does not go together with a problem: customers, danger, words for many, a major incident."""

from bot.core.commands import Refused
from bot.core.handling import busy
from bot.core.incident import Incident
from bot.core.incident_words import IncidentKind
from bot.core.rules import refuse
from bot.core.texts import t


def unfit(state: Incident) -> Refused | None:
    """Why what is said to customers, or done because of them, is not for a problem."""
    if state.incident_kind != "problem":
        return None
    text = t("This is a problem, for which no customer waits. Do this at its incidents.")
    return refuse("problem", text)


def retyping(state: Incident, kind: IncidentKind) -> Refused | None:
    """Why it cannot become a problem, or cease to be one, if it cannot."""
    if kind == "problem":
        return _becoming(state)
    if state.incident_kind == "problem" and state.problem.incidents:
        text = t("Incidents are linked to this problem. Take them out of it first.")
        return refuse("has_incidents", text)
    return None


def _becoming(state: Incident) -> Refused | None:
    if state.kin.expects:
        return busy(state)
    if state.reports or state.danger or state.told:
        text = t(
            "People wait for word of this, so it stays what it is. Open a problem from it: the "
            "two are linked, and neither waits for the other."
        )
        return refuse("has_customers", text)
    if state.major.stage in ("stand_by", "declared"):
        text = t("This is a major incident, or may become one. Stand it down first.")
        return refuse("major", text)
    if state.problem.of is not None:
        text = t("It belongs to a problem itself. Take it out of that one first.")
        return refuse("linked", text)
    return None
