"""The whole line while calls to Slack fail, again and again and in every way."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.engine.kit import MINUTE
from tests.line.kit import line
from tests.line.story import begun

Ways = Mapping[str, Mapping[str, Any]]
WAYS: Ways = {
    "429": {"status": 429, "error": "ratelimited", "headers": {"Retry-After": "1"}},
    "5xx": {"status": 503, "body": "oops"},
    "dropped": {"drop": True},
    "lost": {"lose": True},
    "garbage": {"garbage": True},
}
METHODS = (
    "apps.connections.open",
    "auth.test",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "conversations.members",
    "conversations.open",
    "conversations.replies",
    "response_url",
    "usergroups.users.list",
    "users.info",
    "views.open",
    "views.update",
)
"""Everything that the line calls."""


LOOKED_UP = ("conversations.history", "conversations.open", "conversations.replies")
"""Those of them that are called only when an answer was lost."""


async def lived(folder: Path, way: str = "", *methods: str) -> list[str]:
    """What is left of the whole line when in each chapter the first call of each of these methods
    fails; nobody was impatient with Slack, and at least one call did fail.
    """
    async with line(folder) as one:
        story, hits = await begun(one), 0
        for chapter in story.chapters:
            one.slack.recovers()
            if {*methods} & {*LOOKED_UP}:
                one.slack.fails("chat.postMessage", lose=True)
            faults = [one.slack.fails(method, **WAYS[way]) for method in methods]
            if "apps.connections.open" in methods:
                # Nobody answered the pings of our socket meanwhile: it opens another one.
                await one.advance()
            await chapter()
            hits += sum(fault.hits for fault in faults)
        one.slack.recovers()
        await one.advance(12 * MINUTE)
        assert hits or not methods, "nothing failed"
        unknown = {call.path for call in one.slack.calls} - {*METHODS, "file", "upload"}
        return [*await story.picture(), *(f"not known to this test: {each}" for each in unknown)]
