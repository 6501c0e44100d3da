"""The card of a major incident: who has which post, what is known, when people hear next."""

from collections.abc import Iterable, Iterator

from bot.core.cards import (
    FIELDS_MOST,
    Actions,
    Badge,
    Button,
    Card,
    Context,
    Field,
    Fields,
    Footer,
    Header,
    Progress,
    Step,
)
from bot.core.incident import Incident
from bot.core.major import Post
from bot.core.major_words import COMMANDER, LETTERS, MajorStage
from bot.core.playbook_assess import team_place
from bot.core.texts import Phrase, Ref, Text, When, Who, t, tn
from bot.views import labels
from bot.views.incident import curtain, title
from bot.views.look import Look, built, category, opens

LETTER: dict[str, Text] = {
    "location": t("Exact location"),
    "type": t("Type"),
    "hazards": t("Hazards, present and possible"),
    "access": t("Access and ways out"),
    "number": t("Number, kind and gravity of those affected"),
    "services": t("Emergency services, there and needed"),
}
STAGE: dict[MajorStage, Text] = {
    "": t("Not a major incident"),
    "stand_by": t("Stand-by for a major incident"),
    "declared": t("Major incident"),
    "stood_down": t("Major incident, stood down"),
    "cancelled": t("Not a major incident after all"),
}
WANTED: dict[str, Text] = {
    "impact": t("It reaches further, or less far, than people were told: publish an update now."),
    "methane": t("Hazards or numbers are new: an update now would help."),
}
UNKNOWN = t("unknown")


def places(state: Incident, number: int, look: Look) -> tuple[str, ...]:
    """Where the incident's own card hangs."""
    return (team_place(look.playbook, state.category),)


def hangs(state: Incident, number: int) -> bool:
    """While it is one, and not for few eyes alone."""
    return state.major.declared and state.visibility == "normal" and not state.ended


def card(state: Incident, number: int, look: Look) -> Card[Phrase] | None:
    """The whole of it on one card; None where it never was one."""
    if state.major.declared_at is None:
        return None
    if state.visibility == "restricted":
        return curtain(state, look)
    major, ref = state.major, Ref(ref=state.reference)
    named = t("{stage}: {what}", stage=STAGE[major.stage], what=category(state.category, look))
    return built(
        t("{what}, {ref}", what=named, ref=ref),
        Header(title(state, look) if state.mode != "live" else named),
        Badge(STAGE[major.stage], "danger" if major.declared else "good"),
        Fields(tuple(_post(one, state, look) for one in major.posts)[:FIELDS_MOST]),
        Progress(tuple(letters(state))),
        Context(_next(state)),
        Actions(tuple(_buttons(state)), tuple(_more(state))),
        Footer(t("{ref}, as of {time}", ref=ref, time=When(at=state.touched_at))),
    )


def _post(post: Post, state: Incident, look: Look) -> Field[Phrase]:
    """Who has it, and who is asked."""
    label, asked = look.playbook.major.title(post.post), state.major.offer(post.post)
    who = t("{who}", who=Who(person=post.person)) if post.person else labels.NOBODY
    if asked is not None and state.major.declared:
        who = t("{who} ({other} is asked)", who=who, other=Who(person=asked.to))
    elif post.post == COMMANDER and state.major.left:
        who = t("{who} (has left: somebody must take command)", who=who)
    return Field(label, who)


def letters(state: Incident) -> Iterator[Step[Phrase]]:
    """METHANE, or ETHANE where nothing is declared: what is known, and that the rest is not."""
    if state.major.declared_at is not None:
        yield Step(
            t("Major incident declared: {time}", time=When(at=state.major.declared_at)), "done"
        )
    for letter in LETTERS:
        words = state.major.methane.words(letter)
        label = LETTER[letter]
        if words is not None and not words.erased:
            yield Step(t("{field}: {words}", field=label, words=words), "done")
        elif letter == "number" and state.reports:
            reported = tn("{n} person reported it", "{n} people reported it", n=state.reports)
            yield Step(t("{field}: {words}", field=label, words=_unknown(reported)), "open")
        else:
            yield Step(t("{field}: {words}", field=label, words=UNKNOWN), "open")


def _unknown(reported: Text) -> Text:
    return t("unknown; {reported}", reported=reported)


def _next(state: Incident) -> Text:
    """What is due."""
    due, major = state.targets.update, state.major
    if major.wanted is not None:
        return WANTED[major.wanted]
    if due is not None and major.declared:
        return t("Next update by {time}.", time=When(at=due))
    if not major.declared:
        return t("Since {time}.", time=When(at=major.moved_at))
    return t("Versions of METHANE: {n}", n=major.methane.version)


def _buttons(state: Incident) -> Iterator[Button[Phrase]]:
    me = state.stream
    if not state.major.declared:
        return
    if state.major.offers:
        yield opens(t("Accept a post"), "accept_post", "primary", incident=me)
    elif any(one.person is None for one in state.major.posts):
        yield opens(t("Take a post"), "take_post", "primary", incident=me)
    yield opens(t("METHANE"), "methane", incident=me)
    yield opens(t("Update"), "update", incident=me)
    yield opens(t("Decision"), "record_decision", incident=me)
    yield opens(t("Hand over"), "offer_post", incident=me)
    yield opens(t("All-clear"), "stand_down_major", "danger", incident=me)


def _more(state: Incident) -> Iterable[Button[Phrase]]:
    me = state.stream
    if not state.major.declared:
        return
    if state.major.offers:
        yield opens(t("Take a post"), "take_post", incident=me)
        yield opens(t("I cannot take it"), "decline_post", incident=me)
        yield opens(t("Take an offer back"), "take_back_offer", incident=me)
    if any(one.person and one.post != COMMANDER for one in state.major.posts):
        yield opens(t("Give up a post"), "release_post", incident=me)
    yield opens(t("No major incident"), "cancel_major", incident=me)


def offers(state: Incident, look: Look) -> Iterable[Button[Phrase]]:
    """What the incident's own card offers: to declare it; what else there is has its own card."""
    me = state.stream
    if not state.working or state.major.declared:
        return
    if state.incident_kind == "problem":
        yield opens(t("Decision"), "record_decision", incident=me)
        return
    yield opens(t("Declare a major incident"), "declare_major", "danger", incident=me)
    if state.major.stage == "stand_by":
        yield opens(t("Call off the stand-by"), "cancel_major", incident=me)
    else:
        yield opens(t("Stand by for a major incident"), "stand_by_for_major", incident=me)
    yield opens(t("ETHANE"), "methane", incident=me)
    yield opens(t("Decision"), "record_decision", incident=me)
