"""The kinds of billing request: how each is sent, and how Stripe shows that it was carried out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from components.foundation.languages.words import N_
from components.payments.tables import BillingRequest


@dataclass(frozen=True, kw_only=True)
class RequestKind:
    """`send` makes the change at Stripe under `request.sent_key`, then mirrors it; it may run again. `is_made` reads
    at Stripe whether it was made, changing nothing. `must_happen` is repeated under a new key when Stripe surely does
    not have it and the old key has lapsed; anything else is then dropped, and the visitor may ask again. `done` and
    `undone` are for the member, `done_for_staff` for staff who asked for it; `drop` clears away what is left at Stripe
    of a request that is dropped. `asks_bank` where a card may be charged: anything else only changes what Stripe
    knows."""

    name: str
    send: Callable[[BillingRequest], Awaitable[object]]
    is_made: Callable[[BillingRequest], Awaitable[bool]]
    done: str
    done_for_staff: str
    undone: str = N_("This did not go through. You can try again.")
    drop: Callable[[BillingRequest], Awaitable[None]] | None = None
    must_happen: bool = False
    asks_bank: bool = False


_KINDS: dict[str, RequestKind] = {}


def register(kind: RequestKind) -> RequestKind:
    _KINDS[kind.name] = kind
    return kind


def named(name: str) -> RequestKind:
    """Raises KeyError for a kind whose module was not imported."""
    return _KINDS[name]
