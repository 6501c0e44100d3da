"""A published update, as people who follow an incident see it: nothing personal, no names."""

from bot.core.cards import Badge, Card, Field, Fields, Footer, Header, Section
from bot.core.incident import Incident
from bot.core.playbook_assess import team_place
from bot.core.texts import Phrase, Ref, When, t
from bot.core.wording import FALLBACK, chosen
from bot.views import labels
from bot.views.look import Look, built, category


def places(state: Incident, number: int, look: Look) -> tuple[str, ...]:
    """Where the team of its category is."""
    return (team_place(look.playbook, state.category),)


def hangs(state: Incident, number: int) -> bool:
    """Only what everybody may read."""
    update = state.update(number)
    public = update is not None and update.audience == "public"
    return public and state.visibility == "normal"


def card(state: Incident, number: int, look: Look) -> Card[Phrase] | None:
    """Update `number`; None when it is not at hand any more."""
    update = state.update(number)
    if update is None or state.visibility == "restricted":
        return None
    ref, what = Ref(ref=state.reference), category(state.category, look)
    language = look.playbook.organisation.default_language
    said, _, is_own = chosen(update.words, update.language, update.also, language)
    words = t("{words}", words=said or "")
    if not is_own:
        words = t("{label} {words}", label=FALLBACK, words=said or "")
    if update.withdrawn:
        words = t("Please disregard this update. It was a mistake.")
    fields: list[Field[Phrase]] = [Field(t("How it stands"), labels.PUBLIC_STATUS[state.status])]
    if update.next_by is not None and not update.withdrawn:
        fields.append(Field(t("Next update by"), t("{time}", time=When(at=update.next_by))))
    summary = t("{what}: update {n}", what=what, n=update.number)
    return built(
        summary,
        Header(summary),
        Badge(t("Corrected"), "notice") if update.corrected else None,
        Section(words),
        Fields(tuple(fields)),
        Footer(t("{ref}, {time}", ref=ref, time=When(at=update.at))),
    )
