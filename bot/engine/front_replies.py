"""What is said back: that it was done, why it was not, and where more can be done about it."""

from dataclasses import replace

from bot.core import ids
from bot.core.access import NOT_ALLOWED, NOT_FOUND, PROVE
from bot.core.commands import Answer, Command, Refused
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_commands import OpenIncident
from bot.core.person_words import Subscribe
from bot.core.report import Report
from bot.core.rules import Rule
from bot.core.texts import Phrase, t
from bot.engine.front_people import Askers, Asking
from bot.engine.ports import Reply
from bot.engine.reader import Reader
from bot.views.said import SHOWN, done

GONE = t("This card is no longer in use. Nothing was changed. Look at the newest one.")
TROUBLE = t("That did not work just now, and nothing was changed. Please try again in a minute.")
TOO_FAST = t("That was a little too much at once. Please wait a minute and try again.")
STRANGER = t(
    "Nobody who works here is known by this account, so nothing was done. If you work here, make "
    "a code on your own page on the desk, and write to me: {join} and that code."
)
ONLY_THERE = t(
    "You may do this as a member of “{place}”: press it on the card that hangs there. To do it "
    "here, too, join this account to yours on the desk."
)
NO_RESOURCE = t(
    "Whoever comes themselves does this: it takes the role of a resource, which is given on the "
    "desk, or by a place of resources. If somebody has offered to come, ask them to press it, or "
    "write it down beneath this card."
)
OWN_PAGE = t("Your own page")
ON_THE_DESK = t("Open on the desk")
PROVE_THERE = t("{why} That is done on the desk: open it there and do it once more.")
KEPT = t("{why} What you wrote is kept and stands there when you open the form again.")


class Replies:
    """Puts answers of the door into replies."""

    def __init__(self, reader: Reader, askers: Askers) -> None:
        self._reader = reader
        self._askers = askers
        self._public = reader.engine.parts.public_url.rstrip("/")

    async def plain(self, asking: Asking, phrase: Phrase, **lines: str) -> Reply:
        """A sentence; `lines` are those that it names."""
        return Reply(text=await self._askers.told(asking, phrase, **lines))

    async def no(self, asking: Asking, phrase: Phrase, **lines: str) -> Reply:
        """The same, where nothing was done."""
        return replace(await self.plain(asking, phrase, **lines), refused=True)

    async def stranger(self, asking: Asking) -> Reply:
        """They have no role here: how to join the account that has one."""
        text = await self._askers.told(asking, STRANGER, join="join")
        if not self._public:
            return Reply(text=text, refused=True)
        label = await self._askers.said(asking, OWN_PAGE)
        return Reply(text=text, link=f"{self._public}/me", link_label=label, refused=True)

    async def of(self, asking: Asking, command: Command, answer: Answer) -> Reply:
        """The answer of the door to `command`."""
        if answer.outcome != "done":
            return await self.refused(asking, command, answer)
        if command.tag in SHOWN and answer.text is None:
            return Reply()
        zone = self._reader.playbook.organisation.time_zone
        happened, number = str(answer.data.get("happened") or ""), answer.data.get("number")
        now, of = self._reader.now, number if isinstance(number, int) else 0
        said = answer.text or done(command, now, zone, answer.repeat, happened, of)
        if isinstance(command, OpenIncident):
            return await self.with_link(asking, said, str(answer.data.get("stream") or ""))
        lines = {"unsubscribe": "unsubscribe"} if isinstance(command, Subscribe) else {}
        return Reply(text=await self._askers.told(asking, said, **lines))

    async def refused(
        self, asking: Asking, command: Command, answer: Answer, kept: bool = False
    ) -> Reply:
        """Why not. `kept`: it was a form, and what was typed is there when it is opened again."""
        return replace(await self._why_not(asking, command, answer, kept), refused=True)

    async def _why_not(self, asking: Asking, command: Command, answer: Answer, kept: bool) -> Reply:
        rule = self._reader.engine.book.rules[type(command)]
        if answer.code in (NOT_ALLOWED.code, NOT_FOUND.code) and rule.roles:
            barred = await self.barred(asking, rule, answer)
            if not kept or asking.staff is None:
                return barred
            whole = KEPT.model_copy(update={"args": {"why": barred.text}})
            return replace(barred, text=await self._askers.said(asking, whole))
        why = answer.text or TROUBLE
        if answer.code == PROVE.code:
            why = PROVE_THERE.model_copy(update={"args": {"why": why}})
            return await self.with_link(asking, why, _about(command))
        if kept:
            why = KEPT.model_copy(update={"args": {"why": why}})
        return replace(await self.plain(asking, why), again=answer.unkept)

    async def barred(self, asking: Asking, rule: Rule, why: Refused | Answer) -> Reply:
        """Who has not the role that `rule` takes: what to do about it, as far as we know."""
        if asking.staff is None:
            return await self.stranger(asking)
        there = [one.place for one in asking.elsewhere if one.role in rule.roles and one.place]
        if why.code == NOT_ALLOWED.code and there:
            named = self._reader.playbook.places[there[0]].name
            text = ONLY_THERE.model_copy(update={"args": {"place": named}})
            label = await self._askers.said(asking, OWN_PAGE) if self._public else ""
            link = f"{self._public}/me" if self._public else ""
            said = await self._askers.said(asking, text)
            return Reply(said, link=link, link_label=label, refused=True)
        if why.code == NOT_ALLOWED.code and rule.roles == ("resource",):
            return await self.no(asking, NO_RESOURCE)
        return await self.no(asking, why.text or TROUBLE)

    async def with_link(self, asking: Asking, phrase: Phrase, stream: StreamId) -> Reply:
        """A sentence, and the page of the desk where it goes on."""
        text = await self._askers.said(asking, phrase)
        link = await self.page_of(stream)
        label = await self._askers.said(asking, ON_THE_DESK) if link else ""
        return Reply(text=text, link=link, link_label=label)

    async def page_of(self, stream: StreamId) -> str:
        """Where the desk shows it, "" where nobody can be led to."""
        state = await self._reader.state(stream) if self._public and stream else None
        if isinstance(state, Incident):
            return f"{self._public}/desk/incidents/{state.reference}"
        if isinstance(state, Report):
            return f"{self._public}/desk/reports/{state.reference}"
        return f"{self._public}/desk" if self._public else ""


def _about(command: Command) -> StreamId:
    """What the command names, "" for nothing that has a page of its own."""
    named = (getattr(command, name, None) for name in ("incident", "report", "into"))
    return next((one for one in named if isinstance(one, str) and _is_stream(one)), "")


def _is_stream(named: str) -> bool:
    try:
        ids.kind_of(named)
    except ValueError:
        return False
    return True
