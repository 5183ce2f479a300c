"""A passkey without a device: makes and signs what a browser would hand over, with a key of its own."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(given: bytes) -> str:
    return urlsafe_b64encode(given).rstrip(b"=").decode()


def plain(given: str) -> bytes:
    return urlsafe_b64decode(given + "=" * (-len(given) % 4))


class SoftKey:
    """`is_verified`: the device has checked its person, by finger or PIN. Keys of password managers do not count."""

    def __init__(self, origin: str, *, is_verified: bool = True, counts: bool = True) -> None:
        self.origin, self.is_verified, self.step, self.count = origin, is_verified, int(counts), 0
        self.id = secrets.token_bytes(32)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def made_for(self, options: dict[str, Any]) -> str:
        """The answer to navigator.credentials.create()."""
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        own = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        data = self._data(options["rp"]["id"], ATTESTED) + own
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": text(said), "attestationObject": text(attestation)})

    def shown_for(self, options: dict[str, Any], **changed: str) -> str:
        """The answer to navigator.credentials.get(); `changed` says something else than the browser would."""
        self.count += self.step
        data = self._data(changed.get("rp", options["rpId"]))
        said = self._said("webauthn.get", changed.get("challenge", options["challenge"]), changed.get("origin"))
        signature = self._key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {"clientDataJSON": text(said), "authenticatorData": text(data), "signature": text(signature)}
        )

    def _data(self, rp: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.is_verified else 0)
        return hashlib.sha256(rp.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _said(self, kind: str, challenge: str, origin: str | None = None) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin or self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        named = text(self.id)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
