"""Seller and buyer as they are when an invoice is issued."""

from uuid import UUID

from babel import Locale

from components.foundation import formatting
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.postal import postal_regions
from components.foundation.shop_settings import shop_settings
from components.invoices.invoice_values import InvoiceParty
from components.orders.views import OrderView, PostalAddress
from components.people import addresses, customer_accounts


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
    """Where the goods go; of an order that is picked up, the customer's own address, if they have told any."""
    if not order.address.is_pickup:
        return _party(order.address.name, order.address, vat_number=order.vat_number)
    kept = await _kept(order.person)
    return kept or InvoiceParty(name=order.name, vat_number=order.vat_number)


async def buyer_person(person_id: UUID) -> InvoiceParty:
    """Of a fee: the address in their account, if there is one."""
    person = await customer_accounts.by_id(person_id)
    name = person.name if person else ""
    return await _kept(person_id) or InvoiceParty(name=name)


async def _kept(person_id: UUID | None) -> InvoiceParty | None:
    found = await addresses.of_person(person_id) if person_id else []
    if not found:
        return None
    one = found[0]
    return _party(one.name, PostalAddress(
        name=one.name, line1=one.line1, line2=one.line2, city=one.city, postcode=one.postcode, country=one.country,
        region=one.region, district=one.district,
    ))  # fmt: skip


def _party(name: str, address: PostalAddress, *, vat_number: str = "") -> InvoiceParty:
    lines = (address.line1, address.line2, postal_regions.line_of(address), country_name(address.country))
    return InvoiceParty(name=name, lines=tuple(filter(None, lines)), country=address.country, vat_number=vat_number)


def country_name(code: str) -> str:
    """In the language spoken."""
    return str(Locale.parse(language.locale()).territories.get(code, code))


def club() -> str:
    """The membership's name before "price": "Club"."""
    named = formatting.club_name().removeprefix("the ")
    return named[:1].upper() + named[1:]
