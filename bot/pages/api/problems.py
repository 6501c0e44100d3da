"""Why something was not done, as RFC 9457 says it: a plain sentence and a code."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse

from bot.core.commands import Answer, Refused
from bot.core.texts import t
from bot.pages.given import NOT_READABLE, TOO_LARGE
from bot.pages.limited import TOO_FAST

MEDIA = "application/problem+json"
ERRORS_MOST = 20
TITLES: Mapping[int, str] = {
    400: "Not readable",
    401: "No key that serves",
    403: "Not allowed",
    404: "Nothing there",
    405: "That cannot be done here",
    408: "Too slow",
    409: "Not done",
    413: "Too large",
    415: "Not JSON",
    422: "Not as expected",
    429: "Too fast",
    500: "Something went wrong",
    503: "Try again",
}
STATUS: Mapping[str, int] = {
    "not_found": 404,
    "not_allowed": 403,
    "not_saved": 503,
    "stopping": 503,
    "overloaded": 503,
    "unkeepable": 422,
    "quarantined": 500,
}
"""What the door says, as a status; whatever else the house's rules refuse is a conflict."""

NO_KEY = Refused(
    code="no_key",
    text=t(
        "Send a key that serves as: Authorization: Bearer KEY. An administrator makes one, "
        "and it may have ended or been revoked since."
    ),
)
NO_SCOPE = Refused(
    code="not_allowed", text=t("This key may not do that: its scopes do not include it.")
)
NOT_THERE = Refused(
    code="not_found", text=t("There is nothing here under that name, or you may not see it.")
)
NO_SOURCE = Refused(
    code="idempotency_key",
    text=t(
        "Send an Idempotency-Key of 8 to 128 letters, digits or . _ : - with this, another one "
        "for each new wish and the same when you try again."
    ),
)
BAD_CURSOR = Refused(
    code="cursor",
    text=t("This cursor was not given out for this question. Begin again without one."),
)
UNREADABLE = Refused(
    code="unreadable",
    text=t("The body could not be read: send one JSON object, not too deep and in whole letters."),
)
CONTROL = Refused(
    code="signs",
    text=t("This holds signs that cannot be kept. Please write it again without them."),
)
NOT_JSON = Refused(code="type", text=t("Send the body as application/json."))
NOT_EXPECTED = Refused(
    code="invalid",
    text=t("Part of this is missing or is not what was expected. `errors` says what and where."),
)
TOO_SLOW = Refused(
    code="slow", text=t("This took too long to arrive. Please try again."), transient=True
)
WRONG_METHOD = Refused(code="method", text=t("That cannot be done here."))
__all__ = ["NOT_READABLE", "TOO_FAST", "TOO_LARGE"]


class Problem(Exception):
    """The request ends here: `status`, and why."""

    def __init__(
        self,
        status: int,
        refused: Refused,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(refused.code)
        self.status = status
        self.refused = refused
        self.headers = dict(headers or {})
        self.errors = errors


def refused(answer: Answer) -> Problem:
    """What the door refused."""
    status = STATUS.get(answer.code, 409)
    text = answer.text if answer.text is not None else NOT_THERE.text
    headers = {"retry-after": "5"} if status == 503 else {}
    return Problem(status, Refused(code=answer.code, text=text), headers)


def response(problem: Problem, said: str) -> JSONResponse:
    """The problem as an answer; `said` is its sentence in the reader's language."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(problem.status, "Not done"),
        "status": problem.status,
        "detail": said,
        "code": problem.refused.code,
    }
    if problem.errors:
        body["errors"] = list(problem.errors[:ERRORS_MOST])
    return JSONResponse(body, problem.status, headers=problem.headers, media_type=MEDIA)
