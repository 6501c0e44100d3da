"""Is it this one? What a customer may know of an incident that may be theirs, while they answer.

Its category, since when we know of it, and the newest words that were published to everybody;
never what another customer said, or where.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.cards import Actions, Button, Card, Context, Footer, Section
from bot.core.fold import State
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident, Update
from bot.core.playbook import Playbook
from bot.core.report import Report
from bot.core.texts import Phrase, Text, When, t
from bot.core.wording import FALLBACK, chosen
from bot.views.help import with_help
from bot.views.labels import UNKNOWN
from bot.views.look import Look, built, button

ASKED = t("We may know about this already. Is it this one?")
WHICH = t("We may know about this already. Is it one of these?")
GO_ON = t("If you are not sure, just go on with the questions.")
YES = t("Yes, that is it")
NO = t("No, something else")
IT_IS = t("You said that it is this one. We have added you to it.")
IT_IS_NOT = t("You said that it is something else.")
OVER = t("This is not asked any more.")


@dataclass(frozen=True, slots=True)
class Offered:
    """One that may be theirs; `update` is the newest that everybody may read."""

    incident: StreamId
    what: Phrase
    since: Millis
    update: Update | None

    @property
    def line(self) -> Text:
        """What it is, and since when we know."""
        return t("{what}, known since {time}", what=self.what, time=When(at=self.since))

    @property
    def said(self) -> Text:
        """Stands before the words of the update."""
        return t("What we said at {time}:", time=When(at=self.update.at if self.update else 0))


def offered(
    state: Report, states: Mapping[StreamId, State | None], playbook: Playbook
) -> tuple[Offered, ...]:
    """Those that are still offered, and may still be."""
    if not state.asking or state.incident is not None or state.danger:
        return ()
    known = (states.get(one.incident) for one in state.alike.offered)
    return tuple(_of(one, playbook) for one in known if isinstance(one, Incident) and _open(one))


def _open(known: Incident) -> bool:
    shared = known.visibility == "normal" and known.incident_kind == "incident"
    return known.working and shared and known.mode == "live"


def _of(known: Incident, playbook: Playbook) -> Offered:
    told = known.heard("public")
    update = None if told is None or told.withdrawn else told
    what = playbook.category_name(known.category) or UNKNOWN
    return Offered(known.stream, what, known.opened_at, update)


# --- in a chat -------------------------------------------------------------------------------


def reads(state: State) -> tuple[StreamId, ...]:
    """What is offered."""
    return tuple(one.incident for one in state.alike.offered) if isinstance(state, Report) else ()


def places(state: Report, number: int, look: Look) -> tuple[str, ...]:
    """Nowhere but with its person."""
    return ()


def hangs(state: Report, number: int) -> bool:
    """Only while it is asked."""
    return state.asking and bool(state.alike.offered) and number == state.alike.asked


def card(state: Report, number: int, look: Look) -> Card[Phrase] | None:
    """The question, asked for the `number`-th time, or what became of it."""
    found = offered(state, look.states, look.playbook) if hangs(state, number) else ()
    if not found:
        return built(_ended(state, number), Context(_ended(state, number)))
    asked = ASKED if len(found) == 1 else WHICH
    lines = [block for one in found for block in _lines(one, state, len(found) == 1)]
    yes = [_yes(one, count if len(found) > 1 else 0) for count, one in enumerate(found, 1)]
    no = button(NO, "decline_known")
    drawn = built(asked, Section(asked), *lines, Actions((*yes, no)), Footer(GO_ON))
    return with_help(drawn)


def _ended(state: Report, number: int) -> Text:
    if state.alike.joined is not None and number == state.alike.asked:
        return IT_IS
    declined = bool(state.alike.declined) and not state.alike.offered
    return IT_IS_NOT if declined and number == state.alike.asked else OVER


def _yes(one: Offered, count: int) -> Button[Phrase]:
    label = t("Yes, number {n}", n=count) if count else YES
    return button(label, "join_known", "primary", incident=one.incident)


def _lines(one: Offered, state: Report, alone: bool) -> Iterator[Section[Phrase] | Context[Phrase]]:
    """Its words where there is room for them."""
    yield Section(one.line)
    if one.update is not None and alone:
        yield Context(_words(one, state.language))


def _words(one: Offered, language: str) -> Text:
    assert one.update is not None
    said, _, is_own = chosen(one.update.words, one.update.language, one.update.also, language)
    head: Text = one.said if is_own else FALLBACK
    return t("{label} {words}", label=head, words=said or "")
