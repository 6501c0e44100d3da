"""Telegram's messages as HTML that looks like Telegram on a phone: drawn is what is sent."""

from collections.abc import Sequence
from html import escape
from typing import Any

Json = dict[str, Any]

LOOKS = {"bold": "b", "italic": "i"}
SIGNS = {
    "⚪": ("#e8e8e8", ""),
    "🟢": ("#3fb56b", ""),
    "🔵": ("#3390ec", ""),
    "🟠": ("#f0932b", ""),
    "🔴": ("#e0364c", ""),
    "▫️": ("#b9c2cc", ""),
    "▶️": ("#3390ec", "▸"),
    "✅": ("#3fb56b", "✓"),
}
"""Emojis, drawn here for computers that have none; the last three are square."""
SQUARE = ("▫️", "▶️", "✅")
TIME = "10:39"


def text(sent: Json) -> str:
    """The words, with what its entities say of them."""
    raw, found, at = sent["text"].encode("utf-16-le"), "", 0
    for one in sent.get("entities", ()):
        start, end = one["offset"] * 2, (one["offset"] + one["length"]) * 2
        tag = LOOKS[one["type"]]
        found += _words(raw[at:start]) + f"<{tag}>{_words(raw[start:end])}</{tag}>"
        at = end
    return found + _words(raw[at:])


def _words(raw: bytes) -> str:
    shown = escape(raw.decode("utf-16-le"), quote=False).replace("\n", "<br>")
    for sign, (colour, inside) in SIGNS.items():
        kind = "sign square" if sign in SQUARE else "sign"
        drawn = f'<i class="{kind}" style="background:{colour}" title="{sign}">{inside}</i>'
        shown = shown.replace(sign, drawn)
    return shown


def keyboard(markup: Json) -> str:
    """The buttons beneath a message."""
    rows = "".join(
        f'<div class="row">{"".join(map(_button, row))}</div>' for row in markup["inline_keyboard"]
    )
    return f'<div class="keys">{rows}</div>'


def _button(one: Json) -> str:
    out = '<span class="out">↗</span>' if "url" in one else ""
    label = escape(one["text"], quote=False)
    return f'<span class="key {one.get("style", "")}" dir="auto">{label}{out}</span>'


def message(sent: Json) -> str:
    """A message of the bot's."""
    keys = keyboard(sent["reply_markup"]) if "reply_markup" in sent else ""
    wide = " wide" if keys else ""
    words = f'<div class="bubble" dir="auto">{text(sent)}<span class="time">{TIME}</span></div>'
    return f'<div class="message{wide}">{words}{keys}</div>'


def alert(words: str) -> str:
    """The window in which a press is answered."""
    said = escape(words, quote=False).replace("\n", "<br>")
    return f'<div class="alert"><p>{said}</p><p class="ok">OK</p></div>'


def phone(messages: Sequence[Json], questions: Sequence[str], night: bool) -> str:
    """A screen with these messages, then the windows that their buttons open."""
    inside = "\n".join([*map(message, messages), *map(alert, questions)])
    kind, language = ("night", ' lang="ru"') if night else ("day", "")
    return f'<div class="phone {kind}"{language}>{inside}</div>'


STYLE = """
body { font: 16px/1.5 -apple-system, Roboto, "Segoe UI", Helvetica, Arial, sans-serif;
  margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: #fff; color: #111; }
h2 { margin: 3rem 0 1rem; } h3 { margin: 2.5rem 0 .75rem; font-size: 1rem; }
summary { margin-top: .5rem; }
pre { overflow: auto; max-height: 30rem; padding: 1rem; background: #f5f5f5; font-size: 12px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
  gap: 1rem; align-items: start; }
.phone { --bubble: #fff; --ink: #000; --soft: #8a9a86; --key: #5c8a5c80; --link: #3390ec;
  background: #b3d3a0; border-radius: 12px;
  padding: 12px 8px; font-size: 16px; line-height: 1.3125; max-width: 26rem; }
.phone.night { --bubble: #212121; --ink: #fff; --soft: #a2a2a2; --key: #2a2a3acc;
  --link: #8774e1; background: #16181f; }
.message { width: fit-content; max-width: 88%; margin: 0 0 10px; }
.message.wide { width: 88%; }
.bubble { background: var(--bubble); color: var(--ink); border-radius: 15px 15px 15px 5px;
  padding: 6px 10px 7px; overflow-wrap: anywhere; box-shadow: 0 1px 2px #0002;
  display: flow-root; }
.bubble b { font-weight: 600; }
.sign { display: inline-block; width: 1em; height: 1em; border-radius: 50%; font-style: normal;
  vertical-align: text-bottom; color: #fff; font-size: .95em; line-height: 1; text-align: center;
  box-shadow: inset 0 0 0 1px #0002; }
.sign.square { border-radius: 25%; }
.time { float: right; margin: 6px 0 -2px 12px; font-size: 12px; color: var(--soft); }
.keys { margin-top: 4px; }
.row { display: flex; gap: 4px; margin-bottom: 4px; }
.key { flex: 1 1 0; min-width: 0; position: relative; background: var(--key); color: #fff;
  border-radius: 8px; padding: 9px 6px; text-align: center; font-size: 15px; font-weight: 500;
  white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.key.primary { background: #3390ec; } .key.danger { background: #d14e4e; }
.key.success { background: #3f9d57; }
.out { position: absolute; top: 2px; right: 6px; font-size: 11px; }
.alert { background: var(--bubble); color: var(--ink); border-radius: 14px; padding: 16px 20px 10px;
  margin: 14px auto 4px; width: 80%; box-shadow: 0 4px 16px #0004; }
.alert p { margin: 0; } .alert .ok { text-align: right; margin-top: 12px; color: var(--link);
  font-weight: 600; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd; }
  pre { background: #1c1c1c; } a { color: #7db7e8; } }
""".strip()
