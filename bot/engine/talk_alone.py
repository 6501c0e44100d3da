"""What somebody writes to us alone: the first word, an answer, a message to the desk, files.

Nothing that was written is lost: what does not answer the open question is an answer to "what
happened", or a message to whoever works on it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.core import report_words as w
from bot.core.answers import FormError, clean
from bot.core.asking import open_question, questions
from bot.core.commands import Answer, Command
from bot.core.errors import MusterError
from bot.core.forms import Form, Question, QuestionType, complete
from bot.core.playbook_forms import intake_form
from bot.core.playbook_suggest import distress
from bot.core.report import Report
from bot.core.taken_back_words import TakeBackMessage
from bot.core.texts import Phrase, Text, t
from bot.engine import talk_kinds as kinds
from bot.engine.arrivals import Arrivals
from bot.engine.front_people import Askers, Asking
from bot.engine.front_replies import TROUBLE
from bot.engine.handle import Engine
from bot.engine.heard import Typed, Wrote
from bot.engine.ports import Reply
from bot.engine.reader import Reader
from bot.engine.talk_which import Which
from bot.views.help import LABEL, LINE, SPOKEN

SAYS_SOMETHING = 12
"""From so many characters on, somebody's first words are more than a greeting."""
PARTS = 2
"""So many commands may be tried for the same words, one after the other."""
STORY = 40
"""From so many on, words are worth passing on although they answer nothing."""

SCORES = ("1", "2", "3", "4", "5")

REPORT, BACK, SKIP, STOP = t("report"), t("back"), t("skip"), t("stop")
PERSON, DANGER, SEND = t("person"), t("danger"), t("send")
YES, NO = t("Yes"), t("No")
CHANGED = t("Changed to: {words}")
PASSED_ON = t("We have passed on what you wrote. {problem}")
NOT_TO_US = t(
    "Here you can report a problem of your own: write “{word}”. "
    "Your work is on the cards in your team's places."
)

Say = Callable[[Phrase], str]
Line = Callable[[Typed], Awaitable[Reply]]


class NotKept(MusterError):
    """The door kept nothing of it."""

    def __init__(self, why: Phrase | None) -> None:
        super().__init__()
        self.why = why or TROUBLE


