"""A passkey in software: makes and signs what a phone or a stick would, and lies when asked to."""

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def coded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Authenticator:
    """One key. `origin` is where the browser believes to be."""

    origin: str
    rp: str
    name: bytes = b"0123456789abcdef"
    count: int = 0
    handle: str = ""
    verified: bool = True
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> str:
        """The answer to a question for a new one."""
        self.handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        x, y = (one.to_bytes(32, "big") for one in (numbers.x, numbers.y))
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        length = len(self.name).to_bytes(2, "big")
        data = self._data(WITH_KEY) + bytes(16) + length + self.name + public
        whole = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", options)
        return self._answer(clientDataJSON=coded(said), attestationObject=coded(whole))

    def sign(self, options: dict[str, Any], **more: Any) -> str:
        """The answer to a question whether it is them."""
        self.count += 1
        data, said = self._data(0), self._said("webauthn.get", options)
        signed = data + hashlib.sha256(said).digest()
        response: dict[str, Any] = {
            "clientDataJSON": coded(said),
            "authenticatorData": coded(data),
            "signature": coded(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": self.handle,
            **more,
        }
        return self._answer(**response)

    def _answer(self, **response: Any) -> str:
        name = coded(self.name)
        whole = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps(whole)

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        party = hashlib.sha256(self.rp.encode()).digest()
        return party + bytes([flags]) + self.count.to_bytes(4, "big")

    def _said(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()
