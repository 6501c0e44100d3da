"""The whole line: every press in its order, and what it must leave in the log."""

from dataclasses import dataclass

from tests.proof.browser import presses as p
from tests.proof.browser.presses import Press, Then


@dataclass(frozen=True)
class Step:
    """One press: `press` makes ready and gives the button, `then` waits for what is seen of it.

    `once` are the events that it makes, each once. `at_once`: the page may be reloaded before
    the press was answered, and nothing of it is lost.
    """

    name: str
    who: str
    press: Press
    then: Then
    once: tuple[str, ...] = ()
    at_once: bool = False


ANSWERED = ("question_answered",)
AT_TEN = {"en": "10:30", "ru": "10:30"}
NUMBER = {"en": p.PHONE, "ru": p.PHONE}


def step(
    name: str, who: str, press: Press, then: Then, *once: str, at_once: bool | None = None
) -> Step:
    is_customers = who == "customer" if at_once is None else at_once
    return Step(name, who, press, then, once, is_customers)


def question(key: str, press: Press, then: Then) -> Step:
    return step(f"answers: {key}", "customer", press, then, *ANSWERED)


INTAKE = (
    step("reads the notice, begins", "customer", p.begin, p.heard, "report_started"),
    question("safety", p.chosen("safety", "no"), p.asked_kind),
    question("kind", p.kind, p.next_is("what")),
    question("what", p.typed(p.WHAT), p.asked_category),
    question("category", p.category, p.next_is("extent")),
    question("extent", p.chosen("extent", "floor"), p.next_is("hazards")),
    question("hazards", p.ticked("hazards", "none"), p.next_is("depends")),
    question("depends", p.ticked("depends", "none"), p.next_is("fuse")),
    question("fuse", p.no, p.next_is("since")),
    question("since", p.typed(AT_TEN), p.next_is("where")),
    question("where", p.typed(p.PLACE), p.next_is("how_many")),
    question("how_many", p.chosen("how_many", "some"), p.next_is("photo")),
    step(
        "adds a photo",
        *("customer", p.photo, p.next_is("contact"), "file_added", *ANSWERED),
        at_once=False,
    ),
    question("contact", p.typed(NUMBER), p.summed_up),
    step("changes an answer", "customer", p.changed, p.has_changed, *ANSWERED),
    step(
        "sends the report", "customer", p.sent, p.referenced, "summary_confirmed", "incident_opened"
    ),
)
TALK = (
    step("takes it", "agent", p.take, p.status("In progress", "An agent has it"), "incident_taken"),
    step("ticks a step of the script", "agent", p.tick, p.is_ticked, "step_ticked"),
    step("replies", "agent", p.reply, p.replied, "message_sent"),
    step("writes back", "customer", p.written, p.read, "message_received"),
)
HELP = (
    step("asks for a resource", "agent", p.ask, p.asked),
    step("claims with a time", "resource", p.claim, p.claimed, "task_claimed"),
    step("changes the time", "resource", p.later, p.is_later, "eta_revised"),
    step("sets out", "resource", p.moves("On my way"), p.stands("on the way"), "departed"),
    step("is on site", "resource", p.moves("I am on site"), p.stands("on site"), "arrived"),
    step("has done it", "resource", p.finish, p.finished, "task_completed"),
)
NEWS = (
    step("publishes an update", "agent", p.publish, p.published, "update_published"),
    step(
        "puts it on hold",
        "agent",
        p.saying("hold", p.WAITING),
        p.status("On hold"),
        "incident_held",
    ),
    step(
        "goes on",
        "agent",
        p.saying("resume", p.WAITING),
        p.status("In progress"),
        "incident_resumed",
    ),
)
END = (
    step("resolves it", "agent", p.saying("resolve", p.FUSE), p.is_asked, "incident_resolved"),
    step("says that it is not fixed", "customer", p.not_fixed, p.status("Open"), "fix_disputed"),
    step("takes it again", "agent", p.take, p.status("In progress"), "incident_taken"),
    step(
        "resolves it again", "agent", p.saying("resolve", p.SECOND), p.is_asked, "incident_resolved"
    ),
    step("says that it is fixed", "customer", p.is_fixed, p.status("Closed"), "fix_confirmed"),
    step("rates", "customer", p.rated, p.seen_rating, "service_rated"),
    step("takes the transcript", "customer", p.taken_away, p.has_it, at_once=False),
)
LINE = (*INTAKE, *TALK, *HELP, *NEWS, *END)
