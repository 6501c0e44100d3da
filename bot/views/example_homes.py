"""Examples of what one person alone is shown."""

from collections.abc import Mapping

from bot.core.cards import Card
from bot.core.incident import Incident
from bot.core.report import Report
from bot.core.texts import Phrase, t
from bot.views import help as help_now
from bot.views import home
from bot.views.asking import which
from bot.views.look import Look

DESK = "https://desk.example.org"
REFERENCES = ("N-7K4-M2QX", "N-3HQ-T7BK", "N-9XV-2WDM", "N-4TB-KQ7H", "N-8MD-W3XR", "N-2QK-H9VT")


ASKED = f"per_{'D' * 26}"


def _offered(running: Incident, person: str) -> Incident:
    """`person` asks a colleague to take over."""
    task = running.tasks[0]
    places = tuple(
        one.model_copy(update={"offered_to": ASKED}) if one.person == person else one
        for one in task.places
    )
    return running.model_copy(update={"tasks": (task.model_copy(update={"places": places}),)})


def homes(
    look: Look, running: Incident, report: Report, person: str
) -> Mapping[str, Card[Phrase] | None]:
    """A card of each kind, by name; `person` has a place on task 1."""
    many = [
        running.model_copy(update={"reference": one, "stream": f"{running.stream[:-1]}{number}"})
        for number, one in enumerate(REFERENCES)
    ]
    own = [
        report.model_copy(update={"reference": f"R{one[1:]}", "stream": f"{report.stream}{one}"})
        for one in REFERENCES
    ]
    sure = t(
        "With this code, this account becomes one of {who}. What is done from it counts as "
        "done by them, and what you have reported from it is theirs. "
        "Go on only if you are {who} and made this code yourself.",
        who="Ana",
    )
    return {
        "home, what is yours": home.lines(home.MINE, many, look, home.NOTHING_MINE, 3),
        "home, nothing is yours": home.lines(home.MINE, (), look, home.NOTHING_MINE),
        "home, your task": home.own_task(running, 1, person, look),
        "home, a colleague asks you": home.asked_task(_offered(running, person), 1, ASKED, look),
        "home, your report": home.report_line(report),
        "home, which report": which(own, own[0], look),
        "home, ways in": home.ways(True, look, works_here=True),
        "home, help now": help_now.screen(look.playbook),
        "home, whose account": home.asked_to_join(sure, person, "hash"),
    }
