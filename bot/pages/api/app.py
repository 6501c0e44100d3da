"""The API `/api/v1`: the same one door and the same queries as for people, in JSON.

FastAPI gives the shapes and their description; what may be done is for the door to say.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.core.commands import Answer, Command, Envelope, Identity
from bot.core.incident import Incident
from bot.core.program_words import OPEN, PUBLISH, READ, REPORT, Scope
from bot.engine.programs import CHANNEL, Caller, Programs
from bot.engine.read_api import BadCursor
from bot.engine.read_milestones import measured
from bot.pages.api import problems as p
from bot.pages.api import schemas as s
from bot.pages.api import told, wishes
from bot.pages.api.described import SCHEMAS, Described
from bot.pages.api.problems import Problem
from bot.pages.api.wall import OPENAPI, Wall, source_of
from bot.pages.base import Base
from bot.views.labels import status

T = TypeVar("T")

ROOT = "/api/v1"
NOTHING_AFTER = 0.025
"""Seconds until "there is nothing" is said, whether there is, and whatever it took to see that."""
PAGE_MOST = 100
MANY = frozenset({"status", "priority", "kind"})
"""Filters of which there may be several."""

Reference = Annotated[str, Path(max_length=40, pattern=s.PLAIN, examples=["N-7K4-M2QX"])]
Limit = Annotated[int, Query(ge=1, le=PAGE_MOST)]
KEY_HEADER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,128}$"},
    "description": "Another one for each new wish, the same when it is tried again.",
}
BEARER = HTTPBearer(auto_error=False, description="A key of Muster")
ONCE: dict[str, Any] = {"parameters": [KEY_HEADER]}
PROBLEM: dict[str, Any] = {"content": {p.MEDIA: {"schema": {"$ref": f"{SCHEMAS}ProblemTold"}}}}


def _problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """What may be answered beside success."""
    always = (400, 401, 403, 413, 422, 429, 503)
    return {code: {**PROBLEM, "description": p.TITLES[code]} for code in (*always, *codes)}


class Api(Base):
    """The routes."""

    def build(self, programs: Programs) -> ASGIApp:
        """The app to be mounted at `ROOT`; what is behind its wall is made for the first caller."""
        return Wall(self._made, self, programs)

    def _made(self) -> FastAPI:
        app = Described(
            title="Muster",
            version="1",
            description="Open, read and follow incidents. Every answer that is none is a problem "
            "with a sentence and a code.",
            docs_url=None,
            redoc_url=None,
            openapi_url=OPENAPI,
            servers=[{"url": ROOT}],
            root_path_in_servers=False,
            redirect_slashes=False,
            dependencies=[Depends(BEARER), Depends(_known)],
        )
        self._routes(app)
        app.add_exception_handler(Problem, self._problem)
        app.add_exception_handler(RequestValidationError, self._invalid)
        app.add_exception_handler(HTTPException, self._http)
        return app

    def _routes(self, app: FastAPI) -> None:
        one = "/incidents/{reference}"
        updates = f"{one}/updates"
        read, asking = _problems(404), _problems(404, 409, 415)
        add = self._add
        add(app, "POST", "/incidents", self.open_incident, s.Opened, problems=asking, once=True)
        add(app, "POST", "/reports", self.report_something, s.Added, problems=asking, once=True)
        add(app, "GET", "/reports/{reference}", self.get_report, s.ReportTold, problems=read)
        add(app, "POST", f"{one}/reports", self.add_report, s.Added, problems=asking, once=True)
        add(app, "GET", "/incidents", self.list_incidents, s.Incidents, problems=_problems(409))
        add(app, "GET", "/search", self.search_incidents, s.Incidents, problems=_problems())
        add(app, "GET", one, self.get_incident, s.IncidentInFull, problems=read)
        add(app, "GET", f"{one}/likely", self.list_likely, s.LikelyOnes, problems=read)
        add(app, "GET", updates, self.list_updates, s.Updates, problems=read)
        add(app, "POST", updates, self.publish_update, s.Published, problems=asking, once=True)
        add(app, "POST", f"{updates}/preview", self.preview_update, s.Heard, problems=asking)

    def _add(
        self,
        app: FastAPI,
        method: str,
        path: str,
        route: Callable[..., Awaitable[Any]],
        model: type[s.Outward],
        *,
        problems: dict[int | str, dict[str, Any]],
        once: bool = False,
    ) -> None:
        """A route; one that does something `once` however often it is asked takes a key for it."""
        app.add_api_route(
            path,
            route,
            methods=[method],
            response_model=model,
            responses=problems,
            status_code=201 if once else 200,
            openapi_extra=ONCE if once else None,
            operation_id=route.__name__,
        )

    # --- asking the door -----------------------------------------------------------------------

    async def open_incident(self, request: Request, body: s.IncidentToOpen) -> Any:
        """Open an incident. The same Idempotency-Key gives the same answer and opens no other."""
        _may(request, OPEN)
        said = body.model_dump_json()
        return await self._asked(request, wishes.opening(body), said, s.Opened)

    async def report_something(self, request: Request, body: s.ReportToAdd) -> Any:
        """Add what a customer told you; it opens an incident by the house's rules."""
        _may(request, REPORT)
        return await self._reported(request, body, None)

    async def add_report(self, request: Request, reference: Reference, body: s.ReportToAdd) -> Any:
        """Add what a customer told you of an incident that is being worked on."""
        _may(request, REPORT)
        incident = await self._incident(request, reference)
        return await self._reported(request, body, incident)

    async def _reported(
        self, request: Request, body: s.ReportToAdd, incident: Incident | None
    ) -> Response:
        under = None if incident is None else incident.stream
        caller: Caller = request.state.caller
        answer = await self._answer(
            request, wishes.adding(body, under), f"{under} {body.model_dump_json()}"
        )
        source = f"{caller.person} {source_of(request)}"
        asked = await wishes.asked_by_mail(self.house, body, answer.data["stream"], source)
        return _once(answer, s.Added, told="asked" if asked else "no")

    async def publish_update(
        self, request: Request, reference: Reference, body: s.UpdateToPublish
    ) -> Any:
        """Publish an update, looked through for personal words as on the desk."""
        _may(request, PUBLISH)
        incident = await self._incident(request, reference)
        said = f"{incident.stream} {body.model_dump_json()}"
        answer = await self._answer(request, wishes.publishing(incident, body), said)
        return _once(answer, s.Published, waits=answer.data.get("happened") == "update_drafted")

    async def preview_update(
        self, request: Request, reference: Reference, body: s.UpdateToPublish
    ) -> s.Heard:
        """Who would hear an update, or why it would be refused. Nothing is sent."""
        caller = _may(request, PUBLISH)
        incident = await self._incident(request, reference)
        command = wishes.publishing(incident, body)
        found = await self.house.reader.preview(caller.staff, command, self.house.catalogues)
        if found.refused is not None:
            raise Problem(p.STATUS.get(found.refused.code, 409), found.refused)
        return s.Heard(
            position=found.position,
            customers=found.customers,
            subscribers=found.subscribers,
            staff=found.staff,
            approver=found.approver,
        )

    async def _asked(
        self, request: Request, command: Command, said: str, model: type[s.Outward]
    ) -> Response:
        return _once(await self._answer(request, command, said), model)

    async def _answer(self, request: Request, command: Command, said: str) -> Answer:
        """What the door answers. Raises Problem."""
        caller: Caller = request.state.caller
        envelope = Envelope(
            entry="api",
            source=source_of(request),
            command=command,
            identity=Identity(channel=CHANNEL, opaque=caller.person),
            language=self.words.language(request),
            said=said,
            # A key that comes with every request proves each time who asks.
            proved_at=self.house.engine.clock.now(),
        )
        answer = await self.house.engine.handle(envelope)
        if answer.outcome != "done":
            raise p.refused(answer)
        return answer

    # --- reading -------------------------------------------------------------------------------

    async def get_incident(self, request: Request, reference: Reference) -> s.IncidentInFull:
        """How an incident stands, and how long it took so far."""
        caller = _may(request, READ)
        one, reader = await self._incident(request, reference), self.house.reader
        into = await reader.went_into(caller.staff, one)
        figures = [told.figure(each) for each in await measured(reader, one)]
        whole = {**told.incident(one, into, self._label(request, one)), "figures": figures}
        return s.IncidentInFull.model_validate(whole)

    async def get_report(self, request: Request, reference: Reference) -> s.ReportTold:
        """How a report that you brought stands, and which incident it is of."""
        staff = _may(request, REPORT).staff
        found = await self._found(self.house.reader.told_report(staff, reference))
        return s.ReportTold.model_validate(
            {
                "reference": found.reference,
                "incident": await self.house.reader.told_under(staff, found),
                "status": found.stage,
                "complete": found.complete,
                "added_at": s.moment(found.started_at),
            }
        )

    async def list_incidents(
        self,
        request: Request,
        *,
        status: Annotated[list[s.Status] | None, Query(max_length=8)] = None,
        priority: Annotated[list[s.Priority] | None, Query(max_length=4)] = None,
        category: Annotated[str | None, Query(max_length=60, pattern=s.PLAIN)] = None,
        kind: Annotated[list[s.Kind] | None, Query(max_length=5)] = None,
        mode: s.Mode = "live",
        cursor: Annotated[str | None, Query(max_length=1_000, pattern=s.PLAIN)] = None,
        limit: Limit = 50,
    ) -> s.Incidents:
        """Incidents, the newest first, page by page."""
        caller = _may(request, READ)
        asked = {
            "status": status,
            "priority": priority,
            "category": None if category is None else [category],
            "mode": [mode],
        }
        filters = {name: sorted(set(values)) for name, values in asked.items() if values}
        try:
            found = await self.house.reader.told_list(
                caller.staff, filters, cursor, limit, sorted(set(kind or ()))
            )
        except BadCursor:
            raise Problem(409, p.BAD_CURSOR) from None
        told = [await self._told(request, one) for one in found.found]
        return s.Incidents(incidents=told, cursor=found.cursor)

    async def search_incidents(
        self,
        request: Request,
        q: Annotated[str, Query(min_length=1, max_length=200, pattern=s.PLAIN)],
        limit: Limit = 20,
    ) -> s.Incidents:
        """What a reference, or words of published updates, lead to."""
        caller = _may(request, READ)
        found = await self.house.reader.told_search(caller.staff, q, limit)
        return s.Incidents(incidents=[await self._told(request, one) for one in found])

    async def list_likely(self, request: Request, reference: Reference) -> s.LikelyOnes:
        """Which other incidents may be the same, and why. People merge them, on the desk."""
        staff, one = _may(request, READ).staff, await self._incident(request, reference)
        found = await self.house.reader.told_likely(staff, one)
        return s.LikelyOnes(likely=[told.likely(each) for each in found])

    async def list_updates(
        self,
        request: Request,
        reference: Reference,
        after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Limit = 50,
    ) -> s.Updates:
        """What was published about an incident, in order."""
        _may(request, READ)
        incident = await self._incident(request, reference)
        found = await self.house.reader.told_updates(incident, after, limit)
        own = self.house.reader.playbook.organisation.default_language
        told = [
            s.UpdateTold.model_validate(
                {
                    "number": one.number,
                    "at": s.moment(one.at),
                    "words": {} if one.worded is None else one.worded.filled(own),
                    "audience": one.audience,
                    "next_update_by": s.maybe(one.next_by),
                    "corrected": one.corrected,
                    "withdrawn": one.withdrawn,
                    "unapproved": one.unapproved,
                }
            )
            for one in found
        ]
        return s.Updates(updates=told)

    async def _incident(self, request: Request, reference: str) -> Incident:
        staff = request.state.caller.staff
        return await self._found(self.house.reader.told_incident(staff, reference))

    async def _found(self, looked: Awaitable[T | None]) -> T:
        """What there is under that name, for them. Raises Problem, always after the same time."""
        loop = asyncio.get_running_loop()
        until = loop.time() + NOTHING_AFTER
        found = await looked
        if found is None:
            await asyncio.sleep(until - loop.time())
            raise Problem(404, p.NOT_THERE)
        return found

    async def _told(self, request: Request, one: Incident) -> s.IncidentTold:
        into = await self.house.reader.went_into(request.state.caller.staff, one)
        return s.IncidentTold.model_validate(told.incident(one, into, self._label(request, one)))

    def _label(self, request: Request, one: Incident) -> str:
        own = self.house.reader.playbook.labels
        return self.speaker(request)(status(one.status, one.incident_kind, own))

    # --- what went wrong -----------------------------------------------------------------------

    async def _problem(self, request: Request, trouble: Exception) -> Response:
        assert isinstance(trouble, Problem)
        said = await self.said(trouble.refused.text, self.words.language(request))
        return p.response(trouble, said)

    async def _invalid(self, request: Request, trouble: Exception) -> Response:
        """What was sent is never told back."""
        assert isinstance(trouble, RequestValidationError)
        errors = [
            {"where": ".".join(str(part) for part in one["loc"])[:200], "what": str(one["msg"])}
            for one in trouble.errors()
        ]
        return await self._problem(request, Problem(422, p.NOT_EXPECTED, errors=errors))

    async def _http(self, request: Request, trouble: Exception) -> Response:
        """No such path, or not that way."""
        assert isinstance(trouble, HTTPException)
        refused = p.WRONG_METHOD if trouble.status_code == 405 else p.NOT_THERE
        headers = dict(trouble.headers or {})
        if trouble.status_code == 405:
            routes = [one for one in request.app.routes if isinstance(one, Route)]
            ways = [one.methods or () for one in routes if one.matches(request.scope)[0].value]
            headers["allow"] = ", ".join(sorted({one for many in ways for one in many}))
        problem = Problem(trouble.status_code, refused, headers)
        return await self._problem(request, problem)


def _known(request: Request) -> None:
    """Whoever misspells a filter, or gives one twice that can be but one, would get what they did
    not ask for. Raises Problem.
    """
    known = {one.alias for one in request.scope["route"].dependant.query_params}
    given = Counter(name for name, _ in request.query_params.multi_items())
    wrong = {name: "Not known" for name in given if name not in known}
    wrong |= {name: "Given twice" for name in known - MANY if given[name] > 1}
    errors = [{"where": f"query.{name}"[:200], "what": wrong[name]} for name in sorted(wrong)]
    if errors:
        raise Problem(422, p.NOT_EXPECTED, errors=errors)


def _may(request: Request, scope: Scope) -> Caller:
    """Who asks, when their key has the scope. Raises Problem."""
    caller: Caller = request.state.caller
    if not caller.may(scope):
        raise Problem(403, p.NO_SCOPE)
    return caller


def _once(answer: Answer, model: type[s.Outward], **more: str | bool) -> Response:
    """A repeat is told by a header and is the same otherwise."""
    content = model.model_validate({"reference": answer.data["reference"], **more})
    headers = {"idempotent-replayed": "true"} if answer.repeat else {}
    return JSONResponse(content.model_dump(mode="json"), 201, headers=headers)
