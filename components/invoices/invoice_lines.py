"""The lines of an order's invoice, each with its part of every tax of the order. Pure.

An order keeps the tax of each line and, by name and rate, the taxes of the whole. Which of them a line has follows from
its rate, or was kept with it where Stripe Tax said so; what is left of each row is delivery's. So the parts add up to
the rows, and the rows to the order.
"""

from collections.abc import Sequence
from itertools import combinations, islice, permutations

from components.foundation.formatting import percent
from components.foundation.languages.words import _
from components.invoices.invoice_values import InvoiceLine, InvoiceTax, Reduction, TaxPart
from components.orders.delivery import delivery_text
from components.orders.views import LineSold, OrderView
from components.pricing.allocation import spread
from components.pricing.tax import TaxTerms

MOST_ORDERS = 24
"""Of the taxes, that are tried: all of four."""


def rows(order: OrderView) -> tuple[InvoiceTax, ...]:
    """The taxes of the order, those of a fee that was paid with it left out."""
    charged = (one for one in order.taxes if not one.of_fee)
    return tuple(InvoiceTax(name=one.name, rate_bp=one.rate_bp, net=one.net, tax=one.amount) for one in charged)


def of_order(order: OrderView, *, club: str) -> tuple[InvoiceLine, ...]:
    """Where a penny could go to one tax of a line as well as to another, it goes where it leaves delivery with no less
    than nothing."""
    taxes = rows(order)
    for first in islice(permutations(range(len(taxes))), MOST_ORDERS):
        lines = _lines(order, taxes, first, club)
        if _is_whole(lines[-1:]):
            break
    return lines


def _lines(order: OrderView, taxes: Sequence[InvoiceTax], first: Sequence[int], club: str) -> tuple[InvoiceLine, ...]:
    goods = tuple(_line(order, line, taxes, first, club) for line in order.lines)
    if not order.delivery_method and not order.delivery:
        return goods
    return (*goods, _delivery(order, goods, taxes))


def _is_whole(delivery: Sequence[InvoiceLine]) -> bool:
    return all(part.tax >= 0 and (line.total or not part.tax) for line in delivery for part in line.parts)


def _line(
    order: OrderView, line: LineSold, taxes: Sequence[InvoiceTax], first: Sequence[int], club: str
) -> InvoiceLine:
    net = line.total - line.tax if order.tax_is_included else line.total
    title = f"{line.title}, {line.variant_title}" if line.variant_title not in ("", line.title) else line.title
    off = (
        (_("Gift") if line.gift else _("%(club)s price", club=club), line.saved),
        (_("Coupon %(code)s", code=order.coupon_code), line.coupon),
    )
    return InvoiceLine(
        words=title,
        quantity=line.quantity,
        unit=line.regular_unit,
        net=net,
        parts=_parts(line, net, taxes, first, is_included=order.tax_is_included),
        reductions=tuple(Reduction(words=words, amount=amount) for words, amount in off if amount),
        source=str(line.id),
    )


def _parts(
    line: LineSold, net: int, taxes: Sequence[InvoiceTax], first: Sequence[int], *, is_included: bool
) -> tuple[TaxPart, ...]:
    if line.taxes is not None:
        return tuple(TaxPart(row=row, net=net, tax=amount) for row, net, amount in line.taxes)
    if not line.tax and not line.tax_rate:
        return ()
    places = sorted(_places(line.tax_rate, taxes), key=first.index)
    if not places and line.tax:
        raise CannotTell(f"{line.title}: {percent(line.tax_rate)}")
    if is_included or len(places) == 1:
        amounts = _shared(line.tax, [taxes[place].rate_bp for place in places])
    else:
        amounts = tuple(TaxTerms(taxes[place].rate_bp, False).on(line.total) for place in places)
    return tuple(TaxPart(row=place, net=net, tax=tax) for place, tax in zip(places, amounts, strict=True))


def _places(rate_bp: int, taxes: Sequence[InvoiceTax]) -> tuple[int, ...]:
    """The rows whose rates come to the line's: as few as possible."""
    for count in range(1, len(taxes) + 1):
        for places in combinations(range(len(taxes)), count):
            if sum(taxes[place].rate_bp for place in places) == rate_bp:
                return places
    return ()  # of a line that is free, where nothing else has its taxes


class CannotTell(Exception):
    """A line's rate is none of the order's: its row has been tampered with."""


def _shared(tax: int, rates: Sequence[int]) -> tuple[int, ...]:
    whole = sum(rates)
    return spread(tax, [rate * (tax // whole + 1) for rate in rates])


def _delivery(order: OrderView, goods: Sequence[InvoiceLine], taxes: Sequence[InvoiceTax]) -> InvoiceLine:
    """What the goods leave of each tax."""
    net = order.delivery - order.delivery_tax if order.tax_is_included else order.delivery
    used = [part for line in goods for part in line.parts]
    left = (
        TaxPart(
            row=place,
            net=tax.net - sum(part.net for part in used if part.row == place),
            tax=tax.tax - sum(part.tax for part in used if part.row == place),
        )
        for place, tax in enumerate(taxes)
    )
    off = [Reduction(words=order.delivery_words or _("Delivery benefit"), amount=order.delivery_saved)]
    return InvoiceLine(
        words=delivery_text.delivery(order.delivery_method),
        quantity=1,
        unit=order.delivery_list,
        net=net,
        parts=tuple(part for part in left if part.net or part.tax),
        reductions=tuple(off if order.delivery_saved else ()),
    )
