"""What a quote becomes in the rows of an order: the columns, without the order's own terms. Pure but for new ids."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.foundation import ids, json
from components.pricing.destination_tax import TaxShare
from components.pricing.quotes import PricedLine, Quote
from components.pricing.traces import Step


def quote_values(quote: Quote) -> dict[str, Any]:
    return {
        "currency": quote.currency,
        "goods": quote.goods,
        "member_savings": quote.member_savings,
        "delivery_list": quote.delivery_list,
        "delivery_saved": quote.delivery_saved,
        "delivery": quote.delivery,
        "delivery_words": quote.delivery_words,
        "delivery_benefit": quote.charge.benefit_id,
        "tax": quote.tax,
        "tax_rate": quote.tax_rate,
        "tax_name": quote.tax_name,
        "tax_is_included": quote.there.inclusive,
        "delivery_tax": quote.delivery_tax,
        "tax_note": quote.there.note,
        "total": quote.total,
        "credit": quote.credit,
        "coupon": quote.coupon_off,
        "coupon_code": quote.coupon.code if quote.coupon and quote.coupon_worth else "",
    }


def tax_values(order_id: UUID, quote: Quote, *, of_fee: Sequence[TaxShare] = ()) -> list[dict[str, Any]]:
    """Those of the order, then those of the fee of a membership that begins with it."""
    rows = [*((share, False) for share in quote.tax_rows), *((share, True) for share in of_fee)]
    counted = [*quote.counted_nets, *(None for _ in of_fee)]
    return [
        {
            "id": ids.new(), "order": order_id, "position": position, "name": share.tax.name,
            "rate_bp": share.tax.rate_bp, "net": share.net, "amount": share.amount, "of_fee": is_of_fee,
            "rate": share.tax.id, "counted": counted[position],
        }
        for position, (share, is_of_fee) in enumerate(rows)
    ]  # fmt: skip


def line_values(
    order_id: UUID,
    position: int,
    line: PricedLine,
    *,
    cost: int | None,
    because: Step | None = None,
    rows: Sequence[TaxShare] = (),
) -> dict[str, Any]:
    """`cost` is that of one unit today; `because` the first step in the trace of a line that a joining made cheaper.

    `rows` are the order's taxes where somebody else has worked them out, so that the line's part of each is kept.
    """
    product = snapshot_refresh.snapshot().product_by_id(line.variant.product_id)
    pictures = product.pictures if product else ()
    is_because = because is not None and line.saved and not line.gift
    return {
        "id": ids.new(),
        "order": order_id,
        "position": position,
        "variant_id": line.variant_id,
        "product_id": line.variant.product_id,
        "sku": line.variant.sku or "",
        "title": line.title,
        "variant_title": line.variant.title,
        "slug": product.slug if product else "",
        "picture": pictures[0].path if pictures else "",
        "quantity": line.quantity,
        "regular_unit": line.regular_unit,
        "unit": line.unit,
        "unit_cost": cost,
        "total": line.total,
        "tax": line.tax,
        "tax_rate": line.tax_rate,
        "tax_category": line.variant.taxed_as,
        "taxes": json.dump(_parts(line, rows)) if rows else None,
        "saved": line.saved,
        "coupon": line.coupon,
        "rule_id": line.price.rule.id if line.price.rule else None,
        "gift": line.gift.gift_id if line.gift else None,
        "trace": json.dump((because, *line.trace) if is_because else line.trace),
    }


def _parts(line: PricedLine, rows: Sequence[TaxShare]) -> list[tuple[int, int, int]]:
    places = {(row.tax.name, row.tax.rate_bp): place for place, row in enumerate(rows)}
    return [(places[share.tax.name, share.tax.rate_bp], share.net, share.amount) for share in line.taxes]
