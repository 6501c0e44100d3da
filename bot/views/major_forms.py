"""Forms of a major incident: declared and stood down, its posts, METHANE, decisions."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.core import major_words as w
from bot.core.calendar import last_time, minute_of
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Choice, Condition, Form, Question, QuestionType
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.major import Post
from bot.core.major_words import COMMANDER, LETTERS
from bot.core.personal import Personal
from bot.core.texts import Phrase, Text, t
from bot.views.form_kinds import Args, Filled, FormKind
from bot.views.hand_forms import chosen, whom
from bot.views.look import Look
from bot.views.major import LETTER
from bot.views.questions import choice, words

ALSO = "also_"
YES, NO = "yes", "no"


def _earlier(label: Text) -> Question:
    """A time of today or yesterday; left empty it is now."""
    return Question(
        key="time",
        type=QuestionType.TIME,
        label=label,
        help=t("Leave it empty if it is so now. An earlier time marks the entry as late."),
        required=False,
    )


def last_at(clock: str, at: Millis, zone: str) -> Millis | None:
    """When the clocks in `zone` last showed `clock` (such as 14:05); None where none is given.

    Raises ValueError for what is no time.
    """
    return last_time(zone, minute_of(clock), at) if clock else None


def _reason(key: str, title: Text, label: Text) -> Any:
    form = Form(key=key, title=title, questions=(words("reason", label),))
    return lambda state, look: form


# --- declared, and stood down ----------------------------------------------------------------


def _criteria(look: Look, when: Condition | None = None) -> tuple[Question, ...]:
    """Those of the playbook, to be ticked; and room for a reason of one's own."""
    known = look.playbook.major.criteria
    ticked = Question(
        key="criteria",
        type=QuestionType.MULTI_CHOICE,
        label=t("Which of these hold?"),
        choices=tuple(Choice(value=key, label=said) for key, said in known.items()),
        required=False,
        when=when,
    )
    own = words("reason", t("Why is it one, in your words?"), required=False)
    return ((ticked,) if known else ()) + (own.model_copy(update={"when": when}),)


def _declare_form(state: State | None, look: Look) -> Form:
    first, *others = _criteria(look)
    hint = t("One that holds is enough. You command until somebody accepts the hand-over.")
    return Form(
        key="declare_major",
        title=t("Declare a major incident"),
        questions=(first.model_copy(update={"help": hint}), *others),
        submit=t("Declare it"),
    )


def _declared(filled: Filled) -> w.DeclareMajor:
    ticked = filled.answers.get("criteria")
    return w.DeclareMajor(
        incident=filled.incident,
        criteria=ticked if isinstance(ticked, tuple) else (),
        reason=filled.words("reason"),
    )


def _down_form(state: State | None, look: Look) -> Form:
    organisation = look.playbook.organisation
    others = (x for x in organisation.languages if x != organisation.default_language)
    also = (
        words(
            f"{ALSO}{one}", t("Both in another language: {language}", language=one), required=False
        )
        for one in others
    )
    return Form(
        key="stand_down_major",
        title=t("All-clear"),
        questions=(
            words(
                "recovered",
                t("What has recovered, and how do you know?"),
                hint=t("This is the last update to everybody who was told. No names."),
            ),
            words("data_loss", t("What was lost of people's data? If nothing, say so.")),
            *also,
        ),
        submit=t("Give the all-clear"),
    )


def _down(filled: Filled) -> Command:
    also = {
        key.removeprefix(ALSO): filled.words(key)
        for key in filled.answers
        if key.startswith(ALSO) and filled.words(key)
    }
    return w.StandDownMajor(
        incident=filled.incident,
        recovered=filled.words("recovered"),
        data_loss=filled.words("data_loss"),
        also=also,
    )


# --- posts -----------------------------------------------------------------------------------


def _posts(state: State | None) -> tuple[Post, ...]:
    return state.major.posts if isinstance(state, Incident) else ()


def _named(posts: Iterable[str], look: Look) -> list[tuple[str, Phrase]]:
    return [(one, look.playbook.major.title(one)) for one in posts]


def _choose(key: str, title: Text, posts: Iterable[str], look: Look) -> Form:
    """One of these posts; the duty of one that is the only one is said beside it."""
    found = list(posts)
    question = choice("post", t("Which post?"), _named(found, look) or [("", t("None is open"))])
    if len(found) == 1:
        question = question.model_copy(update={"help": look.playbook.major.duty(found[0])})
    return Form(key=key, title=title, questions=(question,))


def _take_form(state: State | None, look: Look) -> Form:
    free = [one.post for one in _posts(state) if one.person is None]
    return _choose("take_post", t("Take a post"), [*free, COMMANDER], look)


def _asked(state: State | None) -> list[str]:
    return [one.post for one in state.major.offers] if isinstance(state, Incident) else []


def _hand_over_form(state: State | None, look: Look) -> Form:
    """To anybody who is on, and to whoever is here already."""
    posts = _posts(state)
    here = dict.fromkeys(one.person for one in posts if one.person)
    form = _choose("offer_post", t("Hand over a post"), (one.post for one in posts), look)
    theirs = form.questions[0].model_copy(update={"help": t("It is theirs once they accept it.")})
    return form.model_copy(update={"questions": (theirs, *whom(t("To whom?"), look.hands, here))})


