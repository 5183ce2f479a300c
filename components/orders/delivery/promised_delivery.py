"""What an order was promised about its delivery, as it was said when it was placed."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class PromisedDelivery:
    """`words` as the customer read them; `pack_by` is the last day on which it may leave the shop to keep them."""

    words: str
    earliest: date
    latest: date
    pack_by: date
