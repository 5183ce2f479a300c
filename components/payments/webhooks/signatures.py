"""Whether a webhook delivery really comes from Stripe, and was sent just now."""

from datetime import datetime

from stripe import WebhookSignature

from components.foundation.refusals import Refusal

TOLERANCE = 300
"""Seconds a delivery may be old, or ahead of our clock."""


class BadDelivery(Refusal):
    message = "This delivery is not accepted."
    status = 400


def verify(body: bytes, header: str | None, *, secret: str, at: datetime) -> None:
    """Raises `BadDelivery`. The SDK checks the signature only: it would accept a delivery from the future."""
    try:
        signed_at = _timestamp(header or "")
        WebhookSignature.verify_header(body, header, secret, tolerance=None)
    except Exception as trouble:  # the SDK raises half a dozen kinds on malformed input
        raise BadDelivery("The signature does not match.") from trouble
    if abs(at.timestamp() - signed_at) > TOLERANCE:
        raise BadDelivery("The signature’s timestamp is too old or in the future.")


def _timestamp(header: str) -> int:
    """The first `t=` of the header, as the SDK reads it."""
    parts = [part.split("=", 1) for part in header.split(",")]
    return int(next(value for name, value in parts if name == "t"))
