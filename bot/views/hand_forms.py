"""Handing an incident over in chat: to whoever is on, who carries least first, or by name; or back
to everybody.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.core import incident_commands as ic
from bot.core.cards import Button
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Choice, Condition, Form, Question, QuestionType
from bot.core.ids import PersonId
from bot.core.incident import Incident
from bot.core.peers import Peer
from bot.core.texts import Phrase, Text, When, Who, t, tn
from bot.views.form_kinds import Filled, FormKind, Unfit
from bot.views.look import Look, opens
from bot.views.questions import choice, words

PEOPLE_MOST = 24
OTHER = "other"
UNNAMED = t(
    "Nobody who is on has that name, or several do. Choose them from the list, or write the whole "
    "name."
)


def whom(label: Phrase, peers: Sequence[Peer], more: Iterable[PersonId] = ()) -> list[Question]:
    """One of them, of `more` who are there, or somebody by name."""
    named = {one.person: _said(one) for one in peers[:PEOPLE_MOST]}
    named |= {one: t("{who}", who=Who(person=one)) for one in more if one not in named}
    other = Condition(question="to", any_of=(OTHER,))
    return [
        choice(
            "to",
            label,
            (
                *named.items(),
                (OTHER, t("Somebody else")),
            ),
        ),
        Question(
            key="who",
            type=QuestionType.TEXT,
            label=t("Who is it?"),
            help=t("Their name, as the desk has it."),
            personal=True,
            when=other,
        ),
    ]


def _said(one: Peer) -> Text:
    who, carried = Who(person=one.person), one.owns + one.tasks
    load = tn("carries {n} thing", "carries {n} things", n=carried)
    if not carried:
        load = t("carries nothing")
    if one.available:
        return t("{who}: {why}", who=who, why=load)
    busy = t("busy")
    if one.away_until is not None:
        busy = t("busy until {time}", time=When(at=one.away_until))
    return t("{who}: {why}, {busy}", who=who, why=load, busy=busy)


def chosen(filled: Filled) -> PersonId:
    """Who was chosen, or written. Raises Unfit for a name that is nobody's, or several people's."""
    to = filled.words("to")
    if to != OTHER:
        return to
    wanted = _plain(filled.words("who"))
    names = {one: _plain(name) for one, name in filled.names.items()}
    exact = [one for one, name in names.items() if name == wanted]
    like = [one for one, name in names.items() if wanted in name.split()]
    found = exact or like
    if len(found) != 1:
        raise Unfit(UNNAMED)
    return found[0]


def _plain(name: str) -> str:
    """As names are compared: "@Ana Lima" is "ana lima"."""
    return " ".join(name.replace("@", " ").casefold().split())


def _ask(state: State | None, look: Look) -> Form:
    owner = state.owner if isinstance(state, Incident) else None
    peers = [one for one in look.hands if one.person != owner]
    back = isinstance(state, Incident) and owner is not None and state.status != "on_hold"
    to, who = whom(t("To whom?"), peers[: PEOPLE_MOST - back])
    told = t("They are called at once. Who is off is not in the list.")
    choices = (*to.choices, _BACK) if back else to.choices
    to = to.model_copy(update={"help": told, "choices": choices})
    return Form(
        key="hand_over", title=t("Hand over"), questions=(to, who, _WHY) if back else (to, who)
    )


NOBODY = "nobody"
_BACK = Choice(value=NOBODY, label=t("Nobody yet: give it back to all"))
_WHY = words(
    "reason",
    t("Why? The reason is kept."),
    hint=t("Agents are called until one of them takes it."),
).model_copy(update={"when": Condition(question="to", any_of=(NOBODY,))})


def _handed(filled: Filled) -> Command:
    if filled.words("to") == NOBODY:
        return ic.ReleaseIncident(incident=filled.incident, reason=filled.words("reason"))
    before = str(filled.args.get("before") or "")
    return ic.HandOverIncident(incident=filled.incident, to=chosen(filled), before=before)


def offers(state: Incident, look: Look) -> Iterator[Button[Phrase]]:
    """To give it to somebody else, or back to everybody."""
    if state.working:
        me, before = state.stream, state.owner or ""
        yield opens(t("Hand over"), "hand_over", incident=me, before=before)


FORMS: Mapping[str, FormKind] = {
    "hand_over": FormKind(_ask, _handed, brings=ic.HandOverIncident, hands=True),
}
