"""What an order's buyer saved through a benefit, line by line, for the savings ledger of `memberships`."""

from collections.abc import Iterator

from components.memberships.entitlements import savings
from components.memberships.entitlements.savings import Use
from components.orders import queries
from components.orders.facts import OrderPaid, OrderRefunded, RefundFailed
from components.orders.views import LineSold, OrderView


async def record(fact: OrderPaid) -> None:
    """Each use of a benefit, compared with a guest's price. May run twice."""
    order = await queries.by_id(fact.order_id)
    if order is None or order.person is None or order.paid_at is None:
        return
    await savings.record(
        order.person, order_id=order.id, currency=order.currency, uses=list(_uses(order)), at=order.paid_at
    )


async def reverse(fact: OrderRefunded) -> None:
    """Returned units saved nothing. May run twice."""
    order = await queries.by_id(fact.order_id)
    refund = next((made for made in order.refunds if made.id == fact.refund_id), None) if order else None
    if order is None or refund is None or refund.status == "failed":
        return
    by_id = {line.id: line for line in order.lines}
    for part in refund.lines:
        line = by_id[part.line]
        if line.saved:
            paid = line.total * part.quantity // line.quantity
            regular = paid + (line.regular_unit - line.unit) * part.quantity
            await savings.reverse(_of(line), because_of=f"refund:{refund.id}:{line.id}", regular=regular, paid=paid)


async def restore(fact: RefundFailed) -> None:
    """The refund failed, so the saving counts again. May run twice."""
    order = await queries.by_id(fact.order_id)
    for line in order.lines if order else ():
        await savings.undo(f"refund:{fact.refund_id}:{line.id}", because_of=f"refund-failed:{fact.refund_id}:{line.id}")


def _uses(order: OrderView) -> Iterator[Use]:
    """A coupon counts on both sides: anybody would have had it."""
    for line in order.lines:
        if line.saved:
            yield Use(_of(line), line.rule_id, line.title, line.why, line.total + line.saved, line.total)
    if order.delivery_benefit is not None:
        yield Use(
            f"order-delivery:{order.id}",
            order.delivery_benefit,
            order.delivery_method,
            order.delivery_words,
            order.delivery_list,
            order.delivery,
        )


def _of(line: LineSold) -> str:
    return f"order-line:{line.id}"
