"""Webhook signatures in Stripe's format."""

import hashlib
import hmac


def header(body: bytes, *, secret: str, at: int) -> str:
    """The value of `Stripe-Signature`."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"
