"""What somebody sees who reports in a chat: the first words, their reports, ways to go on."""

from collections.abc import Sequence

from bot.core.cards import (
    BUTTONS_MOST,
    Action,
    Actions,
    Button,
    Card,
    Confirm,
    Context,
    Field,
    Fields,
    Header,
    Section,
)
from bot.core.ids import PersonId
from bot.core.incident import Incident
from bot.core.playbook import Playbook
from bot.core.playbook_labels import Labels
from bot.core.report import Report
from bot.core.texts import Phrase, Ref, Text, Words, t
from bot.views import labels
from bot.views.asking import named
from bot.views.look import BY_LINK, MEAN, SHOW, SPEAK, START, Look, built, button

YOURS = t("Your reports")
LANGUAGE = t("In which language shall we write to you?")


def welcome(playbook: Playbook) -> Card[Phrase]:
    """The first words: help in danger, what this is, and what can be done here.

    The playbook's own words for danger say that somebody is being called, which is not so yet.
    """
    name, number = playbook.organisation.name, playbook.safety.emergency_number
    return built(
        t("Welcome to {organisation}", organisation=name),
        Section(t("If anyone is in danger, call {number} first.", number=number)),
        Section(
            t(
                "You have reached {organisation}. Tell us here what has happened, and people will "
                "take care of it.\nWe answer you in this chat. You can ask for a person at any "
                "time.",
                organisation=name,
            )
        ),
        Actions((_says(t("Report a problem"), "report"), _says(t("My reports"), "status"))),
    )


def _says(label: Phrase, line: str) -> Button[Phrase]:
    """A button that stands for a line which could be typed as well."""
    return Button(label, Action(SPEAK, {"line": line}))


def reports(
    mine: Sequence[tuple[Report, Incident | None]], look: Look, elsewhere: bool = False
) -> Card[Phrase]:
    """Their reports with how they stand, and a button each; `elsewhere`: they can go on there."""
    shown, own = mine[:BUTTONS_MOST], look.playbook.labels
    more = (_says(t("Go on in another app"), "go on"),) if elsewhere else ()
    return built(
        YOURS,
        Header(YOURS),
        Fields(tuple(Field(named(one, look), standing(one, of, own)) for one, of in shown)),
        Actions(tuple(button(_show(one), SHOW, report=one.stream) for one, _ in shown), more),
    )


def _show(state: Report) -> Text:
    return t("Show {ref}", ref=Ref(ref=state.reference))


def standing(state: Report, incident: Incident | None, own: Labels) -> Phrase:
    """How a report stands, as its person is told; the playbook may have words of its `own`."""
    told = state.stage == "answering" and state.left == "person_wanted"  # As far as they wanted.
    if incident is not None and (told or state.stage in ("sent", "confirming")):
        return labels.public_status(incident.status, incident.incident_kind, own)
    return labels.STAGE["sent" if told else state.stage]


# --- where a link leads ------------------------------------------------------------------------


def or_another(state: Report, what: Phrase, key: str) -> Card[Phrase]:
    """They came by a link of something, and have a report already: which one is meant?"""
    ref = Ref(ref=state.reference)
    said = t("You have a report with us already: {ref}. Is this about something else?", ref=ref)
    return built(
        said,
        Section(said),
        Context(t("The link is about: {what}. Nothing that you told us is lost.", what=what)),
        Actions(
            (
                Button(t("Yes, report another one"), Action(START, {"key": key}), "primary"),
                button(t("No, go on with {ref}", ref=ref), MEAN, report=state.stream),
            )
        ),
    )


def to_follow(state: Incident) -> Card[Phrase]:
    """What is told to everybody about it can be heard here."""
    ref = Ref(ref=state.reference)
    said = t("Do you want to hear here how it goes on with {ref}?", ref=ref)
    follow = button(t("Yes, tell me"), "subscribe", "primary", scope=f"incident:{state.stream}")
    buttons: tuple[Button[Phrase], ...] = (follow,)
    return built(said, Section(said), Actions(buttons))


def by_link(told: Text, person: PersonId, token: str) -> Card[Phrase]:
    """Before a report goes on here; `token` is the hash of the link's secret."""
    action = Action(BY_LINK, {"person": person, "token": token})
    return built(told, Section(told), Actions((Button(t("Go on here"), action, "primary"),)))


# --- language, stopping ------------------------------------------------------------------------


def languages(names: Sequence[tuple[str, str]]) -> Card[Phrase]:
    """The languages of the house, each by its own name."""
    buttons = tuple(
        button(Words(by={tag: name}), "choose_language", language=tag) for tag, name in names
    )
    return built(LANGUAGE, Section(LANGUAGE), Actions(buttons[:BUTTONS_MOST]))


def stopping(state: Report) -> Card[Phrase]:
    """Somebody wants to stop while they are being asked."""
    ref = Ref(ref=state.reference)
    said = t("Shall we stop your report {ref}? Nobody will work on it then.", ref=ref)
    return built(
        said,
        Section(said),
        Actions((button(t("Stop it"), "withdraw_report", "danger", why="cancelled"),)),
        Context(t("If you want to go on, just answer the question above.")),
    )


def at_work(state: Report) -> Card[Phrase]:
    """Somebody wants to stop what people are working on: that takes more than a word."""
    ref = Ref(ref=state.reference)
    said = t("People are working on your report {ref}, and go on with it.", ref=ref)
    sure: Confirm[Phrase] = Confirm(
        t("Stop the work on it?"),
        t("Nobody works on it any more. You can report it again at any time."),
        t("Yes, it is solved"),
    )
    solved = button(t("It solved itself"), "withdraw_report", confirm=sure, why="solved_itself")
    return built(
        said,
        Section(said),
        Context(t("If it is no longer needed, say so:")),
        Actions((solved, button(_show(state), SHOW, report=state.stream))),
    )
