"""Who is there: the staff of a made-up service desk, and those who come to it."""

from dataclasses import dataclass

from bot.core.person_words import Role

ORGANISATION = {
    "en": "the Northgate service desk (demonstration)",
    "ru": "служба поддержки «Нортгейт» (демонстрация)",
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works here; `skills` and `teams` are keys of the built-in playbook."""

    key: str
    name: str
    roles: tuple[Role, ...]
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    teams: tuple[str, ...] = ()


CHIEF = Staff("vera", "Vera Marlow", ("administrator",))
EVERY_SKILL = (
    "electrical",
    "generator",
    "lift",
    "plumbing",
    "building",
    "driver",
    "network",
    "telephony",
    "desktop",
    "it_security",
    "first_aid",
    "site_safety",
    "security",
)
STAFF = (
    Staff("maya", "Maya Osei", ("agent",), teams=("facilities",)),
    Staff("tom", "Tom Hadley", ("agent",), teams=("it",)),
    Staff("irina", "Irina Sokolova", ("agent",), languages=("en", "ru"), teams=("it",)),
    Staff("grace", "Grace Lindqvist", ("supervisor",), teams=("safety",)),
    Staff("nora", "Nora Winther", ("supervisor",), teams=("facilities",)),
    Staff("dev", "Dev Patel", ("resource",), skills=("electrical", "generator")),
    Staff("sam", "Sam Whitlock", ("resource",), skills=("electrical", "lift")),
    Staff("lena", "Lena Brandt", ("resource",), skills=("network", "telephony")),
    Staff("omar", "Omar Farah", ("resource",), skills=("desktop", "network")),
    Staff("ruth", "Ruth Kimani", ("resource",), skills=("first_aid", "site_safety")),
    Staff("ben", "Ben Achebe", ("resource",), skills=("security",)),
    Staff("joe", "Joe Mbeki", ("resource",), skills=("security", "first_aid", "site_safety")),
)


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom the visitor can be, and the page on which they begin."""

    staff: Staff
    page: str


GUESTS = {
    "agent": Guest(Staff("guest_agent", "Visiting agent", ("agent",)), "/desk"),
    "supervisor": Guest(Staff("guest_lead", "Visiting supervisor", ("supervisor",)), "/people"),
    "resource": Guest(
        Staff("guest_crew", "Visiting engineer", ("resource",), skills=EVERY_SKILL), "/tasks"
    ),
}

CUSTOMERS = tuple(f"customer-{number}" for number in range(1, 25))
RUSSIAN = tuple(f"customer-ru-{number}" for number in range(1, 4))
FOLLOWERS = {"press-office": "all", "market-office": "category:power", "night-duty": "priority:P2"}
"""Those who follow the status page, and what of it."""


def phone(who: str) -> str:
    """A number that belongs to nobody: it is kept free for plays and films."""
    return f"07700 900{sum(map(ord, who)) * 7 % 1000:03d}"
