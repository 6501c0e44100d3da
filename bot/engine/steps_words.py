"""What somebody presses or writes while a form asks them something, and where that leads."""

from collections.abc import Mapping

from bot.core import steps as core
from bot.core.answers import FormError, clean
from bot.core.cards import Arg
from bot.core.forms import Form, Location, Question, QuestionType
from bot.core.steps import Walked
from bot.core.texts import Text, t
from bot.engine.heard import Wrote
from bot.engine.ports import Speak
from bot.engine.talk_alone import typed
from bot.views import steps as view

_MEANT: tuple[tuple[str, Text], ...] = (
    (view.BACK, t("back")),
    (view.SKIP, t("skip")),
    (view.CANCEL, t("cancel")),
    (view.CANCEL, t("stop")),
    (view.KEEP, t("keep")),
    (view.KEEP, t("Keep this")),
)
_AT_THE_END: tuple[tuple[str, Text], ...] = (
    (view.SEND, t("send")),
    (view.SEND, t("Yes")),
    (view.CHANGE, t("change")),
)
IN_WORDS = (QuestionType.TEXT, QuestionType.LONG_TEXT)
"""What any words answer."""

ODD = t("That does not answer this question. Please use the buttons, or write your answer.")
NO_FILES = t("Files cannot be added here. Please answer in words.")
FILES_LEFT = t("Your words were taken. Files cannot be added here.")


def meant(said: str, say: Speak, at_the_end: bool) -> str:
    """The button that somebody wrote out instead of pressing it, "" for none."""
    word = said.strip(" .!/").casefold()
    known = (*_MEANT, *_AT_THE_END) if at_the_end else _MEANT
    found = (do for do, one in known if word in (one.key.casefold(), say(one).casefold()))
    return next(found, "")


def raw(question: Question, wrote: Wrote, say: Speak) -> object:
    """What they sent as an answer to `question`, not checked; why not where it can be none."""
    said = clean(wrote.words)
    if wrote.location is not None:
        lat, lon = wrote.location
        if question.type is QuestionType.LOCATION and -90 <= lat <= 90 and -180 <= lon <= 180:
            return Location(text=said, lat=lat, lon=lon)
        return FormError(question=question.key, text=ODD)
    if wrote.phone:
        fits = question.type in (*IN_WORDS, QuestionType.PHONE)
        return wrote.phone if fits else FormError(question=question.key, text=ODD)
    if wrote.files and not said:
        return FormError(question=question.key, text=NO_FILES)
    return typed(question, said, say) if said else FormError(question=question.key, text=ODD)


def after(form: Form, walked: Walked, do: str, args: Mapping[str, Arg]) -> Walked | FormError:
    """How far they are after a button; one that means nothing any more changes nothing."""
    field, page = str(args.get("field") or ""), args.get("page")
    if do == view.BACK:
        return core.back(form, walked) if _is_open(form, walked, field) else walked
    if do == view.CHANGE:
        return walked.model_copy(update={"choosing": True, "page": 0})
    if do == view.PAGE:
        return walked.model_copy(update={"page": page if isinstance(page, int) else 0})
    question = next((one for one in core.on_the_way(form, walked) if one.key == field), None)
    return walked if question is None else _about(question, form, walked, do, args)


def _is_open(form: Form, walked: Walked, field: str) -> bool:
    """Whether a button still stands for the question on which it was pressed; a second tap that
    comes before the first was seen does nothing.
    """
    question = core.asked_now(form, walked)
    return (question.key if question is not None else "") == field


def _about(
    question: Question, form: Form, walked: Walked, do: str, args: Mapping[str, Arg]
) -> Walked | FormError:
    """The same for what names a question."""
    key, value = question.key, args.get("value")
    if do == view.TICK:
        there = value in core.ticks(question, walked)
        return walked if there == args.get("on") else core.ticked(question, walked, str(value))
    if do == view.PICK:
        return core.again(walked, key)
    given: Mapping[str, object] = {
        view.ANSWER: value,
        view.KEEP: walked.said.get(key),
        view.SKIP: None,
        view.DONE: list(core.ticks(question, walked)),
    }
    return core.taken(form, walked, key, given[do]) if do in given else walked
