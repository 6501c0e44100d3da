"""Whom we speak to and in which language; every page and every refusal is rendered here."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeGuard

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.core.calendar import MINUTE
from bot.core.commands import Refused
from bot.core.incident_words import FLAGS
from bot.core.playbook import Playbook
from bot.core.texts import Arg, Phrase, Style, Text, When, Who, t
from bot.engine.read import Staff
from bot.pages import labels
from bot.texts import Catalogues, Speaker
from bot.views import labels as views

FOLDER = Path(__file__).parent
LANGUAGE_COOKIE = "muster-language"
WANTED_MOST = 10
PATH = re.compile(r"/(?:[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)?")
LINK = re.compile(r"https?://(?P<host>[^/?#]*)(?P<path>[^?#]*)")

Context = dict[str, Any]
Names = Callable[[str], str | None]


def nobody(person: str) -> None:
    """No names are shown."""


@cache
def _templates() -> Environment:
    """Compiled once per process; what people wrote is escaped wherever it stands."""
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals["labels"] = labels
    return found


class Words:
    """Speakers, templates, refusals."""

    def __init__(
        self, catalogues: Catalogues, playbook: Callable[[], Playbook], demo: bool = False
    ) -> None:
        self._demo = demo
        self._catalogues = catalogues
        self._playbook = playbook
        self._templates = _templates()

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language in which there is anything to read."""
        own = self._playbook().organisation.languages
        return tuple(dict.fromkeys((*self._catalogues.languages, *own)))

    def language(self, request: Request, own: str = "") -> str:
        """What was chosen here, the person's own, or what their browser asks for."""
        known = self.languages
        chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE, "")
        asked = _wanted(request.headers.get("accept-language", ""))
        for tag in (chosen, own, *asked):
            for one in (tag, tag.partition("-")[0].lower()):
                if one in known:
                    return one
        return self._playbook().organisation.default_language

    def speaker(self, language: str, now: int | None = None, names: Names = nobody) -> Speaker:
        """Somebody who speaks `language` in the organisation's time zone."""
        zone = self._playbook().organisation.time_zone
        return self._catalogues.speaker(language, zone, now, names)

    def part(self, template: str, speaker: Speaker, **context: Any) -> str:
        """A piece of a page."""
        return self._templates.get_template(template).render(self._spoken(speaker), **context)

    def page(
        self,
        request: Request,
        template: str,
        speaker: Speaker,
        status: int = 200,
        **context: Any,
    ) -> Response:
        """A whole page, in a language that is remembered when it was chosen here."""
        majors = getattr(request.state, "majors", ())
        context = {"path": request.url.path, "staff": _staff(request), "majors": majors, **context}
        html = self.part(template, speaker, **context)
        response = HTMLResponse(html, status)
        chosen = request.query_params.get("lang")
        if chosen in self.languages:
            response.set_cookie(
                LANGUAGE_COOKIE,
                chosen,
                max_age=365 * 86_400,
                httponly=True,
                samesite="lax",
                secure=request.url.scheme == "https",
            )
        return response

    def refusal(self, request: Request, refused: Refused, status: int) -> Response:
        """No, and why: for a script as JSON, for a person as a page."""
        staff = _staff(request)
        speaker = self.speaker(self.language(request, staff.language if staff else ""))
        text = speaker(refused.text)
        if wants_json(request):
            body = {"outcome": "refused", "code": refused.code, "text": text}
            return JSONResponse(body, status)
        return self.page(request, "sorry.html", speaker, status, text=text, back=_back(request))

    def missing(self, request: Request) -> Response:
        """There is nothing here."""
        text = t("There is nothing here under that name, or you may not see it.")
        return self.refusal(request, Refused(code="not_found", text=text), 404)

    def _spoken(self, speaker: Speaker) -> Context:
        playbook = self._playbook()

        def message(key: str, **args: Arg) -> str:
            return speaker(Text(key=key, args=args))

        def plural(one: str, many: str, n: int, **args: Arg) -> str:
            return speaker(Text(key=one, plural=many, args={"n": n, **args}))

        def when(at: int, style: str = "near") -> str:
            return speaker.time(When(at=at, style=Style(style)))

        return {
            "_": message,
            "ngettext": plural,
            "say": lambda phrase: speaker(phrase) if not isinstance(phrase, str) else phrase,
            "when": when,
            "span": lambda minutes: speaker.span(minutes * MINUTE),
            "fresh": lambda: secrets.token_hex(16),
            "iso": labels.iso,
            "lang": speaker.language,
            "languages": self.languages,
            "direction": speaker.locale.text_direction,
            "organisation": speaker(playbook.organisation.name),
            "flags": FLAGS,
            "status": partial(views.status, own=playbook.labels),
            "public_status": partial(views.public_status, own=playbook.labels),
            "demo": self._demo,
        }


def wants_json(request: Request) -> bool:
    """Whether a script asks, which shows the answer in the page that is open."""
    accepts = request.headers.get("accept", "")
    sent = request.headers.get("content-type", "")
    return accepts.startswith("application/json") or sent.startswith("application/json")


def people_in(text: Phrase | None) -> Iterator[str]:
    """Every person that a text names."""
    if isinstance(text, Text):
        for arg in text.args.values():
            if isinstance(arg, Who):
                yield arg.person
            elif isinstance(arg, Text):
                yield from people_in(arg)


def _wanted(header: str) -> Iterable[str]:
    """The languages of an Accept-Language header, the most wanted first."""
    found: list[tuple[float, str]] = []
    for part in header[:500].split(",")[:WANTED_MOST]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            found.append((-float(weight or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for _, tag in sorted(found, key=lambda one: one[0])]


def _back(request: Request) -> str:
    """Where a plain form or a link of ours came from, when that is known; else the first page."""
    came_from = getattr(request.state, "given", {}).get("next")
    if is_path(came_from):
        return came_from
    link = LINK.match(request.headers.get("referer", ""))
    if link is None or link["host"] != request.headers.get("host"):
        return "/"
    path = link["path"]
    return path if is_path(path) and path != request.url.path else "/"


def _staff(request: Request) -> Staff | None:
    """Who is signed in, once a route has found out."""
    found = getattr(request.state, "staff", None)
    return found if isinstance(found, Staff) else None


def is_path(path: object) -> TypeGuard[str]:
    """A page of ours, and never another site."""
    return isinstance(path, str) and PATH.fullmatch(path) is not None
