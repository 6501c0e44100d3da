"""What somebody follows, and the form by which they say what they want to hear of."""

from collections.abc import Callable, Mapping, Sequence

from bot.core.cards import BUTTONS_MOST, Actions, Button, Card, Context, Field, Fields, Header
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.following import EVERYTHING, Wish, clock_of, minute_of, parts_of, scope_of
from bot.core.forms import Answers, Condition, Form, Question, QuestionType
from bot.core.hearing_words import ChooseWhere, EndOwn, StopFollowing
from bot.core.ids import PersonId
from bot.core.person import Subscription
from bot.core.person_words import Subscribe
from bot.core.place_words import FollowInPlace, LeaveInPlace
from bot.core.texts import Phrase, Text, Words, t, tn
from bot.views.look import Look, built, button, opens
from bot.views.questions import choice

Arg = str | int | bool
Args = Mapping[str, Arg]

FORM, FORM_HERE = "subscribe", "subscribe_here"
CARDS_MOST = 3

ALL, CATEGORY = "all", "category"
HERE, ALONE = "here", "alone"
AT_ONCE, NOT_AT_NIGHT, DAILY = "at_once", "quiet", "daily"
LEAST = (
    ("P4", t("However pressing")),
    ("P3", t("P3 and whatever is more pressing")),
    ("P2", t("P2 and P1")),
    ("P1", t("Only P1, the most pressing")),
)


# --- the form ----------------------------------------------------------------------------------


def _time(key: str, label: Phrase, when: str) -> Question:
    asked = Condition(question="when", any_of=(when,))
    return Question(key=key, type=QuestionType.TIME, label=label, when=asked)


def _scope_questions(look: Look) -> list[Question]:
    categories = [(key, one.name) for key, one in look.playbook.categories.items()]
    chosen = Condition(question="what", any_of=(CATEGORY,))
    return [
        choice(
            "what",
            t("What do you want to hear of?"),
            ((ALL, t("Everything")), (CATEGORY, t("One kind"))),
        ),
        choice("category", t("Which kind?"), categories, when=chosen),
        choice("least", t("How pressing must it be?"), LEAST),
    ]


def _manner_questions() -> list[Question]:
    return [
        choice(
            "when",
            t("When do you want to hear of it?"),
            (
                (AT_ONCE, t("At once")),
                (NOT_AT_NIGHT, t("Not in quiet hours")),
                (DAILY, t("Once a day, all together")),
            ),
        ),
        _time("from", t("Quiet from"), NOT_AT_NIGHT),
        _time("until", t("Quiet until"), NOT_AT_NIGHT),
        _time("at", t("Every day at"), DAILY),
    ]


def subscribe_form(here: bool) -> Callable[[State | None, Look], Form]:
    """What is asked; `here`: also whether the whole place is to hear it."""

    def ask(state: State | None, look: Look) -> Form:
        questions = [*_scope_questions(look), *_manner_questions()]
        if here:
            where = (
                (ALONE, t("To me alone, in a direct message")),
                (HERE, t("Here, for everybody in this place")),
            )
            questions.insert(3, choice("where", t("Where shall it be told?"), where))
        return Form(
            key=FORM_HERE if here else FORM,
            title=t("Hear of updates"),
            intro=t("What is most pressing always comes at once. You can end it at any time."),
            questions=tuple(questions),
            submit=t("Follow"),
        )

    return ask


def usual(state: State | None) -> Answers:
    """What most people want, filled in already."""
    return {"what": ALL, "least": "P4", "when": AT_ONCE}


def usual_here(state: State | None) -> Answers:
    """The same where a whole place may hear it."""
    return {**usual(state), "where": ALONE}


def subscribed(args: Args, answers: Answers, zone: str) -> Command:
    """The command that the answers make. Raises ValueError for times that are none."""
    category = str(answers.get("category") or "") if answers.get("what") == CATEGORY else ""
    least = str(answers.get("least") or "P4")
    scope = scope_of(category, "" if least == "P4" else least)
    wish = _wish(answers, zone)
    if answers.get("where") == HERE:
        return FollowInPlace(person=str(args["person"]), scope=scope, wish=wish)
    return Subscribe(scope=scope, wish=wish)


