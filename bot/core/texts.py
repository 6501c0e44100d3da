"""What Muster says, as data: a message key with arguments, rendered to a language outside core.

`t("{who} took it at {time}", who=Who(person="p1"), time=When(at=1_700_000_000_000))` makes a
`Text`. Its key is the English wording, which is also the gettext msgid; `bot.locale` collects
every literal passed to `t`, `tn` and `N_`. Rendering (language, names, local time) is
`bot.texts.Catalogues`.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr

from bot.core.frozen import Frozen
from bot.core.personal import Personal

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


class Style(StrEnum):
    """How a moment is written: `near` leaves the date out while it is today."""

    NEAR = "near"
    TIME = "time"
    DATE = "date"
    FULL = "full"


class When(Frozen):
    """A moment, milliseconds since the epoch UTC; views write it in local time."""

    kind: Literal["when"] = "when"
    at: StrictInt
    style: Style = Style.NEAR


class Span(Frozen):
    """A length of time in milliseconds, written as "15 minutes" or "4 hours"."""

    kind: Literal["span"] = "span"
    ms: StrictInt


class Who(Frozen):
    """A person id; views put the name, or the role for those who may not see names."""

    kind: Literal["who"] = "who"
    person: StrictStr


class Ref(Frozen):
    """The reference of a report or an incident as people speak it."""

    kind: Literal["ref"] = "ref"
    ref: StrictStr


class Words(Frozen):
    """The organisation's own words per language, from the playbook; shown as they stand."""

    kind: Literal["words"] = "words"
    by: Mapping[StrictStr, StrictStr]

    def pick(self, *languages: str) -> str:
        """The wording of the first of `languages` that is there, else of the first one at all."""
        found = next((self.by[one] for one in languages if one in self.by), None)
        return found if found is not None else next(iter(self.by.values()), "")


class Text(Frozen):
    """A product message: English key with `{placeholders}`, and their values.

    With `plural` set, the argument `n` chooses between `key` (one) and the plural forms.
    """

    kind: Literal["text"] = "text"
    key: StrictStr
    plural: StrictStr = ""
    args: "Mapping[StrictStr, Arg]" = Field(default_factory=dict)


Tagged = Annotated[When | Span | Who | Ref | Words | Text, Field(discriminator="kind")]
Arg = StrictStr | StrictInt | Tagged | Personal
Phrase = Annotated[Text | Words, Field(discriminator="kind")]
"""Anything that can stand on a card or form: a product text or the organisation's words."""

Text.model_rebuild()


def N_(key: str) -> str:
    """`key` itself, marked for translation where it is stored now and rendered later."""
    return key


def t(key: str, /, **args: Arg) -> Text:
    """A message. `key` must be a literal, so that the extractor finds it."""
    return Text(key=key, args=args)


def tn(one: str, many: str, /, n: int, **args: Arg) -> Text:
    """A message that counts: `tn("{n} report", "{n} reports", n=3)`."""
    return Text(key=one, plural=many, args={"n": n, **args})


def placeholders(key: str) -> frozenset[str]:
    """The argument names that `key` asks for."""
    return frozenset(PLACEHOLDER.findall(key))


def fill(key: str, values: Mapping[str, str]) -> str:
    """`key` with each `{name}` replaced in one pass; an unknown name stays as it is written.

    Values are never read as patterns, so customer words with braces do no harm.
    """
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), key)


def replace(text: Text, change: "Callable[[Arg], Arg]") -> Text:
    """`text` with `change` applied to every argument, nested texts included.

    This is how names are put in, and how personal values are opened, before rendering.
    """
    return text.model_copy(update={"args": {k: _changed(v, change) for k, v in text.args.items()}})


def named_in(text: Text) -> tuple[str, ...]:
    """The people whom `text` names, nested texts included."""
    found: list[str] = []
    for arg in text.args.values():
        if isinstance(arg, Who):
            found.append(arg.person)
        elif isinstance(arg, Text):
            found.extend(named_in(arg))
    return tuple(found)


def _changed(arg: Arg, change: "Callable[[Arg], Arg]") -> Arg:
    return replace(arg, change) if isinstance(arg, Text) else change(arg)