def _handed_over(filled: Filled) -> Command:
    return w.OfferPost(incident=filled.incident, post=filled.words("post"), to=chosen(filled))


def _post_form(key: str, title: Text) -> Any:
    return lambda state, look: _choose(key, title, _asked(state), look)


def _release_form(state: State | None, look: Look) -> Form:
    own = [one.post for one in _posts(state) if one.person and one.post != COMMANDER]
    return _choose("release_post", t("Give up a post"), own, look)


def _about(kind: type[Any], *more: str) -> Any:
    """The command `kind` about the post that was chosen."""

    def made(filled: Filled) -> Command:
        given = {one: filled.words(one) for one in ("post", *more)}
        found: Command = kind(incident=filled.incident, **given)
        return found

    return made


# --- what is known, and decided --------------------------------------------------------------


def _methane_form(state: State | None, look: Look) -> Form:
    """Letter by letter; below the threshold it asks each time whether it is one."""
    declared = isinstance(state, Incident) and state.major.declared
    hint = t("Leave a field empty for “unknown”.")
    letters = [words(one, LETTER[one], required=False) for one in LETTERS]
    letters[0] = letters[0].model_copy(update={"help": hint})
    known_at = _earlier(t("When was it so?"))
    if declared:
        return Form(key="methane", title=t("METHANE"), questions=(*letters, known_at))
    yes = Condition(question="major", any_of=(YES,))
    major = choice(
        "major",
        t("Is it a major incident?"),
        ((NO, t("No, not as far as we know")), (YES, t("Yes: declare it"))),
    )
    asked = (major, *_criteria(look, yes), *letters, known_at)
    return Form(key="methane", title=t("ETHANE"), questions=asked)


def methane_known(state: State | None, look: Look, args: Args) -> Mapping[str, Personal]:
    """What is known, to be changed."""
    if not isinstance(state, Incident):
        return {}
    found = {one: state.major.methane.words(one) for one in LETTERS}
    return {key: one for key, one in found.items() if one is not None and not one.erased}


def _methane(filled: Filled) -> Command:
    """What is otherwise than it was when the form was opened."""
    changed = {
        one: filled.words(one)
        for one in LETTERS
        if filled.words(one).strip() != str(filled.known.get(one) or "").strip()
    }
    known_at = last_at(filled.words("time"), filled.at, filled.zone)
    return w.WriteMethane(incident=filled.incident, findings=changed, known_at=known_at)


def _declared_first(filled: Filled) -> tuple[Command, ...]:
    return (_declared(filled),) if filled.words("major") == YES else ()


def _decision(filled: Filled) -> Command:
    return w.RecordDecision(
        incident=filled.incident,
        decision=filled.words("decision"),
        reason=filled.words("reason"),
        alternatives=filled.words("alternatives"),
        made_at=last_at(filled.words("time"), filled.at, filled.zone),
    )


_DECISION = Form(
    key="record_decision",
    title=t("Decision"),
    questions=(
        words("decision", t("What was decided?")),
        words("reason", t("Why?")),
        words("alternatives", t("What else could have been done?"), required=False),
        _earlier(t("When was it decided?")),
    ),
)

FORMS: Mapping[str, FormKind] = {
    "declare_major": FormKind(_declare_form, _declared, brings=w.DeclareMajor),
    "stand_by_for_major": FormKind(
        _reason("stand_by_for_major", t("Stand by"), t("What may it become, and why?")),
        lambda one: w.StandByForMajor(incident=one.incident, reason=one.words("reason")),
        brings=w.StandByForMajor,
    ),
    "cancel_major": FormKind(
        _reason("cancel_major", t("It is no major incident"), t("Why? The reason is kept.")),
        lambda one: w.CancelMajor(incident=one.incident, reason=one.words("reason")),
        brings=w.CancelMajor,
    ),
    "stand_down_major": FormKind(_down_form, _down, brings=w.StandDownMajor),
    "take_post": FormKind(_take_form, _about(w.OfferPost), brings=w.OfferPost),
    "offer_post": FormKind(_hand_over_form, _handed_over, brings=w.OfferPost, hands=True),
    "accept_post": FormKind(
        _post_form("accept_post", t("Accept a post")), _about(w.AcceptPost), brings=w.AcceptPost
    ),
    "decline_post": FormKind(
        _post_form("decline_post", t("I cannot take it")),
        _about(w.DeclinePost),
        brings=w.DeclinePost,
    ),
    "take_back_offer": FormKind(
        _post_form("take_back_offer", t("Take an offer back")),
        _about(w.TakeBackOffer),
        brings=w.TakeBackOffer,
    ),
    "release_post": FormKind(_release_form, _about(w.ReleasePost), brings=w.ReleasePost),
    "methane": FormKind(
        _methane_form,
        _methane,
        before=_declared_first,
        sealed=methane_known,
        moved_by=(w.MethaneWritten,),
        brings=w.WriteMethane,
    ),
    "record_decision": FormKind(lambda state, look: _DECISION, _decision, brings=w.RecordDecision),
}
