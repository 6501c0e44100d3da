"""A customer's report and letters as their page is given them: words in their language."""

from typing import Any

from bot.adapters.web.receive import CHANNEL
from bot.core.files import size_text
from bot.core.forms import Question
from bot.core.ids import Millis
from bot.core.playbook_forms import CATEGORY
from bot.core.report import SETTLED
from bot.core.texts import Phrase, Text, When, t
from bot.core.wording import FALLBACK
from bot.engine.file_views import FileView
from bot.engine.mailbox import Letter
from bot.engine.read_chat import Answer, Coming, KnownOne, Mine, Progress
from bot.texts import Speaker
from bot.views.expect import Expected, after_sending, before_sending
from bot.views.known import ASKED, GO_ON, NO, WHICH, YES
from bot.views.labels import IS_IT_RIGHT

Json = dict[str, Any]

_OVER = {
    "withdrawn": t("You stopped this report"),
    "confirming": t("We believe that it is fixed"),
    "done": t("Fixed. Thank you for telling us"),
    "closed": t("Closed"),
}
_COMING = {
    "claimed": t("A field engineer is coming, expected at {time}"),
    "en_route": t("A field engineer is on the way, expected at {time}"),
    "on_site": t("A field engineer is on site"),
    "done": t("A field engineer has been there"),
}
_LATE = t("The field engineer is late. We are asking for a new time")


def report_json(mine: Mine, say: Speaker, now: Millis, survey: bool) -> Json:
    """The report as the page shows it."""
    return {
        "reference": mine.reference,
        "stage": mine.stage,
        "asking": mine.asking,
        "headline": say(_headline(mine)),
        "question": _open_question(mine, say),
        "ready": mine.ready,
        "can_go_back": mine.can_go_back,
        "step": min(mine.step, mine.steps),
        "steps": mine.steps if _is_planned(mine) else None,
        "asked": _asked(mine, say),
        "cared": mine.cared,
        "danger": mine.danger and mine.stage in ("answering", "sent"),
        "answers": [_answer(one, say) for one in mine.answers],
        "progress": _progress(mine, say),
        **_expectation(mine, say, now),
        "confirm_until": _time(mine.confirm_until, say),
        "can_write": _can_write(mine, now),
        "can_begin": mine.stage == "withdrawn" or mine.stage in SETTLED,
        "can_rate": survey and _can_rate(mine),
        "rating": mine.rating,
        "messages": mine.messages,
        "seen": mine.seen,
        "way_back": mine.way_back,
        "mailed": mine.mailed,
        **going_on_json(mine),
        "read": mine.read,
        "files": [_file(one, say) for one in mine.files],
        "known": _known(mine, say),
    }


def _known(mine: Mine, say: Speaker) -> Json | None:
    """Is it this one? None where nothing is asked."""
    if not mine.offered:
        return None
    several = len(mine.offered) > 1
    return {
        "title": say(WHICH if several else ASKED),
        "note": say(GO_ON),
        "no": say(NO),
        "found": [
            _known_one(one, count if several else 0, say)
            for count, one in enumerate(mine.offered, 1)
        ],
    }


def _known_one(one: KnownOne, count: int, say: Speaker) -> Json:
    words = ""
    if one.update is not None:
        said, _, is_own = one.update.pick(say.language)
        head = say(one.said) if is_own else say(FALLBACK)
        words = f"{head} {said}" if said is not None else ""
    yes = t("Yes, number {n}", n=count) if count else YES
    return {"incident": one.incident, "line": say(one.line), "words": words, "yes": say(yes)}


def _can_rate(mine: Mine) -> bool:
    return mine.stage in ("done", "closed") and not mine.cancelled and not mine.cared


def going_on_json(mine: Mine) -> Json:
    """Who asks to be joined, and where the conversation goes on if not here."""
    waiting = mine.joining
    asks = waiting and {
        "number": waiting.number,
        "title": waiting.title,
        "name": waiting.name or "",
        "check": waiting.check,
        "agreed": waiting.agreed,
    }
    return {"joining": asks, "moved": "" if mine.channel == CHANNEL else mine.channel_title}


def _headline(mine: Mine) -> Text:
    if mine.stage in _OVER:
        return _OVER[mine.stage]
    if mine.progress is None or not mine.progress.taken:
        return _untaken(mine)
    if mine.progress.status == "on_hold":
        return t("An agent has it and waits for something from outside")
    return t("An agent has it")


