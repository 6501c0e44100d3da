"""Forms of problems and of the steps of a category: what they ask, and what comes of it."""

from typing import Any

from bot.core import path_words as pw
from bot.core.answers import validate_all
from bot.core.calendar import DAY
from bot.core.cards import Fields
from bot.core.commands import Command
from bot.core.incident import Incident
from bot.core.moving_words import CategoryChanged
from bot.core.peers import Peer
from bot.core.personal import Personal
from bot.core.problem_words import LinkProblem, OpenProblem, ProblemHeard, ProblemLinked
from bot.core.suggesting import Crew
from bot.views import incident, problem, tools
from bot.views.actions import form_of
from bot.views.examples import ANA, BEN, INCIDENT, OTHER, SUBJECT, an_incident
from bot.views.form_kinds import Filled
from bot.views.forms import FORMS
from bot.views.look import KnownProblem, Look
from bot.wiring import read_playbook

PLAYBOOK = read_playbook(None)
KNOWN = KnownProblem(OTHER, "N-9H2-KPW4", "A worn contact")
LOOK = Look(
    PLAYBOOK,
    lambda version: PLAYBOOK,
    {},
    crew=Crew(people=(), at=0),
    hands=(Peer(person=BEN),),
    problems=(KNOWN,),
)


def security(done: int) -> Incident:
    """A security incident after so many steps."""
    steps = [one.key for one in PLAYBOOK.paths.own["security"].steps][:done]
    words = Personal(SUBJECT, "x")
    return an_incident(
        PLAYBOOK,
        CategoryChanged(before="power", category="security"),
        *(pw.PathStepDone(step=one, words=words, by=ANA) for one in steps),
    )


def personals_of(block: object) -> list[Personal]:
    """Whatever was written by somebody, in the fields of a block."""
    values = [one.value for one in block.items] if isinstance(block, Fields) else []
    return [x for one in values for x in getattr(one, "args", {}).values()]


def filled(key: str, state: Incident, typed: dict[str, object], **args: Any) -> Command:
    answers = validate_all(FORMS[key].ask(state, LOOK), typed)
    assert isinstance(answers, dict), answers
    return FORMS[key].command(Filled({"incident": INCIDENT, **args}, answers, 0, "UTC"))


def test_practice_5_3_the_form_of_a_decision_asks_for_it_its_reason_and_what_else() -> None:
    typed: dict[str, object] = {"decision": "It is one", "words": "It spreads"}
    assert filled("path_step", security(1), typed, step="assess") == pw.DoPathStep(
        incident=INCIDENT, step="assess", decision="It is one", words="It spreads"
    )


def test_practice_5_3_the_form_of_a_follow_up_asks_who_by_when_or_why_nobody() -> None:
    somebody: dict[str, object] = {"learns": "somebody", "words": "Train", "to": BEN}
    found = filled("path_step", security(3), {**somebody, "when": str(DAY)}, step="learn")
    assert isinstance(found, pw.DoPathStep)
    assert (found.owner, found.until, found.words) == (BEN, DAY, "Train")
    nobody: dict[str, object] = {"learns": "nobody", "words": "It was a drill"}
    found = filled("path_step", security(3), nobody, step="learn")
    assert isinstance(found, pw.DoPathStep)
    assert (found.owner, found.until, found.words) == (None, None, "It was a drill")


def test_practice_5_3_the_card_shows_the_next_phase_and_opens_its_form() -> None:
    for done, key in ((0, "report"), (1, "assess"), (2, "respond")):
        drawn = incident.card(security(done), 0, LOOK)
        opened = [x.action.args for x in drawn.buttons if form_of(x.action) == "path_step"]
        assert [one["step"] for one in opened] == [key]
    card = incident.card(security(3), 0, LOOK)
    assert "resolve" in [form_of(one.action) for one in card.buttons]
    more = tools.card(security(3), LOOK)
    assert "learn" in [one.action.args.get("step") for one in more.buttons]


def test_an_incident_is_linked_to_a_problem_that_is_known_or_a_new_one_is_opened() -> None:
    state = an_incident(PLAYBOOK)
    assert filled("problem", state, {"which": OTHER}) == LinkProblem(
        incident=INCIDENT, problem=OTHER
    )
    typed: dict[str, object] = {"which": "new", "what": "A worn contact"}
    assert filled("problem", state, typed) == OpenProblem(incident=INCIDENT, what="A worn contact")


def test_practice_2_1_a_card_tells_of_its_problem_what_everybody_may_know() -> None:
    words = Personal(SUBJECT, "Switch it off and on")
    told = ProblemHeard(reference="N-9H2-KPW4", standing="known_error", workaround=words)
    linked = ProblemLinked(problem=OTHER, by=ANA)
    assert list(problem.fields(an_incident(PLAYBOOK, linked))) == []
    state = an_incident(PLAYBOOK, linked, told)
    shown = [str(one.label) for one in problem.fields(state)]
    assert ["Problem behind it" in shown[0], "Workaround" in shown[1]] == [True, True]
    drawn = incident.card(state, 0, LOOK)
    assert any(words in personals_of(block) for block in drawn.blocks)
