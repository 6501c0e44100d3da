"""What somebody sends us that is not words: where something is, a number, files, anything else.

It answers the question that asks for such a thing; whatever else comes is kept with the report,
and the open question stays as it is.
"""

from bot.core.answers import FormError, validate
from bot.core.asking import open_question
from bot.core.forms import Answers, Form, Question, QuestionType, visible
from bot.core.report import Report
from bot.core.texts import Text, t
from bot.engine.heard import Typed, Wrote

WORDS_MOST = 200
MAP = "https://www.openstreetmap.org/?mlat={lat:.5f}&mlon={lon:.5f}"

PLACE = t("The place on the map: {point}\n{link}")
PLACE_NAMED = t("The place on the map: {words}\n{point}\n{link}")
NUMBER = t("A phone number: {phone}")
PASSED = t("We have passed this on. {problem}")
NOTED_PLACE = t("Thank you, we have noted where it is. {problem}")
KEPT_FILE = t("Thank you, we keep this with your report. {problem}")
UNREADABLE = t("We cannot read this kind of message. Please write it in words, or send a photo.")
UNREADABLE_HERE = t("We cannot read this kind of message. {problem}")
SEND_FILE = t("Please send a photo or a file here.")


def shares(wrote: Wrote) -> bool:
    """Whether it says where something is, or which number somebody has."""
    return wrote.location is not None or bool(wrote.phone)


def question_for(
    wrote: Wrote, asked: Question | None, form: Form, known: Answers
) -> Question | None:
    """What it answers. Where something is fits any question for a place that has no answer yet; a
    number only what is asked now, since it may be anybody's.
    """
    if wrote.location is None:
        return asked if asked is not None and asked.type is QuestionType.PHONE else None
    if asked is not None and asked.type is QuestionType.LOCATION:
        return asked
    places = (one for one in visible(form, known) if one.type is QuestionType.LOCATION)
    return next((one for one in places if one.key not in known), None)


def value(wrote: Wrote, said: str) -> object:
    """The same as an answer."""
    if wrote.location is None:
        return wrote.phone
    lat, lon = wrote.location
    return {"text": said[:WORDS_MOST], "lat": lat, "lon": lon}


def in_words(wrote: Wrote, said: str) -> Text:
    """The same for whoever reads it: with a link to a map."""
    if wrote.location is None:
        return NUMBER.model_copy(update={"args": {"phone": wrote.phone}})
    lat, lon = wrote.location
    told = {"point": f"{lat:.5f}, {lon:.5f}", "link": MAP.format(lat=lat, lon=lon)}
    if not said:
        return PLACE.model_copy(update={"args": told})
    return PLACE_NAMED.model_copy(update={"args": {"words": said[:WORDS_MOST], **told}})


def wanted(question: Question) -> Text:
    """What the open question takes, said to whoever sent something else."""
    wrong = wrong_with(question, object())
    return wrong.text if wrong is not None else UNREADABLE


def wrong_with(question: Question, raw: object) -> FormError | None:
    """Why this is no answer; None when it is one."""
    wrong = validate(question, raw)
    if not isinstance(wrong, FormError):
        return None
    if question.type is QuestionType.FILE:
        return FormError(question=question.key, text=SEND_FILE)
    return wrong


def typed_as(wrote: Wrote, line: str) -> Typed:
    """A line of who wrote it, alone with us."""
    return Typed(
        source=wrote.source,
        who=wrote.who,
        place=wrote.place,
        private=True,
        at=wrote.at,
        language=wrote.language,
        alone=wrote.alone,
        line=line,
    )


def story_field(form: Form, known: Answers) -> str:
    """The question to which any words of somebody's are an answer, while it has none."""
    asked = visible(form, known)
    stories = (one.key for one in asked if one.type is QuestionType.LONG_TEXT)
    return next((key for key in stories if key not in known), "")


def file_asked(form: Form, report: Report) -> str:
    """The question that a file answers, if that is what is asked."""
    question = open_question(report, form)
    asked = question is not None and question.type is QuestionType.FILE
    return question.key if question is not None and asked else ""