class Alone:
    """The conversation with one person."""

    def __init__(
        self,
        engine: Engine,
        reader: Reader,
        askers: Askers,
        arrivals: Arrivals,
        line: Line | None = None,
        which: Which | None = None,
    ) -> None:
        self._engine = engine
        self._reader = reader
        self._askers = askers
        self._arrivals = arrivals
        self._line = line
        self._which = which

    async def write(self, asking: Asking, wrote: Wrote) -> Reply:
        """Words, files or both. What came before and was kept is not judged anew."""
        say = self._askers.speak(asking)
        kept = await self._kept(asking)
        moves_on = wrote.edited and wrote.location is not None
        if moves_on or (kept and not wrote.files):
            return Reply()  # Each step of theirs is no new answer.
        if kept:
            wrote = replace(wrote, words="", location=None, phone="")
        said = clean(wrote.words)
        if self._line is not None and self._wants_help(said, say) and not wrote.files:
            return await self._line(kinds.typed_as(wrote, LINE))
        try:
            return await self._taken(asking, wrote, said, say)
        except NotKept as trouble:
            return Reply(text=say(trouble.why), again=True)

    async def _kept(self, asking: Asking) -> bool:
        """Whether the words of this very event were taken: then another question is open now."""
        heard, codec = asking.heard, self._engine.codec
        who = codec.identity_key(heard.who.channel, heard.who.opaque)
        parts = [f"{heard.source}:{number}" for number in range(PARTS)]
        keys = [codec.dedupe_key(heard.who.channel, who, one) for one in parts]
        answered = (await self._engine.store.load(keys, [], [])).answered.values()
        told = [Answer.model_validate_json(codec.open_house(one.answer)) for one in answered]
        return any(one.outcome != "refused" for one in told)

    async def _taken(self, asking: Asking, wrote: Wrote, said: str, say: Say) -> Reply:
        report = await self._report(asking)
        if wrote.edited and not said:
            return await self._taken_back(asking, report, wrote.message)
        if report is None and asking.staff is not None and not _is(said, REPORT, say):
            return await self._of_staff(wrote, say)
        if wrote.edited:
            return await self._edited(asking, report, said, say)
        others = None if report is None else self._arrivals.with_others(wrote, report)
        field = others or ("" if report is None else kinds.file_asked(self._form(report), report))
        texts, answers = [], bool(said) and self._answers(report, said, say)
        if kinds.shares(wrote):
            texts.append(await self._shared(asking, report, wrote, say))
        elif said and wrote.files and not answers:
            # Words with a file that answer nothing go along with it.
            texts.append(await self._any(asking, [w.WriteMessage(words=said)], say))
        elif said:
            texts.append(await self._words(asking, report, said, say))
        if wrote.files:
            texts.append(await self._files(asking, wrote, field, say))
            told = field or answers or any(texts) or others is not None
            texts.append("" if told else self._kept_file(report, say))
        elif not texts:
            return Reply(text=self._unreadable(report, say))
        reply = Reply(text="\n".join(filter(None, texts)))
        if reply.text or wrote.files or self._which is None or _is(said, REPORT, say):
            return reply
        return await self._which.ask(asking, report, wrote, said) or reply

    async def _of_staff(self, wrote: Wrote, say: Say) -> Reply:
        """Whoever works here and reports nothing wants something of the desk."""
        if self._line is None or not wrote.words:
            return Reply(text=say(NOT_TO_US.model_copy(update={"args": {"word": say(REPORT)}})))
        return await self._line(kinds.typed_as(wrote, wrote.words))

    def _wants_help(self, said: str, say: Say) -> bool:
        """The button, written out where it cannot be pressed."""
        return _is(said, LABEL, say) or said.strip(" .!/").casefold() in SPOKEN

    def _sad(self, said: str) -> bool:
        return distress(self._engine.editions.current, said) is not None

    async def _report(self, asking: Asking) -> Report | None:
        """The report that words belong to; None when they begin another one."""
        if not asking.person:
            return None
        place = asking.heard.place
        seat = self._engine.codec.seat_key(place.channel, place.address)
        found = await self._reader.current(asking.person, seat)
        return found if found is not None and found.serves(self._engine.clock.now()) else None

    def _form(self, report: Report) -> Form:
        editions = self._engine.editions
        return questions(report, editions.edition(report.playbook), editions.current)

    async def _ask(self, asking: Asking, command: Command, part: str = "") -> Answer:
        source = f"{asking.heard.source}{part}"
        answer = await self._engine.handle(asking.envelope(command, source=source))
        if answer.unkept:
            raise NotKept(answer.text)
        return answer

    # --- words ---------------------------------------------------------------------------------

    async def _words(self, asking: Asking, report: Report | None, said: str, say: Say) -> str:
        if report is None:
            commands: Sequence[Command] = self._first(said, say)
        elif _is(said, REPORT, say):
            commands = [w.BeginReport(again=True)]
        elif report.stage != "answering":
            commands = [*_answers_after(report, said, say), w.WriteMessage(words=said)]
        else:
            return await self._answered(asking, report, said, say)
        return await self._any(asking, commands, say)

    def _answers(self, report: Report | None, said: str, say: Say) -> bool:
        """Whether words can be the answer to what is open, or to what is asked first."""
        asked = self._asked(report)
        fits = asked and kinds.wrong_with(asked, typed(asked, said, say)) is None
        return report is None or bool(fits)

    async def _any(self, asking: Asking, commands: Sequence[Command], say: Say) -> str:
        """The first of these that is taken; what is wrong with the last one if none is."""
        answer = Answer()
        for number, command in enumerate(commands):
            answer = await self._ask(asking, command, f":{number}")
            if answer.outcome == "done":
                return ""
        return say(answer.text) if answer.text is not None else ""

    def _first(self, said: str, say: Say) -> list[Command]:
        """Somebody's first words: what happened, if they say so much; a greeting begins it."""
        editions = self._engine.editions
        form = intake_form(editions.current, "")
        field = kinds.story_field(form, {})
        if self._sad(said):
            return [w.WriteMessage(words=said)]
        if field and len(said) >= SAYS_SOMETHING and not _is(said, REPORT, say):
            return [w.AnswerQuestion(field=field, value=said), w.WriteMessage(words=said)]
        return [w.BeginReport()]

    async def _answered(self, asking: Asking, report: Report, said: str, say: Say) -> str:
        form = self._form(report)
        question = open_question(report, form)
        command = _meant(report, question, form, said, say)
        if command is not None:
            return await self._any(asking, [command], say)
        if question is None:
            return await self._any(asking, [w.WriteMessage(words=said)], say)
        raw = typed(question, said, say)
        wrong = kinds.wrong_with(question, raw)
        if wrong is None:
            return await self._any(asking, [w.AnswerQuestion(field=question.key, value=raw)], say)
        return await self._elsewhere(asking, report, form, said, wrong, say)

    async def _elsewhere(
        self,
        asking: Asking,
        report: Report,
        form: Form,
        said: str,
        wrong: FormError,
        say: Say,
    ) -> str:
        """Words that do not answer what was asked."""
        if self._sad(said):
            return await self._any(asking, [w.WriteMessage(words=said)], say)
        problem = say(wrong.text)
        field = kinds.story_field(form, report.known())
        if field and field != wrong.question and len(said) >= SAYS_SOMETHING:
            commands: list[Command] = [w.AnswerQuestion(field=field, value=said)]
        elif len(said) >= STORY and field != wrong.question:
            commands = [w.WriteMessage(words=said)]
        else:
            return problem
        refused = await self._any(asking, commands, say)
        told = PASSED_ON.model_copy(update={"args": {"problem": problem}})
        return refused or say(told)

    async def _edited(self, asking: Asking, report: Report | None, said: str, say: Say) -> Reply:
        """Other words than before are one more message: what was there stays in the record."""
        if report is None:
            # Nothing runs that they could have changed; a call for help is heard all the same.
            first = [w.WriteMessage(words=said)] if self._sad(said) else []
            return Reply(text=await self._any(asking, first, say))
        words = say(CHANGED.model_copy(update={"args": {"words": said}}))
        return Reply(text=await self._any(asking, [w.WriteMessage(words=words)], say))

    async def _taken_back(self, asking: Asking, report: Report | None, message: str) -> Reply:
        """They deleted what they wrote; nobody is told off, and nothing is asked of them."""
        if self._which is not None:
            await self._which.take_back(asking, message)
        if report is not None:
            await self._ask(asking, TakeBackMessage(), ":0")
        return Reply()

    # --- what is no words ----------------------------------------------------------------------

    async def _shared(self, asking: Asking, report: Report | None, wrote: Wrote, say: Say) -> str:
        """Where something is, or a number: an answer where it fits, else passed on in words."""
        said, answering = clean(wrote.words), report is None or report.asking
        editions = self._engine.editions
        form = intake_form(editions.current, "") if report is None else self._form(report)
        asked = self._asked(report)
        known = {} if report is None else report.known()
        fits = kinds.question_for(wrote, asked, form, known) if answering else None
        commands: list[Command] = []
        if fits is not None:
            answer = w.AnswerQuestion(field=fits.key, value=kinds.value(wrote, said))
            commands.append(answer)
        commands.append(w.WriteMessage(words=say(kinds.in_words(wrote, said))))
        refused = await self._any(asking, commands, say)
        if refused or asked is None or asked is fits:
            return refused
        told = kinds.PASSED if fits is None else kinds.NOTED_PLACE
        return say(told.model_copy(update={"args": {"problem": kinds.wanted(asked)}}))

    def _asked(self, report: Report | None) -> Question | None:
        return None if report is None else open_question(report, self._form(report))

    def _kept_file(self, report: Report | None, say: Say) -> str:
        """What they sent is there; what is asked stays."""
        asked = self._asked(report)
        if asked is None:
            return ""
        return say(kinds.KEPT_FILE.model_copy(update={"args": {"problem": kinds.wanted(asked)}}))

    def _unreadable(self, report: Report | None, say: Say) -> str:
        asked = self._asked(report)
        if asked is None:
            return say(kinds.UNREADABLE)
        problem = {"problem": kinds.wanted(asked)}
        return say(kinds.UNREADABLE_HERE.model_copy(update={"args": problem}))

    # --- files ---------------------------------------------------------------------------------

    async def _files(self, asking: Asking, wrote: Wrote, field: str, say: Say) -> str:
        if not self._arrivals.takes:
            return say(t("We cannot take files here. Please describe it in words."))
        report = await self._known_now(asking)
        if report is None:
            answer = await self._ask(asking, w.BeginReport(), ":begin")
            report = await self._known_now(asking)
            if report is None:
                return say(answer.text) if answer.text is not None else ""
        await self._arrivals.note(asking, wrote, report, field)
        return ""

    async def _known_now(self, asking: Asking) -> Report | None:
        heard = asking.heard
        return await self._report(await self._askers.asking(heard))


