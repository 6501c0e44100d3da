"""Programs: let in by a key or told of what happens, by an administrator alone.

They end as every account does, and are nothing else: no link, no role of people, no sign-in.
"""

from bot.core import program_words as pw
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.free_text import words
from bot.core.person import Person
from bot.core.personal import Personal
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

NAME_MOST = 80
URL_MOST = 500
CHIEF = ("administrator",)

TAKEN = refuse("exists", t("This was made already. Make another one."))
NO_SCOPE = refuse("no_scope", t("Choose at least one thing that it may do."))
TOO_LATE = refuse("too_late", t("This key would end before it begins. Choose a later time."))
NO_TOPIC = refuse("no_topic", t("Choose at least one thing that it is told of."))


def admit(state: Person | None, command: pw.AdmitCaller, ctx: Context) -> Decision:
    """A program with a key of its own."""
    name = words(command.name, NAME_MOST)
    if isinstance(name, Refused):
        return name
    if state is not None:
        same = state.program is not None and state.program.token == command.token
        return [] if same else TAKEN
    if not command.scopes:
        return NO_SCOPE
    if command.until <= ctx.at:
        return TOO_LATE
    subject = ctx.mint_subject()
    return [
        pw.CallerAdmitted(
            subject=subject,
            name=Personal(subject, " ".join(name.split())),
            identity=Personal(subject, command.identity),
            scopes=tuple(one for one in pw.SCOPES if one in command.scopes),
            token=command.token,
            until=command.until,
        )
    ]


def add_hook(state: Person | None, command: pw.AddHook, ctx: Context) -> Decision:
    """A program that is told."""
    if state is not None:
        return TAKEN
    if not command.topics:
        return NO_TOPIC
    url = words(command.url, URL_MOST)
    if isinstance(url, Refused):
        return url
    subject = ctx.mint_subject()
    return [
        pw.HookAdded(
            subject=subject,
            url=Personal(subject, url),
            topics=tuple(one for one in pw.TOPICS if one in command.topics),
            beyond=tuple(one for one in pw.BEYOND if one in command.beyond),
        )
    ]


WORKFLOW = Workflow(
    rules=(
        Rule(pw.AdmitCaller, admit, "named", roles=CHIEF, named_by="person", proof="always"),
        Rule(pw.AddHook, add_hook, "named", roles=CHIEF, named_by="person", proof="always"),
    ),
)
