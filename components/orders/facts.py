from dataclasses import dataclass
from uuid import UUID

from components.foundation.money import Money
from components.foundation.outbox import Fact


@dataclass(frozen=True)
class OrderPlaced(Fact):
    """The shopper agreed; units are reserved for them while they pay."""

    order_id: UUID


@dataclass(frozen=True)
class OrderPaid(Fact):
    """The whole total is captured, or there was nothing to pay. Announced once for an order."""

    order_id: UUID


@dataclass(frozen=True)
class OrderExpired(Fact):
    """The time to pay ran out and the units were released."""

    order_id: UUID


@dataclass(frozen=True)
class OrderFlagged(Fact):
    """The payment and the order do not match: staff must look at it."""

    order_id: UUID


@dataclass(frozen=True)
class OrderShipped(Fact):
    order_id: UUID
    fulfilment_id: UUID


@dataclass(frozen=True)
class OrderAddressChanged(Fact):
    """Staff corrected where a paid order goes."""

    order_id: UUID
    change_id: UUID


@dataclass(frozen=True)
class RefundRequested(Fact):
    """Staff decided on a refund; the money has not moved yet."""

    refund_id: UUID


@dataclass(frozen=True)
class OrderRefunded(Fact):
    """Money was refunded. Announced once for a refund."""

    order_id: UUID
    refund_id: UUID
    amount: Money


@dataclass(frozen=True)
class RefundFailed(Fact):
    """A refund that had succeeded failed afterwards; its consequences are to be undone."""

    order_id: UUID
    refund_id: UUID


@dataclass(frozen=True)
class RefundNotPaid(Fact):
    """Refused, or reported as failed later: the money did not move."""

    order_id: UUID
    refund_id: UUID
