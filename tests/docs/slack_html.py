"""Slack's blocks as HTML that looks like Slack: what is drawn is the JSON that is sent."""

import re
from collections.abc import Iterable, Iterator
from html import escape, unescape
from typing import Any

Json = dict[str, Any]

DOTS = {
    "white_circle": "#e8e8e8",
    "large_green_circle": "#2eb67d",
    "large_blue_circle": "#1d9bd1",
    "large_orange_circle": "#e8912d",
    "red_circle": "#e01e5a",
}
MARKS = re.compile(r"\*([^*\n]+)\*|:([a-z_]+):|<(https?://[^|<>]+)\|([^<>]+)>")
EMPTY = "&nbsp;"
TIME = "10:39"
SHOWN = 24
"""As many lines of a long menu."""


def text(given: Json) -> str:
    """A text object."""
    if given["type"] == "plain_text":
        return _words(given["text"])
    found, end = "", 0
    for mark in MARKS.finditer(given["text"]):
        found += _words(given["text"][end : mark.start()]) + _marked(mark)
        end = mark.end()
    return found + _words(given["text"][end:])


def _words(said: str) -> str:
    """What Slack escaped is shown as it was, and is words in HTML too."""
    return escape(unescape(said), quote=False).replace("\n", "<br>")


def _marked(mark: re.Match[str]) -> str:
    bold, dot, link, label = mark.groups()
    if bold:
        return f"<b>{_words(bold)}</b>"
    if dot:
        return f'<i class="dot" style="background:{DOTS[dot]}" title=":{dot}:"></i>'
    return f'<a href="#" title="{escape(unescape(link))}">{_words(label)}</a>'


def blocks(given: Iterable[Json]) -> str:
    """All of them, below each other."""
    return "\n".join(_block(one) for one in given)


def _block(block: Json) -> str:
    match block["type"]:
        case "header":
            return f'<p class="head">{text(block["text"])}</p>'
        case "section":
            said = f"<p>{text(block['text'])}</p>" if "text" in block else ""
            pairs = "".join(f"<p>{text(one)}</p>" for one in block.get("fields", ()))
            return said + (f'<div class="fields">{pairs}</div>' if pairs else "")
        case "context":
            return "".join(f'<p class="small">{text(one)}</p>' for one in block["elements"])
        case "divider":
            return "<hr>"
        case "actions":
            inside = "".join(_pressed(one) for one in block["elements"])
            return f'<div class="row">{inside}</div>' + "".join(_menus(block["elements"]))
        case "input":
            return _input(block)
        case other:
            raise ValueError(f"nobody draws {other}")


def _pressed(one: Json) -> str:
    if one["type"] == "overflow":
        return '<span class="press more">⋯</span>'
    out = " ↗" if "url" in one else ""
    return f'<span class="press {one.get("style", "")}">{text(one["text"])}{out}</span>'


def _menus(elements: Iterable[Json]) -> Iterator[str]:
    """What opens: the lines of a menu, and the question before a press counts."""
    for one in elements:
        if one["type"] == "overflow":
            lines = "".join(f"<li>{text(each['text'])}</li>" for each in one["options"])
            yield f'<ul class="menu">{lines}</ul>'
        if asked := one.get("confirm"):
            buttons = f'<span class="press">{text(asked["deny"])}</span>'
            buttons += f'<span class="press primary">{text(asked["confirm"])}</span>'
            yield (
                f'<div class="asked"><p class="head">{text(asked["title"])}</p>'
                f'<p>{text(asked["text"])}</p><div class="row">{buttons}</div></div>'
            )


def _input(block: Json) -> str:
    free = ' <span class="small">(optional)</span>' if block.get("optional") else ""
    hint = f'<p class="small">{text(block["hint"])}</p>' if "hint" in block else ""
    return (
        f'<div class="asks"><p><b>{text(block["label"])}</b>{free}</p>'
        f"{_element(block['element'])}{hint}</div>"
    )


def _option(one: Json) -> str:
    """What can be chosen, and what belongs to it."""
    told = one.get("description")
    return text(one["text"]) + (f" <small>{text(told)}</small>" if told else "")


def _element(one: Json) -> str:
    first = escape(str(one.get("initial_value", one.get("initial_date", ""))), quote=False)
    match one["type"]:
        case "radio_buttons" | "checkboxes":
            kind = "round" if one["type"] == "radio_buttons" else "square"
            taken = [one.get("initial_option"), *one.get("initial_options", ())]
            marks = (f"{kind} on" if each in taken else kind for each in one["options"])
            pairs = zip(marks, one["options"], strict=True)
            made = (f'<li><i class="{mark}"></i>{_option(each)}</li>' for mark, each in pairs)
            return f"<ul>{''.join(made)}</ul>"
        case "static_select" | "multi_static_select":
            groups = one.get("option_groups", [one])
            several = [each for group in groups for each in group["options"]]
            lines = "".join(f"<li>{_option(each)}</li>" for each in several[:SHOWN])
            rest = f"<li>… {len(several) - SHOWN} more</li>" if len(several) > SHOWN else ""
            return f'<p class="box">Select ▾</p><ul class="menu">{lines}{rest}</ul>'
        case "datepicker":
            return f'<p class="box">📅 {first}</p>'
        case "timepicker":
            return f'<p class="box">🕒 {escape(str(one.get("initial_time", "")))}</p>'
        case "file_input":
            return '<p class="box drop">Drop files here, or upload from your computer</p>'
        case _:
            return f'<p class="box {"tall" if one.get("multiline") else ""}">{first or EMPTY}</p>'


