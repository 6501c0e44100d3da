"""Which pages of `docs/` are made from the code, and by what."""

from collections.abc import Callable, Mapping

from tests.docs.api_page import api
from tests.docs.cli_page import cli
from tests.docs.gallery_page import gallery
from tests.docs.playbook_page import playbook
from tests.docs.settings_page import settings
from tests.docs.slack_page import slack_gallery
from tests.docs.telegram_page import telegram_gallery
from tests.docs.words_pages import commands, events
from tests.tidy import ROOT

DOCS = ROOT / "docs"
PAGES: Mapping[str, Callable[[], str]] = {
    "reference/settings.md": settings,
    "reference/playbook.md": playbook,
    "reference/commands.md": commands,
    "reference/events.md": events,
    "reference/cli.md": cli,
    "reference/api.md": api,
    "gallery.md": gallery,
    "gallery-slack.html": slack_gallery,
    "gallery-telegram.html": telegram_gallery,
}


def update() -> list[str]:
    """Write those that the code would make otherwise now; their names."""
    changed = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
