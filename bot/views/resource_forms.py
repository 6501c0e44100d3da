"""Forms about tasks: whom to ask for what, when somebody is there, and what they say of it."""

from collections.abc import Callable, Iterator, Mapping

from bot.core import incident_commands as ic
from bot.core import resource_words as rw
from bot.core.calendar import minute_of, next_time
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Answers, Condition, Form, Question, QuestionType
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_words import How
from bot.core.playbook_parts import Category
from bot.core.suggesting import Crew, Suggestion, in_one_line, suggest
from bot.core.texts import Phrase, Span, Text, When, Who, t
from bot.views.form_kinds import Args, Filled, FormKind
from bot.views.incident import named
from bot.views.look import Look
from bot.views.questions import choice, simple, words

NOTE_MOST = 300
CAN_MOST = 600
OTHER = "other"
PEOPLE_MOST = 12
SHORT_MOST = 3
USUAL = "usual"
HOWS: Mapping[How, Text] = {
    "one": t("One by one, the best fit first"),
    "ring": t("The nearest, then further out"),
    "all": t("Everybody: the first to claim"),
    "bids": t("Everybody says when, I choose"),
}


# --- times of arrival ----------------------------------------------------------------------------


def _when(
    key: str, heading: Text, *more: Question, ask: Text | None = None
) -> Callable[[State | None, Look], Form]:
    label = ask or t("When will you be there?")

    def form(state: State | None, look: Look) -> Form:
        quick = [(str(ms), t("in {span}", span=Span(ms=ms))) for ms in look.playbook.tasks.etas]
        return Form(
            key=key,
            title=heading,
            questions=(
                choice(
                    "when",
                    label,
                    (
                        *quick,
                        (OTHER, t("Another time")),
                    ),
                ),
                Question(
                    key="time",
                    type=QuestionType.TIME,
                    label=t("At what time?"),
                    when=Condition(question="when", any_of=(OTHER,)),
                ),
                *more,
            ),
        )

    return form


def _eta(filled: Filled) -> Millis:
    when = filled.words("when")
    if when != OTHER:
        return filled.at + int(when)
    return next_time(filled.zone, minute_of(filled.words("time")), filled.at)


# --- asking --------------------------------------------------------------------------------------


def _own(state: State | None, look: Look) -> Category | None:
    if not isinstance(state, Incident):
        return None
    return look.edition(state.playbook).category(state.category)


def _resources(state: State | None, look: Look) -> Form:
    return _resources_for(state, look, {})


def _resources_for(state: State | None, look: Look, given: Answers) -> Form:
    """Whom to ask follows from what is needed."""
    own = _own(state, look)
    templates = [(one.key, one.title) for one in (own.tasks if own else ())]
    skills = tuple(look.playbook.skills.items())
    free = Condition(question="template", any_of=(OTHER,))
    questions = [
        choice(
            "template",
            t("What is needed?"),
            (
                *templates,
                (OTHER, t("Something else")),
            ),
        ),
        words("what", t("What is to be done?")).model_copy(update={"when": free}),
    ]
    if skills:
        who = choice("skill", t("Who can do it?"), skills)
        questions.append(who.model_copy(update={"when": free}))
    questions.append(
        Question(
            key="needed",
            type=QuestionType.NUMBER,
            label=t("How many people?"),
            required=False,
            minimum=1,
            maximum=99,
        )
    )
    if isinstance(state, Incident):
        questions.append(_whom(state, look, own, given))
    return Form(key="ask_for_resource", title=t("Ask for resources"), questions=tuple(questions))


