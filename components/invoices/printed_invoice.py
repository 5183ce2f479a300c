"""Every word on an invoice, in the language of its buyer: made once, when it is issued, and kept with it."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from components.foundation import formatting
from components.foundation.formatting import money, percent
from components.foundation.languages import language
from components.foundation.languages.words import N_, _
from components.invoices.invoice_values import InvoiceDocument, InvoiceLine, InvoiceParty, InvoiceTax
from components.pricing import tax_names

Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class PrintedLine:
    words: str
    more: tuple[str, ...]
    quantity: str
    unit: str
    rate: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class PrintedInvoice:
    """What page and PDF show, in this order; the last of `sums` is the total."""

    title: str
    subtitle: str
    number: str
    date: str
    author: str
    language: str
    direction: str
    sender: str
    buyer: tuple[str, ...]
    facts: tuple[Pair, ...]
    heads: tuple[str, ...]
    lines: tuple[PrintedLine, ...]
    sums: tuple[Pair, ...]
    rate_heads: tuple[str, ...]
    rates: tuple[tuple[str, str, str, str], ...]
    payments_head: str
    payments: tuple[Pair, ...]
    notes: tuple[str, ...]
    footer: tuple[tuple[str, ...], ...]
    logo: str = ""
    """The name of the shop's logo on that day, in whose place its name stands where it had none."""


_TITLES = {
    "invoice": N_("Invoice %(number)s"),
    "credit": N_("Credit note %(number)s"),
    "reversal": N_("Reversal %(number)s of a credit note"),
}


def of(
    document: InvoiceDocument, *, kind: str, number: str, issued_on: date, author: str, logo: str = ""
) -> PrintedInvoice:
    """In the language spoken now."""
    is_invoice = kind == "invoice"
    return PrintedInvoice(
        title=_(_TITLES[kind], number=number),
        subtitle=_subtitle(document, kind),
        number=number,
        date=issued_on.isoformat(),
        author=author,
        language=language.current(),
        direction=language.direction(),
        sender=", ".join((document.seller.name, *document.seller.lines)),
        buyer=tuple(filter(None, (document.buyer.company, document.buyer.name, *document.buyer.lines))),
        facts=_facts(document, issued_on, is_invoice=is_invoice),
        heads=(_("Description"), _("Quantity"), _("Unit price"), _("Tax"), _("Amount")),
        lines=_lines(document, is_invoice=is_invoice),
        sums=_sums(document),
        rate_heads=(_("Tax rate"), _("Net"), _("Tax"), _("Gross")) if _rates(document) else (),
        rates=_rates(document),
        payments_head=_("Payment") if is_invoice else _("How it was returned"),
        payments=tuple((_paid_by(document, one.by, is_invoice=is_invoice), _m(document, one.amount))
                       for one in document.payments if one.amount),
        notes=_notes(document, is_invoice=is_invoice),
        footer=_footer(document.seller),
        logo=logo,
    )  # fmt: skip


def _lines(document: InvoiceDocument, *, is_invoice: bool) -> tuple[PrintedLine, ...]:
    """An invoice names gifts too; a credit note only what it takes off."""
    shown = (line for line in document.lines if is_invoice or line.total)
    return tuple(_line(document, line, is_invoice=is_invoice) for line in shown)


def _m(document: InvoiceDocument, amount: int) -> str:
    return money(amount, document.currency)


def _day(at: date) -> str:
    return str(format_date(at, "long", locale=language.locale()))


def _subtitle(document: InvoiceDocument, kind: str) -> str:
    if document.replaces:
        words = N_("Replaces invoice %(number)s, which credit note %(credit)s takes back")
        return _(words, number=document.replaces, credit=document.credited_by)
    if not document.corrects or document.corrects_on is None:
        return ""
    words = N_("For invoice %(number)s of %(day)s") if kind == "credit" else N_("For credit note %(number)s of %(day)s")
    return _(words, number=document.corrects, day=_day(document.corrects_on))


def _facts(document: InvoiceDocument, issued_on: date, *, is_invoice: bool) -> tuple[Pair, ...]:
    first, last = document.supplied
    found = [(_("Date of issue"), _day(issued_on))]
    if first != last:
        found.append((_("Period"), _("%(begins)s to %(ends)s", begins=_day(first), ends=_day(last))))
    elif is_invoice:
        found.append((_("Paid in advance on"), _day(document.paid_on)))
    if document.about:
        found.append((_("Order"), document.about))
    if document.buyer.vat_number:
        found.append((_("Buyer’s VAT number"), document.buyer.vat_number))
    if document.buyer.reference:
        found.append((_("Your reference"), document.buyer.reference))
    if document.reason:
        found.append((_("Reason"), document.reason))
    return tuple(found)


def _line(document: InvoiceDocument, line: InvoiceLine, *, is_invoice: bool) -> PrintedLine:
    amount = line.total if document.tax_is_included else line.net
    return PrintedLine(
        words=line.words,
        more=tuple(f"{off.words}: {_m(document, -off.amount)}" for off in line.reductions),
        quantity=formatting.number(line.quantity) if line.quantity else "",
        unit=_m(document, line.unit) if is_invoice else "",
        rate=_rate_of(document, line),
        amount=_m(document, amount),
    )


def _rate_of(document: InvoiceDocument, line: InvoiceLine) -> str:
    rates = [_told(document.taxes[part.row])[1] for part in line.parts]
    if not rates:
        return percent(0) if line.total else ""
    return " + ".join(dict.fromkeys(rates))


def _sums(document: InvoiceDocument) -> tuple[Pair, ...]:
    told = [(*_told(one), one.tax) for one in _taxes(document)]
    taxes = [(f"{name} ({rate})", _m(document, tax)) for name, rate, tax in told]
    net = [(_("Net"), _m(document, document.net))] if taxes else []
    return (*net, *taxes, (_("Total"), _m(document, document.total)))


def _taxes(document: InvoiceDocument) -> tuple[InvoiceTax, ...]:
    return tuple(one for one in document.taxes if one.net or one.tax)


def _told(tax: InvoiceTax) -> tuple[str, str]:
    return tax_names.told(tax.name, tax.rate_bp)


def _rates(document: InvoiceDocument) -> tuple[tuple[str, str, str, str], ...]:
    """By rate, as the law wants it; what has no tax has a row of its own beside others."""
    found = [(" ".join(_told(one)), one.net, one.tax) for one in _taxes(document)]
    if found and document.untaxed:
        found.append((_("No tax"), document.untaxed, 0))
    return tuple((words, _m(document, net), _m(document, tax), _m(document, net + tax)) for words, net, tax in found)


def _paid_by(document: InvoiceDocument, by: str, *, is_invoice: bool) -> str:
    if not is_invoice:
        return _("As store credit") if by == "credit" else _("As money")
    if by == "credit":
        return _("Paid with store credit")
    return _("Paid on %(day)s", day=_day(document.paid_on))


def _notes(document: InvoiceDocument, *, is_invoice: bool) -> tuple[str, ...]:
    has_units = is_invoice and document.tax_is_included and document.tax
    included = _("Prices per unit include tax.") if has_units else ""
    return tuple(filter(None, (*document.notes, included)))


def _footer(seller: InvoiceParty) -> tuple[tuple[str, ...], ...]:
    numbers = (
        _("VAT number: %(number)s", number=seller.vat_number) if seller.vat_number else "",
        _("Tax number: %(number)s", number=seller.tax_number) if seller.tax_number else "",
    )
    columns = ((seller.name, *seller.lines), seller.contact, (*seller.register, *numbers))
    return tuple(told for column in columns if (told := tuple(one for one in column if one)))
