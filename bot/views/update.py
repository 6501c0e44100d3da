"""A published update, as people who follow an incident see it: nothing personal, no names."""

from collections.abc import Callable

from bot.core.cards import (
    Actions,
    Badge,
    Button,
    Card,
    Field,
    Fields,
    Footer,
    Header,
    Section,
)
from bot.core.ids import PersonId
from bot.core.incident import Incident
from bot.core.texts import Phrase, Ref, When, t
from bot.core.wording import FALLBACK, chosen
from bot.views import labels
from bot.views.following import ends
from bot.views.help import with_help
from bot.views.look import Look, built, category

NOT_PUBLIC = t("This update is no longer published.")


def places(state: Incident, number: int, look: Look) -> tuple[str, ...]:
    """Nowhere by itself: it hangs wherever somebody who follows was told it."""
    return ()


def hangs(state: Incident, number: int) -> bool:
    """See `places`."""
    return False


def card(state: Incident, number: int, look: Look) -> Card[Phrase] | None:
    """Update `number`; None when it is not at hand any more."""
    update = state.update(number)
    if update is None:
        return None
    if state.visibility == "restricted":
        return with_help(built(NOT_PUBLIC, Section(NOT_PUBLIC)))
    ref, what = Ref(ref=state.reference), category(state.category, look)
    language = look.playbook.organisation.default_language
    said, _, is_own = chosen(update.words, update.language, update.also, language)
    words = t("{words}", words=said or "")
    if not is_own:
        words = t("{label} {words}", label=FALLBACK, words=said or "")
    if update.withdrawn:
        words = t("Please disregard this update. It was a mistake.")
    fields: list[Field[Phrase]] = [Field(t("How it stands"), _standing(state, look))]
    newer = _newer(state, number)
    if update.next_by is not None and not update.withdrawn and not newer:
        fields.append(Field(t("Next update by"), t("{time}", time=When(at=update.next_by))))
    summary = t("{what}: update {n}", what=what, n=update.number)
    drawn = built(
        summary,
        Header(summary),
        Badge(t("Corrected"), "notice") if update.corrected else None,
        Badge(t("There is a newer update")) if newer else None,
        Section(words),
        Fields(tuple(fields)),
        Footer(t("{ref}, {time}", ref=ref, time=When(at=update.at))),
    )
    return with_help(drawn)


def _standing(state: Incident, look: Look) -> Phrase:
    return labels.public_status(state.status, state.incident_kind, look.playbook.labels)


def _newer(state: Incident, number: int) -> bool:
    """Whether everybody was told something later."""
    later = (state.update(one) for one in range(number + 1, state.updates + 1))
    return any(one is not None and one.audience == "public" for one in later)


def ending(person: PersonId, number: int, whole_place: bool) -> Button[Phrase]:
    """The button beneath an update that ends the subscription by which it came."""
    label = t("Tell this place no more of this") if whole_place else t("Tell me no more of this")
    return ends(person, number, whole_place, label)


def told(
    said: str,
    words: str,
    about: tuple[Incident, Look] | None,
    button: Button[Phrase],
    say: Callable[[Phrase], str],
) -> Card[str]:
    """An update as somebody who follows is told it: what it is `about` and where that stands, when
    the next one comes, then the words.
    """
    spoken = Button(say(button.label), button.action)
    sections = tuple(Section(one) for one in (said, words) if one)
    return Card(said, (*_heading(about, say), *sections, Actions((spoken,))))


def _heading(
    about: tuple[Incident, Look] | None, say: Callable[[Phrase], str]
) -> tuple[Header[str] | Badge[str], ...]:
    """What it is about, once that is known, and how it stands."""
    if about is None:
        return ()
    state, look = about
    tone = labels.STATUS_TONE.get(state.status, "plain")
    status = Badge(say(_standing(state, look)), tone)
    named = look.playbook.category_name(state.category)
    return (status,) if named is None else (Header(say(named)), status)
