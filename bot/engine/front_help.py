"""Help now, in whatever goes back to somebody who does not work here: it stands beneath words, on
every card and above every form.

Here alone it is added, so that no sentence, of whoever's making, goes out without it.
"""

from dataclasses import replace

from bot.core.playbook import Playbook
from bot.core.texts import Phrase
from bot.engine.front_people import Askers, Asking
from bot.engine.heard import Heard, Pressed, Typed, Wrote
from bot.engine.ports import Reply, Speak
from bot.views.help import EVERYWHERE, LINES, beside, numbers, pressable


async def with_help(askers: Askers, heard: Heard, reply: Reply) -> Reply:
    """The reply, with the button for whoever has no role here."""
    if not _says(reply):
        return reply
    asking = await askers.asking(heard)
    return reply if asking.staff is not None else helped(reply, askers.speak(asking))


def wants_help(heard: Heard) -> bool:
    """Whether they pressed it, or wrote the line that does the same."""
    if isinstance(heard, Pressed):
        return heard.token == EVERYWHERE
    line = (
        heard.line if isinstance(heard, Typed) else heard.words if isinstance(heard, Wrote) else ""
    )
    return " ".join(line.split()).casefold().strip(" .!") in LINES


def without_store(askers: Askers, playbook: Playbook, heard: Heard, phrase: Phrase) -> Reply:
    """`phrase`, where nobody can tell who it is; for who wants help it is the numbers."""
    say = speaker(askers, playbook, heard)
    said = say(numbers(playbook) if wants_help(heard) else phrase)
    return helped(Reply(text=said, refused=not wants_help(heard)), say)


def speaker(askers: Askers, playbook: Playbook, heard: Heard) -> Speak:
    """Somebody who speaks to them without a look into the store."""
    language = heard.language or playbook.organisation.default_language
    return askers.speak(Asking(heard, "", None, (), language))


def helped(reply: Reply, say: Speak) -> Reply:
    """The button wherever it is not in sight yet."""
    button = pressable(say)
    return replace(
        reply,
        cards=tuple(beside(one, button) for one in reply.cards),
        mends={message: beside(one, button) for message, one in reply.mends.items()},
        form=None if reply.form is None else replace(reply.form, help=button),
        help=None if reply.cards else button,
    )


def _says(reply: Reply) -> bool:
    return bool(reply.text or reply.cards or reply.mends or reply.form or reply.faults)
