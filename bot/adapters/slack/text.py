"""Words as Slack takes them, so that nothing in them comes alive.

Slack has two kinds of text. `plain_text` is shown as it is, so that is what words become, with
the three signs escaped that its servers read. `mrkdwn` has marks; what goes there is ours, or words
in which no sign could be a mark. A link, a bold label and a coloured dot are made here and nowhere
else.
"""

import re
from typing import Any
from urllib.parse import quote, urlsplit

from bot.adapters.slack import limits
from bot.core.answers import clean

Json = dict[str, Any]

MORE = "…"
_LONGEST = len("&amp;")
# A mark, a mention, a channel, an address or an emoji code; a quotation at the start of a line.
_LIVELY = re.compile(r"[*_~`@#|\\]|://|www\.|mailto:|:[^\s:]+:|^\s*>", re.MULTILINE | re.IGNORECASE)
_EMOJI = re.compile(r":(?=\S*:)")
_QUOTE = re.compile(r"^(\s*)>", re.MULTILINE)
# Where an address begins, and where it has its dots; a sign that is not seen breaks it there.
_ADDRESS = re.compile(r"(?=//)|(?<=\w)(?=\.\w)(?!\.\d)|(?<=mailto)(?=:)", re.IGNORECASE)
_BREAK = "\u2060"
_LOOK_ALIKE = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ", "@": "＠", "#": "＃"})
_IN_NAMES = str.maketrans({"<": "‹", ">": "›", "@": "＠", "*": "∗", "`": "ˋ", "~": "∼"})
# What some programs take for the end of an address, or for the start of another part of it.
_IN_LINKS = "%/:?#[]@!$&'()*+,;=~-._"


def escaped(words: str) -> str:
    """With the three signs escaped by which Slack knows what is more than words."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def size(words: str) -> int:
    """So many characters Slack counts."""
    return len(words) + 4 * words.count("&") + 3 * (words.count("<") + words.count(">"))


def cut(words: str, most: int) -> str:
    """As much of it as fits into `most` characters once it is escaped, "…" where it was longer."""
    if size(words) <= most:
        return words
    return head(words, most - len(MORE)).rstrip() + MORE


def head(words: str, most: int) -> str:
    """The beginning that fits into `most` characters once it is escaped."""
    found = words[: max(0, most)]
    while (over := size(found) - most) > 0 and found:
        # Never more than is needed: each sign that goes frees five characters at most.
        found = found[: -max(1, over // _LONGEST)]
    return found


def seen(words: str) -> str:
    """Without what nobody can see; a sign where nothing would be left, since Slack wants one."""
    return clean(words) or "-"


def plain(words: str, most: int) -> Json:
    """A text object in which nothing means anything."""
    return {"type": "plain_text", "text": escaped(cut(seen(words), most)), "emoji": False}


def is_calm(words: str) -> bool:
    """Whether no sign of it could be a mark, so that it may stand beside marks of ours."""
    return _LIVELY.search(words) is None


def labelled(label: str, value: str, most: int) -> Json:
    """A label above its value. The label is bold where nothing in either could be a mark."""
    name = cut(seen(label), most // 2)
    said = cut(seen(value), most - size(name) - 3)
    if is_calm(name) and is_calm(said) and "\n" not in name:
        return _marked(f"*{escaped(name)}*\n{escaped(said)}")
    return plain(f"{name}\n{said}", most)


def standing(dot: str, sign: str, words: str, most: int) -> Json:
    """A status behind a coloured dot, by its name; behind a mere `sign` where marks are in it."""
    said = cut(seen(words), most - len(dot) - 5)
    if is_calm(said) and "\n" not in said:
        return _marked(f":{dot}: *{escaped(said)}*")
    return plain(f"{sign} {said}", most)


def link(url: str, label: str, most: int) -> Json | None:
    """A link of the house; None for what is no address of a page."""
    address = href(url)
    if address is None:
        return None
    said = seen(label).replace("\n", " ").translate(_LOOK_ALIKE).replace("|", "¦")
    target = escaped(address)
    return _marked(f"<{target}|{escaped(cut(said, most - len(target) - 3))}>")


def href(url: str) -> str | None:
    """An address of a page with no sign in it that Slack reads; None for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    found = quote(url, safe=_IN_LINKS)
    return found if len(found) <= limits.URL else None


def fallback(words: str, most: int) -> str:
    """The words for notifications and for those who hear them read.

    Slack reads marks in this one whatever is said to it; so each is a sign that looks like it.
    """
    dead = _QUOTE.sub("\\1›", _EMOJI.sub("∶", seen(words)))
    return escaped(cut(_ADDRESS.sub(_BREAK, dead).translate(_LOOK_ALIKE), most))


def file_name(words: str, most: int) -> str:
    """What a file is called: as it was, but for signs by which Slack knows what is more than words.

    Nothing is escaped in it, so each of these is a sign that looks like it.
    """
    one_line = " ".join(seen(words).split())
    return _EMOJI.sub("∶", one_line).translate(_IN_NAMES)[:most]


def _marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
