"""What is known of a disputed order: what was bought, where it went, and what the customer was told."""

from components.foundation.formatting import day, moment, money
from components.insights.evidence import evidence_parts
from components.insights.evidence.evidence_parts import Parts, listed, sections
from components.orders import order_list, queries
from components.orders.delivery.delivery_text import delivery_in_a_sentence
from components.orders.views import OrderView, PostalAddress


async def parts(order: OrderView, *, reason: str) -> Parts:
    agreed = await evidence_parts.agreed(order.id, about="order")
    sent = await evidence_parts.emails_sent(
        person=order.person, email=order.email, since=order.placed_at, about=("order", "refund")
    )
    return {
        "customer_name": order.name,
        "customer_email_address": order.email,
        "product_description": _goods(order),
        "access_activity_log": await evidence_parts.sign_ins(order.person) if order.person else "",
        "refund_policy_disclosure": agreed,
        "refund_refusal_explanation": _refunds(order),
        "duplicate_charge_explanation": await _others(order) if reason == "duplicate" else "",
        **_shipping(order),
        "uncategorized_text": sections(_course(order), sent),
    }


def _goods(order: OrderView) -> str:
    lines = [
        f"- {line.quantity} × {line.title}{f', {line.variant_title}' if line.variant_title else ''}"
        f" ({line.sku}): {money(line.total, order.currency)}"
        for line in order.lines
    ]
    lines.append(f"- {delivery_in_a_sentence(order.delivery_method)}: {money(order.delivery, order.currency)}")
    total = f"Total {money(order.total, order.currency)}"
    credit = f", of which {money(order.credit, order.currency)} was paid with store credit" if order.credit else ""
    return f"{listed(f'Order {order.number}, placed on {moment(order.placed_at)}', lines)}\n{total}{credit}."


def _shipping(order: OrderView) -> Parts:
    """Nothing is said to have been shipped, or picked up, that was not marked so."""
    if order.parcel is None or order.address.is_pickup:
        collected = order.parcel.collected_at if order.parcel else None
        dated = {"shipping_date": day(collected)} if collected else {}
        return {"shipping_address": _address(order.address, is_collected=bool(collected)), **dated}
    return {
        "shipping_address": _address(order.address),
        "shipping_date": day(order.parcel.at),
        "shipping_carrier": order.parcel.carrier,
        "shipping_tracking_number": order.parcel.tracking,
    }


def _address(at: PostalAddress, *, is_collected: bool = False) -> str:
    place = [at.name, at.line1, at.line2, at.district, at.town_line, at.country]
    shown = "\n".join(line for line in place if line)
    heading = "Picked up by the customer at" if is_collected else "To be picked up by the customer at"
    return f"{heading}:\n{shown}" if at.is_pickup else shown


def _refunds(order: OrderView) -> str:
    lines = [
        f"- {day(one.at)}: {money(one.amount, order.currency)}{f' ({one.reason})' if one.reason else ''}"
        for one in order.refunds
        if one.counts
    ]
    return listed("Refunded of this order so far", lines)


def _course(order: OrderView) -> str:
    done = [f"- {moment(order.placed_at)}: order {order.number} placed"]
    if order.paid_at:
        done.append(f"- {moment(order.paid_at)}: paid")
    done += [f"- {moment(one.at)}: delivery address changed" for one in order.address_changes]
    if order.parcel:
        by = " ".join(filter(None, (order.parcel.carrier, order.parcel.tracking)))
        what = "ready to pick up" if order.address.is_pickup else "shipped"
        done.append(f"- {moment(order.parcel.at)}: {what}{f' with {by}' if by else ''}")
        if order.parcel.collected_at:
            done.append(f"- {moment(order.parcel.collected_at)}: picked up by the customer")
    return listed("What happened", done)


async def _others(order: OrderView) -> str:
    """Other orders of the same account, each with what is in it: they are different purchases."""
    if order.person is None:
        return ""
    found = await order_list.of_person(order.person)
    numbers = [row.number for row in found.rows if row.number != order.number][:10]
    others = [one for number in numbers if (one := await queries.of_person(order.person, number)) and one.paid_at]
    if not others:
        return f"There is one payment for order {order.number}; this account has no other paid order."
    return "\n\n".join(["These are separate orders, each paid once:", _goods(order), *map(_goods, others)])