def _is(said: str, word: Text, say: Say) -> bool:
    """Whether somebody wrote just this word, in their language or in English."""
    return said.strip(" .!").casefold() in (word.key.casefold(), say(word).casefold())


def _meant(
    report: Report, question: Question | None, form: Form, said: str, say: Say
) -> Command | None:
    """The button that somebody wrote out instead of pressing it."""
    if _is(said, DANGER, say):
        return w.ReportDanger()
    if _is(said, PERSON, say):
        return w.AskForPerson()
    if not report.asking:
        return None
    if question is None:
        ready = complete(form, report.known())
        sends = ready and any(_is(said, one, say) for one in (SEND, YES))
        return w.ConfirmSummary() if sends else _way(said, say)
    if _is(said, SKIP, say) and not question.required:
        return w.SkipQuestion(field=question.key)
    return _way(said, say)


def _answers_after(report: Report, said: str, say: Say) -> list[Command]:
    """Whether it is fixed, or how we did, in just the word that was asked for."""
    if report.stage == "confirming" and (_is(said, YES, say) or _is(said, NO, say)):
        return [w.AnswerFixed(fixed=_is(said, YES, say))]
    if report.stage in ("done", "closed") and report.rating is None and said in SCORES:
        return [w.RateService(score=int(said))]
    return []


def _way(said: str, say: Say) -> Command | None:
    if _is(said, BACK, say):
        return w.GoBack()
    return w.WithdrawReport(why="cancelled") if _is(said, STOP, say) else None


def typed(question: Question, said: str, say: Say) -> object:
    """What somebody wrote, as an answer to `question`: a choice by its words or its number."""
    if question.type is QuestionType.YES_NO:
        return True if _is(said, YES, say) else False if _is(said, NO, say) else said
    if question.type is QuestionType.CHOICE:
        return _choice(question, said, say) or said
    if question.type is QuestionType.MULTI_CHOICE:
        parts = [one.strip() for one in said.replace("\n", ",").split(",") if one.strip()]
        found = [_choice(question, one, say) for one in parts]
        return [one for one in found if one] if all(found) else said
    return said


def _choice(question: Question, said: str, say: Say) -> str:
    wanted = said.strip(" .!").casefold()
    for number, one in enumerate(question.choices, 1):
        if wanted in (str(number), one.value.casefold(), say(one.label).strip(" .!").casefold()):
            return one.value
    return ""
