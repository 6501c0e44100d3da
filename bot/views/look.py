"""What a view may know beside the state that it shows, and what several views share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.core.cards import (
    Action,
    Actions,
    Block,
    Button,
    Card,
    Confirm,
    Field,
    Fields,
    Progress,
    Style,
)
from bot.core.cards import Arg as ActionArg
from bot.core.fold import State
from bot.core.forms import Question, QuestionType, Value
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_words import Fact
from bot.core.peers import Peer
from bot.core.personal import Personal
from bot.core.playbook import Playbook
from bot.core.playbook_assess import answer_text, dangers
from bot.core.playbook_forms import CATEGORY, intake_form
from bot.core.suggesting import Crew
from bot.core.texts import Phrase, Text, t
from bot.views.labels import UNKNOWN

FACTS = 5
OPEN_FORM = "open_form"
SHOW = "show"
MEAN = "mean_report"
LEAD = "lead"
TOOLS = "tools"
THERE = "there"
"""The argument of a button that counts as pressed in that place, a key of the playbook's."""
SPEAK, START, BY_LINK = "speak", "start", "by_link"
STEP = "step"
_CONTACT = (QuestionType.PHONE, QuestionType.EMAIL, QuestionType.FILE, QuestionType.PERSON)
_FIRST = (QuestionType.LONG_TEXT, QuestionType.LOCATION)


@dataclass(frozen=True, slots=True)
class KnownProblem:
    """A problem to which an incident may be linked."""

    problem: StreamId
    reference: str
    what: str


@dataclass(frozen=True, slots=True)
class Look:
    """The playbook in force, any edition that something pinned, and the states it declared.

    `desk` is where the desk's pages are, "" when nobody can be led there; `sheets` whether a form
    is seen as a whole where it is shown; `crew` the resources to choose from, where asked for;
    `hands` the colleagues who are on, who carry least first, likewise, `problems` those that are
    open.
    """

    playbook: Playbook
    edition: Callable[[str], Playbook]
    states: Mapping[StreamId, State | None]
    desk: str = ""
    alone: bool = False
    sheets: bool = False
    crew: Crew | None = None
    hands: tuple[Peer, ...] = ()
    problems: tuple[KnownProblem, ...] = ()


def built(summary: Phrase, *blocks: Block[Phrase] | None) -> Card[Phrase]:
    """A card of those blocks that have something in them."""
    return Card(summary, tuple(one for one in blocks if one is not None and not _empty(one)))


def _empty(block: Block[Phrase]) -> bool:
    match block:
        case Fields():
            return not block.items
        case Progress():
            return not block.steps
        case Actions():
            return not block.buttons and not block.more
        case _:
            return False


def category(key: str, look: Look) -> Phrase:
    """What a category is called today."""
    return look.playbook.category_name(key) or UNKNOWN


def facts(state: Incident, look: Look) -> tuple[Field[Phrase], ...]:
    """What, where, what says that people are in danger, and then the first other answers to what
    everybody is asked; never how somebody can be reached, which is not for everybody who sees a
    card. The category is in the title, and that nobody is in danger is not said beside danger.
    """
    plan = look.edition(state.playbook)
    questions = intake_form(plan, state.category).questions
    by_key = {one.key: one for one in questions if one.type not in _CONTACT}
    plain = {x.field: x.value for x in state.facts if not isinstance(x.value, Personal)}
    grave = dangers(plan, state.category, plain)
    known = [(by_key[x.field], x) for x in state.facts if x.field in by_key and x.value is not None]
    shown = [
        (_rank(question, grave), question, fact)
        for question, fact in known
        if _is_shown(fact, grave, state.danger)
    ]
    shown.sort(key=lambda one: one[0])
    return tuple(_fact(question, fact) for _, question, fact in shown)[:FACTS]


def _is_shown(fact: Fact, grave: Mapping[str, bool], danger: bool) -> bool:
    """Whether it belongs on a small card."""
    if fact.field in grave and (grave[fact.field] or danger):
        return grave[fact.field]
    return "." not in fact.field and fact.field != CATEGORY


def whereabouts(state: Incident, look: Look) -> tuple[Field[Phrase], ...]:
    """Where it is, for who is only asked: nothing else that the customer said."""
    questions = intake_form(look.edition(state.playbook), state.category).questions
    asked = {one.key: one for one in questions if one.type is QuestionType.LOCATION}
    known = [one for one in state.facts if one.field in asked and one.value is not None]
    return tuple(_fact(asked[one.field], one) for one in known)[:FACTS]


def _rank(question: Question, grave: Mapping[str, bool]) -> int:
    if grave.get(question.key):
        return len(_FIRST)
    if question.type in _FIRST:
        return _FIRST.index(question.type)
    return len(_FIRST) + 1 + (question.key in grave)


def _fact(question: Question, fact: Fact) -> Field[Phrase]:
    return Field(question.title, _worded(question, fact.value))


def _worded(question: Question, value: Personal | Value) -> Text:
    if isinstance(value, Personal):
        return t("{words}", words=value)
    return answer_text(question, value)


def button(
    label: Phrase,
    name: str,
    style: Style = "normal",
    confirm: Confirm[Phrase] | None = None,
    **args: ActionArg,
) -> Button[Phrase]:
    """A button that brings the command with the tag `name`."""
    return Button(label, Action(name, args), style, confirm)


def opens(label: Phrase, form: str, style: Style = "normal", **args: ActionArg) -> Button[Phrase]:
    """A button that opens a form of `bot.views.forms`."""
    return Button(label, Action(OPEN_FORM, {"form": form, **args}), style)


def leads(label: Phrase, to: str) -> Button[Phrase]:
    """A button that leads to a page."""
    return Button(label, Action(LEAD, {"to": to}), link=to)
