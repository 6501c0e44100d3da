"""What of the board somebody wants to see; it stands in the address, so that it can be kept."""

from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlencode

from starlette.requests import Request

from bot.core.ids import PersonId
from bot.core.playbook import Playbook
from bot.core.priority import Priority
from bot.engine.read_board import Listed, View
from bot.views.labels import KIND

SHOWN_FIRST: View = "all"
VIEWS: tuple[View, ...] = get_args(View)
PRIORITIES = tuple(one.value for one in Priority)
WORDS_MOST = 200


@dataclass(frozen=True, slots=True)
class Sieve:
    """A view, a kind, a category and a priority ("": any), and words that are searched for."""

    view: View = SHOWN_FIRST
    category: str = ""
    priority: str = ""
    words: str = ""
    kind: str = ""

    def lets(self, one: Listed, person: PersonId) -> bool:
        """Whether `person` is shown this line; while they search only what was found is."""
        if self.words:
            return False
        shown = one.stands_in(self.view, person)
        if self.view == SHOWN_FIRST:
            shown = shown or one.stands_in("unfinished", person)
        return shown and self.fits(one)

    def fits(self, one: Listed) -> bool:
        """Whether it is of the kind, the category and the priority."""
        kind = self.kind in ("", one.kind)
        return kind and self.category in ("", one.category) and self.priority in ("", one.priority)

    def counts(self, one: Listed) -> bool:
        """Whether it is one of those that are counted: incidents alone, unless another kind was
        asked for. A report that nobody has made anything of yet is of no kind.
        """
        return one.kind in ("", self.kind or "incident")

    @property
    def filtered(self) -> bool:
        """Whether less is shown than stands in the view."""
        return bool(self.kind or self.category or self.priority)

    def to(self, view: View) -> str:
        """The address of another view, filtered alike."""
        parts = {
            "view": view,
            "kind": self.kind,
            "category": self.category,
            "priority": self.priority,
        }
        return "/desk?" + urlencode({name: part for name, part in parts.items() if part})


def sieve_of(request: Request, playbook: Playbook) -> Sieve:
    """What the address asks for; what does not exist is left out."""
    asked = request.query_params
    category, priority = asked.get("category", ""), asked.get("priority", "")
    return Sieve(
        kind=next((one for one in KIND if one == asked.get("kind")), ""),
        view=next((one for one in VIEWS if one == asked.get("view")), SHOWN_FIRST),
        category=category if category in playbook.categories else "",
        priority=priority if priority in PRIORITIES else "",
        words=asked.get("q", "").strip()[:WORDS_MOST],
    )
