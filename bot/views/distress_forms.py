"""What whoever helps somebody in distress can do: end with a summary, say how it was, keep a note.

And how they say how they are themselves.
"""

from collections.abc import Callable, Iterable, Mapping

from bot.core import distress_words as dw
from bot.core.cards import Actions, Button, Card, Section
from bot.core.commands import Command
from bot.core.incident import Incident
from bot.core.texts import Phrase, Text, t, tn
from bot.views.form_kinds import Filled, FormKind
from bot.views.look import Look, button, opens
from bot.views.questions import choice, simple, words

WORDS_MOST = 1_000
DAYS = (30, 90, 180)
TAKE_IT = t("I am coming")
SUM_UP = t("End with a summary")
HELPED = t("They are being helped")
FALSE_ALARM = t("False alarm")
NOTE = t("Note what they need")


def offers(state: Incident, look: Look) -> Iterable[Button[Phrase]]:
    """While somebody is in distress, how it ended; afterwards, what colleagues need to know."""
    for report in state.shelter.reports[:1]:
        yield opens(SUM_UP, "sum_up_distress", "primary", report=report)
        yield button(HELPED, "clear_distress", report=report, why="helped")
        yield opens(FALSE_ALARM, "false_alarm", report=report)
    if state.shelter.unclocked and state.first_report is not None:
        yield opens(NOTE, "vulnerability", report=state.first_report)


def take(state: Incident) -> list[Button[Phrase]]:
    """The way in, for whoever was called and sees nothing of it yet."""
    return [button(TAKE_IT, "take_incident", "primary", incident=state.stream)]


def _summed_up(filled: Filled) -> Command:
    return dw.SumUpDistress(
        report=str(filled.args["report"]),
        said=filled.words("said"),
        next_step=filled.words("next_step"),
        contact=filled.words("contact"),
        send=filled.words("send") == "yes",
    )


def _false_alarm(filled: Filled) -> Command:
    return dw.ClearDistress(
        report=str(filled.args["report"]), why="false_alarm", words=filled.words("words")
    )


def _noted(filled: Filled) -> Command:
    return dw.AddVulnerabilityNote(
        report=str(filled.args["report"]),
        words=filled.words("words"),
        agreed=filled.words("agreed") == "yes",
        days=int(filled.words("days")),
    )


_SEND = choice(
    "send",
    t("Shall they have it in writing?"),
    (
        ("yes", t("Yes, send it to them")),
        ("no", t("No, keep it with us")),
    ),
)
_AGREED = choice(
    "agreed",
    t("Did you tell them why you want to keep this, and did they agree?"),
    (
        ("yes", t("Yes, they agreed")),
        ("no", t("No")),
    ),
)

SURE = t("What made you sure? The reason is kept.")

FORMS: Mapping[str, FormKind] = {
    "sum_up_distress": FormKind(
        simple(
            "sum_up_distress",
            SUM_UP,
            words("said", t("What did you talk about?"), WORDS_MOST),
            words("next_step", t("What happens next?"), WORDS_MOST),
            words("contact", t("Who will be in touch, and when?"), WORDS_MOST),
            _SEND,
        ),
        _summed_up,
        alone=True,
        brings=dw.SumUpDistress,
    ),
    "false_alarm": FormKind(
        simple(
            "false_alarm",
            FALSE_ALARM,
            words(
                "words", t("What made you sure? The reason is kept."), WORDS_MOST, required=False
            ),
        ),
        _false_alarm,
        alone=True,
        brings=dw.ClearDistress,
    ),
    "vulnerability": FormKind(
        simple(
            "vulnerability",
            NOTE,
            words("words", t("What do colleagues who work for them need to know?"), WORDS_MOST),
            _AGREED,
            choice(
                "days",
                t("When is it looked at again?"),
                ((str(one), tn("in {n} day", "in {n} days", n=one)) for one in DAYS),
            ),
        ),
        _noted,
        alone=True,
        brings=dw.AddVulnerabilityNote,
    ),
}


# --- how they are themselves -------------------------------------------------------------------

HOW: tuple[tuple[str, Text], ...] = (
    ("fine", t("I am fine")),
    ("pause", t("I need a break")),
    ("talk", t("I want to talk to somebody")),
)


def cared(said: str, say: Callable[[Phrase], str]) -> Card[str]:
    """The question how they are, with the answers where it is read."""
    made = [button(label, "say_how_i_am", how=how) for how, label in HOW]
    row = tuple(Button(say(one.label), one.action, one.style) for one in made)
    return Card(said, (Section(said), Actions(row)))