def _untaken(mine: Mine) -> Text:
    if mine.distress:
        return t("We are calling a person for you. You can write here at any time")
    if not mine.asking:
        return t("We have your report. An agent takes it as soon as possible")
    if mine.danger:
        return t("We are alerting a person. Please go on if it is safe")
    return t("We have passed on what you told us so far. Please go on")


def _expectation(mine: Mine, say: Speaker, now: Millis) -> Json:
    """When somebody looks at it, and after how many milliseconds to ask again."""
    found = mine.expected
    if found is None:
        return {"expect": "", "again_in": None}
    waits = mine.progress is not None
    texts = after_sending(found, now) if waits else before_sending(found)
    return {"expect": " ".join(map(say, texts)), "again_in": _again(found, now)}


def _again(found: Expected, now: Millis) -> Millis | None:
    ahead = [at - now for at in (found.look_by, found.opens_at) if at is not None and at > now]
    return min(ahead, default=None)


def _asked(mine: Mine, say: Speaker) -> Json:
    """Whether it is right, in the words for what kind of thing it is."""
    kind = "incident" if mine.progress is None else mine.progress.kind
    whole, yes, no = IS_IT_RIGHT[kind]
    return {"whole": say(whole), "yes": say(yes), "no": say(no)}


def _is_planned(mine: Mine) -> bool:
    """How many questions there are depends on the category."""
    return any(one.question.key == CATEGORY for one in mine.answers)


def _progress(mine: Mine, say: Speaker) -> Json | None:
    if mine.progress is None:
        return None
    return {"lines": [[say(label), text] for label, text in _lines(mine.progress, say)]}


def _lines(progress: Progress, say: Speaker) -> list[tuple[Text, str]]:
    lines = [(t("Who is coming"), say(_coming(one))) for one in progress.coming]
    if progress.update is not None:
        words, _, is_own = progress.update.pick(say.language)
        shown = say(t("[deleted]")) if words is None else words
        label = "" if is_own else f"{say(FALLBACK)} "
        lines.append((t("Latest update"), label + shown))
    if progress.next_by is not None:
        lines.append((t("Next update"), say(t("by {time}", time=When(at=progress.next_by)))))
    return lines


def _coming(one: Coming) -> Text:
    if one.late and one.status in ("claimed", "en_route"):
        return _LATE
    found = _COMING[one.status]
    return found.model_copy(update={"args": {"time": When(at=one.eta)}})


def _open_question(mine: Mine, say: Speaker) -> Json | None:
    if mine.question is None:
        return None
    return {**question_json(mine.question, say), "raw": mine.raw}


def question_json(question: Question, say: Speaker) -> Json:
    """A question with everything that its control needs."""
    return {
        "key": question.key,
        "type": question.type.value,
        "label": say(question.label),
        "help": say(question.help) if question.help else "",
        "required": question.required,
        "choices": [
            {
                "value": one.value,
                "label": say(one.label),
                "hint": say(one.hint) if one.hint else "",
                "alone": one.alone,
            }
            for one in question.choices
        ],
    }


def _answer(one: Answer, say: Speaker) -> Json:
    return {
        "key": one.question.key,
        "label": say(one.question.label),
        "question": question_json(one.question, say),
        "skipped": one.skipped,
        "erased": one.shown is None,
        "shown": _shown(one.shown, say),
        "raw": one.raw,
        "at": one.at,
        "time": _time(one.at, say),
    }


def _shown(value: Phrase | str | None, say: Speaker) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return say(value)


def _time(at: Millis | None, say: Speaker) -> str:
    return "" if at is None else say.time(When(at=at))


def _can_write(mine: Mine, now: Millis) -> bool:
    if mine.stage == "closed":
        return mine.open_until is not None and now < mine.open_until
    return mine.stage != "withdrawn"


def _file(one: FileView, say: Speaker) -> Json:
    return {
        "file": one.file,
        "name": one.name,
        "size": say(size_text(one.size)),
        "width": one.width,
        "height": one.height,
        "picture": one.picture,
        "message": one.number,
        "at": one.at,
        "time": _time(one.at, say),
    }


def letter_json(letter: Letter, say: Speaker) -> Json:
    """A letter as the page shows it; `text` is the house's, `words` are somebody's."""
    return {
        "number": letter.number,
        "message": letter.message,
        "at": letter.at,
        "time": _time(letter.at, say),
        "by": letter.author,
        "text": letter.text,
        "words": letter.words,
        "pressing": letter.pressing,
        "erased": letter.erased,
    }
