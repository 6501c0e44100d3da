"""What a person typed or pressed becomes a checked value, or a sentence that says what to do."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from pydantic import ValidationError

from bot.core.forms import (
    LIMITS,
    Answers,
    Form,
    Location,
    Question,
    QuestionType,
    Value,
    relevant,
    visible,
)
from bot.core.frozen import Frozen
from bot.core.texts import Text, t

_EMAIL_MOST = 254
_LARGEST = 10**15
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?")
_EMAIL = re.compile(r"[^\s@<>\",;:]+@[^\s@<>\",;:]+\.[^\s@<>\",;:.]+")
_PHONE = re.compile(r"\+?[\d\s().\-/]+(?:(?:#|x|ext\.?|доб\.?)\s*\d{1,6})?", re.IGNORECASE)
_PHONE_DIGITS = 3
_PHONE_MOST = 40
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# C0 but tab and newline, DEL, C1, and the marks that reverse the text around them.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
# Whitespace, what Unicode calls default ignorable, and letters and a Braille cell drawn empty.
# Joiners, direction marks and selectors are part of many words and emoji; alone they show nothing.
_SHOWS_NOTHING = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*"
)
# Of these, the ones that no word needs at its beginning or end.
_EDGES = re.compile(r"^[\s\u00ad\u200b\u2060\ufeff]+|[\s\u00ad\u200b\u2060\ufeff]+\Z")


class FormError(Frozen):
    """Why an answer was refused, as a sentence that says what to do; the caller keeps the text."""

    question: str
    text: Text


def clean(raw: str) -> str:
    """`raw` without surrounding whitespace and without what nobody can see or type on purpose.

    Control characters (NUL, escape, bidirectional overrides, ...) are removed, every kind of
    line break becomes a newline, half a surrogate pair becomes U+FFFD. Text of which nothing
    would show is empty. All else stays.
    """
    if raw.isascii() and raw.isprintable():
        return raw.strip()  # Most texts hold nothing of all that.
    text = _EDGES.sub("", _CONTROLS.sub("", _BREAKS.sub("\n", raw)))
    return "" if _SHOWS_NOTHING.fullmatch(text) else _SURROGATES.sub("\ufffd", text)


def validate(question: Question, raw: object) -> Value | FormError:
    """The value of `raw` as an answer to `question`, None for a skip, or why it is refused."""
    given = clean(raw) if isinstance(raw, str) else raw
    if given is None or given in ("", [], ()):
        missing = t("This one needs an answer before we can go on.")
        return FormError(question=question.key, text=missing) if question.required else None
    result = _READERS[question.type](question, given)
    return FormError(question=question.key, text=result) if isinstance(result, Text) else result


def validate_all(form: Form, raw: Mapping[str, object]) -> Answers | tuple[FormError, ...]:
    """A whole form sent at once: the answers that count, or every error. Unknown keys are left."""
    checked = {q.key: validate(q, raw.get(q.key)) for q in form.questions}
    known = {key: one for key, one in checked.items() if not isinstance(one, FormError)}
    shown = visible(form, known)
    errors = tuple(e for q in shown if isinstance(e := checked[q.key], FormError))
    return errors or relevant(form, known)


def _length(question: Question, text: str) -> str | Text:
    limit = LIMITS[question.type]
    most = limit if question.maximum is None else int(question.maximum)
    if len(text) > most:
        return t(
            "Please shorten this: it has {length} characters and there is room for {most}. "
            "Nothing you wrote is lost.",
            length=len(text),
            most=most,
        )
    if len(text) < (question.minimum or 0):
        least = int(question.minimum or 0)
        return t("Please write a little more: at least {least} characters.", least=least)
    return text


def _text(question: Question, raw: object) -> Value | Text:
    if not isinstance(raw, str):
        return t("Please answer this in words.")
    one_line = question.type is QuestionType.TEXT
    return _length(question, " ".join(raw.splitlines()) if one_line else raw)


def _number(question: Question, raw: object) -> Value | Text:
    refusal = t("Please write a number in figures, such as 12.")
    if isinstance(raw, str):
        digits = "".join(raw.split())
        if not _NUMBER.fullmatch(digits):
            return refusal
        raw = float(digits.replace(",", "."))
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) <= _LARGEST:
        return refusal
    if question.minimum is not None and raw < question.minimum:
        return t("Please write a number of at least {least}.", least=f"{question.minimum:g}")
    if question.maximum is not None and raw > question.maximum:
        return t("Please write a number of at most {most}.", most=f"{question.maximum:g}")
    return int(raw) if raw == int(raw) else raw


NO_EMAIL = t("Please write an email address such as name@example.org.")


def is_email(raw: str) -> bool:
    """Whether it looks like an address to which mail can be sent."""
    return len(raw) <= _EMAIL_MOST and _EMAIL.fullmatch(raw) is not None


def _email(question: Question, raw: object) -> Value | Text:
    if isinstance(raw, str) and is_email(raw):
        return raw
    return NO_EMAIL


def _phone(question: Question, raw: object) -> Value | Text:
    refusal = t("Please write a phone number, with the area code, in figures.")
    if isinstance(raw, str) and len(raw) <= _PHONE_MOST and _PHONE.fullmatch(raw):
        digits = sum(sign.isdigit() for sign in raw)
        return raw if digits >= _PHONE_DIGITS else refusal
    return refusal


def _date(question: Question, raw: object) -> Value | Text:
    refusal = t("Please write the date as year-month-day, such as 2026-11-22.")
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        return refusal
    try:
        return date.fromisoformat(raw).isoformat()
    except ValueError:
        return refusal


def _time(question: Question, raw: object) -> Value | Text:
    found = _TIME.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        return t("Please write the time as hours and minutes, such as 14:05.")
    return f"{int(found[1]):02}:{found[2]}"


def _choice(question: Question, raw: object) -> Value | Text:
    if isinstance(raw, str) and any(one.value == raw for one in question.choices):
        return raw
    return t("Please choose one of the answers offered.")


def _multi_choice(question: Question, raw: object) -> Value | Text:
    values = [one.value for one in question.choices]
    if not isinstance(raw, list | tuple) or any(one not in values for one in raw):
        return t("Please choose from the answers offered.")
    taken = tuple(one for one in question.choices if one.value in raw)
    if len(taken) > 1 and (alone := next((one for one in taken if one.alone), None)):
        return t(
            "“{choice}” does not go together with other answers. "
            "Please take either that one or the others.",
            choice=alone.label,
        )
    return _count(question, tuple(one.value for one in taken))


def _count(question: Question, chosen: tuple[str, ...]) -> Value | Text:
    least, most = question.minimum or 0, question.maximum or LIMITS[question.type]
    if least <= len(chosen) <= most:
        return chosen
    return t(
        "Please give between {least} and {most}; you gave {count}.",
        least=f"{least:g}",
        most=f"{most:g}",
        count=len(chosen),
    )


def _yes_no(question: Question, raw: object) -> Value | Text:
    if isinstance(raw, bool):
        return raw
    if raw in ("yes", "no"):
        return raw == "yes"
    return t("Please answer yes or no.")


def _file(question: Question, raw: object) -> Value | Text:
    ids = (raw,) if isinstance(raw, str) else raw
    if not isinstance(ids, list | tuple) or not all(_is_id(one) for one in ids):
        return t("That file did not arrive. Please send it again.")
    return _count(question, tuple(ids))


def _is_id(raw: object) -> bool:
    return isinstance(raw, str) and _ID.fullmatch(raw) is not None


def _location(question: Question, raw: object) -> Value | Text:
    refusal = t("Please say where it is: an address, or a place someone can find.")
    data = {"text": raw} if isinstance(raw, str) else raw
    try:
        place = Location.model_validate(data)
    except ValidationError:
        return refusal
    words = _length(question, " ".join(clean(place.text).splitlines()))
    if isinstance(words, Text):
        return words
    pair = (place.lat is None) == (place.lon is None)
    found = bool(words) or place.lat is not None
    return place.model_copy(update={"text": words}) if pair and found else refusal


def _person(question: Question, raw: object) -> Value | Text:
    if isinstance(raw, str) and _is_id(raw):
        return raw
    return t("Please choose a person from the list.")


_READERS: Mapping[QuestionType, Callable[[Question, object], Value | Text]] = {
    QuestionType.TEXT: _text,
    QuestionType.LONG_TEXT: _text,
    QuestionType.NUMBER: _number,
    QuestionType.EMAIL: _email,
    QuestionType.PHONE: _phone,
    QuestionType.DATE: _date,
    QuestionType.TIME: _time,
    QuestionType.CHOICE: _choice,
    QuestionType.MULTI_CHOICE: _multi_choice,
    QuestionType.YES_NO: _yes_no,
    QuestionType.FILE: _file,
    QuestionType.LOCATION: _location,
    QuestionType.PERSON: _person,
}