def _wish(answers: Answers, zone: str) -> Wish:
    when = answers.get("when")
    if when == NOT_AT_NIGHT:
        return Wish(quiet=(_minute(answers, "from"), _minute(answers, "until")), zone=zone)
    return Wish(digest=_minute(answers, "at"), zone=zone) if when == DAILY else Wish()


def _minute(answers: Answers, key: str) -> int:
    found = minute_of(str(answers.get(key) or ""))
    if found is None:
        raise ValueError("no time of a day")
    return found


# --- what is followed ----------------------------------------------------------------------------


def scope_said(scope: str, look: Look, reference: str = "") -> Phrase:
    """What a subscription is about, in words; `reference` is that of the one incident, if it is."""
    if scope.startswith("incident:"):
        return t("Incident {ref}", ref=reference) if reference else t("One incident")
    category, priority = parts_of(scope)
    name: Words | Text = look.playbook.category_name(category) or t("Everything")
    if not priority or scope == EVERYTHING:
        return name
    return t("{what}, {priority} and more pressing", what=name, priority=priority)


def manner_said(wish: Wish) -> Text:
    """When they hear of it."""
    if wish.digest is not None:
        return t("every day at {time}", time=clock_of(wish.digest))
    if wish.quiet is not None:
        begins, ends = (clock_of(one) for one in wish.quiet)
        return t("not from {begins} to {ends}", begins=begins, ends=ends)
    return t("at once")


def ends(person: PersonId, number: int, whole_place: bool, label: Phrase) -> Button[Phrase]:
    """The button that ends one subscription, of oneself or of the place where it stands."""
    if whole_place:
        return button(label, LeaveInPlace.tag, person=person, number=number)
    return button(label, EndOwn.tag, person=person, number=number)


def followed(
    person: PersonId,
    subscriptions: Sequence[Subscription],
    references: Mapping[str, str],
    look: Look,
    whole_place: bool = False,
) -> tuple[Card[Phrase], ...]:
    """What somebody, or a whole place, hears of, each with a button that ends it.

    `references` are those of single incidents, by scope.
    """
    heading = t("This place hears of") if whole_place else t("You hear of")
    shown = subscriptions[: CARDS_MOST * BUTTONS_MOST]
    more = len(subscriptions) - len(shown)
    cards = [
        _card(heading, person, shown[at : at + BUTTONS_MOST], references, look, whole_place)
        for at in range(0, len(shown), BUTTONS_MOST)
    ]
    if more:
        rest = tn("{n} more is not shown.", "{n} more are not shown.", n=more)
        cards.append(built(rest, Context(rest)))
    return tuple(cards)


def _card(
    heading: Text,
    person: PersonId,
    some: Sequence[Subscription],
    references: Mapping[str, str],
    look: Look,
    whole_place: bool,
) -> Card[Phrase]:
    named = [(one, scope_said(one.scope, look, references.get(one.scope, ""))) for one in some]
    return built(
        heading,
        Header(heading),
        Fields(tuple(Field(said, manner_said(one.wish)) for one, said in named)),
        Actions(
            tuple(
                ends(person, one.number, whole_place, t("End: {what}", what=said))
                for one, said in named
            ),
            () if whole_place or len(named) < 2 else (_stop(),),
        ),
    )


def _stop() -> Button[Phrase]:
    return button(t("End all of it"), StopFollowing.tag)


def where(on_each: bool, channel: str) -> Card[Phrase]:
    """How often somebody hears who follows on several channels: `channel` is what the one is called
    where they hear it once ("": where they followed last). And the way out of all of it.
    """
    said = t("You follow on several channels. Each update comes once: where you followed last.")
    if on_each:
        said = t("You follow on several channels. Each update comes on each of them.")
    elif channel:
        said = t(
            "You follow on several channels. Each update comes once: on {channel}.",
            channel=channel,
        )
    each = button(t("On each of them"), ChooseWhere.tag, each=True)
    once = button(t("Only here"), ChooseWhere.tag, each=False)
    stop = _stop()
    return built(said, Context(said), Actions((once, stop) if on_each else (once, each, stop)))


def nothing(can: bool) -> Card[Phrase]:
    """Nothing is followed; `can`: and here is how to begin."""
    said = t("You follow nothing yet.")
    return built(
        said, Context(said), Actions((opens(t("Hear of updates"), FORM),)) if can else None
    )
