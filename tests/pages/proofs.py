"""People who have just proved that it is them, for tests in which time goes by."""

from tests.pages.kit import Person, Web


def cookie_of(served: Web) -> str:
    """What holds the token of a sign-in."""
    return "__Host-muster" if served.origin.startswith("https:") else "muster"


async def proves(served: Web, person: Person) -> None:
    """`person` has proved a moment ago that it is them."""
    (session, *_) = await served.house.sessions.of(person.person)
    _, token = await served.house.sessions.prove(session)
    person.client.cookies.clear()
    person.client.cookies.set(cookie_of(served), token)
