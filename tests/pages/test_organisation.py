"""Sign-in by the organisation's provider: who is known by it, and everything that is no proof."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.oidc.provider import KNOWN_FOR, Provider
from bot.core.access import PROOF_SERVES
from bot.core.person_words import DisablePerson, ErasePerson, ResetSignIn
from bot.engine.logins import SERVES, NotReached
from tests.adapters.oidc_provider import CLIENT, ISSUER, ONE, OTHER, SECRET, OwnProvider
from tests.clock import VirtualClock
from tests.engine.kit import MINUTE
from tests.pages.kit import Person, Web, web
from tests.pages.proofs import proves
from tests.pages.test_crew import pressed
from tests.pages.test_me import also
from tests.pages.test_proving import PASSWORD

BACK = "/signin/organisation/back"
OURS = {"sec-fetch-site": "same-origin"}


@dataclass
class Place:
    """A desk whose staff sign in elsewhere, and that elsewhere."""

    served: Web
    there: OwnProvider
    provider: Provider

    async def away(self, person: Person, path: str) -> str:
        response = await person.get(path, **OURS)
        assert response.status_code == 303, response.text
        return self.there.signs_in(response.headers["location"])

    async def round(self, person: Person, path: str) -> int:
        query = await self.away(person, path)
        return (await person.get(BACK + query)).status_code

    async def known(self, called: str = "Ana") -> Person:
        """Somebody who came by a link and added their login."""
        person = await self.served.staff(called, "agent", "administrator")
        assert await self.round(person, "/me/organisation/add") == 303
        return person

    async def enters(self) -> int:
        return await self.round(self.served.stranger(), "/signin/organisation")


@asynccontextmanager
async def place(folder: Path) -> AsyncIterator[Place]:
    clock = VirtualClock()
    there = OwnProvider(clock)
    provider = Provider(ISSUER, CLIENT, SECRET, clock, there.connect)
    async with web(folder, clock=clock, organisation=provider) as served:
        yield Place(served, there, provider)


async def test_a_login_is_added_signs_in_and_is_taken_away(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        assert "Sign in with your organisation" in (await at.served.stranger().page("/signin")).text
        ana = await at.known()
        stranger = at.served.stranger()
        assert await at.round(stranger, "/signin/organisation") == 303
        page = await stranger.page("/me")
        assert "Ana" in page.text
        assert "Used last" in page.text
        (row,) = await at.served.desk.store.select("logins")
        assert "248289761001" not in str(row)
        assert "login_added" in repr(await at.served.desk.store.log(0, 1_000))
        status, _ = await pressed(ana, "/me/organisation/end", login=str(row["login"]))
        assert status == 303
        assert await at.enters() == 401
        assert at.there.asked.count("metadata") == 1
        assert at.there.asked.count("keys") == 1


async def test_nobody_is_known_by_an_address_or_before_they_added_it(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        await at.served.staff("ana@example.org", "agent")
        before = await at.served.desk.store.count("people")
        assert await at.enters() == 401
        assert await at.served.desk.store.count("people") == before


async def test_a_login_is_of_one_person(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        await at.known()
        ben = await at.served.staff("Ben", "agent")
        assert await at.round(ben, "/me/organisation/add") == 409
        at.there.claims["sub"] = "another"
        assert await at.round(ben, "/me/organisation/add") == 303


# --- what is no proof ---------------------------------------------------------------------------


def signed_by_another(there: OwnProvider) -> None:
    """With the right name of the key."""
    there.signs = OTHER


def without_signature(there: OwnProvider) -> None:
    there.header = {"alg": "none"}


def by_the_public_key(there: OwnProvider) -> None:
    """The provider's public key taken for a shared secret."""
    there.header = {"alg": "HS256"}


def unknown_key(there: OwnProvider) -> None:
    there.header = {"kid": "nobodys"}


def torn(there: OwnProvider) -> None:
    there.raw = "not.a.token"


def claims(**said: Any) -> Callable[[OwnProvider], None]:
    def change(there: OwnProvider) -> None:
        there.claims = said

    return change


WRONG: dict[str, Callable[[OwnProvider], None]] = {
    "signed by another": signed_by_another,
    "without signature": without_signature,
    "by the public key": by_the_public_key,
    "unknown key": unknown_key,
    "torn": torn,
    "issuer": claims(iss="https://evil.test"),
    "no issuer": claims(iss=None),
    "audience": claims(aud="another"),
    "no audience": claims(aud=None),
    "several, not given to us": claims(aud=[CLIENT, "another"]),
    "given to another": claims(azp="another"),
    "several, given to another": claims(aud=[CLIENT, "another"], azp="another"),
    "nonce": claims(nonce="of another journey"),
    "no nonce": claims(nonce=None),
    "over": claims(exp=1_767_225_600 - 61),
    "no end": claims(exp=None),
    "an end that is none": claims(exp=float("nan")),
    "made long ago": claims(iat=1_767_225_600 - 601),
    "made later": claims(iat=1_767_225_600 + 900),
    "no time": claims(iat=None),
    "not yet": claims(nbf=1_767_225_600 + 900),
    "nobody": claims(sub=""),
    "a number": claims(sub=7),
    "no subject": claims(sub=None),
}