def _whom(state: Incident, look: Look, own: Category | None, given: Answers) -> Question:
    """In which way, or one of those who fit best, each with the reason."""
    template = given.get("template")
    part = next((one for one in (own.tasks if own else ()) if one.key == template), None)
    skill = part.skill if part is not None else given.get("skill")
    usual = (part.how if part else None) or look.playbook.tasks.how
    ways = [(USUAL, t("{how} (as usual)", how=HOWS[usual]))]
    ways += [(key, said) for key, said in HOWS.items() if key != usual]
    found = Suggestion()
    if look.crew is not None and (template or not own):
        found = suggest(look.crew, look.playbook, str(skill or ""), look.crew.at, state, None)
    question = choice(
        "whom",
        t("Whom do we ask?"),
        (
            *ways,
            *_people(found),
        ),
        required=False,
    )
    return question.model_copy(update={"help": _short(found)}) if found.short else question


def _people(found: Suggestion) -> Iterator[tuple[str, Phrase]]:
    for one in found.people[:PEOPLE_MOST]:
        said = t("{who}: {why}", who=Who(person=one.person), why=in_one_line(one))
        yield one.person, said


def _short(found: Suggestion) -> Text:
    """Why nobody else can be asked, as far as there is room."""
    text = found.short[0]
    for more in found.short[1:SHORT_MOST]:
        text = t("{first} {second}", first=text, second=more)
    return text


def _ask(filled: Filled) -> Command:
    template, whom = filled.words("template"), filled.words("whom")
    needed = filled.answers.get("needed")
    return ic.AskForResource.model_validate(
        {
            "incident": filled.incident,
            "template": "" if template == OTHER else template,
            "what": filled.words("what"),
            "skill": filled.words("skill"),
            "needed": int(needed) if isinstance(needed, int | float) else 0,
            "how": whom if whom in HOWS else None,
            "whom": "" if whom in ("", USUAL, *HOWS) else whom,
        }
    )


# --- choosing, handing over ----------------------------------------------------------------------


def _bidders(state: State | None, look: Look) -> Form:
    """Every bid of every task that somebody is still wanted for, the nearest first."""
    choices = [
        (
            f"{task.number}:{bid.person}:{bid.eta}",
            t(
                "{task}: {who}, there at {eta}",
                task=named(task, look),
                who=Who(person=bid.person),
                eta=When(at=bid.eta),
            ),
        )
        for task in (state.tasks if isinstance(state, Incident) else ())
        if task.status == "open"
        for bid in task.call.nearest
    ]
    nobody = [("none", t("Nobody has offered yet"))]
    question = choice("bid", t("Who comes?"), (choices or nobody))
    told = t("Whoever is chosen is told everything; the others hear that they are free.")
    return Form(
        key="award",
        title=t("Choose who comes"),
        questions=(question.model_copy(update={"help": told}),),
    )


def _nobody_bid(state: State | None, look: Look, args: Args) -> Text | None:
    tasks = state.tasks if isinstance(state, Incident) else ()
    if any(one.status == "open" and one.call.bids for one in tasks):
        return None
    return t(
        "Nobody has offered to come yet, so there is nobody to choose. You hear of each offer."
    )


def _award(filled: Filled) -> Command:
    number, person, eta = filled.words("bid").split(":")
    return rw.AwardTask(incident=filled.incident, task=int(number), person=person, eta=int(eta))


def _colleagues(state: State | None, look: Look) -> Form:
    """Those who could come in one's place; `crew` knows who is here."""
    crew = look.crew or Crew()
    choices: list[tuple[str, Phrase]] = [
        (one.person, t("{who}", who=Who(person=one.person))) for one in crew.people if not one.off
    ]
    nobody: tuple[str, Phrase] = ("none", t("Nobody else is here now"))
    return Form(
        key="offer_place",
        title=t("Hand it over"),
        questions=(choice("to", t("To whom?"), (choices or [nobody])),),
    )


def _nobody_else(state: State | None, look: Look, args: Args) -> Text | None:
    """Those who have a place on it, as whoever asks has, cannot take another."""
    task = state.task(int(args.get("task") or 0)) if isinstance(state, Incident) else None
    there = () if look.crew is None else (one.person for one in look.crew.people if not one.off)
    if any(task is None or task.place_of(one) is None for one in there):
        return None
    return t(
        "Nobody else is here now who could take it over. If you cannot go on, give it back: then "
        "others are asked."
    )


