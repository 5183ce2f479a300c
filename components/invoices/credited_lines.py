"""The lines of a credit note: how a refund is shared by the lines of its invoice. Pure.

What is credited of a line's net amount and taxes is worked out from all that has been credited of it so far, so that
credit notes over the whole of an invoice come to exactly its figures, tax by tax.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from components.invoices.invoice_values import InvoiceLine, InvoiceTax, TaxPart
from components.pricing.allocation import spread


def credited(
    lines: Sequence[InvoiceLine],
    taken: Sequence[InvoiceLine],
    amount: int,
    named: Mapping[str, tuple[int, int]] | None = None,
) -> tuple[InvoiceLine, ...]:
    """The lines, with amounts below zero, that take `amount` off. `taken` is what was credited of each so far, below
    zero too; `named` has quantity and amount of the order lines that the refund names."""
    left = [max(0, line.total + before.total) for line, before in zip(lines, taken, strict=True)]
    wanted = named or {}
    first = [min(rest, wanted.get(line.source, (0, 0))[1]) for line, rest in zip(lines, left, strict=True)]
    if sum(first) > amount:
        first = list(spread(amount, first))
    more = spread(amount - sum(first), [rest - part for rest, part in zip(left, first, strict=True)])
    each = [part + extra for part, extra in zip(first, more, strict=True)]
    return tuple(
        _credited(line, before, part, wanted.get(line.source, (0, 0))[0])
        for line, before, part in zip(lines, taken, each, strict=True)
    )


def untouched(lines: Sequence[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    """The lines of an invoice of which nothing has been credited."""
    return tuple(_times(line, 0) for line in lines)


def turned(lines: Sequence[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    """The same with the other sign: what a reversal says."""
    return tuple(_times(line, -1) for line in lines)


def added(some: Sequence[InvoiceLine], more: Sequence[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    """Line by line: both are of one invoice."""
    return tuple(_plus(one, other) for one, other in zip(some, more, strict=True))


def rows(taxes: Sequence[InvoiceTax], lines: Sequence[InvoiceLine]) -> tuple[InvoiceTax, ...]:
    """What the lines have of each tax; at the same places."""
    parts = [part for line in lines for part in line.parts]
    return tuple(
        replace(
            tax,
            net=sum(part.net for part in parts if part.row == place),
            tax=sum(part.tax for part in parts if part.row == place),
        )
        for place, tax in enumerate(taxes)
    )


def _credited(line: InvoiceLine, before: InvoiceLine, amount: int, quantity: int) -> InvoiceLine:
    so_far, whole = amount - before.total, line.total
    taxes = [_share(part.tax, so_far, whole) for part in line.parts]
    net = so_far - sum(taxes)
    nets = _nets(line, net, so_far, whole)
    parts = tuple(
        TaxPart(row=part.row, net=-its_net - gone.net, tax=-tax - gone.tax)
        for part, gone, its_net, tax in zip(line.parts, before.parts, nets, taxes, strict=True)
    )
    its = -amount - sum(part.tax for part in parts)
    return replace(line, quantity=quantity, net=its, parts=parts, reductions=(), unit=-amount)


def _nets(line: InvoiceLine, net: int, so_far: int, whole: int) -> list[int]:
    """Where one tax has the whole net amount, it has all of what is credited; several split it, the last the rest."""
    if all(part.net == line.net for part in line.parts):
        return [net for _part in line.parts]
    nets = [_share(part.net, so_far, whole) for part in line.parts]
    if nets and sum(part.net for part in line.parts) == line.net:
        nets[-1] = net - sum(nets[:-1])
    return nets


def _share(amount: int, part: int, whole: int) -> int:
    """Halves up."""
    return (2 * amount * part + whole) // (2 * whole) if whole else 0


def _times(line: InvoiceLine, sign: int) -> InvoiceLine:
    parts = tuple(TaxPart(row=part.row, net=sign * part.net, tax=sign * part.tax) for part in line.parts)
    return replace(line, net=sign * line.net, unit=sign * line.unit, parts=parts, reductions=())


def _plus(one: InvoiceLine, other: InvoiceLine) -> InvoiceLine:
    parts = tuple(
        TaxPart(row=part.row, net=part.net + more.net, tax=part.tax + more.tax)
        for part, more in zip(one.parts, other.parts, strict=True)
    )
    return replace(one, net=one.net + other.net, parts=parts)
