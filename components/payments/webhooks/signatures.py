"""Whether a webhook delivery really comes from Stripe, and was sent just now."""

from datetime import datetime

from stripe import WebhookSignature

from components.foundation.refusals import Refusal

TOLERANCE = 300
"""Seconds a delivery may be old, or ahead of our clock."""


class BadDelivery(Refusal):
    """`reason` is one word for the count that staff see."""

    message = "This delivery is not accepted."
    status = 400

    def __init__(self, words: str | None = None, *, reason: str = "malformed") -> None:
        super().__init__(words)
        self.reason = reason


def verify(body: bytes, header: str | None, *, secret: str, at: datetime) -> None:
    """Raises `BadDelivery`. The SDK checks the signature only: it would accept a delivery from the future."""
    if not secret:  # anybody can sign with nothing
        raise BadDelivery("This shop has no signing secret yet.", reason="no secret")
    try:
        signed_at = _timestamp(header or "")
        WebhookSignature.verify_header(body, header, secret, tolerance=None)
    except Exception as trouble:  # the SDK raises half a dozen kinds on malformed input
        raise BadDelivery("The signature does not match.", reason="signature") from trouble
    if abs(at.timestamp() - signed_at) > TOLERANCE:
        raise BadDelivery("The signature’s timestamp is too old or in the future.", reason="time")


def _timestamp(header: str) -> int:
    """The first `t=` of the header, as the SDK reads it."""
    parts = [part.split("=", 1) for part in header.split(",")]
    return int(next(value for name, value in parts if name == "t"))
