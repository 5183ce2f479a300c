"""Seller and buyer as they are when an invoice is issued."""

from dataclasses import replace
from typing import Protocol
from uuid import UUID

from babel import Locale

from components.foundation import formatting
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.postal import postal_regions
from components.foundation.postal.postal_regions import Placed
from components.foundation.shop_settings import shop_settings
from components.invoices.invoice_values import InvoiceParty
from components.orders import queries
from components.orders.views import OrderView
from components.people import addresses, customer_accounts
from components.people.invoicing import invoice_addresses
from components.people.invoicing.invoice_addresses import InvoiceBuyer


def seller(vat_number: str | None = None) -> InvoiceParty:
    """From the shop's settings; with the VAT number it had when the order was placed."""
    shop = shop_settings.current()
    people = _("Represented by: %(people)s", people=shop.company_people) if shop.company_people else ""
    number = shop.vat_number if vat_number is None else vat_number
    return InvoiceParty(
        name=shop.company_name or shop.shop_name,
        lines=tuple(filter(None, (shop.company_street, shop.company_town, country_name(shop.country)))),
        country=shop.country,
        vat_number=number,
        tax_number=shop.tax_number,
        contact=tuple(filter(None, (shop.company_phone, shop.company_email))),
        register=tuple(filter(None, (people, shop.company_register))),
    )


async def buyer_of(order: OrderView) -> InvoiceParty:
    """Whom the shopper named at the checkout, else where the goods go; of an order that is picked up, the first of
    their address book, if there is any. The invoice address in their account has filled in the checkout: who unticked
    it there does not want it."""
    if order.invoice_buyer:
        return replace(party(order.invoice_buyer), vat_number=order.vat_number)
    if not order.address.is_pickup:
        return _party(order.address.name, order.address, vat_number=order.vat_number)
    kept = await _first_address(order.person) if order.person else None
    return replace(kept, vat_number=order.vat_number) if kept else InvoiceParty(
        name=order.name, vat_number=order.vat_number
    )  # fmt: skip


async def buyer_person(person_id: UUID) -> InvoiceParty:
    """Of a fee: the invoice address in their account, else the first of their address book, else their name."""
    person = await customer_accounts.by_id(person_id)
    return await _kept(person_id) or InvoiceParty(name=person.name if person else "")


async def joined_buyer(joined_id: UUID, payer: UUID) -> InvoiceParty:
    """Of the fee that was paid together with an order: its buyer, where the shopper named one at the checkout."""
    order = await queries.joined_with(joined_id)
    return await buyer_of(order) if order and order.invoice_buyer else await buyer_person(payer)


def party(buyer: InvoiceBuyer) -> InvoiceParty:
    """In the language spoken."""
    told = _party(buyer.name, buyer, vat_number=buyer.vat_number)
    return replace(told, company=buyer.company, reference=buyer.reference)


async def _kept(person_id: UUID) -> InvoiceParty | None:
    if own := await invoice_addresses.of_person(person_id):
        return party(own)
    return await _first_address(person_id)


async def _first_address(person_id: UUID) -> InvoiceParty | None:
    found = await addresses.of_person(person_id)
    return _party(found[0].name, found[0]) if found else None


class _Lines(Placed, Protocol):
    @property
    def line1(self) -> str: ...

    @property
    def line2(self) -> str: ...


def _party(name: str, address: _Lines, *, vat_number: str = "") -> InvoiceParty:
    lines = (address.line1, address.line2, postal_regions.line_of(address), country_name(address.country))
    return InvoiceParty(name=name, lines=tuple(filter(None, lines)), country=address.country, vat_number=vat_number)


def country_name(code: str) -> str:
    """In the language spoken."""
    return str(Locale.parse(language.locale()).territories.get(code, code))


def club() -> str:
    """The membership's name before "price": "Club"."""
    named = formatting.club_name().removeprefix("the ")
    return named[:1].upper() + named[1:]