# --- saying ------------------------------------------------------------------------------------


_REASON = words("reason", t("Why? The reason is kept."))


def _decline(state: State | None, look: Look) -> Form:
    """The playbook's common reasons to be pressed, and one's own words."""
    language = look.playbook.organisation.default_language
    common = [(one.pick(language), one) for one in look.playbook.tasks.reasons]
    if not common:
        return Form(key="decline", title=t("I cannot"), questions=(_REASON,))
    why = choice(
        "why",
        _REASON.label,
        (
            *common,
            (OTHER, t("Something else")),
        ),
    )
    own = _REASON.model_copy(update={"when": Condition(question="why", any_of=(OTHER,))})
    return Form(key="decline", title=t("I cannot"), questions=(why, own))


def _declined(filled: Filled) -> Command:
    why = filled.words("why")
    reason = filled.words("reason") if why in ("", OTHER) else why
    return ic.DeclineTask(incident=filled.incident, task=filled.task, reason=reason)


def _can(filled: Filled) -> Command:
    said = {name: filled.words(name) for name in ("condition", "actions", "needs")}
    return rw.ReportCan(incident=filled.incident, task=filled.task, **said)


FORMS: Mapping[str, FormKind] = {
    "claim": FormKind(
        _when("claim", t("Take the task")),
        lambda one: ic.ClaimTask(incident=one.incident, task=one.task, eta=_eta(one)),
        brings=ic.ClaimTask,
    ),
    "revise_eta": FormKind(
        _when("revise_eta", t("Another time of arrival")),
        lambda one: ic.ReviseEta(incident=one.incident, task=one.task, eta=_eta(one)),
        brings=ic.ReviseEta,
    ),
    "bid": FormKind(
        _when(
            "bid",
            t("Say when you could be there"),
            words("note", t("Anything to add?"), NOTE_MOST, required=False),
            ask=t("When could you be there?"),
        ),
        lambda one: rw.BidForTask(
            incident=one.incident, task=one.task, eta=_eta(one), note=one.words("note")
        ),
        brings=rw.BidForTask,
    ),
    "accept_place": FormKind(
        _when("accept_place", t("Take it over")),
        lambda one: rw.AcceptPlace(
            incident=one.incident, task=one.task, holder=str(one.args["holder"]), eta=_eta(one)
        ),
        brings=rw.AcceptPlace,
    ),
    "offer_place": FormKind(
        _colleagues,
        lambda one: rw.OfferPlace(incident=one.incident, task=one.task, to=one.words("to")),
        brings=rw.OfferPlace,
        crew=True,
        empty=_nobody_else,
    ),
    "award": FormKind(_bidders, _award, brings=rw.AwardTask, crew=True, empty=_nobody_bid),
    "decline": FormKind(_decline, _declined, brings=ic.DeclineTask),
    "release": FormKind(
        simple("release", t("Give it back"), _REASON),
        lambda one: ic.ReleaseTask(
            incident=one.incident, task=one.task, reason=one.words("reason")
        ),
        brings=ic.ReleaseTask,
    ),
    "complete": FormKind(
        simple("complete", t("Done"), words("note", t("What was done?"), required=False)),
        lambda one: ic.CompleteTask(incident=one.incident, task=one.task, note=one.words("note")),
        brings=ic.CompleteTask,
    ),
    "report_can": FormKind(
        simple(
            "report_can",
            t("How it stands here"),
            words("condition", t("Condition: how is it there?"), CAN_MOST),
            words("actions", t("Actions: what are you doing?"), CAN_MOST),
            words("needs", t("Needs: what do you need?"), CAN_MOST, required=False),
        ),
        _can,
        brings=rw.ReportCan,
    ),
    "ask_for_resource": FormKind(
        _resources,
        _ask,
        again=_resources_for,
        decides=("template", "skill"),
        brings=ic.AskForResource,
        crew=True,
    ),
}
