"""The parameters of a new Stripe checkout session. Pure: the same request gives the same parameters."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.foundation import json
from components.payments.values import Payer, SessionDiscount, SessionLine, SessionTrial

SHORTEST, LONGEST = timedelta(minutes=31), timedelta(hours=23, minutes=59)
"""Stripe allows thirty minutes to a day, counted from when the call arrives."""

MODES = {"order": "payment", "term": "payment", "gift": "payment", "joining": "subscription", "card": "setup"}
CARRIERS = {"payment": "payment_intent_data", "subscription": "subscription_data", "setup": "setup_intent_data"}

SAVED_FOR = "off_session"
"""Stripe's name for a card that may be charged later without being entered again."""


@dataclass(frozen=True)
class SessionRequest:
    """A requested page: its purpose, the payer, the amounts, and where the shopper goes afterwards.

    `agreed` is in its metadata, and what differs in it is another page.
    """

    purpose: str
    reference_id: UUID
    payer: Payer
    customer: str | None
    lines: tuple[SessionLine, ...]
    currency: str
    success_url: str
    cancel_url: str
    metadata: dict[str, str]
    trial: SessionTrial | None = None
    along: UUID | None = None
    saves_card: bool = False
    locale: str | None = None
    discount: SessionDiscount | None = None
    agreed: dict[str, str] = field(default_factory=dict)
    fee: int = 0
    """Of a term that an order goes along with: the part that pays the term."""

    @property
    def along_amount(self) -> int:
        """The part for the order that is paid along with joining."""
        return sum(line.total for line in self.lines if not line.recurring) - self.fee if self.along else 0

    @property
    def amount(self) -> int:
        """The agreed amount to pay now: recurring lines cost nothing during a trial."""
        off = self.discount.off if self.discount else 0
        return sum(line.total for line in self.lines if not (self.trial and line.recurring)) - off

    @property
    def fingerprint(self) -> str:
        """Equal for two requests that look the same to a shopper, and agree to the same."""
        words = [self.purpose, self.reference_id, self.payer, self.customer, self.lines, self.currency]
        words += [self.trial] if self.trial else []
        words += [self.along] if self.along else []
        words += ["saves card"] if self.saves_card else []
        words += [f"in {self.locale}"] if self.locale else []
        words += [self.discount] if self.discount else []
        words += [self.agreed] if self.agreed else []
        return hashlib.sha256(json.dump(words).encode()).hexdigest()


def expiry(wanted: datetime | None, *, at: datetime) -> datetime:
    """The nearest instant Stripe accepts, in whole seconds."""
    until = min(max(wanted or at + LONGEST, at + SHORTEST), at + LONGEST)
    return until.replace(microsecond=0)


def request(requested: SessionRequest, *, page_id: UUID, expires_at: datetime) -> dict[str, Any]:
    """Ids are set on the session and on the payment, subscription or card that it creates."""
    metadata = {
        **requested.metadata,
        **requested.agreed,
        "page_id": str(page_id),
        "purpose": requested.purpose,
        "reference_id": str(requested.reference_id),
    }
    return {
        "mode": MODES[requested.purpose],
        "client_reference_id": str(requested.reference_id),
        "success_url": _with_session(requested.success_url),
        "cancel_url": requested.cancel_url,
        "expires_at": int(expires_at.timestamp()),
        "metadata": metadata,
        CARRIERS[MODES[requested.purpose]]: {
            "metadata": metadata,
            **_trial(requested.trial),
            **({"setup_future_usage": SAVED_FOR} if requested.saves_card else {}),
        },
        **({"locale": requested.locale} if requested.locale else {}),
        **({"discounts": [{"coupon": requested.discount.coupon}]} if requested.discount else {}),
        **_payer(requested),
        **_money(requested),
        **({"payment_method_collection": "if_required"} if requested.trial and requested.trial.ends != "card" else {}),
    }


def _trial(trial: SessionTrial | None) -> dict[str, Any]:
    if trial is None:
        return {}
    ends = "cancel" if trial.ends == "card" else trial.ends
    return {
        "trial_period_days": trial.days,
        "trial_settings": {"end_behavior": {"missing_payment_method": ends}},
    }


def _with_session(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}session_id={{CHECKOUT_SESSION_ID}}"


def _payer(requested: SessionRequest) -> dict[str, str]:
    if requested.customer is not None:
        return {"customer": requested.customer}
    return {"customer_email": requested.payer.email} if requested.payer.email else {}


def _money(requested: SessionRequest) -> dict[str, Any]:
    if requested.purpose == "card":
        return {"currency": requested.currency.lower()}
    return {"line_items": _line_items(requested.lines, requested.currency)}


def _line_items(lines: Sequence[SessionLine], currency: str) -> list[dict[str, Any]]:
    return [
        {"price": line.recurring, "quantity": line.quantity}
        if line.recurring
        else {
            "quantity": line.quantity,
            "price_data": {
                "currency": currency.lower(),
                "unit_amount": line.amount,
                "product_data": {"name": line.title[:250]},
            },
        }
        for line in lines
    ]