def message(given: Iterable[Json]) -> str:
    """A message of the app's."""
    return (
        '<div class="message"><span class="face">M</span><div><p class="by"><b>Muster</b> '
        f'<span class="app">APP</span> <span class="small">{TIME}</span></p>'
        f"{blocks(given)}</div></div>"
    )


def modal(view: Json) -> str:
    """A window."""
    send = f'<span class="press primary">{text(view["submit"])}</span>' if "submit" in view else ""
    return (
        f'<div class="modal"><p class="title">{text(view["title"])}<span>✕</span></p>'
        f'<div class="body">{blocks(view["blocks"])}</div>'
        f'<div class="row end"><span class="press">{text(view["close"])}</span>{send}</div></div>'
    )


STYLE = """
body { font: 15px/1.46668 Lato, "Segoe UI", Helvetica, Arial, sans-serif; margin: 2rem auto;
  max-width: 84rem; padding: 0 1rem; background: #fff; color: #1d1c1d; }
h2 { margin: 3rem 0 1rem; } h3 { margin: 2.5rem 0 .75rem; font-size: 1rem; }
summary { margin-top: .5rem; }
pre { overflow: auto; max-height: 30rem; padding: 1rem; background: #f8f8f8; font-size: 12px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
  gap: 1rem; align-items: start; }
.slack { --ink: #1d1c1d; --soft: #616061; --line: #dddddd; --edge: #1d1c1d4d; --ground: #fff;
  --link: #1264a3; --menu: #f8f8f8; background: var(--ground); color: var(--ink);
  border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; }
.slack.dark { --ink: #d1d2d3; --soft: #ababad; --line: #35373b; --edge: #e8e8e84d;
  --ground: #1a1d21; --link: #1d9bd1; --menu: #222529; }
.slack p { margin: 0 0 .5rem; overflow-wrap: anywhere; } .slack a { color: var(--link); }
.slack hr { border: 0; border-top: 1px solid var(--line); margin: .75rem 0; }
.slack b { font-weight: 700; } .slack ul { list-style: none; margin: 0 0 .5rem; padding: 0; }
.message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 8px; }
.face { display: grid; place-items: center; height: 36px; border-radius: 6px; color: #fff;
  background: #4a154b; font-weight: 900; }
.by { margin: 0 !important; line-height: 1.2; } .by b { font-weight: 900; }
.app { font-size: 10px; font-weight: 700; padding: 1px 3px; border-radius: 2px;
  background: var(--line); color: var(--soft); }
.slack .head { font-size: 18px; font-weight: 900; margin: .5rem 0; }
.small { font-size: 13px; color: var(--soft); }
.dot { display: inline-block; width: 15px; height: 15px; border-radius: 50%;
  vertical-align: -2px; margin-right: 2px; box-shadow: inset 0 0 0 1px #0003; }
.fields { display: grid; grid-template-columns: 1fr 1fr; column-gap: 1rem; max-width: 40rem; }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin: .5rem 0; }
.row.end { justify-content: flex-end; border-top: 1px solid var(--line); padding-top: .75rem; }
.press { border: 1px solid var(--edge); border-radius: 8px; padding: 4px 12px; font-size: 13px;
  font-weight: 700; }
.press.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.press.danger { background: #e01e5a; border-color: #e01e5a; color: #fff; }
.slack .menu { border: 1px solid var(--line); border-radius: 8px; background: var(--menu);
  padding: .4rem 0; width: fit-content; min-width: 12rem; max-width: 100%; }
.menu li { padding: 2px 1.25rem; }
.asked { border: 1px solid var(--line); border-radius: 8px; padding: .25rem 1rem;
  margin: .5rem 0; background: var(--menu); }
.title { display: flex; justify-content: space-between; font-size: 22px; font-weight: 900; }
.asks { margin: 0 0 1.25rem; } .asks p { margin: 0 0 .25rem; }
.box { border: 1px solid var(--edge); border-radius: 4px; padding: 6px 12px; }
.box.tall { min-height: 4.5rem; } .box.drop { border-style: dashed; color: var(--soft); }
.round, .square { display: inline-block; width: 14px; height: 14px; margin-right: 8px;
  border: 1px solid var(--soft); vertical-align: -2px; }
.round { border-radius: 50%; } .square { border-radius: 3px; }
.on { background: #1264a3; border-color: #1264a3; box-shadow: inset 0 0 0 3px var(--ground); }
@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd; }
  pre { background: #1c1c1c; } a { color: #7db7e8; } }
""".strip()
