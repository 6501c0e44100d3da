"""An OpenID Connect provider: where to send a browser, and what the code that it brings back says.

Code flow with PKCE. An ID token counts only when it is signed with a key of the provider's own by a
public-key algorithm, is for us, answers this very journey and is in time.
"""

import base64
import json
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, TypeGuard
from urllib.parse import quote, urlencode, urlsplit

import httpx2
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from bot.core.calendar import HOUR, MINUTE
from bot.core.ids import Millis
from bot.engine.logins import Journey, NotProved, NotReached, Proved
from bot.engine.ports import Clock

PATIENCE = 10.0
BAD = 400
READ_MOST = 256 * 1024
TOKEN_MOST = 16 * 1024
KNOWN_FOR: Millis = 12 * HOUR
KEYS_AGAIN: Millis = 10_000
UNKNOWN_MOST = 100
SKEW: Millis = MINUTE
OLD: Millis = 10 * MINUTE
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

Connect = Callable[[], httpx2.AsyncClient]
Key = jwk.RSAKey | jwk.ECKey


def plain_client() -> httpx2.AsyncClient:
    """A client that follows nothing and waits for a while only."""
    return httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=False)


class Provider:
    """One provider, by its issuer's address."""

    def __init__(
        self,
        issuer: str,
        client: str,
        secret: str,
        clock: Clock,
        connect: Connect = plain_client,
    ) -> None:
        self.issuer = issuer
        self._client = client
        self._secret = secret
        self._clock = clock
        self._connect = connect
        self._told: tuple[Millis, Mapping[str, str]] | None = None
        self._keys: dict[str | None, Key] = {}
        self._keys_at: Millis = -KEYS_AGAIN
        self._unknown: set[str | None] = set()

    async def look(self) -> None:
        """Whether it answers as one should. Raises NotReached."""
        await self._metadata()
        await self._fetch_keys()

    async def address(self, journey: Journey, back: str) -> str:
        """Where to send a browser. Raises NotReached."""
        told = await self._metadata()
        asked = {
            "response_type": "code",
            "scope": "openid",
            "client_id": self._client,
            "redirect_uri": back,
            "state": journey.state,
            "nonce": journey.nonce,
            "code_challenge": journey.challenge,
            "code_challenge_method": "S256",
        }
        if journey.why == "prove":
            asked |= {"prompt": "login", "max_age": "0"}
        where = told["authorization_endpoint"]
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    async def proved(self, journey: Journey, back: str, code: str) -> Proved:
        """Whom the code stands for. Raises NotReached and NotProved."""
        claims = await self._verified(await self._token(journey, back, code))
        self._for_us(claims)
        self._in_time(claims)
        if claims.get("nonce") != journey.nonce:
            raise NotProved("The answer belongs to another journey.")
        subject, when = claims.get("sub"), claims.get("auth_time")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise NotProved("The answer names nobody.")
        at = round(when * 1000) if _is_number(when) else None
        return Proved(self.issuer, subject, at)

    # --- what it says of itself ----------------------------------------------------------------

    async def _metadata(self) -> Mapping[str, str]:
        now = self._clock.now()
        if self._told is not None and now - self._told[0] < KNOWN_FOR:
            return self._told[1]
        where = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = await self._read("GET", where)
        if found.get("issuer") != self.issuer:
            raise NotReached("The provider calls itself by another name than the setting does.")
        told = {name: found.get(name) for name in ENDPOINTS}
        if not all(isinstance(one, str) and is_fit(one) for one in told.values()):
            raise NotReached("The provider does not say where to go, or says it unsafely.")
        fit = {name: str(one) for name, one in told.items()}
        self._told = (now, fit)
        return fit

    async def _read(self, method: str, where: str, **more: Any) -> dict[str, Any]:
        """A JSON object from there. Raises NotReached, and NotProved for a code that is none."""
        try:
            async with self._connect() as client, client.stream(method, where, **more) as answer:
                body = bytearray()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > READ_MOST:
                        raise NotReached("The provider says too much.")
                status = answer.status_code
            if method == "POST" and status == BAD:
                raise NotProved("The provider does not take the code.")
            found = json.loads(body) if status == 200 else None
        except (httpx2.HTTPError, ValueError, RecursionError) as trouble:
            raise NotReached(f"The provider does not answer ({type(trouble).__name__}).") from None
        if not isinstance(found, dict):
            raise NotReached(f"The provider answers with {status}.")
        return found

    # --- tokens --------------------------------------------------------------------------------

    async def _token(self, journey: Journey, back: str, code: str) -> str:
        """The ID token for a code, which serves once. Raises NotReached and NotProved."""
        told = await self._metadata()
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": journey.verifier,
            "client_id": self._client,
        }
        headers = {"accept": "application/json"}
        if self._secret:
            pair = f"{quote(self._client, safe='')}:{quote(self._secret, safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
            del asked["client_id"]
        found = await self._read("POST", told["token_endpoint"], data=asked, headers=headers)
        token = found.get("id_token")
        if not isinstance(token, str) or len(token) > TOKEN_MOST:
            raise NotProved("The provider gave no token.")
        return token

    async def _verified(self, token: str) -> dict[str, Any]:
        """What a token claims, once its signature is found to be the provider's."""
        try:
            head = token.partition(".")[0]
            header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
            algorithm, kid = header["alg"], header.get("kid")
            if algorithm not in SIGNED_BY or not isinstance(kid, str | None):
                raise NotProved("The token is not signed as it must be.")
            key = await self._key(kid)
            found = jwt.decode(token, key, algorithms=[algorithm])
        except (
            JoseError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as wrong:
            raise NotProved(f"The token is none ({type(wrong).__name__}).") from None
        return dict(found.claims)

    async def _key(self, kid: str | None) -> Key:
        """The key of that name, fetched anew once for each name that is not known."""
        if kid not in self._keys and kid not in self._unknown:
            now = self._clock.now()
            if now - self._keys_at >= KEYS_AGAIN:
                await self._fetch_keys()
                if kid not in self._keys:
                    self._unknown.add(kid)
                if len(self._unknown) > UNKNOWN_MOST:
                    self._unknown.clear()
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        if kid not in self._keys:
            raise NotProved("The token is signed with a key that the provider does not name.")
        return self._keys[kid]

    async def _fetch_keys(self) -> None:
        told = await self._metadata()
        self._keys_at = self._clock.now()
        found = (await self._read("GET", told["jwks_uri"])).get("keys")
        keys: dict[str | None, Key] = {}
        for one in found if isinstance(found, list) else []:
            key = _public(one)
            if key is not None:
                keys[one.get("kid")] = key
        if not keys:
            raise NotReached("The provider names no key that it signs with.")
        self._keys = keys
        self._unknown -= set(keys)

    # --- claims --------------------------------------------------------------------------------

    def _for_us(self, claims: Mapping[str, Any]) -> None:
        if claims.get("iss") != self.issuer:
            raise NotProved("The token is by another provider.")
        audience = claims.get("aud")
        listed = audience if isinstance(audience, list) else [audience]
        if self._client not in listed:
            raise NotProved("The token is for somebody else.")
        if (len(listed) > 1 or "azp" in claims) and claims.get("azp") != self._client:
            raise NotProved("The token was given to somebody else.")

    def _in_time(self, claims: Mapping[str, Any]) -> None:
        now = self._clock.now()
        ends, made, begins = (claims.get(name) for name in ("exp", "iat", "nbf"))
        if not _is_number(ends) or not _is_number(made):
            raise NotProved("The token does not say when it serves.")
        if now >= ends * 1000 + SKEW or not -SKEW <= now - made * 1000 < OLD:
            raise NotProved("The token does not serve now.")
        if begins is not None and (not _is_number(begins) or now < begins * 1000 - SKEW):
            raise NotProved("The token does not serve yet.")


def is_fit(address: str) -> bool:
    """Whether it may be asked: by https, or on this computer."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _public(value: Any) -> Key | None:
    """A public key to check signatures with; None for what is none."""
    try:
        if value.get("use", "sig") != "sig":
            return None
        if value["kty"] == "RSA":
            return jwk.RSAKey.import_key(value)
        return jwk.ECKey.import_key(value) if value["kty"] == "EC" else None
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None
