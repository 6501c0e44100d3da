"""The all-clear of a major incident that waits for a second person: what ends with it."""

from bot.core.commands import Refused
from bot.core.drafting import Draft
from bot.core.handling import busy
from bot.core.incident import Incident
from bot.core.major import commands
from bot.core.major_words import MajorStoodDown
from bot.core.rules import refuse
from bot.core.texts import t

KEPT = refuse(
    "all_clear",
    t("An all-clear is not changed. Take it back, and let the commander give it anew."),
)
WAITS = refuse(
    "all_clear_waits",
    t("An all-clear waits for approval already. Have it approved, or take it back."),
)


def stood_down(draft: Draft) -> tuple[MajorStoodDown, ...]:
    """What comes of it with the words that go out; nothing where it is no all-clear."""
    if draft.recovered is None or draft.data_loss is None:
        return ()
    said = {"recovered": draft.recovered, "data_loss": draft.data_loss}
    return (MajorStoodDown(by=draft.author, **said),)


def unfit_now(state: Incident, draft: Draft) -> Refused | None:
    """Why an all-clear that was written then is none now."""
    if not draft.all_clear:
        return None
    if not state.major.declared:
        return refuse("not_declared", t("This is not a declared major incident."))
    if draft.since < (state.major.declared_at or 0):
        text = t("It was declared anew since this was written. Take this all-clear back.")
        return refuse("declared_anew", text)
    if not commands(state, draft.author):
        text = t("Somebody else commands since this was written. They give the all-clear.")
        return refuse("not_commander", text)
    return busy(state) if state.kin.expects else None
