"""What an invoice says in figures: frozen when it is issued. Amounts are minor units."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class InvoiceParty:
    """Seller or buyer. `tax_number` is the seller's at home, where there is no VAT number; `company` and `reference`,
    their own word for the purchase, are the buyer's."""

    name: str
    company: str = ""
    lines: tuple[str, ...] = ()
    country: str = ""
    vat_number: str = ""
    reference: str = ""
    tax_number: str = ""
    contact: tuple[str, ...] = ()
    register: tuple[str, ...] = ()

    @property
    def has_address(self) -> bool:
        return bool((self.name or self.company) and self.lines)

    @property
    def named(self) -> str:
        """For lists: the company with whoever it is for."""
        return ", ".join(filter(None, (self.company, self.name)))


@dataclass(frozen=True, kw_only=True)
class InvoiceTax:
    """One tax of the document, by name and rate: `tax` on, or in, `net`."""

    name: str
    rate_bp: int
    net: int
    tax: int


@dataclass(frozen=True, kw_only=True)
class TaxPart:
    """Of a line, by the place of the tax among the document's; several taxes on one line may share its net amount."""

    row: int
    net: int
    tax: int


@dataclass(frozen=True, kw_only=True)
class Reduction:
    """What was taken off a line's list price, and why: member price, coupon."""

    words: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class InvoiceLine:
    """`unit` is the list price as the shop shows prices, with tax or without; `source` is the order line's id."""

    words: str
    quantity: int
    unit: int
    net: int
    parts: tuple[TaxPart, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    source: str = ""

    @property
    def tax(self) -> int:
        return sum(part.tax for part in self.parts)

    @property
    def total(self) -> int:
        return self.net + self.tax

    @property
    def untaxed(self) -> int:
        """The part of its net amount that has no tax at all."""
        nets = [part.net for part in self.parts]
        taxed = sum(nets) if abs(sum(nets)) <= abs(self.net) else max(nets, key=abs)
        return self.net - taxed


@dataclass(frozen=True, kw_only=True)
class InvoicePayment:
    """`by`: credit (the customer's store credit) or money."""

    by: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class InvoiceDocument:
    """`supplied` is the first and last day of what it is for: of an order, the day its payment came."""

    seller: InvoiceParty
    buyer: InvoiceParty
    currency: str
    tax_is_included: bool
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[InvoiceTax, ...]
    payments: tuple[InvoicePayment, ...]
    supplied: tuple[date, date]
    paid_on: date
    notes: tuple[str, ...] = ()
    about: str = ""
    corrects: str = ""
    corrects_on: date | None = None
    replaces: str = ""
    """The number of the invoice that had another buyer, and `credited_by` of the credit note that took it back."""
    credited_by: str = ""
    reason: str = ""

    @property
    def net(self) -> int:
        return sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines)

    @property
    def total(self) -> int:
        return self.net + self.tax

    @property
    def untaxed(self) -> int:
        return sum(line.untaxed for line in self.lines)
