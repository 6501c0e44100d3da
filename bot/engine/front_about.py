"""What a form is about, what it says before anybody fills it in, and who its choices are."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.core.cards import Action
from bot.core.fold import State
from bot.core.forms import Answers, Form, Value
from bot.core.ids import PersonId, StreamId
from bot.core.incident import Incident
from bot.core.texts import Ref, Text, Who, t
from bot.engine.read import words_of
from bot.engine.reader import Reader
from bot.views.form_kinds import FormKind
from bot.views.incident import title
from bot.views.look import Look


@dataclass(frozen=True, slots=True)
class About:
    """What a form is about: its kind and key, its button's action, the stream as it stands."""

    key: str
    kind: FormKind
    action: Action
    stream: StreamId
    state: State | None
    version: int
    look: Look
    names: dict[PersonId, str] = field(default_factory=dict)
    known: Answers = field(default_factory=dict)

    @property
    def target(self) -> str:
        """What a draft is kept for."""
        args = self.action.args
        part = args.get("task") or args.get("draft")
        return f"{self.stream}:{part}" if part else self.stream

    def form(self, given: Answers | None = None) -> Form:
        """What is asked now; one that says nothing else before says which incident it is about."""
        again = self.kind.again
        state, look = self.state, self.look
        form = again(state, look, given or {}) if again else self.kind.ask(state, look)
        if form.intro is not None or not isinstance(self.state, Incident):
            return form
        ref = Ref(ref=self.state.reference)
        intro = t("{what}, {ref}", what=title(self.state, self.look), ref=ref)
        return form.model_copy(update={"intro": intro})


def known_of(
    kind: FormKind, action: Action, state: State | None, look: Look, reader: Reader
) -> Answers:
    """What the state says already, what is sealed in it opened; what was erased is not known."""
    found: dict[str, Value] = dict(kind.known(state))
    for key, sealed in kind.sealed(state, look, action.args).items():
        value = reader.opened(sealed)
        if value is not None:
            found[key] = words_of(value)
    return found


def people_in(form: Form) -> Iterator[PersonId]:
    """The people between whom a form lets one choose."""
    for question in form.questions:
        for choice in question.choices:
            args = choice.label.args.values() if isinstance(choice.label, Text) else ()
            yield from (one.person for one in args if isinstance(one, Who))