async def test_nothing_else_that_a_token_says_lets_in(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        await at.known()
        at.served.desk.clock.jump(20_000)
        for name, change in WRONG.items():
            kept = dict(at.there.__dict__)
            change(at.there)
            assert await at.enters() == 401, name
            at.there.__dict__.update(kept)
            at.served.desk.clock.jump(2_000)
        assert await at.enters() == 303
        at.there.claims = {"aud": ["another", CLIENT], "azp": CLIENT}
        assert await at.enters() == 303


async def test_the_way_back_serves_once_in_time_and_in_the_browser_that_was_sent(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as at:
        await at.known()
        ana, other = at.served.stranger(), at.served.stranger()
        query = await at.away(ana, "/signin/organisation")
        await at.away(other, "/signin/organisation")
        assert (await other.get(BACK + query)).status_code == 400
        assert (await ana.get(BACK + query)).status_code == 400
        query = await at.away(ana, "/signin/organisation")
        assert (await ana.get(BACK + query)).status_code == 303
        again = await at.away(ana, "/signin/organisation")
        code = query.split("code=")[1]
        replayed = f"{BACK}{again.split('&')[0]}&code={code}"
        assert (await ana.get(replayed)).status_code == 401
        query = await at.away(ana, "/signin/organisation")
        at.served.desk.clock.jump(SERVES)
        assert (await ana.get(BACK + query)).status_code == 400
        for junk in ("", "?state=x&code=y", "?error=access_denied", f"?code={'x' * 9000}"):
            assert (await at.served.stranger().get(BACK + junk)).status_code == 400


async def test_refused_over_there_is_refused_here(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        await at.known()
        ana = at.served.stranger()
        query = await at.away(ana, "/signin/organisation")
        refused = query.split("&")[0] + "&error=access_denied"
        assert (await ana.get(BACK + refused)).status_code == 401
        assert (await ana.get("/desk")).status_code == 303


# --- keys and silence ----------------------------------------------------------------------------


async def test_new_keys_are_fetched_once_for_each_name_that_is_not_known(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        await at.known()
        at.served.desk.clock.jump(MINUTE)
        at.there.header = {"kid": "nobodys"}
        for _ in range(3):
            assert await at.enters() == 401
            at.served.desk.clock.jump(MINUTE)
        assert at.there.asked.count("keys") == 2
        at.there.header, at.there.signs, at.there.shows = {"kid": "other"}, OTHER, [ONE, OTHER]
        assert await at.enters() == 303
        assert at.there.asked.count("keys") == 3


async def test_a_provider_that_is_down_or_not_itself_is_said_so(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        at.there.down = True
        response = await at.served.stranger().get("/signin/organisation")
        assert response.status_code == 503
        assert "does not answer now" in response.text
        at.there.down = False
        for told in (
            {"issuer": "https://evil.test"},
            {"token_endpoint": "http://evil.test/token"},
            {"jwks_uri": 7},
        ):
            at.there.told = told
            with pytest.raises(NotReached):
                await at.provider.look()
        at.there.told = {}
        await at.provider.look()
        at.served.desk.clock.jump(KNOWN_FOR)
        at.there.down = True
        with pytest.raises(NotReached):
            await at.provider.look()


async def test_without_a_provider_there_is_nothing_of_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        assert "organisation" not in (await served.stranger().page("/signin")).html
        assert "/me/organisation" not in (await ana.page("/me")).html
        for path in ("/signin/organisation", BACK, "/me/organisation"):
            assert (await ana.get(path)).status_code == 404


# --- proving it, and who may add -----------------------------------------------------------------


async def test_the_organisation_proves_that_it_is_still_them(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        ana = await at.known()
        ben = await at.served.staff("Ben", "agent")
        at.served.desk.clock.jump(PROOF_SERVES)
        fields = {"person": ben.person, "role": "resource"}
        _, asked = await pressed(ana, "/do/grant_role", **fields)
        assert "/me/organisation" in asked.links()
        assert (await ana.get("/me/organisation")).headers["location"].endswith("max_age=0")
        old = at.there.clock.now() // 1000 - 600
        for said in ({"auth_time": None}, {"auth_time": old}, {"sub": "another"}):
            at.there.claims = said
            assert await at.round(ana, "/me/organisation") == 403, said
            assert (await ana.do("grant_role", **fields))["code"] == "prove"
        at.there.claims = {}
        back = await ana.get(BACK + await at.away(ana, "/me/organisation"))
        assert (back.status_code, back.headers["location"]) == (303, "/me/prove")
        assert "Thank you, it is you" in (await ana.page("/me/prove")).text
        status, _ = await pressed(ana, "/do/grant_role", **fields)
        assert status == 303


@pytest.mark.parametrize("ago", [None, 600, -600])
async def test_coming_in_is_a_proof_only_when_they_showed_it_there_just_now(
    tmp_path: Path, ago: int | None
) -> None:
    """Else whoever finds a browser open signs out, comes in again unasked, and has proved it."""
    async with place(tmp_path) as at:
        await at.known()
        ben = await at.served.staff("Ben", "agent")
        again = at.served.stranger()
        when = None if ago is None else at.there.clock.now() // 1000 - ago
        at.there.claims = {"auth_time": when}
        assert await at.round(again, "/signin/organisation") == 303
        assert "Ana" in (await again.page("/me")).text
        assert (await again.do("end_sign_ins", person=ben.person))["code"] == "prove"
        assert (await again.get("/people")).headers["location"] == "/me/prove?next=/people"
        at.there.claims = {}
        assert await at.round(again, "/me/organisation") == 303
        assert (await again.do("end_sign_ins", person=ben.person))["outcome"] == "done"


async def test_an_old_press_takes_no_other_login_away(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        ana = await at.known()
        at.there.claims = {"sub": "another"}
        assert await at.round(ana, "/me/organisation/add") == 303
        one, other = await at.served.desk.store.select("logins")
        press = {"id": "one-press-0001", "login": one["login"]}
        assert (await ana.post("/me/organisation/end", press)).status_code == 303
        at.served.desk.clock.jump(PROOF_SERVES)
        again = await ana.post("/me/organisation/end", {**press, "login": other["login"]})
        assert again.status_code != 303
        assert await at.served.desk.store.count("logins") == 1


async def test_a_first_password_beside_a_login_takes_a_proof(tmp_path: Path) -> None:
    async with place(tmp_path) as at:
        ana = await at.known()
        at.served.desk.clock.jump(PROOF_SERVES)
        status, asked = await pressed(ana, "/me/sign-in", name="ana", password=PASSWORD)
        assert (status, "/me/organisation" in asked.links()) == (403, True)
        assert await at.served.desk.store.count("accounts") == 0
        assert await at.round(ana, "/me/organisation") == 303
        assert (await pressed(ana, "/me/sign-in", name="ana", password=PASSWORD))[0] == 303


async def test_the_proof_of_one_sign_in_or_of_another_person_is_none_for_this_one(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as at:
        ana = await at.known()
        other = await also(at.served, ana)
        at.there.claims = {"sub": "bens"}
        ben = await at.known("Ben")
        at.served.desk.clock.jump(PROOF_SERVES)
        assert await at.round(ana, "/me/organisation") == 403
        at.there.claims = {}
        query = await at.away(ana, "/me/organisation")
        for somebody in (other, ben):
            assert (await somebody.get(BACK + query)).status_code == 400
        assert (await ana.do("end_sign_ins", person=ben.person))["code"] == "prove"


async def test_a_login_is_added_only_from_our_page_and_a_moment_after_a_proof(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as at:
        ana = await at.served.staff("Ana", "agent")
        for site in ({}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "none"}):
            response = await ana.get("/me/organisation/add", **site)
            assert response.headers["location"].startswith("/me#")
        for site in ({}, {"sec-fetch-site": "cross-site"}):
            for page in ("http://desk.evil.test/me", f"{at.served.origin}.evil.test/me"):
                response = await ana.get("/me/organisation/add", referer=page, **site)
                assert response.headers["location"].startswith("/me#")
        plain = await ana.get("/me/organisation/add", referer=f"{at.served.origin}/me")
        assert plain.headers["location"].startswith(ISSUER)
        query = await at.away(ana, "/me/organisation/add")
        at.served.desk.clock.jump(PROOF_SERVES)
        assert (await ana.get(BACK + query)).status_code == 400
        response = await ana.get("/me/organisation/add", **OURS)
        assert response.headers["location"] == "/me/prove?next=/me"
        assert await at.served.desk.store.count("logins") == 0
        await proves(at.served, ana)
        assert await at.round(ana, "/me/organisation/add") == 303


@pytest.mark.parametrize("how", ["closed", "reset", "erased"])
async def test_the_login_of_whoever_is_gone_or_reset_does_not_serve(
    tmp_path: Path, how: str
) -> None:
    ends: dict[str, Callable[[str, int], Any]] = {
        "closed": lambda person, until: DisablePerson(person=person),
        "reset": lambda person, until: ResetSignIn(person=person, token="t" * 64, until=until),
        "erased": lambda person, until: ErasePerson(person=person, reason="asked for"),
    }
    async with place(tmp_path) as at:
        ana = await at.known()
        await at.served.desk.join("boss", "administrator")
        at.served.desk.clock.jump(1)
        until = at.served.desk.clock.now() + SERVES
        await at.served.desk.done(ends[how](ana.person, until), "boss")
        await at.served.settle()
        assert await at.enters() == 401
        if how == "erased":
            assert await at.served.desk.store.count("logins") == 0
