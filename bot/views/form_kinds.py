"""What a form is: what is asked about something, and the command that the answers make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.core.cards import Arg
from bot.core.commands import Command
from bot.core.events import Event
from bot.core.fold import State
from bot.core.forms import Answers, Form
from bot.core.ids import Millis, PersonId
from bot.core.personal import Personal
from bot.core.texts import Text
from bot.views.look import Look

Args = Mapping[str, Arg]


class Unfit(ValueError):
    """No command can be made of the answers; `text` says what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.key)
        self.text = text


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was sent: the button's arguments, the answers, when, and in which time zone;
    `known` is what its state says at that moment, `names` who could be chosen.
    """

    args: Args
    answers: Answers
    at: Millis
    zone: str
    known: Answers = field(default_factory=dict)
    names: Mapping[PersonId, str] = field(default_factory=dict)

    def words(self, key: str) -> str:
        """A text that was asked for; empty when it was left out."""
        return str(self.answers.get(key) or "")

    @property
    def incident(self) -> str:
        """The incident that the form is about."""
        return str(self.args["incident"])

    @property
    def task(self) -> int:
        """The task that the form is about."""
        return int(self.args["task"])


def _nothing_before(filled: Filled) -> tuple[Command, ...]:
    return ()


def _nothing_known(state: State | None) -> Answers:
    return {}


def _nothing_sealed(state: State | None, look: Look, args: Args) -> Mapping[str, Personal]:
    return {}


def _nothing_filled(state: State | None, look: Look, given: Answers) -> Answers:
    return {}


def _something(state: State | None, look: Look, args: Args) -> Text | None:
    return None


@dataclass(frozen=True, slots=True)
class FormKind:
    """What is asked about a state, and what comes of it.

    `again` is the form with what was chosen so far, where that decides what else is asked: the
    answers to the questions that `decides` names. `before` are commands that come before
    `command`. `known` is what the state says already, to be changed, `sealed` what of that is
    personal, given the button's arguments, which the engine opens; events of the types `moved_by`
    change it. What is asked `alone` goes on between us and that person, wherever they asked for the
    form; what is `talked` about is asked in that conversation, too, so words answer it there.
    `fills` is what stands in
    a question that nobody answered yet. `brings` is what `command` makes: who may not ask for that
    is told so before anything was filled in. `crew`: the resources to choose from are in
    `Look.crew`. `empty` says why there is nothing to choose from, and then no form opens. `hands`:
    the colleagues who are on are in `Look.hands`. `problems`: those that are open are in
    `Look.problems`.
    """

    ask: Callable[[State | None, Look], Form]
    command: Callable[[Filled], Command]
    before: Callable[[Filled], tuple[Command, ...]] = _nothing_before
    again: Callable[[State | None, Look, Answers], Form] | None = None
    decides: tuple[str, ...] = ()
    known: Callable[[State | None], Answers] = _nothing_known
    sealed: Callable[[State | None, Look, Args], Mapping[str, Personal]] = _nothing_sealed
    fills: Callable[[State | None, Look, Answers], Answers] = _nothing_filled
    moved_by: tuple[type[Event], ...] = ()
    alone: bool = False
    talked: bool = False
    brings: type[Command] | None = None
    crew: bool = False
    hands: bool = False
    problems: bool = False
    empty: Callable[[State | None, Look, Args], Text | None] = _something
