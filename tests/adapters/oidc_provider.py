"""An OpenID Connect provider: signs real tokens, checks PKCE and its client, lies when asked."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from httpx2 import ASGITransport, AsyncClient
from joserfc import jwk, jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.clock import VirtualClock

ISSUER = "http://127.0.0.1:9999/realm"
CLIENT, SECRET = "muster", "a secret: of ours"
ONE = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER = jwk.RSAKey.generate_key(2048, {"kid": "other", "use": "sig"})


@dataclass
class OwnProvider:
    """`claims` and `header` replace what a token would say; None leaves a claim out."""

    clock: VirtualClock
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    signs: Any = field(default_factory=lambda: ONE)
    shows: list[Any] = field(default_factory=lambda: [ONE])
    told: dict[str, Any] = field(default_factory=dict)
    raw: str = ""
    down: bool = False
    given: int = 0
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def connect(self) -> AsyncClient:
        routes = [
            Route("/realm/.well-known/openid-configuration", self.metadata),
            Route("/realm/keys", self.keys),
            Route("/realm/token", self.token, methods=["POST"]),
        ]
        return AsyncClient(transport=ASGITransport(app=Starlette(routes=routes)))

    def signs_in(self, address: str) -> str:
        """The query that a browser brings back after somebody signed in there."""
        asked = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{ISSUER}/authorize?")
        assert (asked["client_id"], asked["code_challenge_method"]) == (CLIENT, "S256")
        self.given += 1
        code = f"code-{self.given}"
        self.codes[code] = asked
        return f"?state={asked['state']}&code={code}"

    async def metadata(self, request: Request) -> Response:
        self.asked.append("metadata")
        if self.down:
            return Response("no", 503)
        named = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }
        return JSONResponse({**named, **self.told})

    async def keys(self, request: Request) -> Response:
        self.asked.append("keys")
        return JSONResponse({"keys": [one.as_dict(private=False) for one in self.shows]})

    async def token(self, request: Request) -> Response:
        self.asked.append("token")
        form = parse_qs((await request.body()).decode())
        pair = base64.b64decode(request.headers["authorization"].split()[1]).decode()
        asked = self.codes.pop(form["code"][0], None)
        verifier = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        right = (
            asked is not None
            and pair == "muster:a%20secret%3A%20of%20ours"
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == form["redirect_uri"][0]
        )
        if asked is None or not right:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"id_token": self.raw or self.signed(asked)})

    def signed(self, asked: dict[str, str]) -> str:
        now = self.clock.now() // 1000
        said = {
            "iss": ISSUER,
            "sub": "248289761001",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "auth_time": now,
            "nonce": asked["nonce"],
            "email": "ana@example.org",
            **self.claims,
        }
        header = {"alg": "RS256", "kid": "one", **self.header}
        if header["alg"] in ("none", "HS256"):
            return self._unsafe(header, said)
        kept = {name: one for name, one in said.items() if one is not None}
        head = {name: one for name, one in header.items() if one is not None}
        return jwt.encode(head, kept, self.signs, algorithms=[header["alg"]])

    def _unsafe(self, header: dict[str, Any], said: dict[str, Any]) -> str:
        """Without a signature, or by the public key taken for a shared secret."""
        parts = [json.dumps(one).encode() for one in (header, said)]
        whole = ".".join(base64.urlsafe_b64encode(one).decode().rstrip("=") for one in parts)
        mac = hmac.new(ONE.as_pem(private=False), whole.encode(), "sha256").digest()
        made = base64.urlsafe_b64encode(mac).decode().rstrip("=")
        return f"{whole}.{made if header['alg'] == 'HS256' else ''}"
