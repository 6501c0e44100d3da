"""Forms about what is told to many: an update in its four parts, and what is done with a draft."""

from collections.abc import Mapping

from bot.core import approval_words as aw
from bot.core import incident_commands as ic
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Answers, Choice, Form, Question, QuestionType
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.personal import Personal
from bot.core.playbook_suggest import avoided
from bot.core.texts import Span, Text, t
from bot.core.wording import told
from bot.views.form_kinds import Args, Filled, FormKind
from bot.views.look import Look
from bot.views.questions import WORDS_MOST, words

MINUTE: Millis = 60_000
PART_MOST = 1_000
LAST = "last"
NEXT_UPDATES = (30 * MINUTE, 60 * MINUTE, 120 * MINUTE, 240 * MINUTE)
MAJOR_UPDATES = (5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 60 * MINUTE)
ALSO = "also_"
SURE = "sure"
_STANDS = t("How do things stand?")
_PARTS = ("words", "doing", "advice")


def _words(look: Look) -> tuple[Question, ...]:
    """How it stands, what is done, what people should do: apart where they are seen together, and
    in one answer where each would be a question of its own.
    """
    organisation = look.playbook.organisation
    others = (x for x in organisation.languages if x != organisation.default_language)
    all_of_it = t("What is affected, what we are doing about it, and what people should do.")
    hint = t("What is affected, and how far. You may also say everything here.")
    parts = (
        words("doing", t("What are we doing about it?"), PART_MOST, required=False),
        words("advice", t("What should people do meanwhile?"), PART_MOST, required=False),
    )
    return (
        words("words", _STANDS, WORDS_MOST, hint=hint if look.sheets else all_of_it),
        *(parts if look.sheets else ()),
        *(_also(one) for one in others),
    )


def _also(language: str) -> Question:
    """The same for those who read another language; left empty, they get the first text."""
    label = t("The same in another language: {language}", language=language)
    return words(f"{ALSO}{language}", label, WORDS_MOST, required=False)


def _next(state: State | None) -> Question:
    major = isinstance(state, Incident) and state.major.declared
    spans = MAJOR_UPDATES if major else NEXT_UPDATES
    quick = (Choice(value=str(ms), label=t("in {span}", span=Span(ms=ms))) for ms in spans)
    last = Choice(value=LAST, label=t("This is the last one"))
    return Question(
        key="next",
        type=QuestionType.CHOICE,
        label=t("When does the next update come?"),
        choices=(*quick, last),
    )


def _audience() -> Question:
    return Question(
        key="audience",
        type=QuestionType.CHOICE,
        label=t("Who is told?"),
        choices=(
            Choice(value="reporters", label=t("Its customers")),
            Choice(value="public", label=t("Everyone")),
            Choice(value="staff", label=t("Staff only")),
        ),
    )


def _sure(given: Answers, look: Look) -> tuple[Question, ...]:
    """Asked once more where words may blame somebody, or guess at the cause."""
    typed = " ".join(str(one) for key, one in given.items() if key in _PARTS or key[:5] == ALSO)
    found = avoided(look.playbook, typed)
    if found is None:
        return ()
    label = t("“{words}” may sound like blame, or like a guess. Send it as it stands?", words=found)
    return (Question(key=SURE, type=QuestionType.YES_NO, label=label),)


def _update(state: State | None, look: Look, given: Answers) -> Form:
    questions = (*_words(look), _audience(), _next(state), *_sure(given, look))
    return Form(key="update", title=t("Publish an update"), questions=questions)


def _revision(state: State | None, look: Look, given: Answers) -> Form:
    questions = (*_words(look), _next(state), *_sure(given, look))
    return Form(key="revise_draft", title=t("Change the draft"), questions=questions)


def _drafted(state: State | None, look: Look, args: Args) -> Mapping[str, Personal]:
    """The draft as it stands, to be changed."""
    number = int(args.get("draft", 0))
    draft = state.drafting.draft(number) if isinstance(state, Incident) else None
    if draft is None:
        return {}
    said = {draft.language: draft.words, **{one.language: one.words for one in draft.also}}
    first = look.playbook.organisation.default_language
    return {"words" if one == first else f"{ALSO}{one}": words for one, words in said.items()}


def _said(filled: Filled) -> dict[str, object]:
    """What an update says, and when the next one comes."""
    after = filled.words("next")
    return {
        "incident": filled.incident,
        "words": told(*(filled.words(one) for one in _PARTS)),
        "next_by": None if after == LAST else filled.at + int(after),
        "also": {
            key.removeprefix(ALSO): filled.words(key)
            for key in filled.answers
            if key.startswith(ALSO) and filled.words(key)
        },
        "sure": filled.answers.get(SURE) is True,
    }


def _publish(filled: Filled) -> Command:
    return ic.PublishUpdate.model_validate({**_said(filled), "audience": filled.words("audience")})


def _named(filled: Filled) -> dict[str, object]:
    return {"incident": filled.incident, "draft": int(filled.args["draft"])}


def _read(filled: Filled) -> dict[str, object]:
    """The draft in the version whose card carried the button."""
    return {**_named(filled), "version": int(filled.args["version"])}


def _revised(filled: Filled) -> Command:
    before = int(filled.args["version"])
    return aw.ReviseDraft.model_validate({**_said(filled), **_named(filled), "before": before})


def _later(filled: Filled) -> Command:
    next_by = filled.at + int(filled.words("next"))
    return aw.ApproveUpdate.model_validate({**_read(filled), "next_by": next_by})


def _time(state: State | None, look: Look) -> Form:
    asked = _next(state)
    times = tuple(one for one in asked.choices if one.value != LAST)
    question = asked.model_copy(update={"choices": times})
    return Form(key="approve_later", title=t("Approve with another time"), questions=(question,))


def _reason(key: str, title: Text) -> FormKind:
    kinds: dict[str, type[aw.SendBackDraft | aw.BreakGlass]] = {
        one.tag: one for one in (aw.SendBackDraft, aw.BreakGlass)
    }
    kind = kinds[key]
    question = words("reason", t("Why? The reason is kept."))
    form = Form(key=key, title=title, questions=(question,))
    return FormKind(
        lambda state, look: form,
        lambda one: kind.model_validate({**_read(one), "reason": one.words("reason")}),
        brings=kind,
    )


FORMS: Mapping[str, FormKind] = {
    "update": FormKind(
        lambda state, look: _update(state, look, {}),
        _publish,
        again=_update,
        brings=ic.PublishUpdate,
    ),
    "revise_draft": FormKind(
        lambda state, look: _revision(state, look, {}),
        _revised,
        again=_revision,
        sealed=_drafted,
        brings=aw.ReviseDraft,
    ),
    "approve_later": FormKind(_time, _later, brings=aw.ApproveUpdate),
    "send_back_draft": _reason("send_back_draft", t("Send it back")),
    "break_glass": _reason("break_glass", t("Send without approval")),
}
