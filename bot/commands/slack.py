"""`muster slack manifest`."""

import json

from bot.adapters.slack.manifest import as_yaml, link, manifest
from bot.core.errors import MusterError

NOT_SET = (
    "Slack is not set up: SLACK_BOT_TOKEN is not set. `muster slack manifest` makes the app that "
    "gives it."
)


def described(url: str, form: str) -> str:
    """The manifest of an app that is reached at `url`, "": over a socket. Raises MusterError.

    `form`: `json`, `link` (that opens Slack's page for a new app), or YAML with that link.
    """
    if url and not url.startswith("https://"):
        raise MusterError("Slack reaches https:// addresses alone. Give the public one.")
    app = manifest(url)
    if form == "json":
        return json.dumps(app, indent=2, ensure_ascii=False)
    if form == "link":
        return link(app)
    return f"{as_yaml(app)}# Or open this, choose the workspace, and press Create:\n# {link(app)}"
